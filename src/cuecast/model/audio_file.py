"""Sound files that engines and people wrote, read with libsndfile: WAV and AIFF of any kind, FLAC, Ogg, MP3."""

from __future__ import annotations

import os
import struct
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
import soundfile
from msgspec import Struct

from cuecast.model.clip import SilentAudioError, UnusableAudioError

Samples = npt.NDArray[np.float32]

_MIN_RATE, _MAX_RATE = 1_000, 768_000
_STREAMED = 0x7FFFF000
"""A program that writes to a pipe does not know the size and claims at least this."""


class AudioFile(Struct, frozen=True):
    """A recording, mixed to mono: samples of at most 1.0, `rate` of them a second."""

    samples: Samples
    rate: int

    @property
    def ms(self) -> float:
        """Its length in milliseconds."""
        return len(self.samples) * 1000 / self.rate


def read_audio(path: Path, max_seconds: int | None = None) -> AudioFile:
    """The sound in a file. Of one that is longer, `max_seconds` and one sample more are read.

    Raises UnusableAudioError if the file is missing, empty, cut off or not a sound file.
    """
    try:
        with path.open("rb") as file:
            return decode_audio(file, max_seconds)
    except FileNotFoundError:
        raise UnusableAudioError("no sound file was written") from None


def decode_audio(file: BinaryIO, max_seconds: int | None = None) -> AudioFile:
    """The sound in an open file. Raises UnusableAudioError as `read_audio` does."""
    _check_complete(file)
    try:
        with soundfile.SoundFile(file) as sound:
            rate = int(sound.samplerate)
            limit = -1 if max_seconds is None else max_seconds * rate + 1
            frames = sound.read(limit, dtype="float32" if sound.channels == 1 else "float64", always_2d=True)
    except (RuntimeError, ValueError, TypeError, MemoryError) as fault:
        raise UnusableAudioError("the file can't be read as sound") from fault
    if not _MIN_RATE <= rate <= _MAX_RATE:
        raise UnusableAudioError(f"the sound file claims {rate:,} samples a second")
    if not len(frames):
        raise SilentAudioError("the sound file holds no samples")
    if not np.isfinite(frames).all():
        raise UnusableAudioError("the sound file holds values that are not numbers")
    mono = frames[:, 0] if frames.shape[1] == 1 else frames.mean(axis=1)
    return AudioFile(np.ascontiguousarray(mono, np.float32), rate)


def _check_complete(file: BinaryIO) -> None:
    """Refuse a WAV or AIFF file that is shorter than its header says: libsndfile reads what is there."""
    header = file.read(8)
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    if not size:
        raise UnusableAudioError("the sound file is empty")
    byte_order = {b"RIFF": "<", b"FORM": ">"}.get(header[:4])
    if byte_order is not None:
        whole = struct.unpack_from(f"{byte_order}I", header.ljust(8, b"\0"), 4)[0] + 8
        if size < 12 or size < whole < _STREAMED:
            raise UnusableAudioError(f"the sound file is cut off: {size:,} of {whole:,} bytes")
