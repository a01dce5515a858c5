"""Sound as the product knows it: 16-bit mono PCM at 48 kHz, and clips of it on disk."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

SAMPLE_RATE = 48_000
"""Samples a second: a millisecond is 48 of them and an MP3 frame is 24 ms, so no time is ever rounded."""

SAMPLES_PER_MS = SAMPLE_RATE // 1_000

SAMPLE_BYTES = 2
"""Bytes of one mono sample (signed 16-bit, little endian)."""

BYTES_PER_MS = SAMPLES_PER_MS * SAMPLE_BYTES


class UnusableAudioError(Exception):
    """Sound that no clip can be made of. The message says why, for people."""


class SilentAudioError(UnusableAudioError):
    """Silence in place of words: the voice has no sound for them, or its engine has failed."""


class Clip(Struct, frozen=True):
    """The sound of one utterance, on disk: `samples` of PCM as above, levelled and trimmed, from byte `offset` on.

    Clips of the same `mark` have the same samples; one without a mark says nothing of what it holds.
    """

    path: Path
    samples: int
    offset: int = 0
    mark: str = ""

    @property
    def ms(self) -> int:
        """Its length in milliseconds, rounded up."""
        return -(-self.samples // SAMPLES_PER_MS)

    def read(self) -> bytes:
        """Its PCM."""
        with self.path.open("rb") as file:
            file.seek(self.offset)
            return file.read(self.samples * SAMPLE_BYTES)
