"""LAME: from samples to the frames of a piece. It frees the interpreter while it works, so threads are enough."""

from __future__ import annotations

import re

import lameenc

from cuecast.formats.mp3.frames import FRAME_MS, split, without_past
from cuecast.formats.mp3.pieces import POST_ROLL, Piece
from cuecast.ports import Windows
from cuecast.sound import BYTES_PER_MS, SAMPLE_RATE

VBR_QUALITY = 4
"""LAME's -V 4: half the size of a constant 96 kbit/s for speech, and closer to the source."""

EFFORT = 5
"""LAME's -q: one and a half times as fast as its default."""

_VBR_MTRH = 4


def encode_piece(piece: Piece, windows: Windows, duration: int) -> list[bytes]:
    """The frames of a piece of a track of `duration` ms. They refer to no byte before them."""
    drop, length = piece.pre_roll, piece.last - piece.first
    pcm = windows(*piece.window(duration)).ljust((drop + length + POST_ROLL) * FRAME_MS * BYTES_PER_MS, b"\0")
    frames = encode(pcm)[: drop + length]
    return without_past(frames, drop) if drop else frames


def encode(pcm: bytes) -> list[bytes]:
    """The frames that hold `pcm`, and those of the encoder's own delay behind it."""
    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_in_sample_rate(SAMPLE_RATE)
    encoder.set_out_sample_rate(SAMPLE_RATE)
    encoder.set_channels(1)
    encoder.set_vbr(_VBR_MTRH)
    encoder.set_vbr_quality(VBR_QUALITY)
    encoder.set_quality(EFFORT)
    return split(bytes(encoder.encode(pcm)) + bytes(encoder.flush()))


def encoder_name() -> str:
    """LAME and its version, as it writes them into the unused bytes of silent frames; only `LAME` where it does not."""
    found = re.search(rb"LAME[\d.]*", b"".join(encode(b"")))
    return found[0].decode() if found else "LAME"
