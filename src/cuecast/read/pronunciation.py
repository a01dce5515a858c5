"""Parsers of pronunciations: another spelling, or the sounds in the International Phonetic Alphabet.

They can come from strangers, so the allowed characters are listed.
"""

from __future__ import annotations

import re
import unicodedata

from cuecast.model import field_types as types
from cuecast.model.limits import MAX_SPELLING
from cuecast.read.field_context import FieldContext, parses_scalar
from cuecast.read.texts import check_words, has_words, plain_words
from cuecast.read.yaml.nodes import Scalar
from cuecast.read.yaml.pitfalls import shown

_LETTERS = "a-zæçðøħŋœβθχⱱǀ-ǃ\u0250-\u02af"
_MARKS = "\u02b0-\u02ff\u0300-\u036f\u1d2c-\u1dff\u207f\ua71b-\ua71c"
"""Stress, length, tones, superscript letters and combining characters."""
_BETWEEN = " .|‖‿↗↘"
_SOUNDS = re.compile(rf"(?=.*[{_LETTERS}])[{_LETTERS}{_MARKS}{re.escape(_BETWEEN)}]+")
_TYPED = str.maketrans({"'": "ˈ", "’": "ˈ", "`": "ˈ", ",": "ˌ", ":": "ː", **dict.fromkeys("/[]()")})
"""What people type for signs that keyboards lack; the brackets of dictionaries are dropped."""


@parses_scalar(types.SPELLING)
def read_spelling(context: FieldContext, node: Scalar) -> str | None:
    """Another spelling."""
    words = plain_words(node)
    faults = check_words(context.key.name, node)
    context.reader.report_all(faults)
    if not faults and not has_words(words):
        context.report("nothing-to-say", f"there is nothing to say in `{shown(words)}`", node, "write words")
        return None
    return words if not faults and _is_short(context, node, words) else None


@parses_scalar(types.IPA)
def read_ipa(context: FieldContext, node: Scalar) -> str | None:
    """Sounds in the International Phonetic Alphabet, composed (NFC), with single spaces."""
    sounds = _tidy(node.words)
    if not _is_short(context, node, sounds):
        return None
    if are_sounds(sounds):
        return sounds
    suggestion = _tidy(node.words.casefold().translate(_TYPED))
    hint = (
        f"write `{context.key.name}: {suggestion}`"
        if are_sounds(suggestion)
        else "spell the word with `say` in its place"
    )
    context.reject(node, hint)
    return None


def are_sounds(text: str) -> bool:
    """Whether it is letters and marks of the IPA and nothing else: no digits, brackets or control characters."""
    return bool(_SOUNDS.fullmatch(unicodedata.normalize("NFD", text)))


def _is_short(context: FieldContext, node: Scalar, text: str) -> bool:
    if len(text) > MAX_SPELLING:
        context.report(
            "bad-value", f"`{context.key.name}` has {len(text):,} characters; {MAX_SPELLING} are the most", node
        )
    return len(text) <= MAX_SPELLING


def _tidy(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split()))
