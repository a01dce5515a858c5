"""The wake tone: Bluetooth headphones fall asleep in silence and swallow a first syllable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from cuecast.model.duration import SECOND
from cuecast.model.timeline import BedSegment, Event, ToneEvent
from cuecast.model.tones import TONES

SILENCE_MS = 8 * SECOND
"""The silence after which headphones may sleep."""

LEAD_MS = 150
"""The wake tone is over so long before the sound that it is for."""


def with_wake_tones(events: Iterable[Event], bed: Sequence[BedSegment] = ()) -> Iterator[Event]:
    """The events in order, with a wake tone before each that follows a long silence; before the first one too.

    `bed` is no silence, up to its end; nor is one that has begun, fading in, no later than the wake tone would.
    """
    heard_until: int | None = None
    tone = TONES["wake"]
    waiting = iter(bed)
    upcoming = next(waiting, None)
    for event in events:
        start = event.start - LEAD_MS - tone.ms
        while upcoming is not None and upcoming.start <= start:
            heard_until = max(heard_until or 0, upcoming.end)
            upcoming = next(waiting, None)
        if start >= 0 and (heard_until is None or event.start - heard_until >= SILENCE_MS):
            yield ToneEvent(start, start + tone.ms, tone.name, tone.hz)
        yield event
        heard_until = max(heard_until or 0, event.end)
