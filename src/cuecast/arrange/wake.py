"""The wake tone: Bluetooth headphones fall asleep in silence and swallow the first syllable after it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence

from cuecast.model.duration import SECOND
from cuecast.model.timeline import BedSegment, Event, ToneEvent
from cuecast.model.tones import TONES

SILENCE_MS = 8 * SECOND
"""The silence after which headphones may sleep."""

LEAD_MS = 150
"""Milliseconds between the wake tone and the sound that it precedes."""


def with_wake_tones(events: Iterable[Event], bed: Sequence[BedSegment] = ()) -> Iterator[Event]:
    """The events in order, with a wake tone before each one that follows a long silence, and before the first.

    While a bed plays there is no silence; a bed that begins, fading in, before the wake tone would, replaces it.
    """
    tone = TONES["wake"]
    sound_end = -SILENCE_MS
    segments = deque(bed)
    for event in events:
        start = event.start - LEAD_MS - tone.ms
        while segments and segments[0].start <= start:
            sound_end = max(sound_end, segments.popleft().end)
        if start >= 0 and event.start - sound_end >= SILENCE_MS:
            yield ToneEvent(start, start + tone.ms, tone.name, tone.hz)
        yield event
        sound_end = max(sound_end, event.end)
