"""Text for an engine, without what the engine could take for markup or for a command."""

from __future__ import annotations

import re
import unicodedata

_UNSPOKEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn"))
"""Categories of characters without a sound: eSpeak and SAPI take some control characters for commands."""

_JOINERS = "\u200c\u200d"
"""Format characters that spell words in Persian and the scripts of India."""


def sanitise_text(text: str) -> str:
    """`text` on one line, of characters that can only be spoken.

    A space after the first character makes phoneme brackets (eSpeak, macOS) and SSML tags (SAPI) plain text.
    """
    text = unicodedata.normalize("NFC", text)
    if not text.isprintable():
        text = "".join(c if c in _JOINERS or unicodedata.category(c) not in _UNSPOKEN else " " for c in text)
    text = re.sub(r"\[(?=\[)|\](?=\])", r"\g<0> ", text)
    text = re.sub(r"<(?=\S)", "< ", text)
    # SAPI reads XML if the first character is "<".
    return " ".join(text.split()).lstrip("< ")


def is_speakable(text: str) -> bool:
    """Whether there is a letter, a number or a symbol to say, beyond punctuation."""
    return any(unicodedata.category(c)[0] in "LNS" for c in text)
