"""True peaks after ITU-R BS.1770-4, and a limiter that keeps them below a ceiling."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cuecast.model.audio_file import Samples
from cuecast.model.clip import SAMPLES_PER_MS

OVERSAMPLING = 4
"""True peak is the peak at this many times the sample rate that the sound needs (BS.1770-4, Annex 2)."""

CEILING_DBTP = -2.0
"""No clip's true peak is higher: MP3 adds up to 1 dB, and the track has to stay below -1."""

_LOOK_AHEAD_MS = 25
"""The gain falls this long before a peak and rises as long after: slower than a voice's pitch, faster than a word."""


def true_peaks(oversampled: Samples, per_ms: int) -> Samples:
    """The true peak of each millisecond, of `per_ms` samples; the last one may be short."""
    return np.maximum.reduceat(np.abs(oversampled), np.arange(0, len(oversampled), per_ms))


def limiter_gains(peaks: Samples, gain_db: float) -> npt.NDArray[np.float64]:
    """The factor for the middle of each millisecond that applies `gain_db` and keeps the ceiling.

    It is the least that the peaks within the look-ahead allow, smoothed over the same time. So it arrives in time,
    on a slope without corners. A sound below the ceiling is only amplified.
    """
    factor, ceiling = 10 ** (gain_db / 20), 10 ** (CEILING_DBTP / 20)
    allowed = factor * np.minimum(1.0, ceiling / np.maximum(factor * peaks.astype(np.float64), 1e-9))
    return allowed if allowed.min() == factor else _smooth(allowed)


def apply_gains(samples: Samples, gains: npt.NDArray[np.float64]) -> Samples:
    """48 kHz samples times the gains, which run in straight lines from one millisecond's middle to the next."""
    middles: Samples = np.pad(gains, 1, mode="edge").astype(np.float32)[:, None]
    ramp: Samples = ((np.arange(SAMPLES_PER_MS) + 0.5) / SAMPLES_PER_MS).astype(np.float32)
    lines: Samples = middles[:-1] + (middles[1:] - middles[:-1]) * ramp
    half = SAMPLES_PER_MS // 2
    return samples * lines.reshape(-1)[half : half + len(samples)]


def _smooth(allowed: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """A smooth curve that is nowhere above `allowed`, nor above the straight lines between its neighbours."""
    reach = _LOOK_AHEAD_MS
    # One block more at each side than the smoothing reaches: between two centres the gain lies between both blocks'.
    lowest = _sliding_minimum(np.pad(allowed, 2 * reach + 1, mode="edge"), 2 * (reach + 1) + 1)
    window = np.hanning(2 * reach + 1)
    return np.convolve(lowest, window / window.sum(), mode="valid")


def _sliding_minimum(values: npt.NDArray[np.float64], width: int) -> npt.NDArray[np.float64]:
    """The minimum of each window, by windows that double in width."""
    reached = 1
    while reached < width:
        step = min(reached, width - reached)
        values = np.minimum(values[:-step], values[step:])
        reached += step
    return values
