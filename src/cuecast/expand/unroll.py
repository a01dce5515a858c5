"""Rounds unrolled: every step where it stands, with the rest that is told before it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from msgspec import Struct
from msgspec.structs import replace

from cuecast.model.diagnostics import Diagnostic, error
from cuecast.model.music import MusicSetting
from cuecast.model.routine import Exercise, Pause, Rest, Rounds, Say, Section, Step

MAX_ITEMS = 20_000
"""Steps after expansion, each side counted."""


class Place(Struct, frozen=True):
    """One step where it stands after unrolling. `music` is what is told for it, by the outermost rounds first."""

    step: Say | Pause | Exercise
    round: int | None = None
    rounds: int | None = None
    round_begins: bool = False
    rest_ms: int | None = None
    music: tuple[MusicSetting, ...] = ()


def exercises_of(steps: Sequence[Step]) -> Iterator[Exercise]:
    """All exercises as written, in order."""
    for step in steps:
        if isinstance(step, Exercise):
            yield step
        elif isinstance(step, Rounds):
            yield from exercises_of(step.steps)


def unroll(steps: Sequence[Step], seed: int) -> Iterator[Place]:
    """All steps in order, each exercise with the rest that is told before it (the longer where there are two).

    `seed` decides the order in rounds that are shuffled.
    """
    rest: int | None = None
    for place in _with_rests(steps, None, None, False, (), Random(seed)):
        if isinstance(place, int):
            rest = max(rest or 0, place)
        elif isinstance(place.step, Exercise):
            yield replace(place, rest_ms=rest)
            rest = None
        else:
            yield place


def _with_rests(
    steps: Sequence[Step],
    round_: int | None,
    rounds: int | None,
    begins: bool,
    music: tuple[MusicSetting, ...],
    random: Random,
) -> Iterator[Place | int]:
    """As `unroll`, rests still as bare lengths in ms."""
    for step in steps:
        match step:
            case Rest(ms):
                yield ms
            case Rounds(count, inner, _, rest_ms, shuffle, told):
                inside = (*music, told) if told else music
                for n in range(1, count + 1):
                    if n > 1 and rest_ms is not None:
                        yield rest_ms
                    order = _shuffled(inner, random) if shuffle else inner
                    yield from _with_rests(order, n, count, True, inside, random)
                begins = False
            case Say() | Pause() | Exercise():
                yield Place(step, round_, rounds, begins, music=(*music, step.music) if step.music else music)
                begins = begins and not isinstance(step, Exercise)


def _shuffled(steps: Sequence[Step], random: Random) -> list[Step]:
    """The exercises in another order; words, rests and pauses stay where they are."""
    moved = [step for step in steps if isinstance(step, Exercise)]
    random.shuffle(moved)
    return [moved.pop() if isinstance(step, Exercise) else step for step in steps]


def upcoming_exercises(places: Sequence[Place]) -> list[Place | None]:
    """For each place that of the exercise after it, None after the last."""
    found: list[Place | None] = []
    upcoming: Place | None = None
    for place in reversed(places):
        found.append(upcoming)
        if isinstance(place.step, Exercise):
            upcoming = place
    return found[::-1]


def check_size(steps: Sequence[Step]) -> Diagnostic | None:
    """Refuse before unrolling: `rounds: 1000000000` must cost nothing, nor must steps that stand in many places."""
    total = 0
    sizes: dict[int, int] = {}
    for step in steps:
        total += _size(step, sizes)
        if total > MAX_ITEMS:
            return error(
                "too-many-steps",
                f"from here the routine comes to {total:,} steps; {MAX_ITEMS:,} are the most",
                step.span,
                "fewer rounds, or several tracks",
            )
    return None


def _size(step: Step, known: dict[int, int]) -> int:
    """How many items it unrolls to, each side counted. Aliases and includes may share a step: each is counted once."""
    size = known.get(id(step))
    if size is None:
        match step:
            case Rounds(count, inner):
                size = count * sum(_size(each, known) for each in inner)
            case Section(inner):
                size = sum(_size(each, known) for each in inner)
            case Exercise():
                size = max(1, len(step.sides), *(len(v.changes.sides or ()) for v in step.variants))
            case _:
                size = 1
        known[id(step)] = size
    return size
