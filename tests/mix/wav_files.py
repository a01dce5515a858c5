"""Sound files as people make them: of all rates and kinds, with silence around, hiss below and steps beside zero."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import numpy.typing as npt

Wave = npt.NDArray[np.float64]


def stroke(ms: float, rate: int = 48_000, hz: float = 900.0, lead_ms: float = 0.0, level: float = 0.4) -> Wave:
    """A bell that is struck after `lead_ms` of silence, at once at its full level, and falls to a hundredth."""
    t = np.arange(round(ms * rate / 1_000)) / rate
    bell = level * np.cos(2 * np.pi * hz * t) * 0.01 ** (t * 1_000 / ms)
    return np.concatenate([np.zeros(round(lead_ms * rate / 1_000)), bell])


def wav(wave: Wave, rate: int = 48_000, kind: str = "i2", channels: int = 1, extensible: bool = False) -> bytes:
    """A WAV file; `kind` is that of its samples: u1, i2, i3, i4, f4 or f8."""
    frames = np.repeat(wave[:, None], channels, axis=1).ravel()
    if kind == "u1":
        data = np.round(frames * 127 + 128).astype("u1").tobytes()
    elif kind == "i3":
        data = np.round(frames * (2**23 - 1)).astype("<i4").view("u1").reshape(-1, 4)[:, :3].tobytes()
    elif kind[0] == "i":
        data = np.round(frames * (2.0 ** (8 * int(kind[1]) - 1) - 1)).astype(f"<{kind}").tobytes()
    else:
        data = frames.astype(f"<{kind}").tobytes()
    size = int(kind[1])
    code = 3 if kind[0] == "f" else 1
    head = struct.pack(
        "<HHIIHH", 0xFFFE if extensible else code, channels, rate, rate * channels * size, channels * size, size * 8
    )
    if extensible:
        head += struct.pack("<HHIH", 22, size * 8, 0, code) + bytes.fromhex("000000001000800000aa00389b71")
    chunks = b"fmt " + struct.pack("<I", len(head)) + head
    chunks += b"LIST" + struct.pack("<I", 3) + b"abc\0"  # one of odd length, as some programs write
    chunks += b"data" + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


def write_tone(path: Path, seconds: float, hz: float = 440.0) -> None:
    """A steady tone as a small WAV file, in a folder that is made for it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(wav(0.27 * np.sin(2 * np.pi * hz / 8_000 * np.arange(round(seconds * 8_000))), 8_000))
