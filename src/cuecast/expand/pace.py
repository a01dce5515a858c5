"""How the tone of a pace moves: it rises and falls with the breath or the pass, and stays level during a hold."""

from __future__ import annotations

from collections.abc import Sequence

from cuecast.expand.utterances import UtteranceFactory
from cuecast.model.routine import TextField
from cuecast.model.script import PaceMotion, PacePhase


def pace_phases(parts: Sequence[TextField], utterances: UtteranceFactory) -> tuple[PacePhase, ...]:
    """The parts with their motions: holds are level, the others rise and fall in turn.

    The first one rises, unless its word leads down ("down 4s, hold 2s, up 1s"). A pace with one moving part only rises.
    """
    phrases = utterances.phrases
    moving = [part for part in parts if not phrases.is_hold(part.word)]
    rising = not (moving and phrases.is_down(moving[0].word))
    phases = []
    for part in parts:
        if moving and phrases.is_hold(part.word):
            motion = PaceMotion.HOLD
        else:
            motion = PaceMotion.RISE if rising else PaceMotion.FALL
            rising = not rising if len(moving) > 1 else rising
        word = utterances.announced(part.word[:1].upper() + part.word[1:]) if part.word else None
        phases.append(PacePhase(word, part.ms, motion))
    return tuple(phases)
