"""How loud the bed is at each moment: its gain as it glides, and how deep it ducks. Times in ms, gains in dB.

All curves are smooth: they leave one value and come to the next without a corner.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
from msgspec import Struct

DUCK_DB = -12.0
BEFORE_MS, AFTER_MS = 250, 600
"""From so long before speech to so long after it, the bed is ducked as deep as it gets."""

DOWN_MS, UP_MS = 200, 600
"""The way down comes before that, the way up after it."""

GLIDE_MS = 1_500
"""The way from one gain to the next, from where the next one is told."""

Values = npt.NDArray[np.float64]


def rising(at: Values) -> Values:
    """A smooth way from 0 to 1, where `at` goes from 0 to 1. By plain arithmetic: everywhere the same to the bit."""
    at = np.clip(at, 0.0, 1.0)
    return at * at * (3.0 - 2.0 * at)


class Glide(Struct, frozen=True):
    """From `start` on, for GLIDE_MS or until the next glide begins, the way from one gain to another."""

    start: int
    before: float
    after: float

    def values(self, times: Values) -> Values:
        """The gain at these times, which are not before its start."""
        left = 1.0 - rising((times - self.start) / GLIDE_MS)
        return self.after - (self.after - self.before) * left  # in the end exactly `after`


class Gain:
    """The told gain of a music that plays on: it glides from each to the next."""

    def __init__(self, told: Iterable[tuple[int, float]]) -> None:
        """`told` is from when on which gain is told, in order of time."""
        self._glides: list[Glide] = []
        for start, gain in told:
            before = float(self._glides[-1].values(np.array([start], float))[0]) if self._glides else gain
            if not self._glides or gain != self._glides[-1].after:
                self._glides.append(Glide(start, before, gain))
        self._starts = [glide.start for glide in self._glides]

    def values(self, start: int, end: int) -> Values:
        """The gain at each millisecond from `start` to `end`, both included."""
        times = np.arange(start, end + 1, dtype=np.float64)
        values = np.empty_like(times)
        for glide in self._in_force(start, end):
            first = max(0, glide.start - start)
            values[first:] = glide.values(times[first:])
        return values

    def described(self, start: int, end: int) -> list[object]:
        """All that the gain between two times depends on, seen from the first: its glides, or what it is all along."""
        described: list[object] = []
        for glide in self._in_force(start, end):
            over = glide.start + GLIDE_MS <= start or glide.before == glide.after
            described.append([glide.after] if over else [glide.start - start, glide.before, glide.after])
        return described

    def _in_force(self, start: int, end: int) -> list[Glide]:
        first = max(0, bisect_right(self._starts, start) - 1)
        return self._glides[first : max(first + 1, bisect_right(self._starts, end))]


class Ducking:
    """How deep the bed is ducked: fully from before speech until after it. Where two ways meet, the deeper wins."""

    def __init__(self, speech: Iterable[tuple[int, int]]) -> None:
        """`speech` is from when to when somebody speaks, in order of time and without overlaps."""
        self._zones: list[tuple[int, int]] = []
        for start, end in speech:
            zone = start - BEFORE_MS, end + AFTER_MS
            if self._zones and zone[0] <= self._zones[-1][1]:
                zone = self._zones.pop()[0], zone[1]
            self._zones.append(zone)
        self._starts = [start for start, _ in self._zones]
        self._ends = [end for _, end in self._zones]

    def values(self, start: int, end: int) -> Values:
        """The depth at each millisecond from `start` to `end`, both included."""
        times = np.arange(start, end + 1, dtype=np.float64)
        deep = np.zeros_like(times)  # 0 is not ducked, 1 is fully
        for zone_start, zone_end in self._near(start, end):
            first, last = max(0, zone_start - DOWN_MS - start), min(len(times), zone_end + UP_MS + 1 - start)
            at = times[first:last]
            down = rising((at - (zone_start - DOWN_MS)) / DOWN_MS)
            up = rising((zone_end + UP_MS - at) / UP_MS)
            deep[first:last] = np.maximum(deep[first:last], np.minimum(down, up))
        return DUCK_DB * deep

    def described(self, start: int, end: int) -> list[object]:
        """All that the depth between two times depends on, seen from the first.

        What lies beyond them does not count: speech that has begun before has begun just before.
        """
        described: list[object] = []
        for zone_start, zone_end in self._near(start, end):
            first, last = max(zone_start - start, 0), min(zone_end - start, end - start)
            described.append([min(first, last), last] if zone_start < end else [first, first])
        return described

    def _near(self, start: int, end: int) -> list[tuple[int, int]]:
        first = bisect_right(self._ends, start - UP_MS)
        return self._zones[first : bisect_left(self._starts, end + DOWN_MS)]
