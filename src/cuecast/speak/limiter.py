"""A true peak after ITU-R BS.1770-4, and a limiter that holds it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cuecast.model.audio_file import Samples
from cuecast.model.clip import SAMPLES_PER_MS

OVERSAMPLING = 4
"""True peak is the peak at this many times the sample rate that the sound needs (BS.1770-4, Annex 2)."""

CEILING_DBTP = -2.0
"""True peak that no clip exceeds; MP3 adds up to 1 dB, and the track has to stay below -1."""

_LOOK_AHEAD_MS = 25
"""The gain falls this long before a peak and rises as long after: slower than a voice's pitch, faster than a word."""


def peaks(oversampled: Samples, per_ms: int) -> Samples:
    """The true peak of each millisecond, of `per_ms` samples; the last one may be short."""
    return np.maximum.reduceat(np.abs(oversampled), np.arange(0, len(oversampled), per_ms))


def gains(peaks: Samples, gain_db: float) -> npt.NDArray[np.float64]:
    """The factor for the middle of each millisecond that applies `gain_db` and holds the ceiling.

    Never above what the peaks within the look-ahead allow, and smoothed over the same stretch, so that it arrives
    in time by a slope without corners. A sound that stays below the ceiling is only amplified.
    """
    factor, ceiling = 10 ** (gain_db / 20), 10 ** (CEILING_DBTP / 20)
    allowed = factor * np.minimum(1.0, ceiling / np.maximum(factor * peaks.astype(np.float64), 1e-9))
    return allowed if allowed.min() == factor else _smoothed(allowed)


def ramped(gains: npt.NDArray[np.float64], samples: int) -> Samples:
    """The factor for each of so many samples at 48 kHz: from one middle to the next in a straight line."""
    middles: Samples = np.pad(gains, 1, mode="edge").astype(np.float32)[:, None]
    ramp: Samples = ((np.arange(SAMPLES_PER_MS) + 0.5) / SAMPLES_PER_MS).astype(np.float32)
    lines: Samples = middles[:-1] + (middles[1:] - middles[:-1]) * ramp
    half = SAMPLES_PER_MS // 2
    return lines.reshape(-1)[half : half + samples]


def _smoothed(allowed: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """A smooth curve that lies nowhere above `allowed`, nor above its neighbours' straight connections."""
    reach = _LOOK_AHEAD_MS
    # One more block each side than the smoothing reaches: between two centres the gain lies between both blocks'.
    lowest = _lowest(np.pad(allowed, 2 * reach + 1, mode="edge"), 2 * (reach + 1) + 1)
    window = np.hanning(2 * reach + 1)
    return np.convolve(lowest, window / window.sum(), mode="valid")


def _lowest(values: npt.NDArray[np.float64], width: int) -> npt.NDArray[np.float64]:
    """The lowest value in each window, by windows that double in width."""
    reached = 1
    while reached < width:
        step = min(reached, width - reached)
        values = np.minimum(values[:-step], values[step:])
        reached += step
    return values
