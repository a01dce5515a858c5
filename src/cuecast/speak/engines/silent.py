"""The silent voice: silence as long as the words would take. For tests, and to see a routine's times at once."""

from __future__ import annotations

import wave
from pathlib import Path
from typing import ClassVar

from msgspec.structs import replace

from cuecast.errors import TextTooLong
from cuecast.model.clip import SAMPLE_BYTES, SAMPLE_RATE, SAMPLES_PER_MS
from cuecast.model.keys import Key
from cuecast.model.limits import MAX_SPEECH_S
from cuecast.model.script import Utterance
from cuecast.model.speech_duration import estimate_ms
from cuecast.model.voice import Profile, SpokenParts, spelling_of
from cuecast.speak.speech_length import TOO_LONG

_RATE = 170
"""Words a minute at which the estimated durations hold."""


class SilentEngine:
    """Speaks silence of the estimated duration, at the profile's rate."""

    audible: ClassVar[bool] = False
    takes_ipa: ClassVar[bool] = False
    one_process_per_utterance: ClassVar[bool] = False
    loads_files: ClassVar[bool] = False
    keys: ClassVar[tuple[Key, ...]] = ()

    def __init__(self, profile: Profile) -> None:
        self._profile = profile

    def voice(self) -> str:
        """There is only one silence."""
        return "silence"

    def fingerprint(self) -> str:
        """Some estimates: they change with the estimator."""
        return str([self._ms(text) for text in ("Go", "One, two, three", "Next: left calf. 45 seconds!")])

    def check(self) -> None:
        """It can always start."""

    def prepare(self) -> None:
        """Nothing to load."""

    def set_rate(self, rate: int) -> None:
        """Speak at `rate` words a minute from now on."""
        self._profile = replace(self._profile, rate=rate)

    def speak(self, words: SpokenParts, target: Path) -> None:
        """Write a WAV file of zeros."""
        if (ms := self._ms(spelling_of(words))) > MAX_SPEECH_S * 1000:
            raise TextTooLong(TOO_LONG)
        with wave.open(str(target), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(SAMPLE_BYTES)
            file.setframerate(SAMPLE_RATE)
            file.writeframes(bytes(ms * SAMPLES_PER_MS * SAMPLE_BYTES))

    def _ms(self, text: str) -> int:
        utterance = Utterance(text, self._profile.name, self._profile.language)
        return max(1, round(estimate_ms(utterance) * _RATE / self._profile.rate))
