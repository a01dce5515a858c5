"""LAME: from samples to the frames of a piece. It frees the interpreter while it works, so threads are enough."""

from __future__ import annotations

import re
from functools import cache

import lameenc

from cuecast.encode.mp3.frames import FRAME_SAMPLES, MONO, Mode, mode_of, split, without_past
from cuecast.encode.mp3.pieces import POST_ROLL, Piece
from cuecast.model.clip import SAMPLE_BYTES, SAMPLE_RATE
from cuecast.protocols import MixedSound

VBR_QUALITY = 4
"""LAME's -V 4: half the size of a constant 96 kbit/s for speech, and closer to the source."""

EFFORT = 5
"""LAME's -q: one and a half times as fast as its default."""

_VBR_MTRH = 4

_MOST_KBITS = (320, 224, 160, 128)
"""The highest bit rate, and lower ones for a piece whose first frame holds too much to stand alone.

A frame of 320 kbit/s and what it has in the reservoir can be more than fits one. It takes bursts of noise near full
scale to get there; a frame of 128 kbit/s and a whole reservoir always fit.
"""


def encode_piece(piece: Piece, windows: MixedSound, duration: int) -> list[bytes]:
    """The frames of a piece of a track of `duration` ms. They refer to no byte before them."""
    mode = mode_of(windows.channels)
    drop, count = piece.pre_roll, piece.pre_roll + piece.frames
    samples = (count + POST_ROLL) * FRAME_SAMPLES
    pcm = windows(*piece.window(duration)).ljust(samples * mode.channels * SAMPLE_BYTES, b"\0")
    for kbits in _MOST_KBITS:
        frames = without_past(encode(pcm, mode, kbits)[:count], drop, mode)
        if frames is not None:
            return frames
    raise AssertionError("a frame of 128 kbit/s and a whole reservoir fit one of 320")


def encode(pcm: bytes, mode: Mode = MONO, most_kbits: int = 320) -> list[bytes]:
    """The frames that hold `pcm`, and those of the encoder's own delay behind it."""
    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_in_sample_rate(SAMPLE_RATE)
    encoder.set_out_sample_rate(SAMPLE_RATE)
    encoder.set_channels(mode.channels)
    encoder.set_vbr(_VBR_MTRH)
    encoder.set_vbr_quality(VBR_QUALITY)
    encoder.set_quality(EFFORT)
    if most_kbits < 320:
        encoder.set_vbr_max_bitrate_kbps(most_kbits)
    return split(bytes(encoder.encode(pcm)) + bytes(encoder.flush()))


@cache
def encoder_name() -> str:
    """LAME and its version, as it writes them into the unused bytes of silent frames; only `LAME` where it does not."""
    found = re.search(rb"LAME[\d.]*", b"".join(encode(b"")))
    return found[0].decode() if found else "LAME"
