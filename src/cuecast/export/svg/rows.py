"""Where the picture of a timeline is wrapped: at the beginnings of exercises, if possible."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence

from msgspec import Struct

from cuecast.model.timeline import Timeline

MAX_ROWS = 8

_ROW_SECONDS = (120, 180, 240, 300, 420, 600, 900, 1200, 1800, 2700, 3600, 5400, 7200, 10_800, 14_400)
"""Lengths of a row: the first one that gives few enough rows is the base."""

_SHARES = tuple(n / 20 for n in range(14, 31))
"""Other lengths, as shares of the base: they may end at better places."""

_PER_ROW = 0.5
_PER_LENGTH = 2.0
"""The cost of a row, and of a longest row, beside that of the breaks: few rows, but not too dense."""

Row = tuple[int, int]
"""Start and end, in ms."""


class _RowBreaks(Struct, frozen=True):
    """Places where a row may end, and their cost: the best ones first."""

    places: Sequence[Sequence[int]]
    costs: Sequence[float]


def wrap_rows(timeline: Timeline) -> list[Row]:
    """The rows, in order; together they are the whole track."""
    breaks = _breaks(timeline)
    duration = timeline.duration

    def wrapped(longest: float) -> tuple[list[Row], float]:
        rows, cost = _wrapped(duration, max(1, int(longest)), breaks)
        widest = max(end - start for start, end in rows)
        return rows, cost + _PER_ROW * len(rows) + _PER_LENGTH * widest / base

    base = _base(duration, lambda longest: len(_wrapped(duration, longest, breaks)[0]))
    candidates = [wrapped(base * share) for share in _SHARES]
    fitting = [each for each in candidates if len(each[0]) <= MAX_ROWS]
    return min(fitting or candidates, key=lambda each: each[1])[0]


def _base(duration: int, count: Callable[[int], int]) -> int:
    fitting = (s * 1_000 for s in _ROW_SECONDS if count(s * 1_000) <= MAX_ROWS)
    return next(fitting, max(1, -(-duration // MAX_ROWS)))


def _breaks(timeline: Timeline) -> _RowBreaks:
    """Between exercises, between chapters of one, between intervals, anywhere."""
    exercises = {i.start: i.exercise for i in timeline.intervals}
    starts = list(exercises)
    # A chapter that begins inside an interval, because its work has no gap, is the one that begins with the next.
    chapters = sorted({starts[bisect_left(starts, chapter.start)] for chapter in timeline.chapters})
    before: str | None = None
    beginnings = []
    for at in chapters:
        if exercises.get(at) != before:
            beginnings.append(at)
        before = exercises.get(at)
    return _RowBreaks((beginnings, chapters, [i.start for i in timeline.intervals]), (0.0, 0.4, 1.5, 3.0))


def _wrapped(duration: int, longest: int, breaks: _RowBreaks) -> tuple[list[Row], float]:
    """Rows of at most that length, and the cost of their ends."""
    rows = []
    start = 0
    total = 0.0
    while duration - start > longest:
        end, cost = start + longest, breaks.costs[-1]
        for places, price in zip(breaks.places, breaks.costs, strict=False):
            if at := _last(places, start, longest):
                end, cost = at, price
                break
        rows.append((start, end))
        start = end
        total += cost
    return [*rows, (start, duration)], total


def _last(places: Sequence[int], start: int, longest: int) -> int | None:
    """The last place that gives a row of at least half the length."""
    number = bisect_right(places, start + longest)
    first = bisect_left(places, start + max(1, longest // 2))
    return places[number - 1] if number > first else None
