"""Decoding a sound file of any kind, for music and for tones: block by block, at 48 kHz and in stereo."""

from __future__ import annotations

import contextlib
import os
import re
import stat
import sys
import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from cuecast.model.clip import SAMPLE_RATE
from cuecast.versions import install_command

if TYPE_CHECKING:
    import av

Frames = npt.NDArray[np.float32]
"""Samples in stereo, a row for each frame."""

BLOCK = 1 << 14
"""Frames that are read at once. A decoder that fails within a block loses what it has of it."""

KINDS = "MP3, FLAC, Ogg Vorbis, Opus, WAV, AIFF or M4A"

_STREAMED = 0x7FFF0000
"""A program that writes to a pipe does not know the length and claims at least this many bytes."""

_CLAIMED = re.compile(r"^\s*(?:data|SSND)\s*: (\d+) \(should be (\d+)\)", re.MULTILINE)
_NO_LAST_PAGE = "Last page lacks an end-of-stream bit"
_COMPLETE = 0.98  # of the claimed length, which in some files is a guess
_MAX_SAMPLE = 1e6  # full scale is 1.0, but 16-bit samples stored as floats go up to 32768

_HALF = 0.7071  # half the power
_WEIGHTS = {  # of a channel in left and right; low frequencies are left out, as ITU-R BS.775 does
    "L": (1.0, 0.0),
    "R": (0.0, 1.0),
    "l": (_HALF, 0.0),
    "r": (0.0, _HALF),
    "C": (_HALF, _HALF),
    "B": (0.5, 0.5),
    "M": (1.0, 1.0),
    "-": (0.0, 0.0),
}
# Left, right, centre, low frequencies (-), the centre at the back (B), and the pairs at the back and the sides.
_LAYOUTS = {1: "M", 2: "LR", 3: "LRC", 4: "LRlr", 5: "LRClr", 6: "LRC-lr", 7: "LRC-Blr", 8: "LRC-lrlr"}
# Vorbis I, section 4.3.9, and RFC 7845, section 5.1.1.2. libsndfile leaves the order as it is.
_OGG_LAYOUTS = _LAYOUTS | {3: "LCR", 5: "LCRlr", 6: "LCRlr-", 7: "LCRlrB-", 8: "LCRlrlr-"}

_HEAD = 16
"""Bytes that tell the kind of a file."""

_stderr_lock = threading.Lock()


class BadSound(Exception):
    """A file that can't be played; the message says why, and `hint` what to do, where that is not plain."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


class Decoder(Struct):
    """An open file: its sample rate, its channels as in `_LAYOUTS`, its sound, and the length in frames that it claims.

    `broken` is True once the file has turned out to break off.
    """

    rate: int
    layout: str
    raw: Iterator[Frames]
    claimed: int | None = None
    broken: bool = False

    def blocks(self) -> Iterator[Frames]:
        """The sound at 48 kHz in stereo. Raises BadSound if samples are not numbers."""
        import soxr

        resampler: Any = None
        if self.rate != SAMPLE_RATE:
            resampler = soxr.ResampleStream(self.rate, SAMPLE_RATE, 2, dtype="float32", quality="HQ")
        to_stereo = np.array([_WEIGHTS[channel] for channel in self.layout], np.float32)
        frames = 0
        for block in self._read():
            frames += len(block)
            is_sane = -_MAX_SAMPLE < block.min(initial=0.0) <= block.max(initial=0.0) < _MAX_SAMPLE
            if not is_sane:  # NaN included
                raise BadSound("it is damaged: it holds samples that are no numbers")
            stereo = block if self.layout == "LR" else block @ to_stereo
            if resampler is not None:
                stereo = resampler.resample_chunk(stereo)
            if len(stereo):
                yield stereo
        if resampler is not None and frames:
            yield resampler.resample_chunk(np.zeros((0, 2), np.float32), last=True)
        if self.claimed is not None and frames < self.claimed * _COMPLETE:
            self.broken = True

    def _read(self) -> Iterator[Frames]:
        try:
            yield from self.raw
        except _decoding_errors():
            self.broken = True


@contextlib.contextmanager
def opened(source: Path | bytes) -> Iterator[Decoder]:
    """Open a file, or the content of one. Raises BadSound if it is not a kind of sound file that can be read."""
    head = source[:_HEAD] if isinstance(source, bytes) else head_of(source)
    if not head:
        raise BadSound("it is empty")
    file = BytesIO(source) if isinstance(source, bytes) else str(source)
    with _open_with_av(file) if is_aac(head) else _open_with_soundfile(file) as decoder:
        yield decoder


def head_of(path: Path) -> bytes:
    """The first bytes of a file. Raises BadSound if it is not a regular file, or can't be read."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise BadSound("it is a folder" if path.is_dir() else "it is no plain file")
        with path.open("rb") as file:
            return file.read(_HEAD)
    except FileNotFoundError:
        raise BadSound("it is not there") from None
    except OSError as fault:
        raise BadSound(f"it can't be read: {(fault.strerror or 'the disk reports an error').lower()}") from None


def is_aac(head: bytes) -> bool:
    """Whether a file is MPEG-4, or bare AAC as radio stations send it."""
    return head[4:8] == b"ftyp" or (head[:1] == b"\xff" and len(head) > 1 and head[1] & 0xF6 == 0xF0)


def _decoder(rate: int, channels: int, raw: Iterator[Frames], is_ogg: bool = False) -> Decoder:
    if not (0 < channels <= 64 and 1_000 <= rate <= 768_000):
        raise BadSound(f"it is damaged: it claims {channels} channels at {rate} Hz")
    layouts = _OGG_LAYOUTS if is_ogg else _LAYOUTS
    return Decoder(rate, layouts.get(channels) or ("LR" * channels)[:channels], raw)


@contextlib.contextmanager
def _open_with_soundfile(source: str | BytesIO) -> Iterator[Decoder]:
    import soundfile

    try:
        with _silent_stderr():
            file = soundfile.SoundFile(source)
    except (soundfile.SoundFileError, TypeError, ValueError):  # TypeError: a name that ends in `.raw`
        raise BadSound(f"it is no sound that can be read: {KINDS}, or it is damaged") from None
    with file:
        decoder = _decoder(file.samplerate, file.channels, _soundfile_blocks(file), file.format == "OGG")
        log = str(file.extra_info)
        sizes = [(int(claimed), int(actual)) for claimed, actual in _CLAIMED.findall(log)]
        decoder.broken = _NO_LAST_PAGE in log or any(actual < claimed < _STREAMED for claimed, actual in sizes)
        if file.format in ("FLAC", "MP3") and 0 < file.frames < 1 << 40:
            decoder.claimed = file.frames
        yield decoder


def _soundfile_blocks(file: Any) -> Iterator[Frames]:
    while True:
        with _silent_stderr():
            block = file.read(BLOCK, dtype="float32", always_2d=True)
        if not len(block):
            return
        yield block


@contextlib.contextmanager
def _open_with_av(source: str | BytesIO) -> Iterator[Decoder]:
    try:
        import av
    except ImportError:
        hint = f"run `{install_command('cuecast[m4a]')}`, or convert the file to MP3 or FLAC"
        raise BadSound("M4A files need an extra that is not installed", hint) from None
    try:
        container = av.open(source, mode="r")
    except (av.FFmpegError, ValueError, OSError):
        raise BadSound(f"it is no sound that can be read: {KINDS}, or it is damaged") from None
    with container:
        if not container.streams.audio:
            raise BadSound("there is no sound in it")
        stream = container.streams.audio[0]
        context = stream.codec_context
        if context is None:
            raise BadSound("it is compressed in a way that is not known here")
        decoder = _decoder(context.sample_rate, context.channels, _av_blocks(container, stream))
        if stream.duration and stream.time_base:
            decoder.claimed = int(stream.duration * stream.time_base * context.sample_rate)
        yield decoder


def _av_blocks(container: av.container.InputContainer, stream: av.AudioStream) -> Iterator[Frames]:
    import av

    context = stream.codec_context
    resampler = av.AudioResampler(format="flt", layout=context.layout, rate=context.sample_rate)
    for frame in container.decode(stream):
        for part in resampler.resample(frame):
            yield part.to_ndarray().reshape(-1, context.channels).astype(np.float32, copy=False)


def _decoding_errors() -> tuple[type[Exception], ...]:
    """What decoders raise in the middle of a file."""
    errors: list[type[Exception]] = [OSError, ValueError, RuntimeError]  # soundfile's are RuntimeErrors
    if "av" in sys.modules:
        import av

        errors.append(av.FFmpegError)
    return tuple(errors)


@contextlib.contextmanager
def _silent_stderr() -> Iterator[None]:
    """Keep libmpg123 from the terminal: it writes remarks about a file to the process's standard error."""
    with _stderr_lock:
        try:
            saved, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
        except OSError:  # there is no standard error
            yield
            return
        try:
            os.dup2(nowhere, 2)
            yield
        finally:
            os.dup2(saved, 2)
            os.close(saved)
            os.close(nowhere)
