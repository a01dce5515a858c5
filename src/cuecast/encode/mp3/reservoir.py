"""Frames that can stand where the frames before them are missing.

The first frames of a segment may keep main data in the payloads of frames that are dropped (its pre-roll). That data
has to move into the segment's own payloads. At a constant bit rate these have no room to spare, so the first frames
come from a leaner encoding of the same sound. As soon as they leave as much of the reservoir free as the next frame of
the full encoding uses, the full encoding goes on unchanged. Each frame is complete in itself, and both encodings begin
at the same sample, so the change is no different from a change of bit rate within a track.
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
            before = b"".join(frame[mode.head_bytes :] for frame in full[max(0, number - _frames_back(mode)) : number])
            if reserved:
                payload[-reserved:] = before[-reserved:]
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
    frame = frames[number]
    before = b"".join(each[mode.head_bytes :] for each in frames[:number])
    start = len(before) - mode.main_data_begin(frame)
    return (before + frame[mode.head_bytes :])[start : start + mode.main_data_bytes(frame)]


def _frames_back(mode: Mode) -> int:
    """How many payloads the reservoir can reach back over."""
    return -(-MAX_RESERVOIR // mode.payload_bytes)


def _frames(heads: Sequence[bytes], payload: bytes | bytearray, mode: Mode) -> list[bytes]:
    size = mode.payload_bytes
    return [head + bytes(payload[at * size : (at + 1) * size]) for at, head in enumerate(heads)]
