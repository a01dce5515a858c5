"""Something like a song, as loud and as full as one, for beds: `song.py OUT.wav [SECONDS]`, stereo at 44,100 Hz.

Four chords with a bass, a broken chord that wanders from side to side, and a drum and a brush of noise on the beat.
The same samples every time; nobody holds a right to it.
"""

from __future__ import annotations

import sys
import wave
from pathlib import Path

import numpy as np
import numpy.typing as npt

RATE = 44_100
_BEAT_S = 0.5
_CHORDS = ((57, 60, 64), (53, 57, 60), (48, 52, 55), (55, 59, 62))
"""A minor, F, C, G, as MIDI numbers."""

Sound = npt.NDArray[np.float64]


def main(target: str, seconds: str = "180") -> None:
    draw = np.random.default_rng(5)
    beats = round(float(seconds) / _BEAT_S)
    with wave.open(str(Path(target)), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        for beat in range(beats):
            file.writeframes((np.clip(_beat(beat, draw), -1, 1) * 32_767).astype("<i2").tobytes())


def _beat(beat: int, draw: np.random.Generator) -> Sound:
    """The samples of a beat, two a frame."""
    at = np.arange(round(_BEAT_S * RATE)) / RATE
    chord = _CHORDS[beat // 4 % len(_CHORDS)]
    pad = sum(0.06 * _note(note, at, beat) for note in chord)
    bass = 0.22 * _note(chord[0] - 24, at, beat) * np.exp(-2 * at)
    high = 0.12 * _note(chord[beat % 3] + 12, at, beat) * np.exp(-5 * at)
    drum = 0.4 * np.sin(2 * np.pi * 55 * at) * np.exp(-18 * at) * (beat % 2 == 0)
    brush = 0.1 * draw.standard_normal((2, len(at))) * np.exp(-30 * at)
    side = 0.5 + 0.4 * np.sin(beat / 7)
    left, right = (pad + bass + drum + high * 2 * share for share in (1 - side, side))
    return np.stack([left + brush[0], right + brush[1]], axis=1).reshape(-1)


def _note(midi: int, at: Sound, beat: int) -> Sound:
    """A tone with some harmonics, which goes on through the beats."""
    hz = 440 * 2 ** ((midi - 69) / 12)
    phase = 2 * np.pi * hz * (at + beat * _BEAT_S)
    partials = np.arange(1, 6)[:, None]
    tone: Sound = (np.sin(partials * phase) / partials**1.5).sum(axis=0)
    return tone


if __name__ == "__main__":
    main(*sys.argv[1:])
