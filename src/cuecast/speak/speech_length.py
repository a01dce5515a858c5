"""How long an utterance may last, by the sounds that a neural voice would make of it: its memory grows with them."""

from __future__ import annotations

import re

from cuecast.errors import TextTooLong
from cuecast.model.limits import MAX_SPEECH_S

TOO_LONG = f"it would last longer than {MAX_SPEECH_S} seconds"

_PAUSE_S = 0.3  # at the end of a sentence
_SENTENCE_ENDS = re.compile("[.!?…]")

_CUTS = (re.compile(r"(?<=[.!?…]) +"), re.compile(r"(?<=[,;:]) +"), re.compile(" +"))
"""Where phonemes can be cut, the best places first: sentences, parts of them, words."""


def check_length(phonemes: str, seconds_each: float, longest_word: int) -> None:
    """Raise TextTooLong if the phonemes last too long, or if one of their words is longer than a piece may be."""
    seconds = len(phonemes) * seconds_each + len(_SENTENCE_ENDS.findall(phonemes)) * _PAUSE_S
    if seconds > MAX_SPEECH_S:
        raise TextTooLong(TOO_LONG)
    if max(map(len, phonemes.split()), default=0) > longest_word:
        raise TextTooLong("it has a word that is too long")


def split_phonemes(phonemes: str, most: int) -> list[str]:
    """Pieces of at most `most` phonemes, cut at the best place near the middle. No word is longer than `most`."""
    if len(phonemes) <= most:
        return [phonemes]
    middle = len(phonemes) / 2
    for pattern in _CUTS:
        if cuts := [
            match.end() for match in pattern.finditer(phonemes) if match.start() > 0 and match.end() < len(phonemes)
        ]:
            cut = min(cuts, key=lambda cut: abs(cut - middle))
            return split_phonemes(phonemes[:cut].rstrip(), most) + split_phonemes(phonemes[cut:], most)
    return [phonemes]
