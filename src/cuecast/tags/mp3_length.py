"""How long an MP3 is, whoever made it: by its Xing or Info header, else by the frames that it has."""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

from msgspec import Struct

_KBITS_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_KBITS_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_HZ = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
"""Sample rates of MPEG-1, 2 and 2.5, by the version bits of a header."""

_MPEG_1, _LAYER_3 = 3, 1

_MAX_JUNK_BYTES = 64 << 10
"""Bytes before the first frame that are searched."""

_FRAMES_IN_A_ROW = 3
"""Two bytes that look like a header are in any data; so many frames behind each other are only in MPEG sound."""

_MIN_FRAME_BYTES = 24


class _Header(Struct, frozen=True):
    frame_bytes: int
    samples: int
    hz: int
    side_bytes: int
    """Side information; a Xing header stands behind it."""
    kind: tuple[int, int]
    """Version and sample rate: the same in all frames of a track."""


def length_ms(file: BinaryIO, start: int) -> int | None:
    """The length of the sound at or behind byte `start`, in ms; None if there is none."""
    file.seek(0, 2)
    if file.tell() <= start:
        return None
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        at = _find_first_frame(data, start)
        header = None if at is None else _read_header(data, at)
        if at is None or header is None:
            return None
        samples = _samples_by_xing_header(data, at, header)
        if samples is None:
            samples = sum(each.samples for each in _frames(data, at, header.kind))
        return samples * 1_000 // header.hz


def _find_first_frame(data: mmap.mmap, start: int) -> int | None:
    for at in range(start, min(start + _MAX_JUNK_BYTES, len(data) - 4)):
        header = _read_header(data, at)
        if header and len(list(islice(_frames(data, at, header.kind), _FRAMES_IN_A_ROW))) == _FRAMES_IN_A_ROW:
            return at
    return None


def _frames(data: mmap.mmap, at: int, kind: tuple[int, int]) -> Iterator[_Header]:
    """The headers of the frames that follow each other from byte `at` on."""
    while (header := _read_header(data, at)) and header.kind == kind:
        yield header
        at += header.frame_bytes


def _read_header(data: mmap.mmap, at: int) -> _Header | None:
    raw = data[at : at + 4]
    if len(raw) < 4 or raw[0] != 0xFF or raw[1] & 0xE0 != 0xE0:
        return None
    version, layer = raw[1] >> 3 & 3, raw[1] >> 1 & 3
    rate_index, hz_index, padding = raw[2] >> 4, raw[2] >> 2 & 3, raw[2] >> 1 & 1
    if version not in _HZ or layer != _LAYER_3 or hz_index == 3 or rate_index in (0, 15):
        return None
    is_mono = raw[3] >> 6 == 3
    if version == _MPEG_1:
        kbits, samples, side = _KBITS_1[rate_index], 1_152, 17 if is_mono else 32
    else:
        kbits, samples, side = _KBITS_2[rate_index], 576, 9 if is_mono else 17
    hz = _HZ[version][hz_index]
    return _Header(samples * kbits * 125 // hz + padding, samples, hz, side, (version, hz))


def _samples_by_xing_header(data: mmap.mmap, at: int, header: _Header) -> int | None:
    """The samples that a Xing header claims, without those that gapless players trim; None if there is no header.

    A claim of far more sound than fits into the file is ignored.
    """
    xing = at + 4 + header.side_bytes
    if data[xing : xing + 4] not in (b"Xing", b"Info") or not data[xing + 7] & 1:
        return None
    frames = int.from_bytes(data[xing + 8 : xing + 12], "big")
    if not frames or frames * _MIN_FRAME_BYTES > 2 * (len(data) - at):
        return None
    flags = data[xing + 7]
    lame = xing + 8 + sum(size for bit, size in ((1, 4), (2, 4), (4, 100), (8, 4)) if flags & bit)
    trimmed = data[lame + 21 : lame + 24]
    samples = frames * header.samples
    if len(trimmed) == 3 and data[lame : lame + 4] in (b"LAME", b"Lavc", b"Lavf"):
        delay_and_padding = int.from_bytes(trimmed, "big")
        samples -= min(samples, (delay_and_padding >> 12) + (delay_and_padding & 0xFFF))
    return samples
