"""How loud the bed is at each moment. Times are in ms, gains in dB. All curves are smooth, without corners."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from operator import itemgetter

import numpy as np
import numpy.typing as npt
from msgspec import Struct

DUCK_DB = -12.0
BEFORE_MS, AFTER_MS = 250, 600
"""The bed is fully ducked from so long before speech to so long after it."""

DOWN_MS, UP_MS = 200, 600
"""How long it takes to duck, before that, and to come back, after that."""

GLIDE_MS = 1_500
"""How long a change of gain takes."""

Values = npt.NDArray[np.float64]


def smooth_rise(at: Values) -> Values:
    """From 0 to 1 as `at` goes from 0 to 1. Plain arithmetic only: the same bits on every machine."""
    at = np.clip(at, 0.0, 1.0)
    return at * at * (3.0 - 2.0 * at)


def equal_power_rise(at: Values) -> Values:
    """From 0 to 1 as `at` goes from 0 to 1. If one sound rises while another falls, their power stays even."""
    factors: Values = np.sin(np.clip(at, 0.0, 1.0) * (np.pi / 2))
    return factors


class Faded(Struct, frozen=True):
    """Something that sounds from `start` to `end` and is faded in and out (0 ms is no fade).

    `crossed_in` and `crossed_out` are True if another sound falls or rises meanwhile.
    """

    start: int
    end: int
    fade_in: int
    fade_out: int
    crossed_in: bool = True
    crossed_out: bool = True

    def fades(self, times: Values) -> Values:
        """The factors at these times, which lie between its start and its end."""
        factors = np.ones_like(times)
        if times[0] < self.start + self.fade_in:
            rise = equal_power_rise if self.crossed_in else smooth_rise
            factors *= rise((times - self.start) / self.fade_in)
        if times[-1] > self.end - self.fade_out:
            rise = equal_power_rise if self.crossed_out else smooth_rise
            factors *= rise((self.end - times) / self.fade_out)
        return factors

    def recipe(self, start: int, end: int) -> list[object]:
        """What the factors between two times depend on, relative to the first time."""
        recipe: list[object] = []
        if start < self.start + self.fade_in:
            recipe.append(["in", self.start - start, self.fade_in, self.crossed_in])
        if end > self.end - self.fade_out:
            recipe.append(["out", self.end - start, self.fade_out, self.crossed_out])
        return recipe


class GainCurve:
    """The gain of a music that plays on: it glides from each gain to the next."""

    def __init__(self, gains: Iterable[tuple[int, float]]) -> None:
        """`gains` are pairs of a time and the gain from then on, in order of time."""
        self._glides: list[tuple[int, float, float]] = []  # start, gain before, gain after
        for start, gain in gains:
            if not self._glides:
                self._glides.append((start, gain, gain))
            elif gain != self._glides[-1][2]:
                now = _glide(np.array([start], float), *self._glides[-1])
                self._glides.append((start, float(now[0]), gain))
        self._starts, self._before, self._after = (
            np.array(column, float) for column in zip(*self._glides, strict=True)
        )

    def values(self, times: Values) -> Values:
        """The gain at these times, none of which lies before the first gain."""
        at = np.searchsorted(self._starts, times, "right") - 1
        return _glide(times, self._starts[at], self._before[at], self._after[at])

    def recipe(self, start: int, end: int) -> list[object]:
        """What the gain between two times depends on, relative to the first time."""
        first, last = (bisect_right(self._glides, time, key=itemgetter(0)) for time in (start, end))
        return [
            [after] if begin + GLIDE_MS <= start or before == after else [begin - start, before, after]
            for begin, before, after in self._glides[first - 1 : last]
        ]


def _glide(times: Values, start: Values | float, before: Values | float, after: Values | float) -> Values:
    return after - (after - before) * (1.0 - smooth_rise((times - start) / GLIDE_MS))


class DuckingCurve:
    """How much softer the bed is because of speech: fully from before it until after it."""

    def __init__(self, speech: Iterable[tuple[int, int]]) -> None:
        """`speech` are pairs of a start and an end, in order of time and without overlaps."""
        self._zones: list[tuple[int, int]] = []
        for start, end in speech:
            zone = start - BEFORE_MS, end + AFTER_MS
            if self._zones and zone[0] <= self._zones[-1][1]:
                zone = self._zones.pop()[0], zone[1]
            self._zones.append(zone)
        self._starts = np.array([*(start for start, _ in self._zones), np.inf])
        self._ends = np.array([-np.inf, *(end for _, end in self._zones)])

    def values(self, times: Values) -> Values:
        """The gain at these times: from 0 to DUCK_DB."""
        following = np.searchsorted(self._ends[1:], times)  # the first zone that is not over
        down = smooth_rise((times - (self._starts[following] - DOWN_MS)) / DOWN_MS)
        up = smooth_rise((self._ends[following] + UP_MS - times) / UP_MS)  # after the zone before it
        return DUCK_DB * np.maximum(down, up)

    def recipe(self, start: int, end: int) -> list[object]:
        """What the gain between two times depends on, relative to the first time: the zones that reach into them.

        Cut off at both times: a zone that began long before is as good as one that began just before.
        """
        first = bisect_right(self._zones, start - UP_MS, key=itemgetter(1))
        last = bisect_left(self._zones, end + DOWN_MS, key=itemgetter(0))
        return [[max(begin - start, 0), min(until - start, end - start)] for begin, until in self._zones[first:last]]
