"""This machine's loudspeaker, and the sound of an MP3, both by miniaudio (extra `play`)."""

from __future__ import annotations

import contextlib
import os
from array import array
from collections.abc import Generator, Iterator
from pathlib import Path
from types import ModuleType

from cuecast.errors import SetupError
from cuecast.model.clip import SAMPLE_RATE, SAMPLES_PER_MS
from cuecast.play.transport import Transport

_BUFFER_MS = 200
_MS_BYTES = SAMPLES_PER_MS * 2 * 2  # of two channels


def miniaudio() -> ModuleType:
    """The library. Raises SetupError where it is not installed."""
    try:
        import miniaudio as found
    except ImportError:
        raise SetupError("playing needs miniaudio, which is not here", "pip install 'cuecast[play]'") from None
    module: ModuleType = found
    return module


@contextlib.contextmanager
def unheard() -> Iterator[None]:
    """Nothing that is written to the error stream meanwhile arrives there, be it by C code.

    ALSA tells each card that it does not find in some thirty lines, which would bury what we have to say.
    """
    try:
        kept = os.dup(2)
    except OSError:  # there is none
        yield
        return
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 2)
        os.close(nowhere)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


@contextlib.contextmanager
def loudspeaker(transport: Transport, channels: int, silent: bool = False) -> Iterator[None]:
    """Play what the transport hands out, as long as the block lasts; `silent` plays to nobody, in real time.

    Raises SetupError where there is no device.
    """
    library = miniaudio()

    def asked() -> Generator[bytes, int, None]:
        frames = yield b""
        while True:
            frames = yield transport.take(frames)

    source = asked()
    next(source)
    try:
        with unheard():
            device = library.PlaybackDevice(
                output_format=library.SampleFormat.SIGNED16,
                nchannels=channels,
                sample_rate=SAMPLE_RATE,
                buffersize_msec=_BUFFER_MS,
                backends=[library.Backend.NULL] if silent else None,
                app_name="cuecast",
            )
    except library.MiniaudioError as fault:
        hint = "connect a loudspeaker or headphones; or render the track, and play it elsewhere"
        raise SetupError(f"there is nothing here that plays sound: {fault.args[0]}", hint) from None
    with contextlib.closing(device):
        device.start(source)
        yield


class Mp3Sound:
    """The sound of an MP3, in windows; one after the other is quick, elsewhere it goes there first."""

    channels = 2

    def __init__(self, path: Path) -> None:
        self._path = str(path)
        self._from = 0
        self._pcm = bytearray()
        self._stream: Generator[array[int], int, None] | None = None

    def __call__(self, start: int, end: int) -> bytes:
        """PCM, as `Transport` wants it; silence behind the end."""
        if self._stream is None or not self._from <= start <= self._from + len(self._pcm) // _MS_BYTES:
            self._stream = miniaudio().stream_file(
                self._path, nchannels=2, sample_rate=SAMPLE_RATE, seek_frame=start * SAMPLES_PER_MS
            )
            self._from, self._pcm = start, bytearray()
        while len(self._pcm) < (end - self._from) * _MS_BYTES:
            part = next(self._stream, None)
            if part is None:
                break
            self._pcm += part.tobytes()
        size = (end - start) * _MS_BYTES
        found = bytes(self._pcm[(start - self._from) * _MS_BYTES :][:size])
        read = max(0, end - 1 - self._from)  # windows meet within a millisecond, which is asked for twice
        del self._pcm[: read * _MS_BYTES]
        self._from += read
        return found.ljust(size, b"\0")
