"""Utterances that a voice can't say, however often it tries: all of them are reported at once, at their lines."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

from msgspec import Struct

from cuecast.errors import SpeechFailed
from cuecast.model.diagnostics import Diagnostic, error, warning
from cuecast.model.limits import MAX_SPEECH_S
from cuecast.model.script import Utterance
from cuecast.model.source import Span
from cuecast.model.timeline import SpeechEvent, Timeline
from cuecast.shell import quote
from cuecast.speak.speech_length import TOO_LONG

_SHOWN = 80  # characters of the words in a message


class SpeechFault(Struct, frozen=True):
    """An utterance that `voice` can't say.

    `file` is the take of it; it can't be used for a `reason`, or is not there. Without a `file` the words are too long
    or have no sound.
    """

    utterance: Utterance
    voice: str
    file: Path | None = None
    reason: str | None = None
    is_silent: bool = False

    @property
    def code(self) -> str:
        """The diagnostic's code."""
        if self.file is None:
            return "no-sound" if self.is_silent else "too-long-to-speak"
        return "missing-take" if self.reason is None else "bad-take"

    @property
    def message(self) -> str:
        """What is wrong, with the file."""
        words = quoted(self.utterance.text)
        if self.code == "no-sound":
            return f"the voice {self.voice} has no sound for {words}"
        if self.file is None:
            return f"{words} can't be spoken: {self.reason}"
        if self.reason is None:
            return f"{words} has no take: there is no {self.file}"
        return f"{words} has a take that can't be used: {self.file}: {self.reason}"

    @property
    def hint(self) -> str:
        """What to do."""
        if self.code == "no-sound":
            return f"write it as it is said, or take another voice; `cuecast voices try {self.voice}` tries this one"
        if self.file is None:
            return "say it in fewer words, or in several cues"
        if self.reason is None:
            return "record it; or name a voice for the rest in the profile, such as `otherwise: coach`"
        return f"`cuecast voices check {self.voice}` says what is wrong with each take"


class SpeechFaultsError(SpeechFailed):
    """One or more utterances that a voice can't say. To try again would not help."""

    def __init__(self, faults: Iterable[SpeechFault]) -> None:
        self.faults = tuple(faults)
        first, rest = self.faults[0], len(self.faults) - 1
        more = f"; and {rest} more" if rest else ""
        super().__init__(f"{first.message}{more}", first.hint, first.utterance.text)

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        return type(self), (self.faults,)


def quoted(text: str) -> str:
    """The words for a message; of long ones the first."""
    return f"“{text}”" if len(text) <= _SHOWN else f"“{text[:_SHOWN].rstrip()}…”"


def speech_diagnostic(fault: SpeechFault, span: Span | None, routine: str, fallback: str) -> Diagnostic:
    """The fault at the line of the words. `routine` is its name in messages, `fallback` a voice that could say them."""
    if fault.file is None:
        return error(fault.code, fault.message, span, fault.hint)
    if not Path(routine).is_file():  # a packaged routine is found by its name; standard input has none
        routine = Path(routine).stem if Path(routine).suffix in (".yaml", ".yml") else "ROUTINE"
    command = f"`cuecast voices check {fault.voice} {quote(routine)}`"
    hint = f"{command} says what is wrong with each take"
    if fault.code == "missing-take":
        otherwise = f"record it, or name the voice for the rest in the profile: `otherwise: {fallback}`"
        hint = f"{otherwise}; {command} lists all that is missing"
    return error(fault.code, fault.message, span, hint)


def likely_too_long(timeline: Timeline, recorded: Collection[str]) -> list[Diagnostic]:
    """Warnings for words that last longer than a voice speaks at once, by an estimate; not for `recorded` voices."""
    return [
        warning(fault.code, f"by an estimate, {fault.message}", event.span, fault.hint)
        for event in timeline.events
        if isinstance(event, SpeechEvent) and event.span and event.utterance.voice not in recorded
        if event.end - event.start > MAX_SPEECH_S * 1000
        for fault in [SpeechFault(event.utterance, event.utterance.voice, None, TOO_LONG)]
    ]
