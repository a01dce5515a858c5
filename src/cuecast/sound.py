"""Sound as the product knows it: 16-bit mono PCM at 48 kHz, clips of speech, and the tones' score sheet."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

SAMPLE_RATE = 48_000
"""Samples a second: a millisecond is 48 of them and an MP3 frame is 24 ms, so no time is ever rounded."""

SAMPLES_PER_MS = SAMPLE_RATE // 1_000

SAMPLE_BYTES = 2
"""Bytes of one mono sample (signed 16-bit, little endian)."""


@dataclass(frozen=True, slots=True)
class Clip:
    """The sound of one utterance, on disk: raw PCM as above, levelled and trimmed, `samples` long."""

    path: Path
    samples: int

    @property
    def ms(self) -> int:
        """Its length in milliseconds, rounded up."""
        return -(-self.samples // SAMPLES_PER_MS)

    def read(self) -> bytes:
        """Its PCM."""
        return self.path.read_bytes()


@dataclass(frozen=True, slots=True)
class Note:
    """One sounding part of a tone: `hz` with its harmonics' weights, from `start` for `ms` milliseconds."""

    hz: float
    start: int
    ms: int
    harmonics: tuple[float, ...] = (1.0,)


@dataclass(frozen=True, slots=True)
class Tone:
    """A beep's score: notes, total length in ms, peak in dBFS, and how it fades (`ring` is a bell's decay)."""

    name: str
    notes: tuple[Note, ...]
    ms: int
    peak_dbfs: float
    attack_ms: float = 4.0
    release_ms: float = 20.0
    ring: bool = False

    @property
    def hz(self) -> int:
        """The pitch by which the timeline names it: that of its first note."""
        return round(self.notes[0].hz)
