"""Utterances that a recorded voice has no usable take of, all reported at once."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

from cuecast.errors import SpeechFailed
from cuecast.model.diagnostics import Diagnostic, error
from cuecast.model.script import Utterance
from cuecast.model.source import Span


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


def missing_take_fault(take: MissingTake, span: Span | None, routine: str, fallback: str) -> Diagnostic:
    """The fault at the line of the words. `routine` is its name in messages, `fallback` a voice that could say them."""
    if not Path(routine).is_file():  # a packaged routine is found by its name; standard input has none
        routine = Path(routine).stem if Path(routine).suffix in (".yaml", ".yml") else "ROUTINE"
    command = f"`cuecast voices check {take.voice} {shlex.quote(routine)}`"
    hint = f"{command} says what is wrong with each take"
    if take.code == "missing-take":
        hint = f"record it, or name the voice for the rest in the profile: `otherwise: {fallback}`; {command} lists all that is missing"
    return error(take.code, take.message, span, hint)
