"""Independent decoders, and a reader of MP3 streams that shares nothing with the writer."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

Wave = np.ndarray[tuple[int], np.dtype[np.float64]]

KBITS = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]


def by_miniaudio(path: Path) -> Wave:
    """dr_mp3, gapless."""
    miniaudio = pytest.importorskip("miniaudio")
    decoded = miniaudio.mp3_read_file_f32(str(path))
    assert (decoded.nchannels, decoded.sample_rate) == (1, 48_000)
    return np.array(decoded.samples, np.float64)


def by_mpg123(path: Path) -> Wave:
    return _mpg123(path, "--gapless")


def by_ffmpeg(path: Path) -> Wave:
    if not shutil.which("ffmpeg"):
        pytest.skip("no ffmpeg on this machine")
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-f", "f32le", "-"]
    run = subprocess.run(command, capture_output=True, check=True, stdin=subprocess.DEVNULL)
    assert not run.stderr
    return np.frombuffer(run.stdout, "<f4").astype(np.float64)


DECODERS = pytest.mark.parametrize("decode", [by_miniaudio, by_mpg123, by_ffmpeg])


def every_sample(path: Path) -> Wave:
    """All that the frames hold, with the delays that a gapless decoder takes off."""
    return _mpg123(path, "--no-gapless")


def _mpg123(path: Path, mode: str) -> Wave:
    if not shutil.which("mpg123"):
        pytest.skip("no mpg123 on this machine")
    command = ["mpg123", "-q", "-e", "f32", "--mono", "-s", mode, str(path)]
    run = subprocess.run(command, capture_output=True, check=True, stdin=subprocess.DEVNULL)
    assert not run.stderr, run.stderr.decode()
    return np.frombuffer(run.stdout, "<f4").astype(np.float64)


def decibels(wave: Wave) -> float:
    """The RMS level."""
    return 20 * float(np.log10(max(np.sqrt(np.mean(np.square(wave))), 1e-12)))


def frames_of(stream: bytes) -> list[bytes]:
    """Cut at every header, which must be MPEG-1 layer III, 48 kHz, mono."""
    frames = []
    at = 0
    while at < len(stream):
        sync, version, rate, mode = stream[at : at + 4]
        assert (sync, version, rate & 0b1111, mode >> 6) == (0xFF, 0xFB, 0b0100, 0b11)
        size = 3 * KBITS[rate >> 4]
        assert len(stream) >= at + size
        frames.append(stream[at : at + size])
        at += size
    return frames


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


def crc16(data: bytes) -> int:
    """CRC-16/ARC, a bit at a time."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc
