"""Utterances that a recorded voice has no usable take of, all reported at once."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

from cuecast.errors import SpeechFailed
from cuecast.model.script import Utterance


class MissingTake(Struct, frozen=True):
    """An utterance that `voice` should say and can't. `reason` is None if there is no take in `file`."""

    utterance: Utterance
    voice: str
    file: Path
    reason: str | None = None

    @property
    def code(self) -> str:
        """The diagnostic's code."""
        return "missing-take" if self.reason is None else "bad-take"

    @property
    def message(self) -> str:
        """What is wrong, with the file."""
        if self.reason is None:
            return f"“{self.utterance.text}” has no take: there is no {self.file}"
        return f"“{self.utterance.text}” has a take that can't be used: {self.file}: {self.reason}"


class MissingTakesError(SpeechFailed):
    """One or more utterances without a usable take. To try again would not help."""

    def __init__(self, faults: Iterable[MissingTake]) -> None:
        self.faults = tuple(faults)
        first, rest = self.faults[0], len(self.faults) - 1
        hint = f"`cuecast voices check {first.voice}` says what is wrong with each take"
        if first.reason is None:
            hint = "record it; or name a voice for the rest in the profile, such as `otherwise: coach`"
        more = f"; and {rest} more" if rest else ""
        super().__init__(f"{first.message}{more}", hint, first.utterance.text)

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        return type(self), (self.faults,)
