"""The pace: a glide for each phase, silent where the voice speaks, and the phase's word the first two times."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from cuecast.arrange.context import ArrangeContext
from cuecast.arrange.occupancy import GLIDE_TO_TONE, SHORTEST_GLIDE, SPEECH_TO_TONE, part_of_glide
from cuecast.model.duration import SECOND
from cuecast.model.script import PaceMotion, PacePhase, WorkItem
from cuecast.model.timeline import ToneEvent
from cuecast.model.tones import PACE, PACE_HIGH_HZ, PACE_LOW_HZ

TIMES_WITH_WORDS = 2
"""How many times the words of a pace are said."""

MAX_WORD_DELAY = SECOND
"""How late a phase's word may be, in milliseconds; the first word follows the start tone, however long that is."""


def lay_words(context: ArrangeContext, item: WorkItem, start: int, end: int) -> None:
    """Say each phase's word as the phase begins, the first two times; not where other words sound."""
    for at, phase in islice(_phases(item, start, end), len(item.pace) * TIMES_WITH_WORDS):
        if phase.word:
            ms = context.ms(phase.word)
            moment = context.lanes.next_free(at, ms)
            if moment - at <= min(_max_delay(context, at == start), phase.ms) and moment + ms + SPEECH_TO_TONE <= end:
                context.say(phase.word, moment)


def lay_reps(context: ArrangeContext, item: WorkItem, start: int, end: int) -> None:
    """Say each rep's number as the rep begins; not where other words sound."""
    rep_ms = sum(phase.ms for phase in item.pace)
    for index, number in enumerate(item.reps):
        at, ms = start + index * rep_ms, context.ms(number)
        moment = context.lanes.next_free(at, ms)
        if moment - at <= min(_max_delay(context, at == start), rep_ms // 2) and moment + ms + SPEECH_TO_TONE <= end:
            context.say(number, moment)


def _max_delay(context: ArrangeContext, is_first: bool) -> int:
    return max(MAX_WORD_DELAY, context.lanes.tone_ms("start") + SPEECH_TO_TONE) if is_first else MAX_WORD_DELAY


def lay_glides(context: ArrangeContext, item: WorkItem, start: int, end: int) -> None:
    """Sound the longest free part of each phase's glide, at the pitch that the whole glide has there."""
    level = PACE_LOW_HZ
    for at, phase in _phases(item, start, end):
        target = {PaceMotion.RISE: PACE_HIGH_HZ, PaceMotion.FALL: PACE_LOW_HZ, PaceMotion.HOLD: level}[phase.motion]
        if target == level and phase.motion is not PaceMotion.HOLD:  # it rises or falls again: from the other end
            level = PACE_LOW_HZ + PACE_HIGH_HZ - level
        glide = ToneEvent(at, at + phase.ms, PACE, level, target)
        # The tone at the end of the work is not placed yet.
        free = context.lanes.free_for_glide(at, min(glide.end, end - GLIDE_TO_TONE))
        begins, ends = max(free, key=lambda part: part[1] - part[0], default=(0, 0))
        if ends - begins >= SHORTEST_GLIDE:
            context.lanes.glides.append(part_of_glide(glide, begins, ends))
        level = target


def _phases(item: WorkItem, start: int, end: int) -> Iterator[tuple[int, PacePhase]]:
    """The phases that fit into the work whole, again and again, each with its start."""
    at = start
    while item.pace:
        for phase in item.pace:
            if at + phase.ms > end:
                return
            yield at, phase
            at += phase.ms
