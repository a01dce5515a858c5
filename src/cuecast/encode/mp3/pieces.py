"""Where a track is cut to be encoded in pieces: a question that the timeline alone answers.

LAME spends its time on sound, and opening an encoder costs as much as encoding 36 frames of silence. So sounds that
are near are encoded together, as an island; between islands stands a constant silent frame, repeated. An island
opens with silent frames, as a track does, and ends with one that is silent to the last sample of the decoder's
filters. So its decoded sound is what it would be alone.

An island that is too long for memory is cut inside its sound, at fixed places. What follows the cut is encoded with
some frames before it, which are then dropped: in mono two suffice to give the sound of a single pass, in stereo three;
four are taken.

Under a bed there is no silence, but there is much that comes again: a bed is a loop, and where nobody speaks it is as
it was one turn ago. So there the track is a row of cells. One in which nothing but the bed sounds, at rest, is a piece
of its own, found again by its recipe in each turn; all others are joined to pieces as long as can be, as each piece
costs an encoder and some frames that are dropped.
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

LEAD = 2
TAIL = 3
"""Frames from that in which a sound ends to that behind the first one in which nothing of it is left."""

MIN_SILENCE = 30
"""Frames of silence that part two islands: about what it costs to open another encoder; and just so few that the beeps
of a countdown, a second apart, stand alone: they come again before every work, and are encoded once for each phase."""

MAX_FRAMES = 1_000
"""The longest piece: 24 s, 2.3 MB of samples a channel."""

LOOP_CELL, MUSIC_CELL = 50, 125
"""Frames of a cell under a bed: 1.2 s where cuecast makes it, whose loops are multiples of that and come often; 3 s
under recordings, which are long. Shorter ones find more again, and cost more where nothing comes again."""

DUCK_BEFORE, DUCK_AFTER = 450, 1_200
"""From so long (ms) before speech to so long after it, the bed is ducked, or on its way."""

GLIDE = 2_000
"""So long (ms) from where it is told, another gain or another music takes over, at most; a first one fades in."""

PRE_ROLL = 4
POST_ROLL = 3
"""Frames that are encoded after a piece and dropped, because the encoder looks ahead."""


class Piece(Struct, frozen=True):
    """Frames `first` to `last` (exclusive) of the track; `joined` if the frame before them is of the same sound."""

    first: int
    last: int
    joined: bool = False

    @property
    def frames(self) -> int:
        """How many they are."""
        return self.last - self.first

    @property
    def pre_roll(self) -> int:
        """Frames that are encoded before it and dropped."""
        return min(PRE_ROLL, self.first) if self.joined else 0

    def window(self, duration: int) -> tuple[int, int]:
        """What of a track of `duration` ms its encoder hears, from and to, in ms; behind the track there is silence."""
        return (self.first - self.pre_roll) * FRAME_MS, min((self.last + POST_ROLL) * FRAME_MS, duration)


def frame_count(duration: int) -> int:
    """Frames that a track of `duration` ms needs, so that its last sample comes out of every decoder."""
    return -(-(duration * SAMPLES_PER_MS + DELAY) // FRAME_SAMPLES)


def padding(duration: int) -> int:
    """Samples that stand behind the sound in the last of those frames, as the LAME header counts them."""
    return frame_count(duration) * FRAME_SAMPLES - ENCODER_DELAY - duration * SAMPLES_PER_MS


def pieces_of(timeline: Timeline) -> Iterator[Piece]:
    """All that is to be encoded, in order. What lies between is silence."""
    for island in _islands(timeline):
        for first, last in _under_bed(island) if island.has_bed else _too_long(island):
            yield Piece(first, last, joined=first > island.first)


_Sound = Event | BedSegment


class _Island(Struct):
    """Frames `first` to `last` (exclusive), and what sounds in them."""

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


def _too_long(island: _Island) -> Iterator[tuple[int, int]]:
    for cut in range(island.first, island.last, MAX_FRAMES):
        yield cut, min(cut + MAX_FRAMES, island.last)


def _under_bed(island: _Island) -> Iterator[tuple[int, int]]:
    made = all(sound.music.made for sound in island.sounds if isinstance(sound, BedSegment))
    size = LOOP_CELL if made else MUSIC_CELL
    busy = {cell for sound in island.sounds for cell in _touched(sound, size)}
    # Cells lie at multiples of their size, whatever the island: that of a later one is at the same place of the loop.
    inner = range((island.first // size + 1) * size, island.last, size)
    start: int | None = None
    for first, last in pairwise((island.first, *inner, island.last)):
        whole = last - first == size
        if whole and first // size not in busy:
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


def _touched(sound: _Sound, size: int) -> range:
    """The cells whose encoder hears what is not the bed at rest, because of this sound."""
    start, end = sound.start, sound.end
    if isinstance(sound, BedSegment):
        end = start + GLIDE
    elif isinstance(sound, SpeechEvent):
        start, end = start - DUCK_BEFORE, end + DUCK_AFTER
    return range((start // FRAME_MS - POST_ROLL) // size, (-(-end // FRAME_MS) + PRE_ROLL - 1) // size + 1)
