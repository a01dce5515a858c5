"""The `Info` frame in front of the sound, with LAME's fields: how long it is, and what gapless players trim.

It has the bit rate of all other frames and no table of contents. With another size or with a table, VLC, GStreamer and
mpg123 miss the place of a skip by seconds.
"""

from __future__ import annotations

from msgspec import Struct

from cuecast.encode.mp3.crc import crc16
from cuecast.encode.mp3.frames import Mode
from cuecast.encode.mp3.lame import EFFORT, VBR_QUALITY

_FRAMES_BYTES_QUALITY = 0b1011
_CONSTANT_RATE = 1
_SOURCE_48K = 2 << 6


class Info(Struct, frozen=True):
    """The fields. `frames` are those behind this one; `delay` and `padding` are in samples."""

    mode: Mode
    encoder: str
    frames: int
    delay: int
    padding: int
    music_crc: int

    def encode(self) -> bytes:
        """The whole frame."""
        mode = self.mode
        size = ((self.frames + 1) * mode.frame_bytes).to_bytes(4, "big")
        info = (
            b"Info"
            + _FRAMES_BYTES_QUALITY.to_bytes(4, "big")
            + self.frames.to_bytes(4, "big")
            + size
            + (100 - 10 * VBR_QUALITY - EFFORT).to_bytes(4, "big")
        )
        # Zero means unknown: low-pass, replay gain, psychoacoustic flags, MP3 gain, preset.
        lame = (
            self.encoder.encode("ascii")[:9].ljust(9)
            + bytes((_CONSTANT_RATE, 0))
            + bytes(8)
            + bytes((0, mode.kbits))
            + (self.delay << 12 | self.padding).to_bytes(3, "big")
            + bytes((_SOURCE_48K | mode.lame_code << 2, 0, 0, 0))
            + size
            + self.music_crc.to_bytes(2, "big")
        )
        frame = mode.silent_frame[: mode.head_bytes] + info + lame
        return (frame + crc16(frame).to_bytes(2, "big")).ljust(mode.frame_bytes, b"\0")
