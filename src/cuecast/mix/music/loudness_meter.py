"""Measures a sound as it passes: its length, its loudness, its peak, and how far it lies off zero."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from cuecast.model.clip import SAMPLE_RATE, SAMPLES_PER_MS
from cuecast.model.loudness import STEP_MS, Powers, integrated, powers, stepped

Frames = npt.NDArray[np.float32]
"""Stereo at 48 kHz: one row a sample, left and right."""

_SILENCE_DBFS = -70.0
_BLOCK = 10 * SAMPLES_PER_MS  # frames that are sound or silence together
_PRE_ROLL_MS = 300  # the filters of the loudness have died away after a quarter of a second; whole steps
_STEPS_A_GATE = 4
_REFERENCE_LUFS = -16.0  # a voice of -19 LUFS in mono, with its samples in both channels of stereo
_PEAK_DB = -8.5  # before it ducks: ducked by 12 dB, it leaves a voice that peaks at -2 dBTP below -1


class Measures(Struct, frozen=True):
    """What is known of a sound: its length in whole ms up to its last sound, its BS.1770 loudness, its peak.

    `offset` is how far off zero left and right lie on average; the peak (1.0 is full scale) is without it. `whole` is
    False if only the first part of a file was wanted, `broken` True if the file broke off.
    """

    ms: int
    lufs: float
    peak: float
    offset: tuple[float, float] = (0.0, 0.0)
    whole: bool = True
    broken: bool = False

    @property
    def reference_gain(self) -> float:
        """What makes it as loud as the voice, in dB."""
        return round(_REFERENCE_LUFS - self.lufs, 2)

    @property
    def max_gain(self) -> float:
        """The gain at which its peak is as high as a bed's may be, in dB."""
        return round(_PEAK_DB - 20 * math.log10(self.peak), 2)


def without_leading_silence(sound: Iterable[Frames]) -> Iterator[Frames]:
    """The sound from the first 10 ms that are not silent."""
    started = False
    rest: Frames = np.zeros((0, 2), np.float32)
    for block in sound:
        if started:
            yield block
            continue
        block = np.concatenate([rest, block])
        whole = len(block) // _BLOCK * _BLOCK
        loud = np.flatnonzero(_loud_blocks(np.ascontiguousarray(block[:whole].T)))
        started = len(loud) > 0
        if started:
            yield block[loud[0] * _BLOCK :]
        else:
            rest = block[whole:]


class LoudnessMeter:
    """Give it the sound with `add`, in parts of whole steps of 100 ms (the last may be shorter), then call `measures`."""

    def __init__(self) -> None:
        self._frames = 0
        self._last_sound = 0
        self._pre_roll: Frames = np.zeros((2, 0), np.float32)
        self._steps: list[Powers] = []
        self._sum = np.zeros(2)
        self._low = np.full(2, np.inf)
        self._high = np.full(2, -np.inf)

    def add(self, frames: Frames) -> None:
        """Measure the next part."""
        sides = np.ascontiguousarray(frames.T)  # numpy is slow along columns of two
        loud = np.flatnonzero(_loud_blocks(sides))
        if len(loud):
            self._last_sound = self._frames + min(len(frames), (int(loud[-1]) + 1) * _BLOCK)
        self._frames += len(frames)
        before_ms = self._pre_roll.shape[1] // SAMPLES_PER_MS
        left, right = (
            powers(side, SAMPLE_RATE)[before_ms:] for side in np.concatenate([self._pre_roll, sides], axis=1)
        )
        self._steps.append(stepped(np.pad(left + right, (0, -len(left) % STEP_MS))))
        self._pre_roll = sides[:, -_PRE_ROLL_MS * SAMPLES_PER_MS :]
        self._sum += sides.sum(axis=1, dtype=np.float64)
        self._low = np.minimum(self._low, sides.min(axis=1, initial=np.inf))
        self._high = np.maximum(self._high, sides.max(axis=1, initial=-np.inf))

    def measures(self) -> Measures:
        """What was measured; silence has no length."""
        ms = self._last_sound // SAMPLES_PER_MS
        if not ms:
            return Measures(0, -math.inf, 0.0)
        mean = self._sum / self._frames
        offset = np.where(np.abs(mean) > 1e-3 * (self._high - self._low), np.round(mean, 7), 0.0)
        peak = float(np.maximum(self._high - offset, offset - self._low).max())
        steps = np.concatenate(self._steps)[: max(-(-ms // STEP_MS), _STEPS_A_GATE)]
        steps = np.pad(steps, (0, max(0, _STEPS_A_GATE - len(steps))))
        # Measured at full scale, so that a faint recording does not fall under the gate.
        lufs = integrated(steps / peak**2) + 20 * math.log10(peak)
        return Measures(ms, round(lufs, 2), float(f"{peak:.6g}"), (float(offset[0]), float(offset[1])))


def _loud_blocks(sides: Frames) -> npt.NDArray[np.bool_]:
    """Which blocks of 10 ms hold sound on the left or right. A constant value off zero is silence."""
    if not sides.size:
        return np.zeros(0, np.bool_)
    blocks = np.pad(sides, ((0, 0), (0, -sides.shape[1] % _BLOCK)), mode="edge").reshape(2, -1, _BLOCK)
    loud: npt.NDArray[np.bool_] = blocks.var(axis=2).max(axis=0) > 10 ** (_SILENCE_DBFS / 10)
    return loud
