"""The silent voice: as long as words would take, without a sound. For tests, and to see a routine's times at once."""

from __future__ import annotations

import wave
from pathlib import Path
from typing import ClassVar

from cuecast.model.clip import SAMPLE_BYTES, SAMPLE_RATE, SAMPLES_PER_MS
from cuecast.model.keys import Key
from cuecast.model.script import Utterance
from cuecast.model.speech_duration import estimate_ms
from cuecast.protocols import Profile, SpokenParts, spelling_of

_RATE = 170
"""Words a minute at which the estimated lengths hold."""


class SilentEngine:
    """Speaks silence of the estimated length, at the profile's rate."""

    audible: ClassVar[bool] = False
    keys: ClassVar[tuple[Key, ...]] = ()
    takes_ipa: ClassVar[bool] = False

    def __init__(self, profile: Profile) -> None:
        self._profile = profile

    def fingerprint(self) -> str:
        """The estimate's own results: they change with it."""
        return str([self._ms(text) for text in ("Go", "One, two, three", "Next: left calf. 45 seconds!")])

    def check(self) -> None:
        """It can always start."""

    def prepare(self) -> None:
        """Nothing to load."""

    @property
    def one_process_per_utterance(self) -> bool:
        """It has no memory."""
        return False

    def voice(self) -> str:
        """There is but one silence."""
        return "silence"

    def speak(self, words: SpokenParts, target: Path) -> None:
        """Write a RIFF file of zeros."""
        with wave.open(str(target), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(SAMPLE_BYTES)
            file.setframerate(SAMPLE_RATE)
            file.writeframes(bytes(self._ms(spelling_of(words)) * SAMPLES_PER_MS * SAMPLE_BYTES))

    def _ms(self, text: str) -> int:
        words = Utterance(text, self._profile.name, self._profile.language)
        return max(1, round(estimate_ms(words) * _RATE / self._profile.rate))
