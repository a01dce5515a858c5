"""How hard a stretch of a workout is, in words; what all workouts of cycling and running platforms share."""

from __future__ import annotations

from collections.abc import Iterable

from cuecast.importers.ir import Cue, Exercise, sentence_case
from cuecast.model.duration import SECOND, DurationRange
from cuecast.model.source import Span

_EFFORTS = ((65, "Easy"), (76, "Steady"), (91, "Tempo"), (106, "Threshold"), (150, "Hard"))
_ZONE_EFFORTS = {1: "Easy", 2: "Steady", 3: "Tempo", 4: "Threshold"}


def effort_at(percent: float) -> str:
    """A word for a share of the power that a rider can hold for an hour."""
    return next((word for limit, word in _EFFORTS if percent < limit), "Sprint")


def effort_in_zone(zone: float) -> str:
    """A word for a training zone."""
    return _ZONE_EFFORTS.get(round(zone), "Hard")


def range_words(low: object, high: object, unit: str) -> str:
    """A target or a range of it: `95 to 105%`, `90 rpm`. `high` may be empty."""
    return f"{low} to {high}{unit}" if high and high != low else f"{low}{unit}"


def ramp_words(low: object, high: object, unit: str) -> str:
    """A target that changes evenly: `From 50 to 75%`."""
    return f"{low}{unit}" if low == high else f"From {low} to {high}{unit}"


def aimed_exercise(name: str, seconds: int, aims: Iterable[str], span: Span, words: str = "") -> Exercise:
    """An exercise whose first words are `words` and its targets, unless its name says them."""
    ms = seconds * SECOND
    exercise = Exercise(name, span, DurationRange(ms, ms))
    target = sentence_case(", ".join(aim for aim in aims if aim and sentence_case(aim) != name))
    if say := " ".join(filter(None, (words, f"{target}." if target else ""))):
        exercise.cues.append(Cue(0, say, span))
    return exercise
