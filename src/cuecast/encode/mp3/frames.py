"""MP3 frames as bytes: MPEG-1 layer III, 48 kHz, no padding slots and no CRC, as LAME writes them here.

A frame is a header (4 bytes), side information (17, or 32 in stereo) and a payload. The payloads of all frames, joined,
are one stream in which a frame's own data may begin up to 511 bytes before its payload: the bit reservoir.
`main_data_begin`, the first 9 bits of the side information, says how many.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from cuecast.model.clip import SAMPLES_PER_MS

FRAME_SAMPLES = 1_152
FRAME_MS = FRAME_SAMPLES // SAMPLES_PER_MS

_HEADER_BYTES = 4
_KBITS = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_SYNC = b"\xff\xfb"
_RATE_48K = 0b01 << 2


def frame_bytes(kbits: int) -> int:
    """The length of a frame of that bit rate."""
    return FRAME_MS * kbits // 8


class Mode(Struct, frozen=True):
    """A channel mode, and what of a frame depends on it."""

    name: str
    channels: int
    side_bytes: int
    lengths: tuple[int, ...]
    """Where in the side information, in bits, each granule of each channel says how long its data is."""
    header_end: int
    """The last byte of a header: the mode, and `original`. In stereo each frame of sound also says there how it is."""
    lame_code: int
    """What LAME's header calls it."""

    @property
    def head_bytes(self) -> int:
        """Header and side information."""
        return _HEADER_BYTES + self.side_bytes

    def header(self, kbits: int) -> bytes:
        """The header of a frame of that bit rate, which holds nothing."""
        return _header(kbits, self.header_end)

    @property
    def silent_frame(self) -> bytes:
        """A frame that holds nothing, refers to nothing before it, and decodes to exact zeros behind another one."""
        return self.header(32).ljust(frame_bytes(32), b"\0")


# main_data_begin (9 bits), private ones, scfsi (4 a channel); then 59 a granule of a channel, first its length (12).
MONO = Mode("mono", 1, 17, (18, 18 + 59), 0xC4, 0)
JOINT_STEREO = Mode("joint stereo", 2, 32, (20, 20 + 59, 20 + 2 * 59, 20 + 3 * 59), 0x44, 3)
"""Each frame is either left and right or, where these are alike, their sum and difference."""


def mode_of(channels: int) -> Mode:
    """The mode of so many channels. Raises ValueError for any but one and two."""
    for mode in (MONO, JOINT_STEREO):
        if mode.channels == channels:
            return mode
    raise ValueError(f"an MP3 has one channel or two, not {channels}")


def _header(kbits: int, end: int) -> bytes:
    return _SYNC + bytes((_KBITS.index(kbits) << 4 | _RATE_48K, end))


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


def without_past(frames: Sequence[bytes], skip: int, mode: Mode = MONO) -> list[bytes] | None:
    """The frames from number `skip` on, made to stand without the skipped ones; None where one is too large for that.

    What the first of them has in the reservoir is moved into the frame itself, which gets the bit rate that this
    needs. Nothing else changes: the bytes that later frames look back at stay at the same distance. Where the frame
    would be too large, it gets its own data only, and the next one is treated in the same way.
    """
    kept = list(frames[skip:])
    head = mode.head_bytes
    stream = b"".join(frame[head:] for frame in frames)
    start = sum(len(frame) - head for frame in frames[:skip])
    for i, frame in enumerate(kept):
        back, size = _back(frame, mode), _data_bytes(frame, mode)
        if not back:
            break
        end = start + len(frame) - head
        data = stream[start - back : start - back + size]
        ahead = stream[end - _back(kept[i + 1], mode) : end] if i + 1 < len(kept) else b""
        if (whole := _rebuilt(frame, data, ahead, mode)) is not None:
            kept[i] = whole
            break
        if (alone := _rebuilt(frame, data, b"", mode)) is None:
            return None
        kept[i] = alone
        start = end
    return kept


def _rebuilt(frame: bytes, data: bytes, ahead: bytes, mode: Mode) -> bytes | None:
    """The frame with its data at the start of its payload and that of later frames at its end; None if too large."""
    need = mode.head_bytes + len(data) + len(ahead)
    for kbits in _KBITS[1:]:
        if (size := frame_bytes(kbits)) >= need:
            side = _side(frame, mode) & ((1 << (8 * mode.side_bytes - 9)) - 1)
            head = _header(kbits, frame[3]) + side.to_bytes(mode.side_bytes, "big")
            return (head + data).ljust(size - len(ahead), b"\0") + ahead
    return None


def _side(frame: bytes, mode: Mode) -> int:
    return int.from_bytes(frame[_HEADER_BYTES : mode.head_bytes], "big")


def _back(frame: bytes, mode: Mode) -> int:
    """How many bytes before its payload a frame's data begins (main_data_begin)."""
    return _side(frame, mode) >> (8 * mode.side_bytes - 9)


def _data_bytes(frame: bytes, mode: Mode) -> int:
    """The length of a frame's data: `part2_3_length` of all granules, rounded up to bytes."""
    side = _side(frame, mode)
    bits = sum(side >> (8 * mode.side_bytes - at - 12) & 0xFFF for at in mode.lengths)
    return -(-bits // 8)
