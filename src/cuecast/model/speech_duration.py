"""An estimate of how long words take to say, before any voice has said them: the same on every machine."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cuecast.model.script import Utterance

LETTER_MS = 60
"""Milliseconds for a letter: least squares over 128 utterances of the voice `coach`; half of them lie within 4 %."""

PAUSE_MS = 470
"""Milliseconds for a comma or the end of a sentence inside an utterance."""

BASE_MS = 420
"""Milliseconds of any utterance in addition to its letters."""

_DIGIT_LETTERS = 4.5  # letters in the average digit's name; names such as T4 keep their digits
_LETTERS = re.compile(r"[^\W\d_]")
_PAUSES = re.compile(r"[,.;:!?…]+(?=\s)")


def estimate_ms(utterance: Utterance) -> int:
    """The estimated length of `utterance` in milliseconds."""
    return round(estimate_text_ms(utterance.spoken) * 100 / (100 + utterance.faster))


def estimate_text_ms(text: str) -> int:
    """The estimated length of a text's words in milliseconds."""
    digits = sum(map(str.isdigit, text))
    letters = len(_LETTERS.findall(text)) + _DIGIT_LETTERS * digits
    return round(BASE_MS + LETTER_MS * letters + PAUSE_MS * len(_PAUSES.findall(text)))
