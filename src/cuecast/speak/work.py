"""What the build and its helper processes tell each other: values, pickled, a line each."""

from __future__ import annotations

import base64
import pickle
from enum import StrEnum
from pathlib import Path
from typing import Self

from msgspec import Struct

from cuecast.protocols import Engine, Profile, SpokenParts

ERRORS = "errors.txt"
"""The file in an order's scratch folder in which is kept what helpers print."""


class Fault(StrEnum):
    """Why a job failed: words that could not be spoken, a take that can't be used, a helper lost with all that it had
    been given (perhaps for another job's sake), an engine that can't start, a disk that takes nothing.
    """

    SPEECH = "speech"
    TAKE = "take"
    LOST = "lost"
    ENGINE = "engine"
    DISK = "disk"


class Part(StrEnum):
    """What of a job is to be done: all at once, or in two parts, perhaps in two processes, the take in between."""

    ALL = "all"
    SPEAK = "speak"
    SHAPE = "shape"


class _Message(Struct, frozen=True):
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


class Order(_Message, frozen=True):
    """What a helper is for: one engine with one profile, so many processes at once, a folder to work in.

    `fresh`: each job in a process that has spoken nothing before.
    """

    engine: str
    profile: Profile
    jobs: int
    scratch: str
    fresh: bool

    def make(self) -> Engine:
        """The engine, not yet prepared."""
        from cuecast.speak.registry import import_engine

        return import_engine(self.engine)(self.profile)

    def total(self, measured: float) -> float:
        """The gain of every clip in dB: what makes the voice as loud as all others, and the profile's own."""
        return round(measured + self.profile.gain, 2)


class Job(_Message, frozen=True):
    """Speak `words` and leave its clip at `target`, or measure the voice's gain on them."""

    number: int
    words: SpokenParts
    target: str
    patience: float
    """Seconds after which it is killed."""
    gain: float | None = None
    """In dB; None while it is still being measured: the take is spoken meanwhile, and made a clip afterwards."""
    measures: bool = False
    again: bool = False
    """It has failed before: it gets a new process, and passes those that wait."""
    part: Part = Part.ALL

    @property
    def path(self) -> Path:
        """The target."""
        return Path(self.target)

    @property
    def take(self) -> Path:
        """Where the engine writes to."""
        return Path(f"{self.target}.take")


class Outcome(_Message, frozen=True):
    """How a job went. `number` is its own, or -1 for a helper that could not begin at all."""

    number: int
    gain: float | None = None
    fault: Fault | None = None
    message: str = ""
    hint: str | None = None
