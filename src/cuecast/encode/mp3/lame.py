"""LAME: samples → the frames of a segment. It releases the interpreter lock while it works, so threads are enough."""

from __future__ import annotations

import re
from functools import cache

import lameenc

from cuecast.encode.mp3.cut import POST_ROLL, Segment
from cuecast.encode.mp3.frames import FRAME_SAMPLES, MONO, Mode, mode_of, split_frames
from cuecast.encode.mp3.reservoir import drop_bit_reservoir
from cuecast.model.clip import SAMPLE_BYTES, SAMPLE_RATE
from cuecast.protocols import MixedSound

VBR_QUALITY, EFFORT = 0, 7
"""LAME's -V and -q. LAME's VBR method, with its lowest and highest bit rate the same, writes frames of one size. At 64
and 128 kbit/s it is 1.4 times as fast as its CBR method, and its error is smaller: 20 dB below 1 kHz in mono."""

_VBR_MTRH = 4

_LEAN_KBITS = {64: (56, 48, 40, 32), 128: (112, 96, 64, 32)}
"""Lower bit rates for the first frames of a segment that must not use what the encoder saved before them."""

_LEAN_FRAMES = 4


def encode_segment(segment: Segment, sound: MixedSound, duration: int) -> bytes:
    """The frames of a segment of a track of `duration` ms. They refer to no byte before them."""
    mode = mode_of(sound.channels)
    skip, count = segment.pre_roll, segment.pre_roll + segment.frames
    frame_pcm = FRAME_SAMPLES * mode.channels * SAMPLE_BYTES
    pcm = sound(*segment.window(duration)).ljust((count + POST_ROLL) * frame_pcm, b"\0")
    frames = encode(pcm, mode)[:count]
    if not skip:
        return b"".join(frames)
    if whole := drop_bit_reservoir(frames, frames, skip, mode):
        return b"".join(whole)
    beginning = pcm[: (skip + _LEAN_FRAMES + POST_ROLL) * frame_pcm]
    for kbits in _LEAN_KBITS[mode.kbits]:
        lean = encode(beginning, mode, kbits)[: skip + _LEAN_FRAMES]
        if whole := drop_bit_reservoir(frames, lean, skip, mode):
            return b"".join(whole)
    # Without pre-roll the join clicks a little, but the frames have no past. No sound is known that gets here.
    return b"".join(encode(pcm[skip * frame_pcm :], mode)[: segment.frames])


def encode(pcm: bytes, mode: Mode = MONO, kbits: int | None = None) -> list[bytes]:
    """The frames that hold `pcm`, and those of the encoder's own delay behind it; by default at the mode's bit rate."""
    kbits = kbits or mode.kbits
    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_in_sample_rate(SAMPLE_RATE)
    encoder.set_out_sample_rate(SAMPLE_RATE)
    encoder.set_channels(mode.channels)
    encoder.set_vbr(_VBR_MTRH)
    encoder.set_vbr_quality(VBR_QUALITY)
    encoder.set_quality(EFFORT)
    encoder.set_vbr_min_bitrate_kbps(kbits)
    encoder.set_vbr_hard_min(True)
    encoder.set_vbr_max_bitrate_kbps(kbits)
    return split_frames(bytes(encoder.encode(pcm)) + bytes(encoder.flush()), kbits)


@cache
def encoder_name() -> str:
    """LAME and its version, as it writes them into the unused bytes of silent frames; only `LAME` if it does not."""
    found = re.search(rb"LAME[\d.]*", b"".join(encode(b"")))
    return found[0].decode() if found else "LAME"
