"""One item of the Script for each step: exercises become work intervals, with all their words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from msgspec.structs import replace

from cuecast.expand.announcements import Announcer, encouragements
from cuecast.expand.choices import Choices
from cuecast.expand.cues import cues_of_round, report_moments_outside
from cuecast.expand.fields import FieldFiller
from cuecast.expand.music import MusicState
from cuecast.expand.pace import pace_phases
from cuecast.expand.safety import safety_warnings
from cuecast.expand.unroll import Position, exercises_of, unroll, upcoming_exercises
from cuecast.expand.utterances import UtteranceFactory
from cuecast.model.diagnostics import Diagnostic, error
from cuecast.model.duration import SECOND, DurationRange
from cuecast.model.routine import Cue, Exercise, Pause, Say, Step, Text
from cuecast.model.script import Gap, Item, PauseItem, SayItem, SpokenCue, SpokenLine, WorkItem


@dataclass(slots=True)
class ItemBuilder:
    """Builds the items of one routine. Exercises are keyed by `id()`, because a file may be included twice."""

    steps: tuple[Step, ...]
    utterances: UtteranceFactory
    choices: Choices
    music: MusicState
    diagnostics: list[Diagnostic] = field(default_factory=list)
    numbers: dict[int, int] = field(init=False)
    encouragements: Iterator[str] = field(init=False)
    _with_setup: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        counted = (step for step in exercises_of(self.steps) if step.counted)
        self.numbers = {id(step): n for n, step in enumerate(counted, 1)}
        self.encouragements = encouragements(self.utterances.phrases, self.choices.seed)

    def build(self) -> tuple[list[Item], list[Diagnostic]]:
        """All items, and what is wrong with them."""
        positions = list(unroll(self.steps, self.choices.seed))
        works = [p for p in positions if isinstance(p.step, Exercise)]
        items: list[Item] = []
        for position, upcoming in zip(positions, upcoming_exercises(positions), strict=True):
            filler = FieldFiller(self.utterances.phrases, self.numbers, self.diagnostics, position, upcoming)
            match position.step:
                case Say(text, _, for_ms):
                    items.append(SayItem(self._line(filler, text), for_ms, self.music.bed(position.music)))
                case Pause(ms) if ms:
                    items.append(PauseItem(ms, self.music.bed(position.music)))
                case Exercise():
                    is_first, is_last = position is works[0], position is works[-1]
                    order = {(True, True): "only", (True, False): "first", (False, True): "last"}
                    items += self._works(position, position.step, filler, order.get((is_first, is_last), "next"))
        return items, self.diagnostics

    def _works(self, position: Position, step: Exercise, filler: FieldFiller, order: str) -> Iterator[WorkItem]:
        """The work intervals of one exercise: one for each side."""
        work = self._work_range(step)
        if work is None:
            return
        work_ms = _length_in(work, self.choices.fraction)
        self.diagnostics += safety_warnings(step, work_ms, self.utterances.phrases)
        cues = tuple(cues_of_round(step, position, self.diagnostics))
        self.diagnostics += report_moments_outside(step, work.low)
        has_setup = step.setup is not None and id(step) not in self._with_setup
        self._with_setup.add(id(step))
        for index, side in enumerate(step.sides or (None,)):
            here = replace(filler, side=side, work_ms=work_ms)
            item = self._work(position, step, here, Announcer(self.utterances, step, position, order, side, index > 0))
            yield replace(
                item,
                width_ms=work.high - work.low,
                setup=self._line(here, step.setup) if step.setup and has_setup and index == 0 else None,
                cues=tuple(self._cue(here, cue) for cue in cues if cue.side in (None, side)),
            )

    def _work(self, position: Position, step: Exercise, filler: FieldFiller, announcer: Announcer) -> WorkItem:
        """One work interval, without the words that the author wrote."""
        settings = step.settings
        assert settings.countdown is not None
        assert filler.work_ms is not None
        name = filler.fill(step.name)
        gap = _gap(step, position, announcer.is_switch)
        before = announcer.before(self.numbers.get(id(step)), len(self.numbers), gap)
        phrases = self.utterances.phrases
        numbers = phrases.countdown(settings.countdown.seconds) if settings.countdown.spoken else ()
        return WorkItem(
            exercise=name,
            chapter=announcer.chapter(name),
            work_ms=filler.work_ms,
            gap=gap,
            countdown=settings.countdown,
            span=step.span,
            side=filler.side,
            round=position.round,
            rounds=position.rounds,
            before=before,
            name=announcer.name(name, gap, is_first=not before),
            after=announcer.after(filler.work_ms),
            numbers=tuple(map(self.utterances.counted, numbers)),
            timed=tuple(announcer.timed(filler.work_ms, self.encouragements)),
            beeps=settings.beeps or (),
            pace=pace_phases(settings.pace or (), self.utterances),
            bed=self.music.bed(position.music),
        )

    def _line(self, filler: FieldFiller, text: Text) -> SpokenLine:
        return SpokenLine(self.utterances.written(filler.fill(text)), text.span)

    def _cue(self, filler: FieldFiller, cue: Cue) -> SpokenCue:
        return SpokenCue(cue.at, self._line(filler, cue.say))

    def _work_range(self, step: Exercise) -> DurationRange | None:
        """The range of the work, written as a time or in reps; an error if it is neither."""
        settings = step.settings
        if settings.reps is None:
            if settings.work is None:
                hint = "add `work: 45s` here, or to `defaults` for all exercises"
                self.diagnostics.append(
                    error("missing-work", f"`{step.name}` needs a `work` or `reps`", step.span, hint)
                )
            return settings.work
        if not settings.pace:
            hint = "add its pace, such as `pace: [down 3s, up 1s]`, or a `work` in place of `reps`"
            message = f"the reps of `{step.name}` need a `pace`"
            self.diagnostics.append(error("reps-without-pace", message, step.span, hint))
            return None
        ms = settings.reps * sum(part.ms for part in settings.pace)
        return DurationRange(ms, ms)


def _gap(step: Exercise, position: Position, is_switch: bool) -> Gap:
    settings = step.settings
    assert settings.transition is not None
    assert settings.switch is not None
    if is_switch:
        return Gap("switch", settings.switch)
    if position.rest_ms is not None:
        return Gap("rest", position.rest_ms)
    return Gap("transition", settings.transition)


def _length_in(work: DurationRange, fraction: Fraction | None) -> int:
    """The length in ms at that fraction of the range, rounded down to a whole second."""
    if fraction is None:
        return work.middle
    return work.low + int((work.high - work.low) // SECOND * fraction) * SECOND
