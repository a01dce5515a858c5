"""The stage `expand`: a Routine becomes a Script. Rounds are unrolled, defaults applied, every word written out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from cuecast.diagnostics import Diagnostic, error, has_errors
from cuecast.duration import SECOND, ms_to_text
from cuecast.expand.unroll import Place, check_size, exercises_of, unroll, upcoming_exercises
from cuecast.expand.words import Words, written
from cuecast.phrases import Phrases
from cuecast.routine import (
    BUILT_IN,
    Announce,
    Announced,
    Cue,
    Exercise,
    Moment,
    MomentKind,
    Pause,
    Routine,
    Say,
    Settings,
    Side,
)
from cuecast.script import CueLine, Forms, Gap, Item, Mark, PauseItem, SayItem, Script, WorkItem
from cuecast.source import Span

MAX_MS = 24 * 3600 * SECOND
"""Length of a track."""

DEFAULT_VOICE = "coach"


def expand(
    routine: Routine, phrases: Phrases, voice: str | None = None
) -> tuple[Script | None, tuple[Diagnostic, ...]]:
    """Flatten `routine`, with words in the language of `phrases`. No Script where there are errors.

    `voice` overrides the routine's own.
    """
    too_many = check_size(routine)
    if too_many:
        return None, (too_many,)
    builder = _Builder(routine, phrases)
    items = builder.items()
    if not items and not builder.faults:
        hint = "add an `exercise`, or a `say`; a rest with no exercise after it is left out"
        builder.faults.append(error("nothing-to-do", "nothing sounds in this routine", routine.steps[0].span, hint))
    told = sum(_told_ms(item) for item in items)
    if told > MAX_MS:
        builder.faults.append(
            error(
                "too-long",
                f"the routine comes to {ms_to_text(told)}; a track can last 24h",
                routine.steps[0].span,
                "shorten it, or make several tracks",
            )
        )
    if has_errors(builder.faults):
        return None, tuple(builder.faults)
    announce = builder.settings.announce or Announce()
    script = Script(
        title=routine.title,
        language=phrases.language,
        voice=voice or routine.voice or DEFAULT_VOICE,
        items=tuple(items),
        volume=routine.volume,
        total=Announced.TOTAL in announce,
        finish=phrases.forms("finish") if Announced.FINISH in announce else None,
    )
    return script, tuple(builder.faults)


@dataclass(slots=True)
class _Builder:
    routine: Routine
    phrases: Phrases
    faults: list[Diagnostic] = field(default_factory=list)
    settings: Settings = field(init=False)
    numbers: dict[Span, int] = field(init=False)
    set_up: set[Span] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.settings = self.routine.defaults.over(BUILT_IN)
        counted = (step for step in exercises_of(self.routine.steps) if step.counted)
        self.numbers = {step.span: n for n, step in enumerate(counted, 1)}

    def items(self) -> list[Item]:
        places = list(unroll(self.routine.steps))
        works = [p for p in places if isinstance(p.step, Exercise)]
        first, last = (works[0], works[-1]) if works else (None, None)
        following = upcoming_exercises(places)
        items: list[Item] = []
        for place, upcoming in zip(places, following, strict=True):
            words = Words(self.phrases, self.numbers, self.faults, place, upcoming)
            match place.step:
                case Say(text, _, for_ms):
                    items.append(SayItem(words.line(text), for_ms))
                case Pause(ms):
                    items.append(PauseItem(ms))
                case Exercise():
                    position = (
                        "only"
                        if len(works) == 1
                        else "first"
                        if place is first
                        else "last"
                        if place is last
                        else "next"
                    )
                    items.extend(self._works(place, place.step, words, position))
        return items

    def _works(self, place: Place, step: Exercise, words: Words, position: str) -> Iterator[WorkItem]:
        settings = step.settings.over(self.settings)
        assert settings.transition is not None
        assert settings.switch is not None
        assert settings.countdown is not None
        assert settings.announce is not None
        if settings.work is None:
            self.faults.append(
                error(
                    "missing-work",
                    f"how long is {written(step.name)}?",
                    step.span,
                    "add `work: 45s` here, or to `defaults` for all exercises",
                )
            )
            return
        work_ms = settings.work.middle
        cues = tuple(self._sounding(step, place))
        setup = step.setup if step.span not in self.set_up else None
        self.set_up.add(step.span)
        for cue in step.cues:
            self._check_moment(cue, settings.work.low)
        for index, side in enumerate(step.sides or (None,)):
            here = replace(words, side=side, work_ms=work_ms)
            name = here.fill(step.name)
            switching = index > 0
            gap = Gap("transition", settings.transition)
            if switching:
                gap = Gap("switch", settings.switch)
            elif place.rest_ms is not None:
                gap = Gap("rest", place.rest_ms)
            yield WorkItem(
                exercise=name,
                chapter=self._chapter(name, side, place),
                work_ms=work_ms,
                gap=gap,
                countdown=settings.countdown,
                span=step.span,
                side=side,
                round=place.round,
                rounds=place.rounds,
                before=() if switching else self._before(place, step, settings.announce),
                name=self._name(name, side, settings.announce, position, gap),
                after=()
                if switching or Announced.LENGTH not in settings.announce
                else (self.phrases.forms("length", time=self.phrases.time(work_ms)),),
                setup=here.line(setup) if setup and not switching else None,
                cues=tuple(CueLine(cue.at, here.line(cue.say)) for cue in cues if cue.side in (None, side)),
                marks=tuple(self._marks(settings.announce)),
                beeps=settings.beeps or (),
                numbers=tuple(self.phrases.cardinal(n) for n in range(1, settings.countdown.seconds + 1))
                if settings.countdown.spoken
                else (),
            )

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

    def _chapter(self, name: str, side: Side | None, place: Place) -> str:
        if side is not None:
            name = self.phrases.text("with side", exercise=name, side=self.phrases.side(side))
        if place.rounds is not None and place.rounds > 1:
            return self.phrases.text("chapter in rounds", name=name, round=place.round, rounds=place.rounds)
        return name

    def _before(self, place: Place, step: Exercise, announce: Announce) -> tuple[Forms, ...]:
        said = []
        if Announced.ROUND in announce and place.round_begins and (place.rounds or 1) > 1:
            assert place.round is not None
            assert place.rounds is not None
            if place.round == place.rounds:
                said.append(self.phrases.forms("last round"))
            else:
                numbers = {"round": place.round, "rounds": place.rounds}
                words = {key: self.phrases.cardinal(n) for key, n in numbers.items()}
                said.append(self.phrases.forms("round", **words))
        if Announced.NUMBER in announce and step.span in self.numbers and len(self.numbers) > 1:
            ordinal = self.phrases.ordinal(self.numbers[step.span])
            said.append(self.phrases.forms("number", ordinal=ordinal, count=self.phrases.cardinal(len(self.numbers))))
        return tuple(said)

    def _name(self, name: str, side: Side | None, announce: Announce, position: str, gap: Gap) -> Forms | None:
        side_words = self.phrases.side(side) if side is not None and Announced.SIDE in announce else None
        if gap.kind == "switch":
            return self.phrases.forms("switch", side=side_words) if side_words else None
        if Announced.NEXT not in announce:
            return self.phrases.forms("side alone", side=side_words) if side_words else None
        if side_words:
            name = self.phrases.text("with side", exercise=name, side=side_words)
        forms = self.phrases.forms(position, exercise=name)
        if gap.kind == "rest" and gap.ms:
            return Forms(self.phrases.forms("rest", name=forms.long).long, forms.short)
        return forms

    def _marks(self, announce: Announce) -> Iterator[Mark]:
        if Announced.HALFWAY in announce:
            yield Mark(Moment(MomentKind.HALF), self.phrases.forms("halfway"))
        for ms in announce.last:
            yield Mark(Moment(MomentKind.BEFORE, ms), self.phrases.forms("time left", time=self.phrases.time(ms)))


def _told_ms(item: Item) -> int:
    match item:
        case SayItem(_, for_ms):
            return for_ms
        case PauseItem(ms):
            return ms
        case WorkItem():
            return item.gap.ms + item.work_ms
