"""How the tone of a pace moves: it rises and falls with the breath or the pass, and stays where a part is a hold."""

from __future__ import annotations

from collections.abc import Sequence

from cuecast.model.routine import TextField
from cuecast.model.script import PaceMotion, PacePhase
from cuecast.phrases import Phrases


def strokes(parts: Sequence[TextField], phrases: Phrases) -> tuple[PacePhase, ...]:
    """The parts with their motions: holds are level, the others rise and fall in turn.

    The first one rises, unless its word leads down ("down 4s, hold 2s, up 1s"). A pace of one moving part only rises.
    """
    moving = [part for part in parts if not phrases.is_hold(part.word)]
    rising = not (moving and phrases.is_down(moving[0].word))
    found = []
    for part in parts:
        if phrases.is_hold(part.word) and moving:
            found.append(PacePhase(part.word, part.ms, PaceMotion.HOLD))
        else:
            found.append(PacePhase(part.word, part.ms, PaceMotion.RISE if rising else PaceMotion.FALL))
            rising = not rising if len(moving) > 1 else rising
    return tuple(found)
