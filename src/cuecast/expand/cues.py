"""The cues of an exercise: which of them belong to a round, and which can never sound."""

from __future__ import annotations

from collections.abc import Iterator

from cuecast.expand.unroll import Position
from cuecast.model.diagnostics import Diagnostic, error
from cuecast.model.duration import ms_to_text
from cuecast.model.routine import Cue, Exercise


def cues_of_round(step: Exercise, position: Position, diagnostics: list[Diagnostic]) -> Iterator[Cue]:
    """The cues of this round; a cue for a side or round that does not exist is an error."""
    for cue in step.cues:
        if cue.side is not None and cue.side not in step.sides:
            sides = ", ".join(step.sides) or "no sides"
            message = f"this cue is for the {cue.side} side; the exercise has {sides}"
            diagnostics.append(error("never-sounds", message, cue.span))
        elif cue.round is not None and cue.round > (position.rounds or 0):
            rounds = f"there are {position.rounds} rounds" if position.rounds else "the exercise is in no rounds"
            diagnostics.append(error("never-sounds", f"this cue is for round {cue.round}; {rounds}", cue.span))
        elif cue.round in (None, position.round):
            yield cue


def report_moments_outside(step: Exercise, shortest_ms: int) -> Iterator[Diagnostic]:
    """Each cue whose moment lies outside the shortest that the work can be."""
    for cue in step.cues:
        if not cue.at.times(shortest_ms):
            yield error(
                "moment-outside",
                f"this moment lies outside the work, which is {ms_to_text(shortest_ms)} long",
                cue.span,
                "use an earlier moment, or `half` or `end`, or lengthen the work",
            )
