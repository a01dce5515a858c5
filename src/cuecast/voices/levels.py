"""How loud: loudness and true peak after ITU-R BS.1770-4, and a limiter that holds a true peak."""

from __future__ import annotations

import functools

import numpy as np
import numpy.typing as npt

from cuecast.sound import SAMPLE_RATE, SAMPLES_PER_MS
from cuecast.voices.takes import Samples

OVERSAMPLING = 4
"""True peak is the peak at this many times the sample rate (BS.1770-4, Annex 2)."""

CEILING_DBTP = -2.0
"""True peak that no clip exceeds; MP3 adds up to 1 dB, and the track has to stay below -1."""

_LOOK_AHEAD_MS = 25
"""The gain falls this long before a peak and rises as long after: slower than a voice's pitch, faster than a word."""

# BS.1770-4, Annex 1, Tables 1 and 2: the two stages of the K-weighting at 48 kHz.
_SHELF = ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585))
_HIGH_PASS = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))
_RINGING = SAMPLE_RATE // 4  # the filters have died away (by 250 dB) after this

_BLOCK_STEP = SAMPLE_RATE // 10  # blocks of 400 ms, overlapping by 75 %
_ABSOLUTE_GATE = -70.0
_RELATIVE_GATE = -10.0


def loudness(samples: Samples) -> float:
    """Integrated loudness in LUFS of mono sound at 48 kHz (BS.1770-4, gated); -inf for silence.

    What is shorter than a block of 400 ms is measured as one block that ends with silence.
    """
    if len(samples) < 4 * _BLOCK_STEP:
        samples = np.pad(samples, (0, 4 * _BLOCK_STEP - len(samples)))
    weighted = _k_weighted(samples)
    steps = np.square(weighted[: len(weighted) // _BLOCK_STEP * _BLOCK_STEP]).reshape(-1, _BLOCK_STEP).mean(axis=1)
    blocks = (steps[:-3] + steps[1:-2] + steps[2:-1] + steps[3:]) / 4
    blocks = blocks[blocks > _power(_ABSOLUTE_GATE)]
    if not len(blocks):
        return -np.inf
    blocks = blocks[blocks > blocks.mean() * 10 ** (_RELATIVE_GATE / 10)]
    return float(-0.691 + 10 * np.log10(blocks.mean()))


def limiter(oversampled: Samples, gain_db: float) -> Samples:
    """The factor for each sample at 48 kHz that applies `gain_db` and holds the ceiling.

    `oversampled` is the sound at 192 kHz. The gain is worked out for blocks of a millisecond: never above what
    the blocks within the look-ahead allow, and smoothed over the same stretch, so that it arrives in time by
    a slope without corners. A sound that stays below the ceiling is only amplified.
    """
    factor = 10 ** (gain_db / 20)
    ceiling = 10 ** (CEILING_DBTP / 20)
    peaks = _block_peaks(oversampled, OVERSAMPLING * SAMPLES_PER_MS)
    allowed = factor * np.minimum(1.0, ceiling / np.maximum(factor * peaks, 1e-9))
    samples = -(-len(oversampled) // OVERSAMPLING)
    if allowed.min() == factor:
        return np.full(samples, factor, np.float32)
    # From the middle of each block to that of the next in a straight line.
    middles: Samples = np.pad(_smoothed(allowed), 1, mode="edge").astype(np.float32)[:, None]
    ramp: Samples = ((np.arange(SAMPLES_PER_MS) + 0.5) / SAMPLES_PER_MS).astype(np.float32)
    lines: Samples = middles[:-1] + (middles[1:] - middles[:-1]) * ramp
    half = SAMPLES_PER_MS // 2
    return lines.reshape(-1)[half : half + samples]


def _block_peaks(samples: Samples, block: int) -> npt.NDArray[np.float64]:
    """The highest absolute value in each block; the last block may be short."""
    whole = samples[: len(samples) // block * block].reshape(-1, block)
    peaks = np.maximum(whole.max(axis=1), -whole.min(axis=1))
    rest = samples[whole.size :]
    return np.append(peaks, np.abs(rest).max(initial=0.0)).astype(np.float64)


def _smoothed(allowed: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """A smooth curve that lies nowhere above `allowed`, nor above its neighbours' straight connections."""
    reach = _LOOK_AHEAD_MS
    # One more block each side than the smoothing reaches: between two centres the gain lies between both blocks'.
    padded = np.pad(allowed, 2 * reach + 1, mode="edge")
    lowest = np.lib.stride_tricks.sliding_window_view(padded, 2 * (reach + 1) + 1).min(axis=1)
    window = np.hanning(2 * reach + 1)
    return np.convolve(lowest, window / window.sum(), mode="valid")


def _k_weighted(samples: Samples) -> npt.NDArray[np.float64]:
    """The sound as BS.1770-4 weights it. Both filters at once, in the frequency domain: exact but for rounding."""
    size = fast_size(len(samples) + _RINGING)
    return np.fft.irfft(np.fft.rfft(samples.astype(np.float64), size) * _k_response(size), size)[: len(samples)]


@functools.lru_cache(maxsize=1)
def _k_response(size: int) -> npt.NDArray[np.complex128]:
    z = np.exp(-2j * np.pi * np.arange(size // 2 + 1) / size)
    response: npt.NDArray[np.complex128] = np.ones_like(z)
    for (b0, b1, b2), (a0, a1, a2) in (_SHELF, _HIGH_PASS):
        response *= (b0 + z * (b1 + z * b2)) / (a0 + z * (a1 + z * a2))
    return response


def fast_size(least: int) -> int:
    """The next size that is a small multiple of a power of two, on which the transform is quick."""
    power = 1 << max(0, (least - 1).bit_length() - 3)
    return -(-least // power) * power


def _power(lufs: float) -> float:
    return float(10 ** ((lufs + 0.691) / 10))
