"""How long words take to say, before any voice has said them: the same guess on every machine."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cuecast.model.script import Utterance

LETTER_MS = 60
"""Milliseconds for a letter: least squares over 128 utterances of the voice `coach`, half of which lie within 4 %."""

PAUSE_MS = 470
"""Milliseconds for a comma or the end of a sentence inside an utterance."""

BASE_MS = 420
"""Milliseconds that any utterance takes beyond its letters."""

_DIGIT_LETTERS = 4.5  # letters in the average digit's name; what is no quantity keeps its digits: T4
_LETTERS = re.compile(r"[^\W\d_]")
_PAUSES = re.compile(r"[,.;:!?…]+(?=\s)")


def estimate_ms(utterance: Utterance) -> int:
    """The likely length of `utterance` in milliseconds."""
    return likely_ms(utterance.spoken)


def likely_ms(text: str) -> int:
    """The likely length of a text's words in milliseconds."""
    digits = sum(map(str.isdigit, text))
    letters = len(_LETTERS.findall(text)) + _DIGIT_LETTERS * digits
    return round(BASE_MS + LETTER_MS * letters + PAUSE_MS * len(_PAUSES.findall(text)))
