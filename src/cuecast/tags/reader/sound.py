"""How long an MP3 lasts, whoever made it: from its Xing header, or by walking over its frames."""

from __future__ import annotations

import mmap
from typing import BinaryIO

from msgspec import Struct

_KBITS = {
    (1, 3): (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (1, 2): (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (1, 1): (0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (2, 1): (0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (2, 3): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
_SAMPLES = {(1, 1): 384, (1, 2): 1_152, (1, 3): 1_152, (2, 1): 384, (2, 2): 1_152, (2, 3): 576}

_SEARCHED = 64 << 10
"""Bytes of junk before the first frame that are looked through."""

_AGREEING = 3
"""Frames in a row that make MPEG sound: two bytes like a header are found in anything."""


class _Head(Struct, frozen=True):
    size: int
    samples: int
    rate: int
    side: int
    """Bytes of side information, behind which a Xing header stands."""
    kind: tuple[int, int, int]
    """Version, layer and rate, which do not change within a track."""


def length_ms(file: BinaryIO, start: int) -> int | None:
    """The length of the sound that begins at or behind byte `start`, in ms; None where there is none."""
    file.seek(0, 2)
    if file.tell() <= start:
        return None
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        at = _first(data, start)
        if at is None:
            return None
        head = _head(data, at)
        assert head is not None
        told = _told(data, at, head)
        samples = told if told is not None else _walked(data, at, head)
        return samples * 1_000 // head.rate


def _first(data: mmap.mmap, start: int) -> int | None:
    for at in range(start, min(start + _SEARCHED, len(data) - 4)):
        if data[at] != 0xFF:
            continue
        head, place, found = _head(data, at), at, 0
        kind = head.kind if head else None
        while head and head.kind == kind:
            place += head.size
            found += 1
            if found == _AGREEING:
                return at
            head = _head(data, place)
    return None


def _head(data: mmap.mmap, at: int) -> _Head | None:
    raw = data[at : at + 4]
    if len(raw) < 4 or raw[0] != 0xFF or raw[1] & 0xE0 != 0xE0:
        return None
    version, layer = raw[1] >> 3 & 3, 4 - (raw[1] >> 1 & 3)
    bits, rate_index, padding = raw[2] >> 4, raw[2] >> 2 & 3, raw[2] >> 1 & 1
    if version == 1 or layer == 4 or rate_index == 3 or bits in (0, 15):
        return None
    family = 1 if version == 3 else 2
    rate, samples = _RATES[version][rate_index], _SAMPLES[family, layer]
    unit = 4 if layer == 1 else 1
    size = (samples * _KBITS[family, layer][bits] * 1_000 // 8 // unit // rate + padding) * unit
    mono = raw[3] >> 6 == 3
    side = (17 if mono else 32) if family == 1 else (9 if mono else 17)
    return _Head(size, samples, rate, side, (version, layer, rate))


def _told(data: mmap.mmap, at: int, head: _Head) -> int | None:
    """The samples that a Xing header tells, without what a gapless player trims; None where there is none.

    What it tells is believed only where the file is not much too short for it.
    """
    xing = at + 4 + head.side
    if data[xing : xing + 4] not in (b"Xing", b"Info") or not data[xing + 7] & 1:
        return None
    frames = int.from_bytes(data[xing + 8 : xing + 12], "big")
    if not frames or frames * 24 > 2 * (len(data) - at):  # no frame is smaller than 24 bytes
        return None
    flags = data[xing + 7]
    lame = xing + 8 + sum(size for bit, size in ((1, 4), (2, 4), (4, 100), (8, 4)) if flags & bit)
    trimmed = data[lame + 21 : lame + 24]
    samples = frames * head.samples
    if len(trimmed) == 3 and data[lame : lame + 4] in (b"LAME", b"Lavc", b"Lavf"):
        both = int.from_bytes(trimmed, "big")
        samples -= min(samples, (both >> 12) + (both & 0xFFF))
    return samples


def _walked(data: mmap.mmap, at: int, first: _Head) -> int:
    samples = 0
    while (head := _head(data, at)) and head.kind == first.kind:
        samples += head.samples
        at += head.size
    return samples
