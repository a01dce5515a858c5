"""Where a track is cut to be encoded in pieces: a question that the timeline alone answers.

LAME spends its time on sound, and opening an encoder costs as much as encoding 36 frames of silence. So sounds that
are near are encoded together, as an island; between islands stands a constant silent frame, repeated. An island
opens with silent frames, as a track does, and ends with one that is silent to the last sample of the decoder's
filters. So its decoded sound is what it would be alone.

An island that is too long for memory is cut inside its sound, at fixed places. What follows the cut is encoded with
some frames before it, which are then dropped: two suffice to give the sound of a single pass, four are taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cuecast.formats.mp3.frames import FRAME_MS, FRAME_SAMPLES
from cuecast.sound import SAMPLES_PER_MS
from cuecast.timeline import Timeline

ENCODER_DELAY = 576
"""Samples by which LAME's output begins before the sound."""

DECODER_DELAY = 529
"""Samples by which every decoder is late."""

DELAY = ENCODER_DELAY + DECODER_DELAY

LEAD = 2
TAIL = 3
"""Frames from that in which a sound ends to that behind the first one in which nothing of it is left."""

MIN_SILENCE = 40
"""Frames of silence that part two islands: about what it costs to open another encoder."""

MAX_FRAMES = 1_000
"""The longest piece: 24 s, 2.3 MB of samples."""

PRE_ROLL = 4
POST_ROLL = 3
"""Frames that are encoded after a piece and dropped, because the encoder looks ahead."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Frames `first` to `last` (exclusive) of the track; `joined` if the frame before them is of the same sound."""

    first: int
    last: int
    joined: bool = False

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
    for first, last in _islands(timeline):
        for cut in range(first, last, MAX_FRAMES):
            yield Piece(cut, min(cut + MAX_FRAMES, last), joined=cut > first)


def _islands(timeline: Timeline) -> Iterator[tuple[int, int]]:
    total = frame_count(timeline.duration)
    island: tuple[int, int] | None = None
    for event in timeline.events:
        first = max(0, event.start // FRAME_MS - LEAD)
        last = min(total, (event.end * SAMPLES_PER_MS + DELAY) // FRAME_SAMPLES + TAIL)
        if island and first - island[1] < MIN_SILENCE:
            island = island[0], max(island[1], last)
        else:
            if island:
                yield island
            island = first, last
    if island:
        yield island
