"""The cues of an exercise: which of them belong to a round, and which can never sound."""

from __future__ import annotations

from collections.abc import Iterator

from cuecast.expand.unroll import Position
from cuecast.model.diagnostics import Diagnostic, error, note
from cuecast.model.duration import DurationRange, ms_to_text
from cuecast.model.routine import Cue, Exercise


def cues_of_round(
    step: Exercise, position: Position, work: DurationRange, work_ms: int, diagnostics: list[Diagnostic]
) -> Iterator[Cue]:
    """The cues of this round. One that can't sound in the shortest `work` is an error.

    The author of a `use` has not written the library's cues: one that can't sound in this work, `work_ms` long, is left
    out with a note.
    """
    for cue in step.cues:
        is_of_library = cue.span.file != step.span.file
        fault = _fault(cue, step, position, work_ms if is_of_library else work.low)
        if fault and is_of_library:
            message = f"“{cue.say}” of the library is not said: {fault.message}"
            diagnostics.append(note("cue-dropped", message, step.span))
        elif fault:
            diagnostics.append(fault)
        elif cue.round in (None, position.round):
            yield cue


def _fault(cue: Cue, step: Exercise, position: Position, work_ms: int) -> Diagnostic | None:
    """Why a cue can't sound: its side or round does not exist, or its moment lies outside the work."""
    if cue.side is not None and cue.side not in step.sides:
        sides = ", ".join(step.sides) or "no sides"
        return error("never-sounds", f"this cue is for the {cue.side} side; the exercise has {sides}", cue.span)
    if cue.round is not None and cue.round > (position.rounds or 0):
        rounds = f"there are {position.rounds} rounds" if position.rounds else "the exercise is in no rounds"
        return error("never-sounds", f"this cue is for round {cue.round}; {rounds}", cue.span)
    if not cue.at.times(work_ms):
        message = f"this moment lies outside the work, which is {ms_to_text(work_ms)} long"
        hint = "use an earlier moment, or `half` or `end`, or lengthen the work"
        return error("moment-outside", message, cue.span, hint)
    return None
