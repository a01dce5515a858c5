"""What notes do not say and is guessed, with a warning; and what may be no exercise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from cuecast.importers.asides import is_advice
from cuecast.importers.ir import Draft, Exercise, exercises_in
from cuecast.importers.line_kinds import is_sentence
from cuecast.model.duration import SECOND, DurationRange, ms_to_text

LONG_MS = 600 * SECOND
"""A longer exercise among short ones may be advice."""

CHECK_HINT = "delete it if it is no exercise"


def sentences(parts: Sequence[str]) -> str:
    """The parts as one text, each with a full stop."""
    return " ".join(part if part[-1] in ".!?" else f"{part}." for part in filter(None, parts))


def guess_works(draft: Draft, unknown: Sequence[Exercise], usual: DurationRange | None) -> None:
    """Exercises without a length take the `usual` one, else that of most others."""
    ids = {id(exercise) for exercise in unknown}
    known = Counter(each.work for each in exercises_in(draft.steps) if id(each) not in ids)
    if not known and not usual:
        draft.steps = []
        return
    work = usual or known.most_common(1)[0][0]
    for exercise in unknown:
        exercise.work = work
        if not usual:
            message = f"“{exercise.name[:40]}” has no length of time; it takes {ms_to_text(work.low)}, as others here"
            draft.warn(message, exercise.span, f"put your own time in, or {CHECK_HINT}")


def guess_reps(draft: Draft) -> None:
    """Reps whose pace nobody says take 3 seconds each."""
    for each in exercises_in(draft.steps):
        if each.counted:
            time = ms_to_text(each.work.low)
            draft.warn(
                f"{each.counted} have no length of time; {time} is a guess, at 3 seconds each",
                each.span,
                "put your own time in",
            )
            each.reps, each.setup = 0, sentences([each.counted, each.setup or ""])


def doubt_exercises(draft: Draft) -> None:
    """A warning for what may be no exercise: it is far longer than most others, or named like an instruction."""
    exercises = exercises_in(draft.steps)
    usual = sorted(each.work.low for each in exercises)[len(exercises) // 2] if exercises else 0
    for each in exercises:
        why = ""
        if each.work.high > max(LONG_MS, 4 * usual):
            why = f"takes {ms_to_text(each.work.high)}, far longer than the others here"
        elif is_sentence(each.name) or is_advice(each.name, in_list=True):
            why = "is named like an instruction"
        if why:
            draft.warn(f"“{each.name[:40]}” {why}", each.span, CHECK_HINT)
