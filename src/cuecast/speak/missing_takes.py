"""What a person has no take of, or none that can be used: all of it at once, as a list of faults."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

from cuecast.errors import SpeechFailed
from cuecast.model.script import Utterance


class MissingTake(Struct, frozen=True):
    """Words that `voice` should say and can't. `why` is None where there is no take of them, in `file`."""

    utterance: Utterance
    voice: str
    file: Path
    why: str | None = None

    @property
    def code(self) -> str:
        """That of the diagnostic."""
        return "missing-take" if self.why is None else "bad-take"

    @property
    def message(self) -> str:
        """What is wrong, with the file; where there is a take, also what to do."""
        if self.why is None:
            return f"“{self.utterance.text}” has no take: there is no {self.file}"
        return f"“{self.utterance.text}” has a take that can't be used: {self.file}: {self.why}"


class MissingTakesError(SpeechFailed):
    """All that voices with takes were asked and can't say, one at least. Nothing is to be tried again."""

    def __init__(self, faults: Iterable[MissingTake]) -> None:
        self.faults = tuple(faults)
        first, rest = self.faults[0], len(self.faults) - 1
        hint = f"`cuecast voices check {first.voice}` says what is wrong with each take"
        if first.why is None:
            hint = "record it; or name a voice for the rest in the profile, such as `otherwise: coach`"
        more = f"; and {rest} more" if rest else ""
        super().__init__(f"{first.message}{more}", hint, first.utterance.text)

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        return type(self), (self.faults,)
