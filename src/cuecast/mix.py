"""The mixer: a timeline and its clips give the samples of any window of the track.

The sound of a window depends on the timeline and the clips alone, never on what was mixed before: windows joined are
the same samples as one big one. So a format may ask for them in any order and on any thread.
"""

from __future__ import annotations

import warnings
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from itertools import accumulate
from operator import attrgetter

from cuecast.ports import Windows
from cuecast.script import Utterance
from cuecast.sound import BYTES_PER_MS, SAMPLE_BYTES, SAMPLE_RATE, Clip
from cuecast.timeline import Beep, Event, Timeline
from cuecast.tones import TONES, render_glide, render_tone

with warnings.catch_warnings():
    # pydub looks for ffmpeg, which nothing here needs, when it is imported, and warns where there is none; its
    # sources warn when they are compiled, and its audioop does on Python 3.11 and 3.12.
    for category in (RuntimeWarning, SyntaxWarning, DeprecationWarning):
        warnings.simplefilter("ignore", category)
    from pydub import AudioSegment

TILE_MS = 1_000
"""The longest base that is overlaid at once: pydub copies the whole base for every event laid on it."""

_start = attrgetter("start")


def mix(timeline: Timeline, clips: Mapping[Utterance, Clip], start: int, end: int) -> bytes:
    """The sound from `start` to `end` (ms): signed 16-bit mono at 48 kHz. For many windows of a track see `windows`."""
    return windows(timeline, clips)(start, end)


def windows(timeline: Timeline, clips: Mapping[Utterance, Clip]) -> Windows:
    """The track's sound, window by window.

    An event sounds from its start to its end and no longer, whatever its clip holds. Sums beyond full scale
    saturate. A window may reach beyond the track; there is silence.
    """
    events = [e for e in timeline.events if _gain(timeline, e) is not None]
    # When all of the events up to number n have ended: it never falls, so bisection finds the first that still sounds.
    reach = list(accumulate((e.end for e in events), max))

    def window(start: int, end: int) -> bytes:
        first = bisect_right(reach, start)
        sounding = [e for e in events[first : bisect_left(events, end, lo=first, key=_start)] if e.end > start]
        return b"".join(_tiles(timeline, clips, sounding, start, end))

    return window


def _tiles(
    timeline: Timeline, clips: Mapping[Utterance, Clip], sounding: list[Event], start: int, end: int
) -> Iterator[bytes]:
    waiting = iter(sounding)
    upcoming = next(waiting, None)
    current: list[tuple[Event, bytes]] = []
    for at in range(start, end, TILE_MS):
        to = min(at + TILE_MS, end)
        while upcoming is not None and upcoming.start < to:
            current.append((upcoming, _sound(timeline, clips, upcoming)))
            upcoming = next(waiting, None)
        tile = _segment(bytes((to - at) * BYTES_PER_MS))
        for event, sound in current:
            # Cut by bytes, not by pydub's slices: those round a clip's length to whole milliseconds.
            piece = sound[max(0, at - event.start) * BYTES_PER_MS : (min(to, event.end) - event.start) * BYTES_PER_MS]
            tile = tile.overlay(_segment(piece), position=max(0, event.start - at))
        yield tile.raw_data
        current = [(event, sound) for event, sound in current if event.end > to]


def _sound(timeline: Timeline, clips: Mapping[Utterance, Clip], event: Event) -> bytes:
    if not isinstance(event, Beep):
        pcm = clips[event.utterance].read()
    elif event.to_hz is None:
        pcm = render_tone(TONES[event.name])
    else:
        pcm = render_glide(event.hz, event.to_hz, event.end - event.start)
    gain = _gain(timeline, event)
    return bytes(_segment(pcm).apply_gain(gain).raw_data) if gain else pcm


def _gain(timeline: Timeline, event: Event) -> float | None:
    return timeline.volume.tones if isinstance(event, Beep) else timeline.volume.voice


def _segment(pcm: bytes) -> AudioSegment:
    return AudioSegment(pcm, sample_width=SAMPLE_BYTES, frame_rate=SAMPLE_RATE, channels=1)
