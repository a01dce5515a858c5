"""Parsers of pronunciations: another spelling, or the sounds in the International Phonetic Alphabet.

They can come from strangers, so the allowed characters are listed.
"""

from __future__ import annotations

import re
import unicodedata

from cuecast.model import field_types as types
from cuecast.model.limits import MAX_SPELLING
from cuecast.read.field_context import FieldContext, parses_scalar
from cuecast.read.texts import is_silent, words_of
from cuecast.read.yaml.nodes import Scalar

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
