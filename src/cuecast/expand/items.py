"""One item of the Script for each step: exercises become work intervals, with all their words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from msgspec.structs import replace

from cuecast.expand.announcements import Announcer, encouragements
from cuecast.expand.choices import Choices
from cuecast.expand.cues import cues_of_round
from cuecast.expand.fields import FieldFiller
from cuecast.expand.lengths import LengthChooser
from cuecast.expand.music import MusicState
from cuecast.expand.pace import pace_phases
from cuecast.expand.safety import safety_warnings
from cuecast.expand.unroll import Position, exercises_of, unroll, upcoming_exercises
from cuecast.expand.utterances import UtteranceFactory
from cuecast.model.diagnostics import Diagnostic, error, note
from cuecast.model.duration import DurationRange, ms_to_text
from cuecast.model.routine import AUTO_GAP_MS, Auto, Cue, Exercise, Pause, Say, Step, Text
from cuecast.model.script import Gap, Item, PauseItem, SayItem, SpokenCue, SpokenLine, WorkItem


@dataclass(slots=True)
class ItemBuilder:
    """Builds the items of one routine. Exercises are keyed by `id()`, because a file may be included twice."""

    steps: tuple[Step, ...]
    utterances: UtteranceFactory
    choices: Choices
    music: MusicState
    lengths: LengthChooser
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
        positions = list(unroll(self.steps, self.lengths, self.choices.seed))
        works = [p for p in positions if isinstance(p.step, Exercise)]
        items: list[Item] = []
        for position, upcoming in zip(positions, upcoming_exercises(positions), strict=True):
            filler = FieldFiller(self.utterances.phrases, self.numbers, self.diagnostics, position, upcoming)
            match position.step:
                case Say(text, _, length):
                    line = self._line(filler, text)
                    items.append(SayItem(line, self.lengths.ms(length), self.music.bed(position.music)))
                case Pause(length, sound=sound) if (ms := self.lengths.ms(length)) or sound:
                    items.append(PauseItem(ms, self.music.bed(position.music), sound))
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
        work_ms = self._work_ms(step, work)
        self.diagnostics += safety_warnings(step, work_ms, self.utterances.phrases)
        cues = tuple(cues_of_round(step, position, work, work_ms, self.diagnostics))
        has_setup = step.setup is not None and id(step) not in self._with_setup
        self._with_setup.add(id(step))
        for index, side in enumerate(step.sides or (None,)):
            here = replace(filler, side=side, work_ms=work_ms)
            setup = self._line(here, step.setup) if step.setup and has_setup and index == 0 else None
            announcer = Announcer(self.utterances, step, position, order, side, index > 0)
            yield replace(
                self._work(position, step, here, announcer, self._gap(step, position, index > 0, setup is not None)),
                has_range=work.low < work.high,
                setup=setup,
                cues=tuple(self._cue(here, cue) for cue in cues if cue.side in (None, side)),
            )

    def _work(
        self, position: Position, step: Exercise, filler: FieldFiller, announcer: Announcer, gap: Gap
    ) -> WorkItem:
        """One work interval, without the words that the author wrote."""
        settings = step.settings
        assert settings.countdown is not None
        assert filler.work_ms is not None
        name = filler.fill(step.name)
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
            ready=announcer.ready(name, gap),
            after=announcer.after(filler.work_ms),
            numbers=tuple(map(self.utterances.counted, numbers)),
            timed=tuple(announcer.timed(filler.work_ms, self.encouragements)),
            reps=announcer.reps(filler.work_ms),
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
        ms = settings.pace_ms
        return DurationRange(settings.reps.low * ms, settings.reps.high * ms)

    def _work_ms(self, step: Exercise, work: DurationRange) -> int:
        settings = step.settings
        if settings.reps is not None:
            return self.lengths.reps_ms(settings.reps, settings.pace_ms)
        if (pace := settings.pace_ms) and work.low < work.high and work.high // pace * pace < work.low:
            message = f"the range of `{step.name}` holds no whole number of its paces of {ms_to_text(pace)} each"
            whole = ms_to_text((work.high // pace + 1) * pace)
            hint = f"the work ends within a pace; with `work: {whole}` it would not"
            self.diagnostics.append(note("no-whole-pace", message, step.span, hint))
        return self.lengths.work_ms(work, settings.pace_ms)

    def _gap(self, step: Exercise, position: Position, is_switch: bool, has_setup: bool) -> Gap:
        settings = step.settings
        settle_ms = (settings.settle or 0) if has_setup else 0
        if position.rest_ms is not None and not is_switch:
            return Gap("rest", position.rest_ms, settle_ms=settle_ms)
        kind, length = ("switch", settings.switch) if is_switch else ("transition", settings.transition)
        assert length is not None
        if isinstance(length, Auto):
            return Gap(kind, AUTO_GAP_MS, is_auto=True, settle_ms=settings.settle or 0)
        return Gap(kind, self.lengths.ms(length), settle_ms=settle_ms)
