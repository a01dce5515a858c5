"""What every part of `arrange` shares: the room, the lengths of words, and the faults found so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from cuecast.arrange.occupancy import Occupancy
from cuecast.model.diagnostics import Diagnostic, Severity, note
from cuecast.model.lexicon import LexiconMatcher
from cuecast.model.routine import Pronunciation
from cuecast.model.script import AnnouncementForms, Script, SpokenLine, Utterance
from cuecast.model.source import Span
from cuecast.model.timeline import SpeechEvent
from cuecast.phrases import phrases_of

Lengths = Callable[[Utterance], int]
"""How long an utterance is, in milliseconds: measured, or estimated."""


@dataclass(slots=True)
class ArrangeContext:
    """The table at which a script is laid out."""

    script: Script
    lengths: Lengths
    estimated: bool
    room: Occupancy = field(init=False)
    notes: list[Diagnostic] = field(default_factory=list)
    _lexicon: LexiconMatcher[Pronunciation] = field(init=False)
    _utterances: dict[tuple[str, str], Utterance] = field(default_factory=dict)
    _misfits: dict[tuple[str, Span | None], tuple[int, Diagnostic]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.room = Occupancy({tone.name: tone for tone in self.script.tones})
        self._lexicon = LexiconMatcher(self.script.lexicon)

    def written(self, line: SpokenLine) -> Utterance:
        """What the author wrote, in the main voice."""
        return self._utterance(line.text, self.script.cast.main)

    def announced(self, words: str) -> Utterance:
        """What the compiler says by itself, in the voice of announcements."""
        return self._utterance(words, self.script.cast.announcements)

    def counted(self, words: str) -> Utterance:
        """A number of a countdown, in the voice that counts."""
        return self._utterance(words, self.script.cast.countdown)

    def ms(self, utterance: Utterance) -> int:
        """How long it takes."""
        return self.lengths(utterance)

    def say(self, utterance: Utterance, start: int, span: Span | None = None) -> SpeechEvent:
        """Speak from `start` on."""
        return self.room.say(utterance, start, self.ms(utterance), span)

    def forms(self, forms: AnnouncementForms) -> tuple[Utterance, ...]:
        """An announcement, the long form first; one where both are the same."""
        return tuple(map(self.announced, dict.fromkeys((forms.long, forms.short))))

    def fitting(self, forms: AnnouncementForms, ms: int) -> Utterance | None:
        """The longest form that takes no more than `ms`, None where neither does."""
        return next((said for said in self.forms(forms) if self.ms(said) <= ms), None)

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

    def dropped(self, forms: AnnouncementForms, span: Span | None, why: str) -> None:
        """An announcement that is left out."""
        self.notes.append(note("announcement-dropped", f"“{forms.long}” is not announced: {why}", span))

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """All faults and remarks so far."""
        return (*(fault for _, fault in self._misfits.values()), *self.notes)

    def _utterance(self, text: str, voice: str) -> Utterance:
        """The one place where words become an utterance, so that none is measured otherwise than it is said.

        A word of the lexicon is said as that tells, figures and all: `5x5`. Other figures are read aloud.
        """
        known = self._utterances.get((text, voice))
        if known is None:
            aloud = phrases_of(self.script.language).aloud
            parts = [*self._lexicon.parts(text)]
            spoken = "".join(part if entry else aloud(part) for part, entry in parts)
            entries = dict.fromkeys(entry for _, entry in [*parts, *self._lexicon.parts(spoken)] if entry)
            known = Utterance(text, voice, self.script.language, spoken, tuple(entries))
            self._utterances[text, voice] = known
        return known
