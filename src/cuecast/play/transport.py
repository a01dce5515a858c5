"""Where in the sound we are: what the loudspeaker asks for, from its own thread, and what a person has pressed."""

from __future__ import annotations

import threading
from collections.abc import Callable

from cuecast.model.clip import SAMPLE_BYTES, SAMPLES_PER_MS

Sound = Callable[[int, int], bytes]
"""PCM from one moment to another one (ms): signed 16-bit at 48 kHz, interleaved."""


class Transport:
    """Hands out the sound in whatever portions are asked for. Time is what was handed out: the device's own."""

    def __init__(self, sound: Sound, channels: int, duration: int, start: int = 0) -> None:
        """`duration` and `start` in ms."""
        self._sound = sound
        self._frame = channels * SAMPLE_BYTES
        self._end = duration * SAMPLES_PER_MS
        self._at = min(start * SAMPLES_PER_MS, self._end)
        self._lock = threading.Lock()
        self._paused = False

    @property
    def ms(self) -> int:
        """How far it is."""
        return self._at // SAMPLES_PER_MS

    @property
    def done(self) -> bool:
        """Whether all was handed out."""
        return self._at >= self._end

    @property
    def paused(self) -> bool:
        """Whether silence is handed out until it goes on."""
        return self._paused

    def take(self, frames: int) -> bytes:
        """The next so many frames; silence while it is paused and behind the end."""
        with self._lock:
            count = 0 if self._paused else min(frames, self._end - self._at)
            first, last = self._at, self._at + count
            start, end = first // SAMPLES_PER_MS, -(-last // SAMPLES_PER_MS)
            pcm = self._sound(start, end) if count else b""
            skip = (first - start * SAMPLES_PER_MS) * self._frame
            self._at = last
        return pcm[skip : skip + count * self._frame].ljust(frames * self._frame, b"\0")

    def toggle(self) -> None:
        """Pause, or go on."""
        self._paused = not self._paused

    def seek(self, ms: int) -> None:
        """Go on from there."""
        with self._lock:
            self._at = max(0, min(ms * SAMPLES_PER_MS, self._end))
