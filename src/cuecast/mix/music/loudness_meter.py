"""A sound measured as it goes by: where it begins and ends, how loud it is, its peak, how far off zero it lies."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

from cuecast.model.clip import SAMPLE_RATE, SAMPLES_PER_MS
from cuecast.model.loudness import STEP_MS, Powers, integrated, powers, stepped

Frames = npt.NDArray[np.float32]
"""One row a sample, left and right."""

_SILENCE_DBFS = -70.0  # of 10 ms
_LOOK_MS = 10
_LOOK = _LOOK_MS * SAMPLES_PER_MS
_PRE_ROLL_MS = 300  # the filters of the loudness have died away after a quarter of a second; whole steps
_STEPS_A_BLOCK = 4


class Meter:
    """Measures what it is given: first the whole sound passes through `trimmed`, then all of that through `add`."""

    def __init__(self) -> None:
        self._frames = 0
        self._sounding = 0  # frames up to the last sound
        self._before: Frames = np.zeros((2, 0), np.float32)
        self._steps: list[Powers] = []
        self._sum = np.zeros(2)
        self._low = np.full(2, np.inf)
        self._high = np.full(2, -np.inf)

    def trimmed(self, sound: Iterable[Frames]) -> Iterator[Frames]:
        """The sound without the silence that it begins with."""
        begun = False
        rest: Frames = np.zeros((0, 2), np.float32)
        for block in sound:
            if begun:
                yield block
                continue
            block = np.concatenate([rest, block])
            looks = len(block) // _LOOK
            loud = np.flatnonzero(_loud(np.ascontiguousarray(block[: looks * _LOOK].T)))
            begun = len(loud) > 0
            if begun:
                yield block[loud[0] * _LOOK :]
            else:
                rest = block[looks * _LOOK :]

    def add(self, frames: Frames) -> None:
        """Measure the next part: 30 s, or any other number of whole steps, but for the last one."""
        sides = np.ascontiguousarray(frames.T)  # numpy is slow along columns of two
        loud = np.flatnonzero(_loud(sides))
        if len(loud):
            self._sounding = self._frames + min(len(frames), (int(loud[-1]) + 1) * _LOOK)
        self._frames += len(frames)
        joined = np.concatenate([self._before, sides], axis=1)
        before_ms = self._before.shape[1] // SAMPLES_PER_MS
        both = sum(powers(side, SAMPLE_RATE)[before_ms:] for side in joined)
        assert isinstance(both, np.ndarray)
        self._steps.append(stepped(np.pad(both, (0, -len(both) % STEP_MS))))
        self._before = sides[:, -_PRE_ROLL_MS * SAMPLES_PER_MS :]
        self._sum += sides.sum(axis=1, dtype=np.float64)
        self._low = np.minimum(self._low, sides.min(axis=1, initial=np.inf))
        self._high = np.maximum(self._high, sides.max(axis=1, initial=-np.inf))

    def result(self) -> tuple[int, float, float, tuple[float, float]]:
        """Its length in whole ms up to the last sound, its loudness in LUFS, its peak, and its offset."""
        ms = self._sounding // SAMPLES_PER_MS
        if not ms:
            return 0, -math.inf, 0.0, (0.0, 0.0)
        mean = self._sum / self._frames
        offset = np.where(np.abs(mean) > 1e-3 * (self._high - self._low), np.round(mean, 7), 0.0)
        peak = float(np.maximum(self._high - offset, offset - self._low).max())
        steps = np.concatenate(self._steps)[: max(-(-ms // STEP_MS), _STEPS_A_BLOCK)]
        steps = np.pad(steps, (0, max(0, _STEPS_A_BLOCK - len(steps))))
        # Measured at full scale, so that a faint recording does not fall under the gate.
        lufs = integrated(steps / peak**2) + 20 * math.log10(peak)
        return ms, round(lufs, 2), float(f"{peak:.6g}"), (float(offset[0]), float(offset[1]))


def _loud(sides: Frames) -> npt.NDArray[np.bool_]:
    """Which stretches of 10 ms, of left and right, hold sound. What lies off zero and does not move is none."""
    if not sides.size:
        return np.zeros(0, np.bool_)
    looks = np.pad(sides, ((0, 0), (0, -sides.shape[1] % _LOOK)), mode="edge").reshape(2, -1, _LOOK)
    loud: npt.NDArray[np.bool_] = looks.var(axis=2).max(axis=0) > 10 ** (_SILENCE_DBFS / 10)
    return loud
