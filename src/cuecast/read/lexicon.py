"""Voices of roles, and the pronunciation of words."""

from __future__ import annotations

from functools import partial

from msgspec.structs import replace

from cuecast.model import field_types as types
from cuecast.model.keys import Key
from cuecast.model.limits import MAX_LEXICON, MAX_SPELLING
from cuecast.model.routine import Lexicon, Pronunciation, Role, VoiceAssignment
from cuecast.model.source import Span
from cuecast.read.field_context import FieldContext
from cuecast.read.reader import Reader
from cuecast.read.schema.voice import CAST, PRONUNCIATION
from cuecast.read.texts import has_control, has_words
from cuecast.read.yaml.nodes import Mapping, Node, Sequence, Unreadable
from cuecast.read.yaml.pitfalls import shown


@types.CAST.parser
def read_cast(context: FieldContext) -> tuple[VoiceAssignment, ...] | None:
    """The voice of each role; a single name is the main voice."""
    reader = context.reader
    if isinstance(context.node, Mapping):
        values = reader.mapping(context.node, CAST, context.span)
        if not context.node.pairs and not context.node.is_cut:
            context.report("missing-value", f"`{context.key.name}` names no voice", hint=context.example)
        named = {role: values.get(role.value, str) for role in Role}
        return tuple(VoiceAssignment(role, name, values.spans[role.value]) for role, name in named.items() if name)
    if isinstance(context.node, Sequence):
        context.scalar()
        return None
    name = reader.value(replace(context, key=replace(context.key, type=types.NAME)))
    return (VoiceAssignment(Role.MAIN, name, context.node.span),) if isinstance(name, str) else None


@types.LEXICON.parser
def read_lexicon(context: FieldContext) -> Lexicon | None:
    """The valid entries of a lexicon, each word once."""
    reader = context.reader
    node = context.node
    if not isinstance(node, Mapping):
        if isinstance(node, Sequence):
            context.scalar()
        elif scalar := context.scalar():
            context.reject(scalar, context.example)
        return None
    if len(node.pairs) > MAX_LEXICON:
        context.report("bad-value", f"`{context.key.name}` has {len(node.pairs):,} words; {MAX_LEXICON} are the most")
        return None
    entries: list[Pronunciation] = []
    spans_of: dict[str, Span] = {}
    for key_node, value_node in node.pairs:
        word = _word(context, key_node)
        if word is None:
            continue
        if word.casefold() in spans_of:
            reader.report_duplicate(word, key_node.span, spans_of[word.casefold()])
            continue
        spans_of[word.casefold()] = key_node.span
        entry = _entry(reader, word, value_node, key_node.span)
        entries += [entry] if entry else []
    return tuple(entries)


def _word(context: FieldContext, node: Node) -> str | None:
    """The word, or several in a row, that an entry is about."""
    name = context.reader.name_of(node)
    if name is None:
        return None
    word = " ".join(name.split())
    if len(word) > MAX_SPELLING:
        message = f"`{shown(word)}` has {len(word):,} characters; {MAX_SPELLING} are the most"
        context.reader.report("bad-value", message, node.span, "one word an entry, or a few in a row")
    elif has_control(word):
        context.reader.report("odd-character", "this word has an invisible character in it", node.span, "type it again")
    elif not has_words(word):
        context.reader.report("bad-value", f"`{shown(word)}` is no word", node.span, context.example)
    else:
        return word
    return None


def _entry(reader: Reader, word: str, node: Node, span: Span) -> Pronunciation | None:
    name = shown(word)
    key = Key(name, types.SPELLING, "How to say it.", f"{name}: so-ass")
    context = reader.context(key, node, span)
    match node:
        case Mapping():
            entry = reader.read_once(node, ("pronunciation", ""), partial(_by_keys, context))
            return replace(entry, word=word) if isinstance(entry, Pronunciation) else None
        case Unreadable():
            return None
    say = types.SPELLING.parse(context)
    return Pronunciation(word, say) if isinstance(say, str) else None


def _by_keys(context: FieldContext) -> Pronunciation | None:
    """An entry with keys; the word is filled in later."""
    assert isinstance(context.node, Mapping)
    values = context.reader.mapping(context.node, PRONUNCIATION, context.span)
    say, ipa = values.get("say", str), values.get("ipa", str)
    if not context.node.pairs and not context.node.is_cut:
        context.report("missing-value", f"`{context.key.name}` needs `say`, `ipa` or both", hint=context.example)
    return Pronunciation("", say, ipa) if say or ipa else None
