"""Voices as data, and what an engine is given to say."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct, field

from cuecast.model.routine import Lexicon

VoiceFingerprint = tuple[str, str]
"""All that changes a voice's sound besides its profile: the engine's fingerprint, and which of its voices it uses."""


NEURAL_ENGINES = frozenset({"kokoro", "piper"})


class Profile(Struct, frozen=True):
    """A voice: a file in `voices/`, as data. `rate` is in words a minute; `gain` in dB on top of the even loudness.

    `names` are the engine's voices to take on each platform (`linux`, `darwin`, `win32`), the best one first.
    `chosen` is the voice that `like` took of several, `choices`; both are empty if it names only one.
    `settings` are the engine's own keys; paths in them are relative to `folder`, where the profile lies.
    """

    name: str
    engine: str
    language: str
    description: str = ""
    rate: int = 175
    pitch: int = 50
    gain: float = 0.0
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lexicon: Lexicon = ()
    settings: Mapping[str, object] = field(default_factory=dict)
    folder: Path | None = None
    choices: tuple[str, ...] = ()
    chosen: str = ""

    @property
    def is_neural(self) -> bool:
        """Whether a neural network speaks."""
        return self.engine in NEURAL_ENGINES

    @property
    def spoken_by(self) -> str:
        """Which voice of several it is, for people: `heart, neural`. Empty if its name says so already."""
        return f"{self.chosen}, neural" if self.chosen and self.is_neural else self.chosen


class Phonemes(Struct, frozen=True):
    """A word given by its sounds, in the International Phonetic Alphabet; `word` is its spelling."""

    ipa: str
    word: str


SpokenParts = tuple[str | Phonemes, ...]
"""What an engine is to say: plain text and, for engines that take them, words given by their sounds."""


def spelling_of(parts: SpokenParts) -> str:
    """The parts as plain text."""
    return "".join(part.word if isinstance(part, Phonemes) else part for part in parts)
