"""How loud: loudness and true peak after ITU-R BS.1770-4, and a limiter that holds a true peak."""

from __future__ import annotations

import functools

import numpy as np
import numpy.typing as npt

from cuecast.sound import SAMPLE_RATE, SAMPLES_PER_MS
from cuecast.voices.takes import Samples

OVERSAMPLING = 4
"""True peak is the peak at this many times the sample rate that the sound needs (BS.1770-4, Annex 2)."""

CEILING_DBTP = -2.0
"""True peak that no clip exceeds; MP3 adds up to 1 dB, and the track has to stay below -1."""

_LOOK_AHEAD_MS = 25
"""The gain falls this long before a peak and rises as long after: slower than a voice's pitch, faster than a word."""

# BS.1770-4, Annex 1, Tables 1 and 2: the two stages of the K-weighting at 48 kHz.
_SHELF = ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585))
_HIGH_PASS = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))
_RINGS = 4  # the filters have died away (by 250 dB) after this part of a second

_BLOCK_S = 1  # of sound that is weighted at once

_STEP_MS = 100  # blocks of 400 ms, overlapping by 75 %
_BLOCK_STEPS = 4
_ABSOLUTE_GATE = -70.0
_RELATIVE_GATE = -10.0

Powers = npt.NDArray[np.float64]


def loudness(samples: Samples) -> float:
    """Integrated loudness in LUFS of mono sound at 48 kHz (BS.1770-4, gated); -inf for silence.

    What is shorter than a block of 400 ms is measured as one block that ends with silence.
    """
    return gated(powers(samples, SAMPLE_RATE))


def powers(samples: Samples, rate: int) -> Powers:
    """The mean power of each millisecond of mono sound, as BS.1770-4 weights it. `rate` is at most 48 kHz."""
    energy = np.cumsum(np.pad(np.square(_k_weighted(samples, rate), dtype=np.float64), (1, 0)))
    ms = -(-len(samples) * 1000 // rate)
    per_ms = rate / 1000  # no whole number at 22,050 Hz and the like: what a sample holds is shared
    powers: Powers = np.diff(np.interp(np.arange(ms + 1) * per_ms, np.arange(len(samples) + 1), energy)) / per_ms
    return powers


def gated(powers: Powers) -> float:
    """The loudness in LUFS of sound whose weighted power in each millisecond is given."""
    short = _BLOCK_STEPS * _STEP_MS - len(powers)
    powers = np.pad(powers, (0, max(0, short)))
    steps = powers[: len(powers) // _STEP_MS * _STEP_MS].reshape(-1, _STEP_MS).mean(axis=1)
    blocks = (steps[:-3] + steps[1:-2] + steps[2:-1] + steps[3:]) / _BLOCK_STEPS
    blocks = blocks[blocks > _power(_ABSOLUTE_GATE)]
    if not len(blocks):
        return -np.inf
    blocks = blocks[blocks > blocks.mean() * 10 ** (_RELATIVE_GATE / 10)]
    return float(-0.691 + 10 * np.log10(blocks.mean()))


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


def _k_weighted(samples: Samples, rate: int) -> npt.NDArray[np.float64]:
    """The sound as BS.1770-4 weights it. Both filters at once, in the frequency domain.

    Block by block, because short transforms are quicker; how one rings on is added to the next. At 48 kHz that is
    exact but for rounding; at lower rates the filters are cut off at half the rate, and where blocks meet a millisecond
    may be off by a thousandth of the loudest.
    """
    length, rings = _BLOCK_S * rate, rate // _RINGS
    size = fast_size(length + rings)
    blocks = np.pad(samples, (0, -len(samples) % length)).reshape(-1, length)
    ringing = np.fft.irfft(np.fft.rfft(blocks, size) * _k_response(size, rate), size)
    weighted = ringing[:, :length].copy()
    weighted[1:, :rings] += ringing[:-1, length : length + rings]
    return weighted.reshape(-1)[: len(samples)]


@functools.lru_cache(maxsize=1)
def _k_response(size: int, rate: int) -> npt.NDArray[np.complex128]:
    """What the filters at 48 kHz do to each frequency of a transform at `rate`."""
    z = np.exp(-2j * np.pi * (rate / SAMPLE_RATE) * np.arange(size // 2 + 1) / size)
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
