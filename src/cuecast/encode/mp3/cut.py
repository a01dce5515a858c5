"""Where a track is cut into segments that are encoded apart. The timeline alone decides.

LAME spends its time on sound, and to open an encoder costs as much as 36 frames of silence. So sounds that are near
are encoded together, as an island. Between islands stands a constant silent frame, repeated. An island begins with
silent frames, as a track does, and ends when the decoder's filters are silent, so it decodes as it would alone.

An island that is too long for memory is cut at fixed places. The segment behind a cut is encoded with some frames
before it (pre-roll), which are dropped. For the sound of a single pass, two are enough in mono and three in stereo;
the pre-roll has four.

Under a bed nothing is silent, but much repeats: a generated bed is a loop. There the track is a row of cells. A cell in
which only the bed sounds, at its own gain, is a segment of its own, and its recipe finds it again at each turn of the
loop. All other cells are joined into segments as long as possible, because each segment costs an encoder and its
pre-roll.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from itertools import pairwise

from msgspec import Struct, field

from cuecast.encode.mp3.frames import FRAME_MS, FRAME_SAMPLES
from cuecast.model.clip import SAMPLES_PER_MS
from cuecast.model.timeline import BedSegment, Event, SpeechEvent, Timeline

ENCODER_DELAY = 576
"""Samples by which LAME's output begins before the sound."""

DECODER_DELAY = 529
"""Samples by which every decoder is late."""

DELAY = ENCODER_DELAY + DECODER_DELAY

LEAD = 3
TAIL = 3
"""Frames from the one in which a sound ends to the one behind the first that is silent again."""

MIN_SILENCE = 30
"""Frames of silence that separate two islands: about the cost of opening an encoder. And few enough that the beeps of
a countdown, a second apart, are islands: they repeat before every work, and are encoded once for each phase."""

MAX_FRAMES = 1_000
"""The longest segment: 24 s, 2.3 MB of samples a channel."""

LOOP_CELL, MUSIC_CELL = 50, 125
"""Frames of a cell under a bed: 1.2 s under generated sound, whose loops are multiples of that; 3 s under recordings,
which are long. Shorter cells find more repeats, and cost more where nothing repeats."""

DUCK_BEFORE, DUCK_AFTER = 450, 1_200
"""From this many ms before speech to this many ms after it, the bed is ducked or its gain is changing."""

GLIDE = 2_000
"""For at most this many ms after the start of a bed segment, its gain changes or its music is crossfaded."""

PRE_ROLL = 4
POST_ROLL = 3
"""Frames that are encoded after a segment and dropped, because the encoder looks ahead."""


class Segment(Struct, frozen=True):
    """Frames `first` to `last` (exclusive) of the track; `joined` if the frame before them is of the same island."""

    first: int
    last: int
    joined: bool = False

    @property
    def frames(self) -> int:
        """The number of frames."""
        return self.last - self.first

    @property
    def pre_roll(self) -> int:
        """Frames that are encoded before it and dropped."""
        return min(PRE_ROLL, self.first) if self.joined else 0

    def window(self, duration: int) -> tuple[int, int]:
        """The part of a track of `duration` ms that its encoder gets, in ms; behind the track there is silence."""
        return (self.first - self.pre_roll) * FRAME_MS, min((self.last + POST_ROLL) * FRAME_MS, duration)


def frame_count(duration: int) -> int:
    """Frames of a track of `duration` ms, so that its last sample comes out of every decoder."""
    return -(-(duration * SAMPLES_PER_MS + DELAY) // FRAME_SAMPLES)


def padding(duration: int) -> int:
    """Samples behind the sound in the last of those frames, as the LAME header counts them."""
    return frame_count(duration) * FRAME_SAMPLES - ENCODER_DELAY - duration * SAMPLES_PER_MS


def segments_of(timeline: Timeline) -> Iterator[Segment]:
    """All segments, in order. Between them is silence."""
    for island in _islands(timeline):
        for first, last in _cut_cells(island) if island.has_bed else _cut_evenly(island):
            yield Segment(first, last, joined=first > island.first)


_Sound = Event | BedSegment


class _Island(Struct):
    """Frames `first` to `last` (exclusive), and the sounds in them."""

    first: int
    last: int
    sounds: list[_Sound] = field(default_factory=list)

    @property
    def has_bed(self) -> bool:
        return any(isinstance(sound, BedSegment) for sound in self.sounds)


def _islands(timeline: Timeline) -> Iterator[_Island]:
    total = frame_count(timeline.duration)
    island: _Island | None = None
    sounds: Iterator[_Sound] = heapq.merge(timeline.events, timeline.bed, key=lambda sound: sound.start)
    for sound in sounds:
        first = max(0, sound.start // FRAME_MS - LEAD)
        last = min(total, (sound.end * SAMPLES_PER_MS + DELAY) // FRAME_SAMPLES + TAIL)
        if island and first - island.last < MIN_SILENCE:
            island.last = max(island.last, last)
        else:
            if island:
                yield island
            island = _Island(first, last)
        island.sounds.append(sound)
    if island:
        yield island


def _cut_evenly(island: _Island) -> Iterator[tuple[int, int]]:
    for cut in range(island.first, island.last, MAX_FRAMES):
        yield cut, min(cut + MAX_FRAMES, island.last)


def _cut_cells(island: _Island) -> Iterator[tuple[int, int]]:
    generated = all(sound.music.generated for sound in island.sounds if isinstance(sound, BedSegment))
    size = LOOP_CELL if generated else MUSIC_CELL
    busy = {cell for sound in island.sounds for cell in _touched_cells(sound, size)}
    # Cells lie at multiples of their size in the track, so that a later island's cells are at the same place of a loop.
    inner = range((island.first // size + 1) * size, island.last, size)
    start: int | None = None
    for first, last in pairwise((island.first, *inner, island.last)):
        is_whole = last - first == size
        if is_whole and first // size not in busy:
            if start is not None:
                yield start, first
                start = None
            yield first, last
        elif start is None:
            start = first
        elif last - start > MAX_FRAMES:
            yield start, first
            start = first
    if start is not None:
        yield start, island.last


def _touched_cells(sound: _Sound, size: int) -> range:
    """The cells whose encoder gets more than the bed at its own gain, because of this sound."""
    start, end = sound.start, sound.end
    if isinstance(sound, BedSegment):
        end = start + GLIDE
    elif isinstance(sound, SpeechEvent):
        start, end = start - DUCK_BEFORE, end + DUCK_AFTER
    return range((start // FRAME_MS - POST_ROLL) // size, (-(-end // FRAME_MS) + PRE_ROLL - 1) // size + 1)
