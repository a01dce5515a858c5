"""The position in the sound: the device's thread takes samples from it, the user's thread pauses and seeks."""

from __future__ import annotations

import threading
from collections.abc import Callable

from cuecast.model.clip import SAMPLE_BYTES, SAMPLES_PER_MS

Sound = Callable[[int, int], bytes]
"""Returns the PCM from one moment to another (ms): signed 16-bit at 48 kHz, interleaved."""


class Transport:
    """Hands out the sound in portions of any size. Its time is what was handed out: the device's own clock."""

    def __init__(self, sound: Sound, channels: int, duration: int, start: int = 0) -> None:
        """`duration` and `start` in ms."""
        self._sound = sound
        self._frame_bytes = channels * SAMPLE_BYTES
        self._end = duration * SAMPLES_PER_MS
        self._position = min(start * SAMPLES_PER_MS, self._end)
        self._lock = threading.Lock()
        self.paused = False
        """While true, silence is handed out."""

    @property
    def ms(self) -> int:
        """The position."""
        return self._position // SAMPLES_PER_MS

    @property
    def finished(self) -> bool:
        """Whether all sound was handed out."""
        return self._position >= self._end

    def take(self, frames: int) -> bytes:
        """Return the next frames; silence during a pause and after the end."""
        with self._lock:
            count = 0 if self.paused else min(frames, self._end - self._position)
            first, last = self._position, self._position + count
            start, end = first // SAMPLES_PER_MS, -(-last // SAMPLES_PER_MS)
            pcm = self._sound(start, end) if count else b""
            skip = (first - start * SAMPLES_PER_MS) * self._frame_bytes
            self._position = last
        return pcm[skip : skip + count * self._frame_bytes].ljust(frames * self._frame_bytes, b"\0")

    def seek(self, ms: int) -> None:
        """Continue at that moment."""
        with self._lock:
            self._position = max(0, min(ms * SAMPLES_PER_MS, self._end))
