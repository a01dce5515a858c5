"""The file name of a phrase: `Next: calves, left.` is `next-calves-left`, whoever has typed it and on whatever disk."""

from __future__ import annotations

import hashlib
import unicodedata

from cuecast.speak.sanitise import plain

LONGEST = 72
"""Bytes that a slug has at most, in UTF-8: four letters to a byte's worth on the disks that spell accents apart."""

_HASH = 8
_NAMES_OF_DEVICES = frozenset(
    ("con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in "123456789"))
)
"""What no file can be called on Windows, whatever its suffix."""


def slug(text: str) -> str:
    """The letters and digits of `text`, small, its words joined by `-`; case, punctuation and spelling apart of
    accents (NFD) make no difference. The slug of a slug is itself.

    A long one is cut at a word and ends in a hash of the whole, and one without a letter is a hash alone.
    """
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", plain(text)).casefold())
    words = "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in folded).split()
    whole = "-".join(words)
    if not whole:
        return f"sound-{_hashed(folded)}"
    if whole in _NAMES_OF_DEVICES:
        return f"{whole}-"
    if len(whole.encode()) <= LONGEST:
        return whole
    return f"{_cut(whole)}-{_hashed(whole)}"


def _cut(whole: str) -> str:
    """As many of its words as leave room for a hash; of a first word that is too long as many letters."""
    room = LONGEST - _HASH - 1
    start = whole.encode()[: room + 1].decode(errors="ignore")
    words, dash, _ = start.rpartition("-")
    return words if dash else start.encode()[:room].decode(errors="ignore")


def is_cut(name: str) -> bool:
    """Whether the slug may be a long phrase's, so that it does not tell all the words."""
    end = name.rpartition("-")[2]
    return len(end) == _HASH and all(c in "0123456789abcdef" for c in end)


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_HASH]
