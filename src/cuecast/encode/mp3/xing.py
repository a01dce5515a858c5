"""The Xing/LAME header: the frame in front of the sound that says how long it is, how to seek, and what to trim."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from cuecast.encode.mp3.crc import crc16
from cuecast.encode.mp3.encode import EFFORT, VBR_QUALITY
from cuecast.encode.mp3.frames import Mode, frame_bytes

_KBITS = 64
INFO_BYTES = frame_bytes(_KBITS)
"""The smallest frame that holds the header; in stereo to its last byte."""

TOC_POINTS = 100

_HAS_ALL = 0b1111
_VBR_MTRH = 4
_MIN_KBITS = 32
_SOURCE_48K = 2 << 6


class Info(Struct, frozen=True):
    """What the header says. Size and offsets count from its own first byte; frames are those behind it."""

    mode: Mode
    encoder: str
    frames: int
    size: int
    toc: Sequence[int]
    """Offsets of the frames at 0, 1, … 99 hundredths of the time."""
    delay: int
    padding: int
    music_crc: int

    def encode(self) -> bytes:
        """The whole frame, `INFO_BYTES` long."""
        xing = (
            b"Xing"
            + _HAS_ALL.to_bytes(4, "big")
            + self.frames.to_bytes(4, "big")
            + self.size.to_bytes(4, "big")
            + bytes(min(255, 256 * offset // self.size) for offset in self.toc)
            + (100 - 10 * VBR_QUALITY - EFFORT).to_bytes(4, "big")
        )
        # Zero says "not known": the low-pass, replay gain, psychoacoustic flags, mp3 gain, preset.
        lame = (
            self.encoder.encode("ascii")[:9].ljust(9)
            + bytes((_VBR_MTRH, 0))
            + bytes(8)
            + bytes((0, _MIN_KBITS))
            + (self.delay << 12 | self.padding).to_bytes(3, "big")
            + bytes((_SOURCE_48K | self.mode.lame_code << 2, 0, 0, 0))
            + self.size.to_bytes(4, "big")
            + self.music_crc.to_bytes(2, "big")
        )
        frame = self.mode.header(_KBITS).ljust(self.mode.head_bytes, b"\0") + xing + lame
        return (frame + crc16(frame).to_bytes(2, "big")).ljust(INFO_BYTES, b"\0")
