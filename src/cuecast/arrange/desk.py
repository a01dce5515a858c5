"""What every part of `arrange` shares: the room, the lengths of words, and the faults found so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from cuecast.arrange.room import Room
from cuecast.diagnostics import Diagnostic, Severity, note
from cuecast.script import Forms, Script, Utterance
from cuecast.source import Span
from cuecast.timeline import Speech

Lengths = Callable[[Utterance], int]
"""How long an utterance is, in milliseconds: measured, or estimated."""


@dataclass(slots=True)
class Desk:
    """The table at which a script is laid out."""

    script: Script
    lengths: Lengths
    estimated: bool
    room: Room = field(default_factory=Room)
    notes: list[Diagnostic] = field(default_factory=list)
    _misfits: dict[tuple[str, Span | None], tuple[int, Diagnostic]] = field(default_factory=dict)

    def ms(self, words: str) -> int:
        """The length of `words` in this script's voice."""
        return self.lengths(self._utterance(words))

    def say(self, words: str, start: int, span: Span | None = None) -> Speech:
        """Speak `words` from `start` on."""
        return self.room.say(self._utterance(words), start, self.ms(words), span)

    def fitting(self, forms: Forms, ms: int) -> str | None:
        """The longest form that takes no more than `ms`, None where neither does."""
        return next((words for words in dict.fromkeys((forms.long, forms.short)) if self.ms(words) <= ms), None)

    def misfit(self, code: str, message: str, excess: int, span: Span | None, hint: str) -> None:
        """Words that have no room, by `excess` ms: an error, or `may-overrun` where lengths are estimated.

        The same words are reported once, as they are worst: both sides and all rounds are one fault.
        """
        severity = Severity.ERROR
        if self.estimated:
            severity, code, message = Severity.WARNING, "may-overrun", f"by an estimate, {message}"
        known = self._misfits.get((code, span))
        if known is None or excess > known[0]:
            self._misfits[code, span] = (excess, Diagnostic(severity, code, message, span, hint))

    def dropped(self, forms: Forms, span: Span | None, why: str) -> None:
        """An announcement that is left out."""
        self.notes.append(note("announcement-dropped", f"“{forms.long}” is not announced: {why}", span))

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """All faults and remarks so far."""
        return (*(fault for _, fault in self._misfits.values()), *self.notes)

    def _utterance(self, words: str) -> Utterance:
        return Utterance(words, self.script.cast.main, self.script.language)
