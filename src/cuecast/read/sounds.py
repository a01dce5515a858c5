"""How a word is said: by another spelling, or by its sounds in the International Phonetic Alphabet.

They come from strangers, so it is told here what may stand in them.
"""

from __future__ import annotations

import re
import unicodedata

from cuecast.model.field_types import MAX_SPELLING
from cuecast.read.nodes import Scalar
from cuecast.read.pitfalls import shown
from cuecast.read.slot import Slot
from cuecast.read.texts import check_words, has_words, plain_words

_LETTERS = "a-zæçðøħŋœβθχⱱǀ-ǃ\u0250-\u02af"
_MARKS = "\u02b0-\u02ff\u0300-\u036f\u1d2c-\u1dff\u207f\ua71b-\ua71c"
"""Stress, length, tones, small letters above the line, and what is joined to the letter before."""
_BETWEEN = " .|‖‿↗↘"
_SOUNDS = re.compile(rf"(?=.*[{_LETTERS}])[{_LETTERS}{_MARKS}{re.escape(_BETWEEN)}]+")
_TYPED = str.maketrans({"'": "ˈ", "’": "ˈ", "`": "ˈ", ",": "ˌ", ":": "ː", **dict.fromkeys("/[]()")})
"""What people type for signs that no keyboard has, and the brackets of dictionaries."""


def read_spelling(slot: Slot) -> str | None:
    """Plain words that say how another one sounds."""
    node = slot.scalar()
    if node is None:
        return None
    words = plain_words(node)
    faults = check_words(slot.key.name, node)
    for fault in faults:
        slot.report(fault)
    if not faults and not has_words(words):
        slot.fault("nothing-to-say", f"there is nothing to say in `{shown(words)}`", node, "write words")
        return None
    return words if not faults and _is_short(slot, node, words) else None


def read_ipa(slot: Slot) -> str | None:
    """Sounds in the International Phonetic Alphabet, composed (NFC), each space a single one."""
    node = slot.scalar()
    if node is None:
        return None
    sounds = _tidy(node.words)
    if not _is_short(slot, node, sounds):
        return None
    if are_sounds(sounds):
        return sounds
    meant = _tidy(node.words.casefold().translate(_TYPED))
    hint = f"write `{slot.key.name}: {meant}`" if are_sounds(meant) else "spell the word with `say` in its place"
    slot.refuse(node, hint)
    return None


def are_sounds(text: str) -> bool:
    """Whether it is letters and marks of the IPA and nothing else: no digits, brackets or control characters."""
    return bool(_SOUNDS.fullmatch(unicodedata.normalize("NFD", text)))


def _is_short(slot: Slot, node: Scalar, text: str) -> bool:
    if len(text) > MAX_SPELLING:
        slot.fault("bad-value", f"`{slot.key.name}` has {len(text):,} characters; {MAX_SPELLING} are the most", node)
    return len(text) <= MAX_SPELLING


def _tidy(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split()))
