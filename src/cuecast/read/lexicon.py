"""Who speaks, and how words are said: the cast and the lexicon."""

from __future__ import annotations

from functools import partial

from msgspec.structs import replace

from cuecast.model.field_types import MAX_LEXICON, MAX_SPELLING, Key, Kind
from cuecast.model.routine import Lexicon, Pronunciation, Role, VoiceAssignment
from cuecast.model.source import Span
from cuecast.read.build import Reader
from cuecast.read.nodes import Mapping, Node, Sequence, Unreadable
from cuecast.read.pitfalls import shown
from cuecast.read.schema.voice import CAST, PRONUNCIATION
from cuecast.read.slot import Slot
from cuecast.read.sounds import read_spelling
from cuecast.read.texts import has_control, has_words


def read_cast(reader: Reader, slot: Slot) -> tuple[VoiceAssignment, ...] | None:
    """The voice of each role that is named: one name is the main voice's."""
    if isinstance(slot.node, Mapping):
        values = reader.mapping(slot.node, CAST, slot.span)
        if not slot.node.pairs and not slot.node.is_cut:
            slot.fault("missing-value", f"`{slot.key.name}` names no voice", hint=slot.example)
        named = {role: values.get(role.value, str) for role in Role}
        return tuple(VoiceAssignment(role, name, values.spans[role.value]) for role, name in named.items() if name)
    if isinstance(slot.node, Sequence):
        slot.scalar()
        return None
    name = reader.value(replace(slot, key=replace(slot.key, kind=Kind.NAME)))
    return (VoiceAssignment(Role.MAIN, name, slot.node.span),) if isinstance(name, str) else None


def read_lexicon(reader: Reader, slot: Slot) -> Lexicon | None:
    """How words are said, each once; those that are sound."""
    node = slot.node
    if not isinstance(node, Mapping):
        if isinstance(node, Sequence):
            slot.scalar()
        elif scalar := slot.scalar():
            slot.refuse(scalar, slot.example)
        return None
    if len(node.pairs) > MAX_LEXICON:
        slot.fault("bad-value", f"`{slot.key.name}` has {len(node.pairs):,} words; {MAX_LEXICON} are the most")
        return None
    entries: list[Pronunciation] = []
    seen: dict[str, Span] = {}
    for key_node, value_node in node.pairs:
        word = _word(reader, slot, key_node)
        if word is None:
            continue
        if word.casefold() in seen:
            reader.double(word, key_node.span, seen[word.casefold()])
            continue
        seen[word.casefold()] = key_node.span
        entry = _entry(reader, word, value_node, key_node.span)
        entries += [entry] if entry else []
    return tuple(entries)


def _word(reader: Reader, slot: Slot, node: Node) -> str | None:
    """The word, or several in a row, that an entry is for."""
    name = reader.name_of(node)
    if name is None:
        return None
    word = " ".join(name.split())
    if len(word) > MAX_SPELLING:
        message = f"`{shown(word)}` has {len(word):,} characters; {MAX_SPELLING} are the most"
        reader.fault("bad-value", message, node.span, "one word an entry, or a few in a row")
    elif has_control(word):
        reader.fault("odd-character", "this word has an invisible character in it", node.span, "type it anew")
    elif not has_words(word):
        reader.fault("bad-value", f"`{shown(word)}` is no word", node.span, slot.example)
    else:
        return word
    return None


def _entry(reader: Reader, word: str, node: Node, span: Span) -> Pronunciation | None:
    name = shown(word)
    key = Key(name, Kind.SPELLING, "How to say it.", f"{name}: so-ass")
    slot = reader.slot(key, node, span)
    match node:
        case Mapping():
            found = reader.once(node, ("pronunciation", ""), partial(_told, reader, slot))
            return replace(found, word=word) if isinstance(found, Pronunciation) else None
        case Unreadable():
            return None
    say = read_spelling(slot)
    return Pronunciation(word, say) if say else None


def _told(reader: Reader, slot: Slot) -> Pronunciation | None:
    """The entry, for whatever word, of a node that has keys of its own."""
    assert isinstance(slot.node, Mapping)
    values = reader.mapping(slot.node, PRONUNCIATION, slot.span)
    say, ipa = values.get("say", str), values.get("ipa", str)
    if not slot.node.pairs and not slot.node.is_cut:
        slot.fault("missing-value", f"`{slot.key.name}` needs `say`, `ipa` or both", hint=slot.example)
    return Pronunciation("", say, ipa) if say or ipa else None
