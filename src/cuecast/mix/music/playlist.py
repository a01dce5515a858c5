"""What plays when: sounds one after the other, crossfaded, again and again. All times are whole milliseconds."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from msgspec import Struct

from cuecast.mix.music.pcm_cache import Stored

CROSSFADE_MS = 3_000
"""How long two recordings sound together, at most; a third of the shorter one where that is less."""

CELL_MS = 3_000
"""A pass is a multiple of it, and so of an MP3 frame: what is encoded in one pass is found again in the next one."""

FRAME_MS = 24
"""An MP3 frame: a pass of a few seconds is a multiple of this alone."""

_LONG = 8
"""Cells of a sound that can do without the last of them."""

_REFERENCE_LUFS = -16.0
"""A voice of -19 LUFS in mono is that of -16 in stereo, where both channels hold its samples."""

_PEAK_DB = -8.5
"""The bed's peak, before it ducks: ducked by 12 dB, it leaves a voice that peaks at -2 dBTP below -1."""


class Piece(Struct, frozen=True):
    """A sound of the playlist, `ms` long. At a gain of g dB it is played at min(g + base, most) dB."""

    sound: Stored
    ms: int
    base: float
    most: float


class Play(Struct, frozen=True):
    """A piece from `start` to `end`, on the clock of its music; it begins and ends with a crossfade, unless it is 0."""

    piece: Piece
    start: int
    end: int
    fade_in: int
    fade_out: int


class Playlist:
    """Pieces in order, on a clock that begins with the first; where the last one ends, the first begins again."""

    def __init__(self, sounds: Sequence[Stored], seamless: bool = False) -> None:
        """`seamless`: the only sound goes on where it begins, and needs no crossfade."""
        lengths = [sound.measures.ms for sound in sounds]
        shorter = map(min, lengths, [*lengths[1:], lengths[0]])
        self._fades = [0 if seamless else min(CROSSFADE_MS, ms // 3) for ms in shorter]
        longest = max(lengths)
        cut = (sum(lengths) - sum(self._fades)) % (CELL_MS if longest >= _LONG * CELL_MS else FRAME_MS)
        lengths[lengths.index(longest)] -= cut  # the one that can do without: a short one would be all fade, or gone
        steps = (ms - fade for ms, fade in zip(lengths, self._fades, strict=True))
        *self._starts, self.period = accumulate(steps, initial=0)
        self._pieces = [piece_of(sound, ms) for sound, ms in zip(sounds, lengths, strict=True)]

    def plays(self, start: int, end: int) -> Iterator[Play]:
        """All that sounds between two times of the clock, in order."""
        turn, inside = divmod(start, self.period)
        count = len(self._pieces)
        number = turn * count + bisect_right(self._starts, inside) - 1
        for each in range(max(0, number - 1), number + 2):
            yield from self._play(each, start, end)
        number += 2
        while self._start(number) < end:
            yield from self._play(number, start, end)
            number += 1

    def _start(self, number: int) -> int:
        turn, index = divmod(number, len(self._pieces))
        return turn * self.period + self._starts[index]

    def _play(self, number: int, start: int, end: int) -> Iterator[Play]:
        begins = self._start(number)
        index = number % len(self._pieces)
        piece = self._pieces[index]
        if begins < end and begins + piece.ms > start:
            fade_in = self._fades[index - 1] if number else 0
            yield Play(piece, begins, begins + piece.ms, fade_in, self._fades[index])


def piece_of(sound: Stored, ms: int) -> Piece:
    """The sound as a piece: as loud as the reference, and its peak held."""
    measures = sound.measures
    base = _REFERENCE_LUFS - measures.lufs
    return Piece(sound, ms, round(base, 2), round(_PEAK_DB - 20 * math.log10(measures.peak), 2))
