"""Segments that were encoded before, in this track, an earlier build of it, or another track: from the cache.

The recipe of a segment is the sound that its encoder gets and the encoder's settings, not its place in the track. A
frame is 24 ms, so the same sounds give the same frames wherever they begin at the same time within a frame: for whole
seconds, that is one of three phases. What moves by 3 s is found at once; what moves by another whole second is found
if it has been at that phase before.
"""

from __future__ import annotations

from functools import cache

from cuecast.cache import Cache, recipe_key
from cuecast.encode.mp3.cut import POST_ROLL, Segment
from cuecast.encode.mp3.frames import FRAME_MS, Mode, mode_of
from cuecast.encode.mp3.lame import EFFORT, VBR_QUALITY, encode_segment, encoder_name
from cuecast.model.clip import SAMPLE_RATE
from cuecast.protocols import MixedSound
from cuecast.versions import version

SEGMENT_VERSION = 3
"""Part of every recipe: raise it with any change to how samples become frames (`lame`, `reservoir`, the pre-roll)."""


class SegmentEncoder:
    """Encodes the segments of a track, or takes them from the cache. Safe to call from many threads."""

    def __init__(self, sound: MixedSound, duration: int, cache: Cache | None) -> None:
        self._sound = sound
        self._duration = duration
        self._cache = cache

    def cached(self, key: str | None) -> bytes | None:
        """The frames that the cache has under that key."""
        return self._cache.get(key) if self._cache is not None and key is not None else None

    def encode(self, segment: Segment, key: str | None) -> bytes:
        """The frames of a segment with that key; afterwards the cache has them."""
        if cached := self.cached(key):  # another thread may have encoded the same sound meanwhile
            return cached
        data = encode_segment(segment, self._sound, self._duration)
        if self._cache is not None and key is not None:
            self._cache.put(key, data)
        return data

    def key(self, segment: Segment) -> str | None:
        """The key of its recipe; None without a cache, or if the sound has no recipe."""
        start, end = segment.window(self._duration)
        sound = self._sound.recipe(start, end) if self._cache is not None else None
        if sound is None:
            return None
        shape = [segment.pre_roll, segment.frames, POST_ROLL]
        if missing := sum(shape) * FRAME_MS - (end - start):  # cut off by the end of the track
            shape.append(missing)
        encoder = _encoder(mode_of(self._sound.channels))
        return recipe_key({"segment": SEGMENT_VERSION, "encoder": encoder, "frames": shape, "sound": sound})


@cache
def _encoder(mode: Mode) -> list[object]:
    """The encoder and its settings. LAME tells only a part of its version, so the wheel's version is here, too."""
    return [encoder_name(), version("lameenc", "lameenc"), SAMPLE_RATE, mode.name, mode.kbits, VBR_QUALITY, EFFORT]
