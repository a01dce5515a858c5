"""MP3 frames as bytes: MPEG-1 layer III, 48 kHz, constant bit rate, no padding slots and no CRC.

A frame is a header (4 bytes), side information (17 bytes, 32 in stereo) and a payload. The payloads of all frames,
joined, are one stream. In it a frame's main data may begin up to 511 bytes before its own payload: the bit reservoir.
`main_data_begin`, the first 9 bits of the side information, is that distance.
"""

from __future__ import annotations

from msgspec import Struct

from cuecast.model.clip import SAMPLES_PER_MS

FRAME_SAMPLES = 1_152
FRAME_MS = FRAME_SAMPLES // SAMPLES_PER_MS

MAX_RESERVOIR = 511
"""The largest main_data_begin, in bytes."""

_HEADER_BYTES = 4
_KBITS = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_SYNC = b"\xff\xfb"
_RATE_48K = 0b01 << 2


class Mode(Struct, frozen=True):
    """A channel mode, the bit rate that it gets, and the layout of its frames."""

    name: str
    channels: int
    kbits: int
    side_bytes: int
    length_bits: tuple[int, ...]
    """Where part2_3_length of each granule of each channel begins, in bits of the side information."""
    header_end: int
    """The last byte of a header: the channel mode, and `original`. In joint stereo LAME adds the frame's own mode."""
    lame_code: int
    """The channel mode's number in the LAME header."""

    @property
    def head_bytes(self) -> int:
        """Header and side information."""
        return _HEADER_BYTES + self.side_bytes

    @property
    def frame_bytes(self) -> int:
        """The size of a frame."""
        return frame_bytes(self.kbits)

    @property
    def payload_bytes(self) -> int:
        """The part of a frame behind its side information."""
        return self.frame_bytes - self.head_bytes

    @property
    def silent_frame(self) -> bytes:
        """A frame without main data. It decodes to exact zeros behind a frame that ends in silence."""
        return self.header(self.header_end).ljust(self.frame_bytes, b"\0")

    def header(self, header_end: int) -> bytes:
        """The header of a frame whose last header byte is this one."""
        return _SYNC + bytes((_rate_byte(self.kbits), header_end))

    def main_data_begin(self, frame: bytes) -> int:
        """How many bytes before its payload a frame's main data begins."""
        return int.from_bytes(frame[_HEADER_BYTES : _HEADER_BYTES + 2], "big") >> 7

    def main_data_bytes(self, frame: bytes) -> int:
        """The length of a frame's main data."""
        side = int.from_bytes(frame[_HEADER_BYTES : self.head_bytes], "big")
        bits = sum(side >> (8 * self.side_bytes - at - 12) & 0xFFF for at in self.length_bits)
        return -(-bits // 8)

    def head(self, frame: bytes, main_data_begin: int) -> bytes:
        """Header and side information of a frame, at this mode's bit rate and with another main_data_begin."""
        first = main_data_begin << 7 | int.from_bytes(frame[_HEADER_BYTES : _HEADER_BYTES + 2], "big") & 0x7F
        return self.header(frame[3]) + first.to_bytes(2, "big") + frame[_HEADER_BYTES + 2 : self.head_bytes]


# Side information: main_data_begin (9 bits), private bits, scfsi (4 a channel), then 59 bits for each granule of each
# channel, which begin with part2_3_length (12).
MONO = Mode("mono", 1, 64, 17, (18, 18 + 59), 0xC4, 0)
JOINT_STEREO = Mode("joint stereo", 2, 128, 32, (20, 20 + 59, 20 + 2 * 59, 20 + 3 * 59), 0x44, 3)


def mode_of(channels: int) -> Mode:
    """The mode for one or two channels. Raises ValueError for any other number."""
    for mode in (MONO, JOINT_STEREO):
        if mode.channels == channels:
            return mode
    raise ValueError(f"an MP3 has one channel or two, not {channels}")


def frame_bytes(kbits: int) -> int:
    """The size of a frame at that bit rate."""
    return FRAME_MS * kbits // 8


def split_frames(stream: bytes, kbits: int) -> list[bytes]:
    """The frames of an encoder's output. Raises ValueError if it is not made of frames of that bit rate."""
    size, expected = frame_bytes(kbits), _SYNC + bytes((_rate_byte(kbits),))
    headers = zip(stream[::size], stream[1::size], stream[2::size], strict=False)
    if len(stream) % size or any(bytes(header) != expected for header in set(headers)):
        raise ValueError(f"the MP3 encoder did not write frames of {kbits} kbit/s")
    return [stream[at : at + size] for at in range(0, len(stream), size)]


def _rate_byte(kbits: int) -> int:
    return _KBITS.index(kbits) << 4 | _RATE_48K
