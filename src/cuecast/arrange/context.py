"""What all parts of `arrange` share: the lanes, the durations of utterances, and the diagnostics."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from cuecast.arrange.occupancy import Occupancy
from cuecast.model.diagnostics import Diagnostic, Severity, note
from cuecast.model.script import Announcement, Utterance
from cuecast.model.source import Span
from cuecast.model.timeline import SpeechEvent

Durations = Callable[[Utterance], int]
"""How long an utterance is, in milliseconds: measured, or estimated."""


@dataclass(slots=True)
class ArrangeContext:
    """One arrangement in progress. `ms` gives the durations; `estimated` says that no voice has measured them."""

    ms: Durations
    estimated: bool
    lanes: Occupancy
    notes: list[Diagnostic] = field(default_factory=list)
    _too_long: dict[tuple[str, Span | None], tuple[int, Diagnostic]] = field(default_factory=dict)

    def say(self, utterance: Utterance, start: int, span: Span | None = None) -> SpeechEvent:
        """Speak from `start` on."""
        return self.lanes.say(utterance, start, self.ms(utterance), span)

    def best_form(self, forms: Announcement, max_ms: int) -> Utterance | None:
        """The longest form that takes no more than `max_ms`, None if even the shortest does."""
        return next((form for form in forms if self.ms(form) <= max_ms), None)

    def report_too_long(self, code: str, message: str, excess_ms: int, span: Span | None, hint: str) -> None:
        """Words that have no room: an error, or `may-overrun` if durations are estimated.

        The same words are reported once, where they exceed most: both sides and all rounds are one fault.
        """
        severity = Severity.ERROR
        if self.estimated:
            severity, code, message = Severity.WARNING, "may-overrun", f"by an estimate, {message}"
        known = self._too_long.get((code, span))
        if known is None or excess_ms > known[0]:
            self._too_long[code, span] = (excess_ms, Diagnostic(severity, code, message, span, hint))

    def report_dropped(self, forms: Announcement, span: Span | None, why: str) -> None:
        """An announcement that is left out."""
        self.notes.append(note("announcement-dropped", f"“{forms[0].text}” is not announced: {why}", span))

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """All diagnostics so far."""
        return (*(diagnostic for _, diagnostic in self._too_long.values()), *self.notes)
