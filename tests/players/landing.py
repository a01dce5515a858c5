"""Where a player lands: the sound after the skip is found again in the decoded track, by correlation."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.int16]

RATE = 8_000
FRAME = 0.024
"""Seconds of one MP3 frame at 48 kHz."""
AROUND = 60
"""Seconds on either side of the moment in which the sound is searched."""
PIECE = 4
"""Seconds of sound that are compared."""
FOUND = 0.8
"""The least correlation of a piece with the place where it was found."""
SKIPS = 5


def decode(*arguments: str | Path, data: bytes | None = None) -> Samples:
    """What ffmpeg decodes, as mono at 8 kHz. `arguments` name the input."""
    output = ["-f", "s16le", "-ac", "1", "-ar", str(RATE), "-"]
    done = subprocess.run(["ffmpeg", "-v", "error", *arguments, *output], input=data, capture_output=True, check=True)
    return np.frombuffer(done.stdout, np.int16)


def decode_raw(data: bytes) -> Samples:
    """The same of samples that a player handed over: 16 bits, mono, 48 kHz."""
    return decode("-f", "s16le", "-ac", "1", "-ar", "48000", "-i", "-", data=data)


@dataclass(frozen=True)
class Track:
    name: str
    path: Path
    starts: list[float]
    """Where the chapters begin (s)."""

    @cached_property
    def sound(self) -> Samples:
        return decode("-i", self.path)

    @cached_property
    def numbers(self) -> list[int]:
        """The chapters to which the players skip, spread over the track."""
        last = len(self.starts) - 1
        return [last * i // SKIPS for i in range(1, SKIPS + 1)]

    @cached_property
    def chapters(self) -> list[float]:
        return [self.starts[i] for i in self.numbers]

    @cached_property
    def moments(self) -> list[float]:
        """A moment soon after the start of each chapter, at which a frame begins and there is no silence.

        A recording from a browser does not tell a silence in the track from the wait for the first sound.
        """
        loud = np.abs(self.sound[: len(self.sound) // 16 * 16].reshape(-1, 16)).max(axis=1) > 8  # in each 2 ms
        return [self._first_moment(loud, start) for start in self.chapters]

    def _first_moment(self, loud: npt.NDArray[np.bool_], start: float) -> float:
        frame = int(start / FRAME)
        while not loud[int(frame * FRAME * 500) - 30 : int(frame * FRAME * 500) + 100].all():
            frame += 1
        return frame * FRAME

    def landing(self, heard: Samples, moment: float) -> float:
        """How much later (s) than at `moment` the sound `heard` begins in the track; infinite if it is not near."""
        piece = heard[: PIECE * RATE].astype(np.float64)
        first = max(0, int((moment - AROUND) * RATE))
        near = self.sound[first : int((moment + AROUND) * RATE)].astype(np.float64)
        if len(piece) < RATE:
            return np.inf
        size = 1 << (len(near) + len(piece)).bit_length()
        product = np.fft.irfft(np.fft.rfft(near, size) * np.conj(np.fft.rfft(piece, size)), size)
        energy = np.concatenate([[0.0], np.cumsum(near * near)])
        energy = energy[len(piece) :] - energy[: -len(piece)]
        correlation = product[: len(energy)] / np.sqrt(np.maximum(energy * (piece @ piece), 1))
        place = int(correlation.argmax())
        return (first + place) / RATE - moment if correlation[place] >= FOUND else np.inf
