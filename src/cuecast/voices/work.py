"""What the build and its helper processes tell each other: values, pickled, a line each."""

from __future__ import annotations

import base64
import pickle
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Self

from cuecast.ports import Engine, Profile, Words


class Fault(StrEnum):
    """Why a job failed: words that could not be spoken, an engine that can't start, a disk that takes nothing."""

    SPEECH = "speech"
    ENGINE = "engine"
    DISK = "disk"


@dataclass(frozen=True, slots=True)
class _Message:
    """A value as one line, there and back. Both ends are processes of one build."""

    def line(self) -> bytes:
        """The line, with its end."""
        return base64.b64encode(pickle.dumps(self)) + b"\n"

    @classmethod
    def of(cls, line: bytes) -> Self:
        """The value that `line` was made from."""
        value = pickle.loads(base64.b64decode(line))
        assert isinstance(value, cls)
        return value


@dataclass(frozen=True, slots=True)
class Order(_Message):
    """What a helper is for: one engine with one profile, so many processes at once, a folder to work in."""

    engine: str
    profile: Profile
    jobs: int
    scratch: str

    def make(self) -> Engine:
        """The engine, not yet prepared."""
        from cuecast.voices.registry import import_engine

        return import_engine(self.engine)(self.profile)


@dataclass(frozen=True, slots=True)
class Job(_Message):
    """Speak `words` and leave a cache entry at `target`; without a gain, only find out the voice's own."""

    number: int
    words: Words
    target: str
    gain: float | None
    patience: float
    """Seconds after which it is killed."""

    @property
    def path(self) -> Path:
        """The target."""
        return Path(self.target)


@dataclass(frozen=True, slots=True)
class Outcome(_Message):
    """How a job went. `number` is its own, or -1 for a helper that could not begin at all."""

    number: int
    gain: float | None = None
    fault: Fault | None = None
    message: str = ""
    remedy: str | None = None
