"""A voice engine from another package: a bird that chirps each letter at a pitch of its own.

It is as small as an engine gets. A profile that uses it, `voices/bird.yaml` in the user's folder:

    engine: chirp
    language: en
    bird: wren
"""

from __future__ import annotations

import math
import struct
import wave
from pathlib import Path
from typing import ClassVar

from cuecast.errors import EngineUnavailable
from cuecast.model import field_types as types
from cuecast.model.keys import Key
from cuecast.model.voice import Profile, SpokenParts, spelling_of

_BIRDS = {"wren": 1_500.0, "owl": 300.0}
"""What each bird's lowest letter sounds like, in Hz."""

_SAMPLE_RATE = 16_000
_LETTERS_A_WORD = 6


class ChirpEngine:
    """Chirps text. cuecast makes an engine from a profile, asks it what it is, and has it speak in a helper process."""

    audible: ClassVar[bool] = True
    takes_ipa: ClassVar[bool] = False
    keys: ClassVar[tuple[Key, ...]] = (
        Key("bird", types.WORDS, "Which bird chirps: wren or owl.", "bird: owl", default="wren"),
    )

    def __init__(self, profile: Profile) -> None:
        self._bird = str(profile.settings.get("bird", "wren"))
        self._letter_s = 60 / profile.rate / _LETTERS_A_WORD

    def fingerprint(self) -> str:
        """What changes the sound besides profile and text: only this package."""
        return "1.0"

    def check(self) -> None:
        """Raise EngineUnavailable where the profile names a bird that is not here."""
        self.voice()

    def prepare(self) -> None:
        """Nothing to load."""

    @property
    def one_process_per_utterance(self) -> bool:
        """It remembers nothing of what it has said."""
        return False

    def voice(self) -> str:
        """The bird."""
        if self._bird not in _BIRDS:
            raise EngineUnavailable(f"no bird called {self._bird} is here", f"name one of these: {', '.join(_BIRDS)}")
        return self._bird

    def speak(self, words: SpokenParts, target: Path) -> None:
        """Write a WAV."""
        samples: list[int] = []
        for letter in spelling_of(words).casefold():
            size = round(self._letter_s * _SAMPLE_RATE)
            hz = _BIRDS[self.voice()] * 2 ** (ord(letter) % 26 / 12) if letter.isalnum() else 0.0
            for n in range(size):
                loudness = 8_000 * math.sin(math.pi * n / size)
                samples.append(round(loudness * math.sin(2 * math.pi * hz * n / _SAMPLE_RATE)))
        with wave.open(str(target), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(_SAMPLE_RATE)
            file.writeframes(struct.pack(f"<{len(samples)}h", *samples))
