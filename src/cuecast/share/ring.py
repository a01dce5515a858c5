"""The picture of a track: a ring of its intervals, clockwise from the top, as SVG."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import groupby

from cuecast.model.timeline import Interval

_SLOTS = 240
"""Parts of the ring that can be told apart at the size of a thumb."""

_RADIUS = 42
_GAP = 0.35
"""Slots that stay empty between two intervals, so that each is seen."""

_TONES = {"work": "work", "lead-in": "say", "say": "say", "close": "say"}


def ring(intervals: Sequence[Interval], duration: int) -> str:
    """The whole picture. Its colours come from the page's style sheet: classes `work`, `rest`, `say`."""
    paths: dict[str, list[str]] = {}
    for tone, start, end in _arcs(intervals, duration):
        paths.setdefault(tone, []).append(_arc(start, end))
    drawn = "".join(f'<path class="{tone}" d="{"".join(arcs)}"/>' for tone, arcs in sorted(paths.items()))
    under = "" if paths else f'<circle cx="50" cy="50" r="{_RADIUS}"/>'
    minutes = max(1, round(duration / 60_000))
    words = f'<text x="50" y="50">{minutes}′</text>'
    return f'<svg class="picture" viewBox="0 0 100 100" aria-hidden="true">{under}{drawn}{words}</svg>'


def _arcs(intervals: Sequence[Interval], duration: int) -> Iterator[tuple[str, float, float]]:
    """(tone, from, to) in parts of the whole. Very many intervals are looked at in slots, each as its middle is."""
    if not intervals or not duration:
        return
    gap = _GAP / _SLOTS
    if len(intervals) <= _SLOTS:
        for each in intervals:
            start, end = each.start / duration, each.end / duration
            yield _tone(each), start, max(end - gap, start + gap)
        return
    tones, at = [], 0
    for slot in range(_SLOTS):
        middle = (slot + 0.5) * duration / _SLOTS
        while intervals[at].end <= middle and at + 1 < len(intervals):
            at += 1
        tones.append(_tone(intervals[at]))
    first = 0
    for tone, run in groupby(tones):
        count = len(list(run))
        yield tone, first / _SLOTS, (first + count - _GAP) / _SLOTS
        first += count


def _tone(each: Interval) -> str:
    return _TONES.get(each.kind, "rest")


def _arc(start: float, end: float) -> str:
    end = min(end, start + 0.999)  # an arc that ends where it begins would be none
    (x0, y0), (x1, y1) = _point(start), _point(end)
    large = int(end - start > 0.5)
    return f"M{x0} {y0}A{_RADIUS} {_RADIUS} 0 {large} 1 {x1} {y1}"


def _point(part: float) -> tuple[str, str]:
    angle = part * math.tau
    # Two decimals: the same on every machine, and enough.
    return f"{50 + _RADIUS * math.sin(angle):.2f}", f"{50 - _RADIUS * math.cos(angle):.2f}"
