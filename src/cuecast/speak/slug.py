"""The file name of a phrase: `Next: calves, left.` is `next-calves-left` on every system."""

from __future__ import annotations

import hashlib
import unicodedata

from cuecast.speak.sanitise import sanitise_text

MAX_BYTES = 72
"""Maximum length in UTF-8 bytes. Short, because macOS stores accented letters decomposed (up to 4 bytes each)."""

_HASH_LENGTH = 8
_DEVICE_NAMES = frozenset(("con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in "123456789")))
"""Names that no file can have on Windows, with any suffix."""


def slug(text: str) -> str:
    """The letters and digits of `text` in lower case, its words joined by `-`. Case, punctuation and decomposed accents
    make no difference. The slug of a slug is itself.

    A long slug is cut after a word and ends in a hash of the whole; a text without letters becomes a hash alone.
    """
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", sanitise_text(text)).casefold())
    words = "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in folded).split()
    whole = "-".join(words)
    if not whole:
        return f"sound-{_hash(folded)}"
    if whole in _DEVICE_NAMES:
        return f"{whole}-"
    if len(whole.encode()) <= MAX_BYTES:
        return whole
    return f"{_truncate(whole)}-{_hash(whole)}"


def _truncate(whole: str) -> str:
    """As many words as leave room for a hash, or as many letters of a first word that is too long."""
    space = MAX_BYTES - _HASH_LENGTH - 1
    start = whole.encode()[: space + 1].decode(errors="ignore")
    words, dash, _ = start.rpartition("-")
    return words if dash else start.encode()[:space].decode(errors="ignore")


def is_truncated(name: str) -> bool:
    """Whether the slug may be that of a long phrase, so that it lacks some of the words."""
    end = name.rpartition("-")[2]
    return len(end) == _HASH_LENGTH and all(c in "0123456789abcdef" for c in end)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_HASH_LENGTH]
