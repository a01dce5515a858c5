"""Rounds unrolled: every step at its position in the track, with the rest before it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from msgspec import Struct
from msgspec.structs import replace

from cuecast.expand.lengths import LengthChooser
from cuecast.model.diagnostics import Diagnostic, error
from cuecast.model.music import MusicSetting
from cuecast.model.routine import Exercise, Pause, Rest, Rounds, Say, Section, Step

MAX_ITEMS = 20_000
"""The most steps after expansion; each side counts."""


class Position(Struct, frozen=True):
    """One step at its position in the track. `music` holds the settings that apply, the outermost rounds first.

    `are_sets`: `round` is the set of one exercise.
    """

    step: Say | Pause | Exercise
    round: int | None = None
    rounds: int | None = None
    round_begins: bool = False
    are_sets: bool = False
    rest_ms: int | None = None
    music: tuple[MusicSetting, ...] = ()


def exercises_of(steps: Sequence[Step]) -> Iterator[Exercise]:
    """All exercises as written, in order."""
    for step in steps:
        if isinstance(step, Exercise):
            yield step
        elif isinstance(step, Rounds):
            yield from exercises_of(step.steps)


def unroll(steps: Sequence[Step], lengths: LengthChooser, seed: int) -> Iterator[Position]:
    """All steps in order, each exercise with the rest before it (the longest, if there are several).

    `lengths` chooses how long a rest is; `seed` decides the order in rounds that are shuffled.
    """
    rest: int | None = None
    for position in _flatten(steps, None, (), lengths, Random(seed)):
        if isinstance(position, int):
            rest = max(rest or 0, position)
        elif isinstance(position.step, Exercise):
            yield replace(position, rest_ms=rest)
            rest = None
        else:
            yield position


def _flatten(
    steps: Sequence[Step],
    outer: tuple[Rounds, int] | None,
    music: tuple[MusicSetting, ...],
    lengths: LengthChooser,
    random: Random,
) -> Iterator[Position | int]:
    """All positions in order; a rest is its length in ms. `outer` has the innermost rounds and which one it is."""
    rounds, round_ = outer or (None, None)
    round_begins = rounds is not None
    for step in steps:
        match step:
            case Rest():
                yield lengths.ms(step.length)
            case Rounds():
                inside = (*music, step.music) if step.music else music
                for n in range(1, step.count + 1):
                    if n > 1 and step.rest is not None:
                        yield lengths.ms(step.rest)
                    order = _shuffled(step.steps, random) if step.shuffle else step.steps
                    yield from _flatten(order, (step, n), inside, lengths, random)
                round_begins = False
            case Say() | Pause() | Exercise():
                inside = (*music, step.music) if step.music else music
                yield Position(
                    step,
                    round_,
                    rounds.count if rounds else None,
                    round_begins,
                    are_sets=rounds is not None and rounds.are_sets,
                    music=inside,
                )
                round_begins = round_begins and not isinstance(step, Exercise)


def _shuffled(steps: Sequence[Step], random: Random) -> list[Step]:
    """The exercises in another order, each with its sets; words, rests and pauses stay in their places."""
    exercises = [step for step in steps if _is_exercise(step)]
    random.shuffle(exercises)
    return [exercises.pop() if _is_exercise(step) else step for step in steps]


def _is_exercise(step: Step) -> bool:
    return isinstance(step, Exercise) or (isinstance(step, Rounds) and step.are_sets)


def upcoming_exercises(positions: Sequence[Position]) -> list[Position | None]:
    """For each position that of the exercise after it, None after the last."""
    following: list[Position | None] = []
    upcoming: Position | None = None
    for position in reversed(positions):
        following.append(upcoming)
        if isinstance(position.step, Exercise):
            upcoming = position
    return following[::-1]


def check_size(steps: Sequence[Step]) -> Diagnostic | None:
    """Count before unrolling, so that `rounds: 1000000000` costs nothing."""
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


def _size(step: Step, sizes: dict[int, int]) -> int:
    """How many items it unrolls to. Aliases and includes can share a step, so each is counted once, by `id()`."""
    if id(step) not in sizes:
        match step:
            case Rounds() | Section():
                count = step.count if isinstance(step, Rounds) else 1
                size = count * sum(_size(each, sizes) for each in step.steps)
            case Exercise():
                size = max(1, len(step.sides), *(len(v.changes.sides or ()) for v in step.variants))
            case _:
                size = 1
        sizes[id(step)] = size
    return sizes[id(step)]
