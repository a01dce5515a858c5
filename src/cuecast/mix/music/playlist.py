"""What plays when: sounds one after the other, crossfaded, in a loop. All times are whole milliseconds."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, count

from cuecast.mix.music.curves import Faded
from cuecast.mix.music.pcm_cache import CachedSound

CROSSFADE_MS = 3_000
"""The longest crossfade of two recordings; at most a third of the shorter one."""

CELL_MS = 3_000
"""The loop is a multiple of this, and so of an MP3 frame: what is encoded in one pass serves in the next one."""

FRAME_MS = 24
"""An MP3 frame. The loop of a short music is a multiple of this alone."""

_LONG = 8  # cells: a sound that can do without the last of them


class PlaylistEntry(Faded, frozen=True, kw_only=True):
    """A sound that plays once, in the time of its music."""

    sound: CachedSound


class Playlist:
    """Sounds in order, from time 0; after the last one the first begins again."""

    def __init__(self, sounds: Sequence[CachedSound], seamless: bool = False) -> None:
        """`seamless`: the only sound is a loop already and needs no crossfade."""
        lengths = [sound.measures.ms for sound in sounds]
        shorter = map(min, lengths, [*lengths[1:], lengths[0]])
        self._fades = [0 if seamless else min(CROSSFADE_MS, ms // 3) for ms in shorter]
        longest = max(lengths)
        cut = (sum(lengths) - sum(self._fades)) % (CELL_MS if longest >= _LONG * CELL_MS else FRAME_MS)
        lengths[lengths.index(longest)] -= cut  # a short one would be all fade, or gone
        steps = (ms - fade for ms, fade in zip(lengths, self._fades, strict=True))
        *self._starts, self.period = accumulate(steps, initial=0)
        self._sounds, self._lengths = sounds, lengths

    def entries(self, start: int, end: int) -> Iterator[PlaylistEntry]:
        """All that sounds between two times, in order."""
        turn, inside = divmod(start, self.period)
        previous = turn * len(self._sounds) + bisect_right(self._starts, inside) - 2
        for number in count(max(0, previous)):
            turn, index = divmod(number, len(self._sounds))
            begin = turn * self.period + self._starts[index]
            if begin >= end:
                return
            if begin + self._lengths[index] > start:
                fade_in = self._fades[index - 1] if number else 0
                until = begin + self._lengths[index]
                yield PlaylistEntry(begin, until, fade_in, self._fades[index], sound=self._sounds[index])
