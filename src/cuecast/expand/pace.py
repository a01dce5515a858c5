"""How the tone of a pace moves: it rises and falls with the breath or the pass, and stays where a part is a hold."""

from __future__ import annotations

from collections.abc import Sequence

from cuecast.model.routine import Part
from cuecast.model.script import Motion, Stroke
from cuecast.phrases import Phrases


def strokes(parts: Sequence[Part], phrases: Phrases) -> tuple[Stroke, ...]:
    """The parts with their motions: holds are level, the others rise and fall in turn.

    The first one rises, unless its word leads down ("down 4s, hold 2s, up 1s"). A pace of one moving part only rises.
    """
    moving = [part for part in parts if not phrases.is_hold(part.word)]
    rising = not (moving and phrases.is_down(moving[0].word))
    found = []
    for part in parts:
        if phrases.is_hold(part.word) and moving:
            found.append(Stroke(part.word, part.ms, Motion.HOLD))
        else:
            found.append(Stroke(part.word, part.ms, Motion.RISE if rising else Motion.FALL))
            rising = not rising if len(moving) > 1 else rising
    return tuple(found)
