"""Reading sound that others wrote: RIFF and AIFF files of any sample rate, checked for being whole."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from cuecast.errors import UnusableAudioError

Samples = npt.NDArray[np.float32]

_STREAMED = 0x7FFFF000
"""A program that writes to a pipe can't know the length and claims at least this; then the end of file is the end."""


class BadTake(UnusableAudioError):
    """A sound file that can't be used; the message says why, for people."""


class AudioFile(Struct, frozen=True):
    """A recording, mixed to mono: samples of at most 1.0, `rate` of them a second."""

    samples: Samples
    rate: int

    @property
    def ms(self) -> float:
        """Its length in milliseconds."""
        return len(self.samples) * 1000 / self.rate


def read_take(path: Path) -> AudioFile:
    """Read a RIFF (WAVE) or AIFF file: 8 to 32 bits or floating point, any rate, any number of channels.

    Raises BadTake where it is missing, empty, cut off or of another kind.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise BadTake("no sound file was written") from None
    return take_of(content)


def take_of(content: bytes) -> AudioFile:
    """What such a file holds. Raises BadTake where it is empty, cut off or of another kind."""
    if not content:
        raise BadTake("the sound file is empty")
    take = _read(content)
    if not len(take.samples):
        raise BadTake("the sound file holds no samples")
    if not np.isfinite(take.samples).all():
        raise BadTake("the sound file holds values that are no numbers")
    return take


def _read(content: bytes) -> AudioFile:
    match content[:4], content[8:12]:
        case b"RIFF", b"WAVE":
            return _riff(content)
        case b"FORM", b"AIFF" | b"AIFC":
            return _aiff(content)
    raise BadTake("the file is neither RIFF nor AIFF")


def _riff(content: bytes) -> AudioFile:
    chunks = dict(_chunks(content, "<"))
    if b"fmt " not in chunks or b"data" not in chunks or len(chunks[b"fmt "]) < 16:
        raise BadTake("the RIFF file is cut off")
    code, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", chunks[b"fmt "])
    if code == 0xFFFE and len(chunks[b"fmt "]) >= 26:  # extensible: the real code stands first in its sub-format
        code = struct.unpack_from("<H", chunks[b"fmt "], 24)[0]
    if code == 3:
        return _take(chunks[b"data"], f"<f{bits // 8}", channels, rate)
    if code != 1:
        raise BadTake(f"the RIFF file is compressed (format {code})")
    return _take(chunks[b"data"], "u1" if bits == 8 else f"<i{bits // 8}", channels, rate)


def _aiff(content: bytes) -> AudioFile:
    chunks = dict(_chunks(content, ">"))
    if b"COMM" not in chunks or b"SSND" not in chunks or len(chunks[b"COMM"]) < 18:
        raise BadTake("the AIFF file is cut off")
    common = chunks[b"COMM"]
    channels, _, bits = struct.unpack_from(">hIh", common)
    exponent, mantissa = struct.unpack_from(">HQ", common, 8)  # the rate is an 80-bit float
    rate = int(mantissa * 2.0 ** ((exponent & 0x7FFF) - 16383 - 63))
    code = common[18:22] if content[8:12] == b"AIFC" else b"NONE"
    offset = struct.unpack_from(">I", chunks[b"SSND"])[0]
    kinds = {b"NONE": f">i{bits // 8}", b"twos": f">i{bits // 8}", b"sowt": f"<i{bits // 8}"}
    kinds |= {b"fl32": ">f4", b"FL32": ">f4", b"fl64": ">f8", b"FL64": ">f8"}
    if code not in kinds:
        raise BadTake(f"the AIFF file is compressed ({code!r})")
    return _take(chunks[b"SSND"][8 + offset :], kinds[code], channels, rate)


def _chunks(content: bytes, order: str) -> Iterator[tuple[bytes, bytes]]:
    """The chunks of a file; one that is shorter than it claims means that the file was cut off."""
    at = 12
    while at + 8 <= len(content):
        name, size = struct.unpack_from(f"{order}4sI", content, at)
        body = content[at + 8 : at + 8 + size]
        if len(body) < size and not (name in (b"data", b"SSND") and size >= _STREAMED):
            raise BadTake(f"the sound file is cut off: {len(body):,} of {size:,} bytes")
        yield name, body
        at += 8 + size + size % 2


def _take(data: bytes, kind: str, channels: int, rate: int) -> AudioFile:
    if channels < 1 or not 1_000 <= rate <= 768_000:
        raise BadTake(f"the sound file claims {channels} channels at {rate} Hz")
    if kind in ("<i3", ">i3"):
        values = _from_24_bits(data, kind[0])
    elif kind in ("u1", "<i1", ">i1", "<i2", ">i2", "<i4", ">i4", "<f4", ">f4", "<f8", ">f8"):
        dtype = np.dtype(kind)
        values = np.frombuffer(data, dtype, len(data) // dtype.itemsize).astype(np.float64)
        if kind == "u1":
            values -= 128
        if dtype.kind != "f":
            values /= 2.0 ** (8 * dtype.itemsize - 1)
    else:
        raise BadTake(f"the sound file has samples of an unknown kind ({kind})")
    frames = values[: len(values) // channels * channels].reshape(-1, channels)
    mono = frames[:, 0] if channels == 1 else frames.mean(axis=1)
    return AudioFile(mono.astype(np.float32), rate)


def _from_24_bits(data: bytes, order: str) -> npt.NDArray[np.float64]:
    triples = np.frombuffer(data[: len(data) // 3 * 3], np.uint8).reshape(-1, 3)
    padded = np.zeros((len(triples), 4), np.uint8)
    if order == "<":
        padded[:, 1:] = triples
        words = padded.view("<i4")
    else:
        padded[:, :3] = triples
        words = padded.view(">i4")
    return words[:, 0].astype(np.float64) / 2.0**31
