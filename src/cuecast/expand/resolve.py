"""The steps at one level: variants applied, included sections opened, every setting filled in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from cuecast.model.routine import Exercise, Level, Rounds, Section, Settings, Step


def resolve(steps: Sequence[Step], level: Level, defaults: Settings) -> tuple[Step, ...]:
    """The same steps without variants and sections. Exercises have complete settings: their own over `defaults`."""
    return tuple(_resolve(steps, level, defaults))


def _resolve(steps: Sequence[Step], level: Level, defaults: Settings) -> Iterator[Step]:
    for step in steps:
        match step:
            case Exercise():
                exercise = step.at(level)
                yield replace(exercise, settings=exercise.settings.over(defaults))
            case Rounds():
                yield replace(step, steps=resolve(step.steps, level, defaults))
            case Section():
                yield from _resolve(step.steps, level, step.defaults.over(defaults))
            case _:
                yield step
