"""What `check` warns of for the body's sake. Modest words, and no medical advice."""

from __future__ import annotations

from collections.abc import Iterator

from cuecast.expand.text import written
from cuecast.model.diagnostics import Diagnostic, warning
from cuecast.model.duration import SECOND, ms_to_text
from cuecast.model.routine import Exercise, ExerciseKind
from cuecast.phrases import Phrases

LONGEST_ROLL_MS = 120 * SECOND
"""Studies of foam rolling use 30 to 120 seconds a muscle (Behm 2020, J Strength Cond Res 34(11):3301)."""


def warnings_of(step: Exercise, work_ms: int, phrases: Phrases) -> Iterator[Diagnostic]:
    """Warnings for one exercise with its `work_ms` on each side."""
    name = written(step.name)
    setup = written(step.setup) if step.setup else ""
    rolls = step.kind is ExerciseKind.ROLLING or (step.kind is None and phrases.speaks_of_rolling(f"{name} {setup}"))
    if not rolls:
        return
    if work_ms > LONGEST_ROLL_MS:
        yield warning(
            "long-rolling",
            f"{name} is rolled for {ms_to_text(work_ms)} at a stretch",
            step.span,
            "two minutes on one spot are the most that studies use; take two rounds, or a shorter `work`",
        )
    part = phrases.risky_target(name)
    if part:
        yield warning(
            "risky-target",
            f"{name}: a foam roller is not for this place ({part})",
            step.span,
            "roll the muscles around it, and stop short of joints, the lower back and the neck",
        )
