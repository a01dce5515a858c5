"""The steps at one level: variants applied, included sections opened, every setting filled in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from cuecast.model.diagnostics import Diagnostic, error
from cuecast.model.duration import DurationRange, ms_to_text
from cuecast.model.routine import Exercise, Level, Rounds, Section, Settings, Step


def resolve(steps: Sequence[Step], level: Level, defaults: Settings, diagnostics: list[Diagnostic]) -> tuple[Step, ...]:
    """The same steps without variants and sections. Exercises have complete settings: their own over `defaults`.

    An exercise with `sets` becomes rounds of it. A `rest` without sets is reported in `diagnostics`.
    """
    return tuple(_resolve(steps, level, defaults, diagnostics))


def _resolve(steps: Sequence[Step], level: Level, defaults: Settings, diagnostics: list[Diagnostic]) -> Iterator[Step]:
    for step in steps:
        match step:
            case Exercise():
                exercise = step.at(level)
                settings = exercise.settings.over(defaults)
                if exercise.settings.rest is not None and settings.sets is None:
                    diagnostics.append(_rest_without_sets(step, exercise.settings.rest))
                exercise = replace(exercise, settings=settings)
                if settings.sets and settings.sets > 1:
                    yield Rounds(settings.sets, (exercise,), step.span, settings.rest, are_sets=True)
                else:
                    yield exercise
            case Rounds():
                yield replace(step, steps=resolve(step.steps, level, defaults, diagnostics))
            case Section():
                yield from _resolve(step.steps, level, step.defaults.over(defaults), diagnostics)
            case _:
                yield step


def _rest_without_sets(step: Exercise, rest: DurationRange) -> Diagnostic:
    hint = f"for a rest after it, write a step `- rest: {ms_to_text(rest.low)}` below; or add `sets: 3`"
    return error(
        "rest-without-sets", f"the `rest` of `{step.name}` lies between sets, and it has none", step.span, hint
    )
