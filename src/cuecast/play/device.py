"""This machine's loudspeaker, and the decoded sound of an MP3, both by miniaudio."""

from __future__ import annotations

import contextlib
import os
import time
from array import array
from collections.abc import Generator, Iterator
from pathlib import Path

import miniaudio

from cuecast.errors import SetupError
from cuecast.model.clip import SAMPLE_BYTES, SAMPLE_RATE, SAMPLES_PER_MS
from cuecast.play.transport import Transport

_BUFFER_MS = 200
_STEREO_MS_BYTES = SAMPLES_PER_MS * SAMPLE_BYTES * 2
_POLL_S = 0.05
_TAIL_S = 0.3
"""From the last sample handed to the device until it was heard."""


@contextlib.contextmanager
def loudspeaker(transport: Transport, channels: int, silent: bool = False) -> Iterator[None]:
    """Play what the transport hands out, as long as the block lasts; `silent` plays to no device, in real time.

    Raises SetupError if there is no device.
    """

    def samples() -> Generator[bytes, int, None]:
        frames = yield b""
        while True:
            frames = yield transport.take(frames)

    source = samples()
    next(source)
    try:
        with silence_stderr():
            device = miniaudio.PlaybackDevice(
                output_format=miniaudio.SampleFormat.SIGNED16,
                nchannels=channels,
                sample_rate=SAMPLE_RATE,
                buffersize_msec=_BUFFER_MS,
                backends=[miniaudio.Backend.NULL] if silent else None,
                app_name="cuecast",
            )
    except miniaudio.MiniaudioError as fault:
        hint = "connect a loudspeaker or headphones; or render the track, and play it elsewhere"
        raise SetupError(f"there is nothing here that plays sound: {fault.args[0]}", hint) from None
    with contextlib.closing(device):
        device.start(source)
        yield
        if transport.finished:
            time.sleep(_TAIL_S)


def play_pcm(pcm: bytes, silent: bool = False) -> None:
    """Play mono samples to their end. Raises SetupError if there is no device."""
    ms_bytes = SAMPLES_PER_MS * SAMPLE_BYTES
    transport = Transport(lambda start, end: pcm[start * ms_bytes : end * ms_bytes], 1, len(pcm) // ms_bytes)
    with loudspeaker(transport, 1, silent):
        while not transport.finished:
            time.sleep(_POLL_S)


class Mp3Sound:
    """The sound of an MP3 in windows. Successive windows are quick; any other one seeks first."""

    channels = 2

    def __init__(self, path: Path) -> None:
        self._path = str(path)
        self._start = 0
        self._pcm = bytearray()
        self._stream: Generator[array[int], int, None] | None = None

    def __call__(self, start: int, end: int) -> bytes:
        """Return the PCM as `Transport` takes it; silence after the end."""
        if self._stream is None or not self._start <= start <= self._start + len(self._pcm) // _STEREO_MS_BYTES:
            self._stream = miniaudio.stream_file(
                self._path, nchannels=2, sample_rate=SAMPLE_RATE, seek_frame=start * SAMPLES_PER_MS
            )
            self._start, self._pcm = start, bytearray()
        while len(self._pcm) < (end - self._start) * _STEREO_MS_BYTES:
            block = next(self._stream, None)
            if block is None:
                break
            self._pcm += block.tobytes()
        size = (end - start) * _STEREO_MS_BYTES
        window = bytes(self._pcm[(start - self._start) * _STEREO_MS_BYTES :][:size])
        read = max(0, end - 1 - self._start)  # the next window may begin within the last millisecond
        del self._pcm[: read * _STEREO_MS_BYTES]
        self._start += read
        return window.ljust(size, b"\0")


@contextlib.contextmanager
def silence_stderr() -> Iterator[None]:
    """Drop everything written to the error stream, also by C code: ALSA prints thirty lines for each missing card."""
    try:
        copy = os.dup(2)
    except OSError:  # there is no error stream
        yield
        return
    try:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 2)
        os.close(null)
        yield
    finally:
        os.dup2(copy, 2)
        os.close(copy)
