"""The length that each range gets: at one fraction of its width, in whole seconds, reps or paces."""

from __future__ import annotations

from fractions import Fraction

from msgspec import Struct, field

from cuecast.model.duration import SECOND, DurationRange
from cuecast.model.routine import RepRange


class LengthChooser(Struct):
    """Chooses in all ranges of one routine at the same `fraction` of their width; None is the middle.

    `increments` collects by how many steps each range can grow.
    """

    fraction: Fraction | None
    increments: set[int] = field(default_factory=set)

    def ms(self, length: DurationRange) -> int:
        """The length in ms: whole seconds."""
        return self._choose(length.low // SECOND, length.high // SECOND) * SECOND

    def work_ms(self, work: DurationRange, pace_ms: int) -> int:
        """The length of a work in ms. With a pace, a range gives whole paces, if it holds any."""
        if pace_ms and work.low < work.high:
            low, high = -(-work.low // pace_ms), work.high // pace_ms
            if low <= high:
                return self._choose(low, high) * pace_ms
        return self.ms(work)

    def reps_ms(self, reps: RepRange, pace_ms: int) -> int:
        """The length of a work of so many reps, in ms."""
        return self._choose(reps.low, reps.high) * pace_ms

    def _choose(self, low: int, high: int) -> int:
        if low < high:
            self.increments.add(high - low)
        return low + int((high - low) * (Fraction(1, 2) if self.fraction is None else self.fraction))
