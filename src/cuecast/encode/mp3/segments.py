"""Pieces that were encoded before, in this track, an earlier build of it, or another one: taken from the cache.

The recipe of a piece is what its encoder hears and how it is set, not where the piece lies. A frame is 24 ms, so the
same sounds give the same frames wherever they begin at the same time against a frame: for whole seconds, that is one
of three phases. What moves by 3 s is found again at once; by another whole second, once it has been there before.
"""

from __future__ import annotations

from functools import cache

from msgspec import Struct

from cuecast.cache import Cache, recipe_key
from cuecast.encode.mp3.crc import crc16
from cuecast.encode.mp3.encode import EFFORT, VBR_QUALITY, encode_piece, encoder_name
from cuecast.encode.mp3.frames import FRAME_MS, Mode, mode_of
from cuecast.encode.mp3.pieces import POST_ROLL, Piece
from cuecast.model.clip import SAMPLE_RATE
from cuecast.protocols import MixedSound
from cuecast.versions import version

ISLAND_VERSION = 1
"""Part of every recipe: raise it with any change to how samples become frames (`encode`, `frames`, the pre-roll)."""

_CRC_BYTES = 2


class Coded(Struct, frozen=True):
    """The frames of a piece, joined, and their CRC-16."""

    data: bytes
    crc: int


class Islands:
    """The pieces of a track, encoded where they must be. Safe to be called from many threads."""

    def __init__(self, windows: MixedSound, duration: int, cache: Cache | None) -> None:
        self._windows = windows
        self._duration = duration
        self._cache = cache

    def kept(self, key: str | None) -> Coded | None:
        """What the cache has under that key."""
        found = self._cache.get(key) if self._cache is not None and key is not None else None
        return Coded(found[_CRC_BYTES:], int.from_bytes(found[:_CRC_BYTES], "big")) if found else None

    def coded(self, piece: Piece, key: str | None) -> Coded:
        """The frames of a piece with that key, which the cache then has; it may have come to have them meanwhile."""
        if found := self.kept(key):
            return found
        coded = self._encoded(piece)
        if self._cache is not None and key is not None:
            self._cache.put(key, coded.crc.to_bytes(_CRC_BYTES, "big") + coded.data)
        return coded

    def key(self, piece: Piece) -> str | None:
        """The key of its recipe; None where there is no cache, or something sounds of which nothing is known."""
        start, end = piece.window(self._duration)
        sound = self._windows.recipe(start, end) if self._cache is not None else None
        if sound is None:
            return None
        shape = [piece.pre_roll, piece.frames, POST_ROLL]
        if missing := sum(shape) * FRAME_MS - (end - start):  # the track ends: windows of a recipe are alike in length
            shape.append(missing)
        encoder = _encoder(mode_of(self._windows.channels))
        return recipe_key({"island": ISLAND_VERSION, "encoder": encoder, "frames": shape, "sound": sound})

    def _encoded(self, piece: Piece) -> Coded:
        data = b"".join(encode_piece(piece, self._windows, self._duration))
        return Coded(data, crc16(data))


@cache
def _encoder(mode: Mode) -> list[object]:
    """The encoder, and how it is set: LAME says its own version only in part, so that of its wheel stands beside."""
    return [encoder_name(), version("lameenc", "lameenc"), SAMPLE_RATE, mode.name, VBR_QUALITY, EFFORT]
