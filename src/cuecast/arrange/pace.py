"""The pace: a glide for each part, silent where the voice speaks, and its word the first two times."""

from __future__ import annotations

import math
from collections.abc import Iterator

from cuecast.arrange.context import ArrangeContext
from cuecast.arrange.occupancy import GLIDE_TO_TONE, SHORTEST_GLIDE, SPEECH_TO_TONE
from cuecast.model.duration import SECOND
from cuecast.model.script import PaceMotion, PacePhase, WorkItem
from cuecast.model.timeline import ToneEvent
from cuecast.model.tones import PACE, PACE_HIGH_HZ, PACE_LOW_HZ

WORDED_TIMES = 2
"""How many times the words of a pace are said."""

WORD_PATIENCE = SECOND
"""How late a part's word may be, in milliseconds."""


def lay_words(desk: ArrangeContext, item: WorkItem, start: int, end: int) -> None:
    """Say each part's word as the part begins, the first two times through; not where other words sound."""
    worded = len(item.pace) * WORDED_TIMES
    for (at, _, stroke), _ in zip(_parts(item, start, end), range(worded), strict=False):
        if stroke.word:
            word = desk.announced(stroke.word[:1].upper() + stroke.word[1:])
            ms = desk.ms(word)
            moment = desk.room.earliest(at, ms)
            if moment - at <= min(WORD_PATIENCE, stroke.ms) and moment + ms + SPEECH_TO_TONE <= end:
                desk.say(word, moment)


def lay_glides(desk: ArrangeContext, item: WorkItem, start: int, end: int) -> None:
    """Sound each part's glide in the room that is left of it: the pitch is where the whole part's would be."""
    level = PACE_LOW_HZ
    for begins, ends, stroke in _parts(item, start, end):
        target = {PaceMotion.RISE: PACE_HIGH_HZ, PaceMotion.FALL: PACE_LOW_HZ, PaceMotion.HOLD: level}[stroke.motion]
        if stroke.motion is PaceMotion.FALL and level == PACE_LOW_HZ:
            level = PACE_HIGH_HZ
        elif stroke.motion is PaceMotion.RISE and level == PACE_HIGH_HZ:
            level = PACE_LOW_HZ
        from_hz = level

        def pitch(time: int, since: int = begins, a: int = from_hz, b: int = target, ms: int = stroke.ms) -> int:
            return round(a * math.pow(b / a, (time - since) / ms))

        # Where the work is over its end tone begins, which is not laid yet.
        quiet = desk.room.quiet_stretches(begins, min(ends, end - GLIDE_TO_TONE))
        stretch = max(quiet, key=lambda s: s[1] - s[0], default=None)
        if stretch and stretch[1] - stretch[0] >= SHORTEST_GLIDE:
            a, b = stretch
            desk.room.glides.append(ToneEvent(a, b, PACE, pitch(a), pitch(b)))
        level = target


def _parts(item: WorkItem, start: int, end: int) -> Iterator[tuple[int, int, PacePhase]]:
    """The parts that fit into the work whole, again and again, with their begins and ends."""
    at = start
    while item.pace:
        for stroke in item.pace:
            if at + stroke.ms > end:
                return
            yield at, at + stroke.ms, stroke
            at += stroke.ms
