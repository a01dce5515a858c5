"""Text is text: what an engine might take for markup or a command, made harmless. It is spoken, never executed."""

from __future__ import annotations

import re
import unicodedata

_COMMANDS = frozenset(("Cc", "Cf", "Cs", "Co", "Cn"))
"""Categories of characters without a sound: eSpeak and SAPI take some control characters for commands."""

_JOINERS = "\u200c\u200d"
"""Format characters that spell words in Persian and the scripts of India."""


def plain(text: str) -> str:
    """`text` as it is handed to an engine: one line of characters that can only be spoken.

    Phoneme brackets (eSpeak, macOS) and SSML's tags (SAPI) lose their meaning by spaces between their characters.
    """
    text = unicodedata.normalize("NFC", text)
    if not text.isprintable():
        text = "".join(c if c in _JOINERS or unicodedata.category(c) not in _COMMANDS else " " for c in text)
    text = re.sub(r"\[(?=\[)|\](?=\])", r"\g<0> ", text)
    text = re.sub(r"<(?=\S)", "< ", text)
    # SAPI reads XML where the first character says so.
    return " ".join(text.split()).lstrip("< ")


def is_speakable(text: str) -> bool:
    """Whether there is a letter, a number or a symbol to say, beyond punctuation."""
    return any(unicodedata.category(c)[0] in "LNS" for c in text)
