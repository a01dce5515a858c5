"""A file of music, whatever its kind: opened, read block by block, made 48 kHz and stereo."""

from __future__ import annotations

import contextlib
import os
import re
import stat
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import Struct

from cuecast.mix.music.loudness_meter import Frames
from cuecast.model.clip import SAMPLE_RATE
from cuecast.versions import is_installed

if TYPE_CHECKING:
    import av

BLOCK = 1 << 14
"""Frames that are read at once. A decoder that fails within a block takes what it has of it along."""

KINDS = "MP3, FLAC, Ogg Vorbis, Opus, WAV, AIFF or M4A"

_STREAMED = 0x7FFF0000
"""A program that writes to a pipe can't know the length and claims at least this; then the end of file is the end."""

_CLAIMED = re.compile(r"^\s*(?:data|SSND)\s*: (\d+) \(should be (\d+)\)", re.MULTILINE)
_UNENDED = "Last page lacks an end-of-stream bit"
_NEARLY = 0.98  # of the length that a file claims: what some files claim is a guess
_SANE = 1e6  # full scale is 1.0; samples of 16 bits that are stored as floats go up to 32768
_HALF_POWER = 0.7071

# How much of each channel of a file goes to the left; mirrored, to the right. In the order of WAV, AIFF and FLAC: left,
# right, centre, low frequencies (left out, as ITU-R BS.775 does), then the pairs at the back and at the sides.
_LEFT = {
    3: (1.0, 0.0, _HALF_POWER),
    4: (1.0, 0.0, _HALF_POWER, 0.0),
    5: (1.0, 0.0, _HALF_POWER, _HALF_POWER, 0.0),
    6: (1.0, 0.0, _HALF_POWER, 0.0, _HALF_POWER, 0.0),
    7: (1.0, 0.0, _HALF_POWER, 0.0, 0.5, _HALF_POWER, 0.0),
    8: (1.0, 0.0, _HALF_POWER, 0.0, _HALF_POWER, 0.0, _HALF_POWER, 0.0),
}
_RIGHT = {
    3: (0.0, 1.0, _HALF_POWER),
    4: (0.0, 1.0, 0.0, _HALF_POWER),
    5: (0.0, 1.0, _HALF_POWER, 0.0, _HALF_POWER),
    6: (0.0, 1.0, _HALF_POWER, 0.0, 0.0, _HALF_POWER),
    7: (0.0, 1.0, _HALF_POWER, 0.0, 0.5, 0.0, _HALF_POWER),
    8: (0.0, 1.0, _HALF_POWER, 0.0, 0.0, _HALF_POWER, 0.0, _HALF_POWER),
}


# Ogg has an order of its own (Vorbis I, section 4.3.9; RFC 7845, section 5.1.1.2), and libsndfile leaves it so: left,
# centre, right, the pairs, low frequencies last. Here it is which of its channels stands at each place of the above.
_OF_OGG = {
    3: (0, 2, 1),
    5: (0, 2, 1, 3, 4),
    6: (0, 2, 1, 5, 3, 4),
    7: (0, 2, 1, 6, 5, 3, 4),
    8: (0, 2, 1, 7, 5, 6, 3, 4),
}


_one_at_a_time = threading.Lock()


class BadMusic(Exception):
    """A file that no bed can be made of; the message says why, for people, and `hint` what to do."""

    def __init__(self, message: str, hint: str = "another file, or what cuecast makes itself: `music: ocean`") -> None:
        super().__init__(message)
        self.hint = hint


class Decoder(Struct):
    """A file that is being read: `rate` and `channels` are its own, `is_ogg` says in which order the channels come.

    `broken` tells, at its end, that it broke off.
    """

    rate: int
    channels: int
    raw: Iterator[Frames]
    claimed: int | None = None
    broken: bool = False
    is_ogg: bool = False

    def blocks(self) -> Iterator[Frames]:
        """What is in the file, at 48 kHz, both channels. Memory does not grow with it.

        Raises BadMusic where samples are no numbers.
        """
        resampler = _resampler(self.rate) if self.rate != SAMPLE_RATE else None
        mixing = _mixing(self.channels, self.is_ogg)
        seen = 0
        for block in self._read():
            seen += len(block)
            if (
                not -_SANE < block.min(initial=0.0) <= block.max(initial=0.0) < _SANE
            ):  # false, too, of what is no number
                raise BadMusic("it is damaged: it holds samples that are no numbers")
            both = block if mixing is None else block @ mixing
            if resampler is not None:
                both = resampler.resample_chunk(both)
            if len(both):
                yield both
        if resampler is not None and seen:
            yield resampler.resample_chunk(np.zeros((0, 2), np.float32), last=True)
        if self.claimed is not None and seen < self.claimed * _NEARLY:
            self.broken = True

    def _read(self) -> Iterator[Frames]:
        try:
            yield from self.raw
        except _decoding_faults():
            self.broken = True


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Decoder]:
    """The file at `path`, to be read. Raises BadMusic where it is of no kind that can be."""
    with _by_av(path) if is_aac(head_of(path)) else _by_soundfile(path) as decoder:
        if not (0 < decoder.channels <= 64 and 1_000 <= decoder.rate <= 768_000):
            raise BadMusic(f"it is damaged: it claims {decoder.channels} channels at {decoder.rate} Hz")
        yield decoder


def head_of(path: Path) -> bytes:
    """The first bytes of the file at `path`. Raises BadMusic where it is no plain file, or can't be read."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise BadMusic("it is a folder" if path.is_dir() else "it is no plain file")
        with path.open("rb") as file:
            head = file.read(16)
    except FileNotFoundError:
        raise BadMusic("it is not there") from None
    except OSError as fault:
        raise BadMusic(f"it can't be read: {(fault.strerror or 'the disk reports an error').lower()}") from None
    if not head:
        raise BadMusic("it is empty")
    return head


def is_aac(head: bytes) -> bool:
    """Whether it is of the MPEG-4 family, or bare AAC as radio stations send it."""
    return head[4:8] == b"ftyp" or (head[0] == 0xFF and len(head) > 1 and head[1] & 0xF6 == 0xF0)


@contextlib.contextmanager
def _by_soundfile(path: Path) -> Iterator[Decoder]:
    import soundfile

    try:
        with _quiet():
            file = soundfile.SoundFile(str(path))
    except (soundfile.SoundFileError, TypeError, ValueError):  # TypeError: a name that ends in `.raw`
        raise BadMusic(f"it is no music that can be read: {KINDS}, or it is damaged") from None
    with file:
        told = str(file.extra_info)
        cut = any(int(claimed) < _STREAMED for claimed, there in _CLAIMED.findall(told) if int(claimed) > int(there))
        is_broken, is_ogg = cut or _UNENDED in told, file.format == "OGG"
        decoder = Decoder(file.samplerate, file.channels, _soundfile_blocks(file), broken=is_broken, is_ogg=is_ogg)
        if file.format in ("FLAC", "MP3") and 0 < file.frames < 1 << 40:
            decoder.claimed = file.frames
        yield decoder


def _soundfile_blocks(file: Any) -> Iterator[Frames]:
    while True:
        with _quiet():
            block = file.read(BLOCK, dtype="float32", always_2d=True)
        if not len(block):
            return
        yield block


@contextlib.contextmanager
def _by_av(path: Path) -> Iterator[Decoder]:
    if not is_installed("av"):
        raise BadMusic(
            "M4A files need an extra that is not installed",
            "run `pip install 'cuecast[m4a]'`, or convert the file to MP3 or FLAC",
        )
    import av

    try:
        container = av.open(str(path))
    except (av.FFmpegError, ValueError, OSError):
        raise BadMusic(f"it is no music that can be read: {KINDS}, or it is damaged") from None
    with container:
        if not container.streams.audio:
            raise BadMusic("there is no sound in it")
        stream = container.streams.audio[0]
        if stream.codec_context is None:
            raise BadMusic("it is compressed in a way that is not known here")
        claimed = None
        if stream.duration and stream.time_base:
            claimed = int(stream.duration * stream.time_base * stream.codec_context.sample_rate)
        context = stream.codec_context
        yield Decoder(context.sample_rate, context.channels, _av_blocks(container, stream), claimed)


def _av_blocks(container: av.container.InputContainer, stream: av.AudioStream) -> Iterator[Frames]:
    import av

    context = stream.codec_context
    resampler = av.AudioResampler(format="flt", layout=context.layout, rate=context.sample_rate)
    for frame in container.decode(stream):
        for part in resampler.resample(frame):
            yield part.to_ndarray().reshape(-1, context.channels).astype(np.float32, copy=False)


def _decoding_faults() -> tuple[type[Exception], ...]:
    """What decoders raise in the middle of a file."""
    faults: list[type[Exception]] = [OSError, ValueError, RuntimeError]  # soundfile's are RuntimeErrors
    if "av" in sys.modules:
        import av

        faults.append(av.FFmpegError)
    return tuple(faults)


def _resampler(rate: int) -> Any:
    import soxr

    return soxr.ResampleStream(rate, SAMPLE_RATE, 2, dtype="float32", quality="HQ")


def _mixing(channels: int, is_ogg: bool) -> Frames | None:
    """How a file's channels become two; None where they are."""
    if channels == 2:
        return None
    if channels == 1:
        return np.ones((1, 2), np.float32)
    if channels in _LEFT:
        mixing = np.zeros((channels, 2), np.float32)
        places = _OF_OGG.get(channels) if is_ogg else None
        mixing[list(places or range(channels))] = np.array([_LEFT[channels], _RIGHT[channels]], np.float32).T
        return mixing
    mixing = np.zeros((channels, 2), np.float32)
    mixing[0::2, 0] = mixing[1::2, 1] = 1
    return mixing


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep libmpg123 from the terminal: it writes what it thinks of a file to the process's standard error."""
    with _one_at_a_time:
        try:
            kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
        except OSError:  # there is no standard error
            yield
            return
        try:
            os.dup2(nowhere, 2)
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            os.close(nowhere)
