"""Voices of roles, and the pronunciation of words: another spelling, or sounds of the International Phonetic Alphabet.

They can come from strangers, so the allowed characters of sounds are listed.
"""

from __future__ import annotations

import re
import unicodedata
from functools import partial

from msgspec.structs import replace

from cuecast.model import field_types as types
from cuecast.model.keys import Key
from cuecast.model.limits import MAX_LEXICON, MAX_SPELLING
from cuecast.model.routine import Lexicon, Pronunciation, Role, VoiceAssignment
from cuecast.model.source import Span
from cuecast.read.field_context import FieldContext, parses_scalar
from cuecast.read.schema import CAST, PRONUNCIATION
from cuecast.read.texts import has_words, is_silent, words_of
from cuecast.read.yaml.nodes import Mapping, Node, Scalar, Sequence
from cuecast.read.yaml.pitfalls import shown

_LETTERS = "a-zæçðøħŋœβθχⱱǀ-ǃ\u0250-\u02af"
_MARKS = "\u02b0-\u02ff\u0300-\u036f\u1d2c-\u1dff\u207f\ua71b-\ua71c"
"""Stress, length, tones, superscript letters and combining characters."""
_BETWEEN = " .|‖‿↗↘"
_SOUNDS = re.compile(rf"(?=.*[{_LETTERS}])[{_LETTERS}{_MARKS}{re.escape(_BETWEEN)}]+")
_TYPED = str.maketrans({"'": "ˈ", "’": "ˈ", "`": "ˈ", ",": "ˌ", ":": "ː", **dict.fromkeys("/[]()")})
"""What people type for signs that keyboards lack; the brackets of dictionaries are dropped."""


@types.CAST.parser
def read_cast(context: FieldContext) -> tuple[VoiceAssignment, ...] | None:
    """The voice of each role; a single name is the main voice."""
    reader = context.reader
    if isinstance(context.node, Mapping):
        values = reader.mapping(context.node, CAST, context.span)
        if not context.node.pairs:
            context.report("missing-value", f"`{context.key.name}` names no voice", hint=context.example)
        named = {role: values.get(role.value, str) for role in Role}
        return tuple(VoiceAssignment(role, name, values.spans[role.value]) for role, name in named.items() if name)
    if isinstance(context.node, Sequence):
        context.scalar()
        return None
    name = reader.value(context.of_type(types.NAME))
    return (VoiceAssignment(Role.MAIN, name, context.node.span),) if isinstance(name, str) else None


@types.LEXICON.parser
def read_lexicon(context: FieldContext) -> Lexicon | None:
    """The valid entries of a lexicon, each word once."""
    node = context.node
    if not isinstance(node, Mapping):
        context.reject_kind()
        return None
    if len(node.pairs) > MAX_LEXICON:
        context.report("bad-value", f"`{context.key.name}` has {len(node.pairs):,} words; {MAX_LEXICON} are the most")
        return None
    spans_of: dict[str, Span] = {}
    entries = [_entry(context, key_node, value_node, spans_of) for key_node, value_node in node.pairs]
    return tuple(entry for entry in entries if entry)


def _entry(context: FieldContext, key_node: Node, node: Node, spans_of: dict[str, Span]) -> Pronunciation | None:
    """How to say a word, or several in a row."""
    reader, span = context.reader, key_node.span
    name = reader.name_of(key_node)
    if name is None or not isinstance(key_node, Scalar):
        return None
    key = Key(shown(name), types.SPELLING, "How to say it.", f"{shown(name)}: so-ass")
    if (word := words_of(reader.context(key, key_node, span), replace(key_node, words=name), MAX_SPELLING)) is None:
        return None
    if not has_words(word):
        reader.report("bad-value", f"`{shown(word)}` is no word", span, context.example)
        return None
    if word.casefold() in spans_of:
        reader.report_duplicate(word, span, spans_of[word.casefold()])
        return None
    spans_of[word.casefold()] = span
    entry = reader.context(key, node, span)
    if isinstance(node, Mapping):
        value = reader.read_once(node, ("pronunciation", ""), partial(_by_keys, entry))
        return replace(value, word=word) if isinstance(value, Pronunciation) else None
    say = types.SPELLING.parse(entry)
    return Pronunciation(word, say) if isinstance(say, str) else None


def _by_keys(context: FieldContext) -> Pronunciation | None:
    """An entry with keys; the word is filled in later."""
    assert isinstance(context.node, Mapping)
    values = context.reader.mapping(context.node, PRONUNCIATION, context.span)
    say, ipa = values.get("say", str), values.get("ipa", str)
    if not context.node.pairs:
        context.report("missing-value", f"`{context.key.name}` needs `say`, `ipa` or both", hint=context.example)
    return Pronunciation("", say, ipa) if say or ipa else None


@parses_scalar(types.SPELLING)
def read_spelling(context: FieldContext, node: Scalar) -> str | None:
    """Another spelling."""
    words = words_of(context, node, MAX_SPELLING)
    return None if words and is_silent(context, node, words) else words


@parses_scalar(types.IPA)
def read_ipa(context: FieldContext, node: Scalar) -> str | None:
    """Sounds in the International Phonetic Alphabet, composed (NFC), with single spaces."""
    words = words_of(context, node, MAX_SPELLING)
    if words is None:
        return None
    sounds = unicodedata.normalize("NFC", words)
    if are_sounds(sounds):
        return sounds
    near = " ".join(unicodedata.normalize("NFC", words.casefold().translate(_TYPED)).split())
    spelling = "spell the word with `say` in its place"
    context.reject(node, f"write `{context.key.name}: {near}`" if are_sounds(near) else spelling)
    return None


def are_sounds(text: str) -> bool:
    """Whether it is letters and marks of the IPA and nothing else: no digits, brackets or control characters."""
    return bool(_SOUNDS.fullmatch(unicodedata.normalize("NFD", text)))
