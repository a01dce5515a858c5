"""What `check` warns of for the sake of the body, in modest words and without medical advice."""

from __future__ import annotations

from collections.abc import Iterator

from cuecast.model.diagnostics import Diagnostic, warning
from cuecast.model.duration import SECOND, ms_to_text
from cuecast.model.routine import Exercise, ExerciseKind
from cuecast.phrases import Phrases

LONGEST_ROLL_MS = 120 * SECOND
"""Studies of foam rolling use 30 to 120 seconds a muscle (Behm 2020, J Strength Cond Res 34(11):3301)."""


def safety_warnings(step: Exercise, work_ms: int, phrases: Phrases) -> Iterator[Diagnostic]:
    """Warnings for one exercise that lasts `work_ms` on each side."""
    name = str(step.name)
    is_rolling = step.kind is ExerciseKind.ROLLING
    if step.kind is None:
        is_rolling = phrases.speaks_of_rolling(f"{name} {step.setup or ''}")
    if not is_rolling:
        return
    if work_ms > LONGEST_ROLL_MS:
        yield warning(
            "long-rolling",
            f"{name} is rolled for {ms_to_text(work_ms)} at a stretch",
            step.span,
            "two minutes on one spot are the most that studies use; take two rounds, or a shorter `work`",
        )
    if part := phrases.risky_target(name):
        yield warning(
            "risky-target",
            f"{name}: a foam roller is not for this place ({part})",
            step.span,
            "roll the muscles around it, and stop short of joints, the lower back and the neck",
        )
