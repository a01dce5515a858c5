"""The stage `expand`: a Routine becomes a Script. Rounds are unrolled, defaults applied, every word written out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from cuecast.expand.announcements import Announcing, encouragements
from cuecast.expand.music import Playing
from cuecast.expand.pace import strokes
from cuecast.expand.resolve import resolve
from cuecast.expand.safety import warnings_of
from cuecast.expand.text import Words, written
from cuecast.expand.unroll import Place, check_size, exercises_of, unroll, upcoming_exercises
from cuecast.model.diagnostics import Diagnostic, error, has_errors
from cuecast.model.duration import SECOND, DurationRange, ms_to_text
from cuecast.model.routine import BUILT_IN, Announce, AnnouncementKind, Cue, Exercise, Level, Pause, Routine, Say, Step
from cuecast.model.script import Gap, Item, PauseItem, SayItem, Script, SpokenCue, VoiceMap, WorkItem
from cuecast.phrases import Phrases

MAX_MS = 24 * 3600 * SECOND
"""Length of a track."""


class Choices(Struct, frozen=True):
    """What is chosen from outside: the voices, the level over the routine's own, the place of every work in its range
    (0 is the shortest, 1 the longest, None the middle), and the seed of all variety."""

    cast: VoiceMap = VoiceMap("coach", "coach", "coach")
    level: Level | None = None
    fraction: Fraction | None = None
    seed: int = 0


USUAL = Choices()


def expand(
    routine: Routine, phrases: Phrases, choices: Choices = USUAL
) -> tuple[Script | None, tuple[Diagnostic, ...]]:
    """Flatten `routine`, with words in the language of `phrases`. No Script where there are errors."""
    settings = routine.defaults.over(BUILT_IN)
    too_many = check_size(routine.steps)
    if too_many:
        return None, (too_many,)
    steps = resolve(routine.steps, choices.level or routine.level, settings)
    playing = Playing(routine.music, routine.source.name, choices.seed)
    builder = _Builder(steps, phrases, choices, playing)
    items = builder.items()
    builder.faults += playing.faults()
    if not items and not builder.faults:
        hint = "add an `exercise`, or a `say`; a rest with no exercise after it is left out"
        builder.faults.append(error("nothing-to-do", "nothing sounds in this routine", routine.steps[0].span, hint))
    told = sum(_told_ms(item) for item in items)
    if told > MAX_MS:
        message = f"the routine comes to {ms_to_text(told)}; a track can last 24h"
        builder.faults.append(error("too-long", message, routine.steps[0].span, "shorten it, or make several tracks"))
    if has_errors(builder.faults):
        return None, tuple(builder.faults)
    announce = settings.announce or Announce()
    script = Script(
        title=routine.title,
        language=phrases.language,
        cast=choices.cast,
        lexicon=routine.lexicon,
        items=tuple(items),
        volume=routine.volume,
        tones=routine.tones,
        total=AnnouncementKind.TOTAL in announce,
        finish=phrases.forms("finish") if AnnouncementKind.FINISH in announce else None,
        bed=playing.bed(),
    )
    return script, tuple(builder.faults)


@dataclass(slots=True)
class _Builder:
    """Writes out one item after the other. Exercises are told apart by identity: a file may be included twice."""

    steps: tuple[Step, ...]
    phrases: Phrases
    choices: Choices
    playing: Playing
    faults: list[Diagnostic] = field(default_factory=list)
    numbers: dict[int, int] = field(init=False)
    set_up: set[int] = field(default_factory=set)
    cheers: Iterator[str] = field(init=False)

    def __post_init__(self) -> None:
        counted = (step for step in exercises_of(self.steps) if step.counted)
        self.numbers = {id(step): n for n, step in enumerate(counted, 1)}
        self.cheers = encouragements(self.phrases, self.choices.seed)

    def items(self) -> list[Item]:
        places = list(unroll(self.steps, self.choices.seed))
        works = [p for p in places if isinstance(p.step, Exercise)]
        first, last = (works[0], works[-1]) if works else (None, None)
        following = upcoming_exercises(places)
        items: list[Item] = []
        for place, upcoming in zip(places, following, strict=True):
            words = Words(self.phrases, self.numbers, self.faults, place, upcoming)
            match place.step:
                case Say(text, _, for_ms):
                    items.append(SayItem(words.line(text), for_ms, self.playing.bed(place.music)))
                case Pause(ms) if ms:  # no time is no interval
                    items.append(PauseItem(ms, self.playing.bed(place.music)))
                case Exercise():
                    position = "only" if first is last else _position(place, first, last)
                    items.extend(self._works(place, place.step, words, position))
        return items

    def _works(self, place: Place, step: Exercise, words: Words, position: str) -> Iterator[WorkItem]:
        settings = step.settings
        assert settings.transition is not None
        assert settings.switch is not None
        assert settings.countdown is not None
        assert settings.announce is not None
        work = self._work(step)
        if work is None:
            return
        work_ms = _chosen(work, self.choices.fraction)
        self.faults += warnings_of(step, work_ms, self.phrases)
        cues = tuple(self._sounding(step, place))
        for cue in step.cues:
            self._check_moment(cue, work.low)
        setup = step.setup if id(step) not in self.set_up else None
        self.set_up.add(id(step))
        announcing = Announcing(self.phrases, settings.announce, place, position)
        for index, side in enumerate(step.sides or (None,)):
            here = replace(words, side=side, work_ms=work_ms)
            name = here.fill(step.name)
            switching = index > 0
            gap = Gap("transition", settings.transition)
            if switching:
                gap = Gap("switch", settings.switch)
            elif place.rest_ms is not None:
                gap = Gap("rest", place.rest_ms)
            number = self.numbers.get(id(step))
            before = [] if switching else announcing.before(number, len(self.numbers), gap)
            yield WorkItem(
                exercise=name,
                chapter=announcing.chapter(name, side),
                work_ms=work_ms,
                width_ms=work.high - work.low,
                gap=gap,
                countdown=settings.countdown,
                span=step.span,
                side=side,
                round=place.round,
                rounds=place.rounds,
                before=tuple(before),
                name=announcing.name(name, side, gap, begins=not before),
                after=() if switching else tuple(announcing.after(work_ms)),
                setup=here.line(setup) if setup and not switching else None,
                cues=tuple(SpokenCue(cue.at, here.line(cue.say)) for cue in cues if cue.side in (None, side)),
                marks=tuple(announcing.marks(work_ms, self.cheers)),
                beeps=settings.beeps or (),
                numbers=self.phrases.countdown(settings.countdown.seconds) if settings.countdown.spoken else (),
                pace=strokes(settings.pace or (), self.phrases),
                bed=self.playing.bed(place.music),
            )

    def _work(self, step: Exercise) -> DurationRange | None:
        """How long the work is, told as a time or in reps; a fault where it is neither."""
        settings = step.settings
        if settings.reps is None:
            if settings.work is None:
                hint = "add `work: 45s` here, or to `defaults` for all exercises"
                self.faults.append(error("missing-work", f"how long is {written(step.name)}?", step.span, hint))
            return settings.work
        if not settings.pace:
            hint = "add its pace, such as `pace: [down 3s, up 1s]`, or a `work` in place of `reps`"
            message = f"how long is a rep of {written(step.name)}?"
            self.faults.append(error("reps-without-pace", message, step.span, hint))
            return None
        ms = settings.reps * sum(part.ms for part in settings.pace)
        return DurationRange(ms, ms)

    def _sounding(self, step: Exercise, place: Place) -> Iterator[Cue]:
        """The cues of this round; those that no round or side ever has are faults."""
        for cue in step.cues:
            if cue.side is not None and cue.side not in step.sides:
                sides = ", ".join(step.sides) or "no sides"
                self.faults.append(
                    error("never-sounds", f"this cue is for the {cue.side} side; the exercise has {sides}", cue.span)
                )
            elif cue.round is not None and cue.round > (place.rounds or 0):
                what = f"there are {place.rounds} rounds" if place.rounds else "the exercise is in no rounds"
                self.faults.append(error("never-sounds", f"this cue is for round {cue.round}; {what}", cue.span))
            elif cue.round in (None, place.round):
                yield cue

    def _check_moment(self, cue: Cue, shortest: int) -> None:
        if not cue.at.times(shortest):
            self.faults.append(
                error(
                    "moment-outside",
                    f"this moment lies outside the work, which is {ms_to_text(shortest)} long",
                    cue.span,
                    "use an earlier moment, or `half` or `end`, or lengthen the work",
                )
            )


def _position(place: Place, first: Place | None, last: Place | None) -> str:
    return "first" if place is first else "last" if place is last else "next"


def _chosen(work: DurationRange, fraction: Fraction | None) -> int:
    """The length in ms at that place of the range, rounded down to a whole second."""
    if fraction is None:
        return work.middle
    return work.low + int((work.high - work.low) // SECOND * fraction) * SECOND


def _told_ms(item: Item) -> int:
    match item:
        case SayItem(_, for_ms):
            return for_ms
        case PauseItem(ms):
            return ms
        case WorkItem():
            return item.gap.ms + item.work_ms
