"""What all parts of `arrange` share: the lanes, the durations of utterances, and the diagnostics."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from msgspec.structs import replace

from cuecast.arrange.occupancy import Occupancy
from cuecast.model.diagnostics import Diagnostic, Severity, note
from cuecast.model.script import Announcement, Utterance
from cuecast.model.source import Span
from cuecast.model.timeline import SpeechEvent

_FASTER = (4, 8, 12)
"""By how many percent a cue may be spoken faster."""

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

    def fit_in(self, utterance: Utterance, excess: Callable[[int], int], span: Span | None) -> Utterance:
        """The utterance, spoken up to 12 % faster if it fits only then, with a note; unchanged if it never fits.

        `excess` returns by how many milliseconds an utterance of a length is too long; it fits at 0 or less.
        """
        ms = self.ms(utterance)
        too_long = excess(ms)
        if too_long <= 0:
            return utterance
        for percent in _FASTER:
            faster = replace(utterance, faster=percent)
            if (ms - too_long) * (100 + percent) >= ms * 100 and excess(self.ms(faster)) <= 0:
                message = f"this cue is spoken {percent} % faster, because it is {too_long:,} ms too long"
                if all((each.code, each.span) != ("spoken-faster", span) for each in self.notes):  # sides and rounds
                    self.notes.append(note("spoken-faster", message, span))
                return faster
        return utterance

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
