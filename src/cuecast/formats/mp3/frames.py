"""MP3 frames as bytes: MPEG-1 layer III, mono, 48 kHz, no padding slots and no CRC, as LAME writes them here.

A frame is a header (4 bytes), side information (17) and a payload. The payloads of all frames, joined, are one stream
in which a frame's own data may begin up to 511 bytes before its payload: the bit reservoir. `main_data_begin`, the
first 9 bits of the side information, says how many.
"""

from __future__ import annotations

from collections.abc import Sequence

from cuecast.sound import SAMPLES_PER_MS

FRAME_SAMPLES = 1_152
FRAME_MS = FRAME_SAMPLES // SAMPLES_PER_MS

HEAD_BYTES = 4 + 17
"""Header and side information."""

_SIDE_BITS = 17 * 8
_KBITS = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_SYNC = b"\xff\xfb"
_RATE_48K = 0b01 << 2
_MONO_ORIGINAL = 0xC4


def frame_bytes(kbits: int) -> int:
    """The length of a frame of that bit rate."""
    return FRAME_MS * kbits // 8


def header(kbits: int) -> bytes:
    """The header of a frame of that bit rate."""
    return _SYNC + bytes((_KBITS.index(kbits) << 4 | _RATE_48K, _MONO_ORIGINAL))


SILENT_FRAME = header(32).ljust(frame_bytes(32), b"\0")
"""A frame that holds nothing, refers to nothing before it, and decodes to exact zeros behind another one."""


def split(stream: bytes) -> list[bytes]:
    """Cut an encoder's output into its frames. Raises ValueError for anything that is not such a frame."""
    frames = []
    at = 0
    while at < len(stream):
        rate = stream[at + 2] if stream.startswith(_SYNC, at) else 0
        size = frame_bytes(_KBITS[rate >> 4]) if rate & 0x0F == _RATE_48K and rate < 0xF0 else 0
        if not size or at + size > len(stream):
            raise ValueError(f"no whole MP3 frame at byte {at} of {len(stream)}: {stream[at : at + 4].hex()}")
        frames.append(stream[at : at + size])
        at += size
    return frames


def without_past(frames: Sequence[bytes], skip: int) -> list[bytes]:
    """The frames from number `skip` on, made to stand without the skipped ones.

    What the first of them has in the reservoir is moved into the frame itself, which gets the bit rate that this
    needs. Nothing else changes: the bytes that later frames look back at stay at the same distance. Where the frame
    would be too large, it gets its own data only, and the next one is treated in the same way.
    """
    kept = list(frames[skip:])
    stream = b"".join(frame[HEAD_BYTES:] for frame in frames)
    start = sum(len(frame) - HEAD_BYTES for frame in frames[:skip])
    for i, frame in enumerate(kept):
        back, size = _back(frame), _data_bytes(frame)
        if not back:
            break
        end = start + len(frame) - HEAD_BYTES
        data = stream[start - back : start - back + size]
        ahead = stream[end - _back(kept[i + 1]) : end] if i + 1 < len(kept) else b""
        if (whole := _rebuilt(frame, data, ahead)) is not None:
            kept[i] = whole
            break
        if (alone := _rebuilt(frame, data, b"")) is None:
            raise ValueError(f"a frame of {size} bytes of data fits no bit rate")
        kept[i] = alone
        start = end
    return kept


def _rebuilt(frame: bytes, data: bytes, ahead: bytes) -> bytes | None:
    """The frame with its data at the start of its payload and that of later frames at its end; None if too large."""
    need = HEAD_BYTES + len(data) + len(ahead)
    for kbits in _KBITS[1:]:
        if (size := frame_bytes(kbits)) >= need:
            side = _side(frame) & ((1 << (_SIDE_BITS - 9)) - 1)
            head = header(kbits) + side.to_bytes(17, "big")
            return (head + data).ljust(size - len(ahead), b"\0") + ahead
    return None


def _side(frame: bytes) -> int:
    return int.from_bytes(frame[4:HEAD_BYTES], "big")


def _back(frame: bytes) -> int:
    """How many bytes before its payload a frame's data begins (main_data_begin)."""
    return _side(frame) >> (_SIDE_BITS - 9)


def _data_bytes(frame: bytes) -> int:
    """The length of a frame's data: `part2_3_length` of both granules, rounded up to bytes."""
    # Mono: 9 bits main_data_begin, 5 private, 4 scfsi, then 59 a granule, each with the length in its first 12.
    side = _side(frame)
    bits = sum(side >> (_SIDE_BITS - at - 12) & 0xFFF for at in (18, 18 + 59))
    return -(-bits // 8)
