"""Independent decoders, and a reader of MP3 streams that shares nothing with the writer."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import av
import miniaudio
import numpy as np
import numpy.typing as npt
import pytest
import soundfile

Wave = npt.NDArray[np.float64]
"""Samples: in a row, or in stereo a row of pairs."""

KBITS = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]


def by_miniaudio(path: Path) -> Wave:
    """dr_mp3, gapless."""
    decoded = miniaudio.mp3_read_file_f32(str(path))
    assert decoded.sample_rate == 48_000
    return _wave(np.array(decoded.samples, np.float64).reshape(-1, decoded.nchannels))


def by_soundfile(path: Path) -> Wave:
    """mpg123, gapless."""
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    assert rate == 48_000
    return _wave(samples.astype(np.float64))


def by_av(path: Path) -> Wave:
    """FFmpeg, gapless."""
    return _ffmpeg(path.read_bytes())


DECODERS = pytest.mark.parametrize("decode", [by_miniaudio, by_soundfile, by_av])


def every_sample(path: Path) -> Wave:
    """All that the frames hold, with the delays that a gapless decoder takes off."""
    data = path.read_bytes()
    return _ffmpeg(b"".join(Track.read(path).frames) if data.startswith(b"ID3") else data)


def _ffmpeg(data: bytes) -> Wave:
    with av.open(io.BytesIO(data), mode="r", format="mp3") as container:
        frames = [frame.to_ndarray() for frame in container.decode(audio=0)]
        assert container.streams.audio[0].rate == 48_000
    return _wave(np.concatenate(frames, axis=1).T.astype(np.float64))


def _wave(samples: Wave) -> Wave:
    return samples[:, 0] if samples.shape[1] == 1 else samples


def decibels(wave: Wave) -> float:
    """The RMS level."""
    return 20 * float(np.log10(max(np.sqrt(np.mean(np.square(wave))), 1e-12)))


def frames_of(stream: bytes) -> list[bytes]:
    """Cut at every header, which must be MPEG-1 layer III, 48 kHz, all of them mono or all joint stereo."""
    frames = []
    at = 0
    while at < len(stream):
        sync, version, rate, mode = stream[at : at + 4]
        assert (sync, version, rate & 0b1111, mode >> 6) == (0xFF, 0xFB, 0b0100, stream[3] >> 6)
        assert mode & 0b1101_1111 in (0b1100_0100, 0b0100_0100)  # original; of the extensions only sum and difference
        size = 3 * KBITS[rate >> 4]
        assert len(stream) >= at + size
        frames.append(stream[at : at + size])
        at += size
    return frames


@dataclass(frozen=True)
class Side:
    """What a frame's side information says: how many bytes before the payload its data begins, and the data's bits."""

    back: int
    bits: int

    @classmethod
    def of(cls, frame: bytes) -> Side:
        stereo = frame[3] >> 6 == 0b01
        bits = "".join(f"{byte:08b}" for byte in frame[4 : head_bytes(frame)])
        at = 9 + 3 + 8 if stereo else 9 + 5 + 4
        lengths = [int(bits[at + i * 59 :][:12], 2) for i in range(4 if stereo else 2)]
        return cls(int(bits[:9], 2), sum(lengths))


def head_bytes(frame: bytes) -> int:
    """Header and side information."""
    return 4 + (32 if frame[3] >> 6 == 0b01 else 17)


def main_data(frames: list[bytes]) -> list[bytes]:
    """Each frame's own data, wherever it lies; none may lie before the first frame."""
    stream, found = b"", []
    for frame in frames:
        side = Side.of(frame)
        assert side.back <= len(stream)
        start = len(stream) - side.back
        stream += frame[head_bytes(frame) :]
        data = stream[start : start + -(-side.bits // 8)]
        assert len(data) * 8 >= side.bits
        found.append(data)
    return found


@dataclass
class Track:
    """A file taken apart: its tag, its info frame and the frames of sound."""

    tag: bytes
    info: bytes
    frames: list[bytes]

    @classmethod
    def read(cls, path: Path) -> Track:
        data = path.read_bytes()
        assert data[:6] == b"ID3\x04\x00\x00"
        size = 10 + sum(byte << shift for byte, shift in zip(data[6:10], (21, 14, 7, 0), strict=True))
        info, *frames = frames_of(data[size:])
        return cls(data[:size], info, frames)

    @property
    def fields(self) -> bytes:
        """The info frame from behind its side information on."""
        return self.info[head_bytes(self.info) :]


def _of_byte(crc: int) -> int:
    for _ in range(8):
        crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc


_OF_BYTES = [*map(_of_byte, range(256))]


def crc16(data: bytes) -> int:
    """CRC-16/ARC, a byte at a time."""
    crc = 0
    for byte in data:
        crc = crc >> 8 ^ _OF_BYTES[(crc ^ byte) & 0xFF]
    return crc
