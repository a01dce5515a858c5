"""A model of hearing: a phone's loudspeaker, noise, and the features by which an untrained listener knows a tone.

These are the gesture, not the pitch: how many strokes, whether they rise or fall, how fast they begin and decay, and
how long they last.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cuecast.model.clip import SAMPLE_RATE, SAMPLES_PER_MS

Wave = npt.NDArray[np.float64]

HOP = 5 * SAMPLES_PER_MS
_SMOOTH = 20 * SAMPLES_PER_MS
_PITCH = 60 * SAMPLES_PER_MS


def spectrum(wave: Wave) -> tuple[Wave, Wave]:
    """Frequencies in Hz, and the power at each."""
    size = 1 << max(16, len(wave).bit_length())
    power: Wave = np.abs(np.fft.rfft(wave, size)) ** 2
    return _frequencies(size), power


def a_weighting(hz: Wave) -> Wave:
    """Power gain of IEC 61672's curve A, 1 at 1 kHz."""
    f2 = np.maximum(hz, 1e-6) ** 2
    amplitude = 12_194.0**2 * f2**2 / ((f2 + 20.6**2) * np.sqrt((f2 + 107.7**2) * (f2 + 737.9**2)) * (f2 + 12_194.0**2))
    weight: Wave = amplitude**2 * 10**0.2
    return weight


def loudspeaker(hz: Wave) -> Wave:
    """Power gain of a phone's: 24 dB an octave off below 500 Hz and above 8 kHz."""
    low, high = (np.maximum(hz, 1e-6) / 500) ** 8, (hz / 8_000) ** 8
    gain: Wave = low / (1 + low) / (1 + high)
    return gain


def on_a_phone(wave: Wave) -> Wave:
    """Through a phone's loudspeaker."""
    filtered: Wave = np.fft.irfft(np.fft.rfft(wave) * np.sqrt(loudspeaker(_bins(wave))), len(wave))
    return filtered


def in_noise(wave: Wave, below_db: float, seed: int) -> Wave:
    """With pink noise so far below the tone's own power."""
    hz = _bins(wave)
    white = np.fft.rfft(np.random.default_rng(seed).normal(0, 1, len(wave)))
    pink = np.fft.irfft(white * np.where(hz > 20, 1 / np.sqrt(np.maximum(hz, 20)), 0), len(wave))
    loud = wave[np.abs(wave) > np.abs(wave).max() / 100]
    noisy: Wave = wave + pink * np.sqrt(np.mean(loud**2) / np.mean(pink**2)) * 10 ** (-below_db / 20)
    return noisy


@dataclass(frozen=True)
class Gesture:
    """The features. Steps are in semitones, from the first note to the last and within the first."""

    notes: int
    step: float
    slide: float
    length_ms: float
    attack_ms: float
    decay_db: float

    def distance(self, other: Gesture) -> float:
        """How different two are: 1 is a difference that an untrained listener just notices."""
        parts = (
            (self.notes - other.notes) / 0.5,
            (np.clip(self.step, -9, 9) - np.clip(other.step, -9, 9)) / 2,
            (np.clip(self.slide, -9, 9) - np.clip(other.slide, -9, 9)) / 2,
            np.log2(self.length_ms / other.length_ms) / 0.5,
            np.log2(self.attack_ms / other.attack_ms) / 1.5,
            (self.decay_db - other.decay_db) / 4,
        )
        return float(np.sqrt(np.sum(np.square(parts))))


def gesture_of(wave: Wave) -> Gesture:
    """The gesture of a tone with silence around it."""
    banded = np.fft.rfft(wave)
    hz = _bins(wave)
    banded[(hz < 250) | (hz > 6_000)] = 0
    wave = np.fft.irfft(banded, len(wave))
    power = np.convolve(wave**2, np.hanning(_SMOOTH), "same")[::HOP]
    level = 10 * np.log10(np.maximum(power / power.max(), 1e-9))
    sounding = np.flatnonzero(level > -14)
    first, last = int(sounding[0]), int(sounding[-1])
    onsets = _onsets(level, first, last)
    pitches = [_pitch(wave, onset) for onset in (onsets[0], onsets[-1])]
    done = min(last, onsets[1] if len(onsets) > 1 else last)
    slid = _pitch(wave, max(onsets[0], done - _PITCH // HOP - 4))
    high = int(np.flatnonzero(level[first:] > -6)[0]) + first
    low = np.flatnonzero(level[:high] < -20)
    fall = level[onsets[-1] : last + 1]
    tail = fall[5 : min(35, max(8, len(fall) * 2 // 3))]  # up to 150 ms, without attack and release
    slope = float(np.polyfit(np.arange(len(tail)), tail, 1)[0]) * 20
    return Gesture(
        notes=len(onsets),
        step=12 * float(np.log2(pitches[1] / pitches[0])),
        slide=12 * float(np.log2(slid / pitches[0])),
        length_ms=(last - first + 1) * 5.0,
        attack_ms=max(5.0, (high - (int(low[-1]) if len(low) else 0)) * 5.0),
        decay_db=min(0.0, slope),
    )


def _onsets(level: Wave, first: int, last: int) -> list[int]:
    """Where it begins, and where it rises again by 2.5 dB within 25 ms."""
    onsets = [first]
    for at in range(first + 16, last):
        if level[at] - level[at - 5] > 2.5 and at - onsets[-1] > 16:
            onsets.append(at - 2)
    return onsets


def _pitch(wave: Wave, at: int) -> float:
    """In Hz, of what is loudest in the 60 ms from 20 ms after `at` on."""
    start = at * HOP + 20 * SAMPLES_PER_MS
    part = wave[start : start + _PITCH]
    hz, power = spectrum(part * np.hanning(len(part)))
    return float(hz[np.argmax(power)])


def _bins(wave: Wave) -> Wave:
    return _frequencies(len(wave))


def _frequencies(size: int) -> Wave:
    hz: Wave = np.fft.rfftfreq(size, 1 / SAMPLE_RATE).astype(np.float64)
    return hz
