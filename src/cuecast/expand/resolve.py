"""The steps as they are at one level: variants applied, included sections opened, every setting filled in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from cuecast.model.routine import Exercise, Level, Rounds, Section, Settings, Step


def resolve(steps: Sequence[Step], level: Level, defaults: Settings) -> tuple[Step, ...]:
    """The same steps without variants and sections; exercises have complete settings, `defaults` under their own."""
    return tuple(_resolved(steps, level, defaults))


def _resolved(steps: Sequence[Step], level: Level, defaults: Settings) -> Iterator[Step]:
    for step in steps:
        match step:
            case Exercise():
                exercise = step.at(level)
                yield replace(exercise, settings=exercise.settings.over(defaults))
            case Rounds():
                yield replace(step, steps=resolve(step.steps, level, defaults))
            case Section(inner, own):
                yield from _resolved(inner, level, own.over(defaults))
            case _:
                yield step
