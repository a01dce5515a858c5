"""Frames that can stand where the frames before them are missing.

The first frames of a segment may keep main data in the payloads of frames that are dropped (its pre-roll). That data
has to move into the segment's own payloads. Sound that needs less than the bit rate leaves room for it there: its frames
stay as they are, each with its data laid out anew. Otherwise the first frame or two come from a leaner encoding of the
same sound. As soon as as much of the reservoir is free as the next frame of the full encoding uses, that goes on
unchanged. Each frame is complete in itself, and both encodings begin at the same sample, so the change is no different
from a change of bit rate within a track.
"""

from __future__ import annotations

from collections.abc import Sequence

from cuecast.encode.mp3.frames import MAX_RESERVOIR, Mode


def drop_bit_reservoir(full: Sequence[bytes], lean: Sequence[bytes], skip: int, mode: Mode) -> list[bytes] | None:
    """The frames of `full` from number `skip` on, the first of them replaced by those of `lean` as long as needed.

    None if a frame of `lean` is too large, or if `lean` ends before `full` can go on.
    """
    payload_bytes = mode.payload_bytes
    payload = bytearray()
    heads: list[bytes] = []
    space = 0
    for number in range(skip, len(full)):
        reserved = mode.main_data_begin(full[number])
        if reserved <= space:
            if reserved:
                payload[-reserved:] = _payloads_before(full, number, mode)[-reserved:]
            return _frames(heads, payload, mode) + list(full[number:])
        if number >= len(lean):
            return None
        data = _main_data(lean, number, mode)
        if len(data) > space + payload_bytes:
            return None
        heads.append(mode.head(lean[number], space))
        payload += bytes(payload_bytes)
        start = len(payload) - payload_bytes - space
        payload[start : start + len(data)] = data
        space = min(MAX_RESERVOIR, space + payload_bytes - len(data))
    return _frames(heads, payload, mode)


def _main_data(frames: Sequence[bytes], number: int, mode: Mode) -> bytes:
    frame, before = frames[number], _payloads_before(frames, number, mode)
    start = len(before) - mode.main_data_begin(frame)
    return (before + frame[mode.head_bytes :])[start : start + mode.main_data_bytes(frame)]


def _payloads_before(frames: Sequence[bytes], number: int, mode: Mode) -> bytes:
    """The payloads over which the reservoir of a frame can reach back."""
    count = -(-MAX_RESERVOIR // (len(frames[number]) - mode.head_bytes))
    return b"".join(frame[mode.head_bytes :] for frame in frames[max(0, number - count) : number])


def _frames(heads: Sequence[bytes], payload: bytes | bytearray, mode: Mode) -> list[bytes]:
    size = mode.payload_bytes
    return [head + bytes(payload[at * size : (at + 1) * size]) for at, head in enumerate(heads)]
