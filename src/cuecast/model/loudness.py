"""Integrated loudness after ITU-R BS.1770-4."""

from __future__ import annotations

import functools

import numpy as np
import numpy.typing as npt

from cuecast.model.clip import SAMPLE_RATE

# BS.1770-4, Annex 1, Tables 1 and 2: the two stages of the K-weighting at 48 kHz.
_SHELF = ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585))
_HIGH_PASS = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))
_DECAY_PART = 4  # of a second: after this quarter the filters have died away by 250 dB

_BLOCK_S = 1  # is weighted at once

STEP_MS = 100
"""The step of the overlapping blocks of 400 ms in which loudness is measured."""

_BLOCK_STEPS = 4
_ABSOLUTE_GATE = -70.0
_RELATIVE_GATE = -10.0

Samples = npt.NDArray[np.float32]
"""One channel, at most 1.0."""

Powers = npt.NDArray[np.float64]


def loudness(samples: Samples) -> float:
    """Integrated loudness in LUFS of mono sound at 48 kHz (BS.1770-4, gated); -inf for silence.

    A shorter sound than a block of 400 ms is measured as one block that ends with silence.
    """
    return gated(powers(samples, SAMPLE_RATE))


def powers(samples: Samples, rate: int) -> Powers:
    """The mean power of each millisecond of mono sound, as BS.1770-4 weights it. `rate` is at most 48 kHz."""
    squares = np.square(_k_weighted(samples, rate), dtype=np.float64)
    if rate % 1000 == 0:
        whole: Powers = np.pad(squares, (0, -len(squares) % (rate // 1000))).reshape(-1, rate // 1000).mean(axis=1)
        return whole
    energy = np.cumsum(np.pad(squares, (1, 0)))
    ms = -(-len(samples) * 1000 // rate)
    per_ms = rate / 1000  # not a whole number at 22,050 Hz: the energy of a sample is divided
    powers: Powers = np.diff(np.interp(np.arange(ms + 1) * per_ms, np.arange(len(samples) + 1), energy)) / per_ms
    return powers


def gated(powers: Powers) -> float:
    """The loudness in LUFS, from the weighted power of each millisecond, summed over the channels."""
    short = _BLOCK_STEPS * STEP_MS - len(powers)
    return integrated(stepped(np.pad(powers, (0, max(0, short)))))


def stepped(powers: Powers) -> Powers:
    """The mean power of each whole step, from the power of each millisecond."""
    means: Powers = powers[: len(powers) // STEP_MS * STEP_MS].reshape(-1, STEP_MS).mean(axis=1)
    return means


def integrated(steps: Powers) -> float:
    """The loudness in LUFS, from the weighted power of each step; there must be four or more."""
    blocks = (steps[:-3] + steps[1:-2] + steps[2:-1] + steps[3:]) / _BLOCK_STEPS
    blocks = blocks[blocks > _power(_ABSOLUTE_GATE)]
    if not len(blocks):
        return -np.inf
    blocks = blocks[blocks > blocks.mean() * 10 ** (_RELATIVE_GATE / 10)]
    return float(-0.691 + 10 * np.log10(blocks.mean()))


def _k_weighted(samples: Samples, rate: int) -> Samples:
    """The sound as BS.1770-4 weights it: both filters at once, in the frequency domain.

    Block by block, because short transforms are faster; the decay of one block is added to the next. At 48 kHz this is
    exact but for rounding. At lower rates the filters are cut off at half the rate, and where blocks meet a millisecond
    may be wrong by a thousandth of the loudest.
    """
    length, decay = _BLOCK_S * rate, rate // _DECAY_PART
    size = _fast_size(length + decay)
    blocks = np.pad(samples, (0, -len(samples) % length)).reshape(-1, length)
    filtered = np.fft.irfft(np.fft.rfft(blocks, size) * _k_response(size, rate), size)
    weighted = filtered[:, :length].copy()
    weighted[1:, :decay] += filtered[:-1, length : length + decay]
    return weighted.reshape(-1)[: len(samples)].astype(np.float32, copy=False)


@functools.lru_cache(maxsize=1)
def _k_response(size: int, rate: int) -> npt.NDArray[np.complex64]:
    """The response of the filters, which are those at 48 kHz, at each frequency of a transform at `rate`."""
    z = np.exp(-2j * np.pi * (rate / SAMPLE_RATE) * np.arange(size // 2 + 1) / size)
    response: npt.NDArray[np.complex128] = np.ones_like(z)
    for (b0, b1, b2), (a0, a1, a2) in (_SHELF, _HIGH_PASS):
        response *= (b0 + z * (b1 + z * b2)) / (a0 + z * (a1 + z * a2))
    return response.astype(np.complex64)


def _fast_size(least: int) -> int:
    """The next small multiple of a power of two: a size at which the transform is fast."""
    power = 1 << max(0, (least - 1).bit_length() - 3)
    return -(-least // power) * power


def _power(lufs: float) -> float:
    return float(10 ** ((lufs + 0.691) / 10))
