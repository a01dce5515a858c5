"""Tones as icons: each meaning has its own shape and colour. All tones of one name are one path in each row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from cuecast.export.svg.rows import Row
from cuecast.export.text_utils import INAUDIBLE
from cuecast.model.timeline import ToneEvent
from cuecast.model.tones import PACE, PACE_HIGH_HZ, PACE_LOW_HZ

HEIGHT = 16.0

_ICONS = {
    "countdown": ("tick", "M{x} {y}m-2 0a2 2 0 1 0 4 0a2 2 0 1 0 -4 0z"),
    "start": ("go", "M{x} {y}m-3 -5l8 5l-8 5z"),
    "interval": ("mark", "M{x} {y}m0 -4l4 4l-4 4l-4 -4z"),
    "halfway": ("mark", "M{x} {y}m0 -5a5 5 0 0 1 0 10z"),
    "end": ("stop", "M{x} {y}m-4 -4h8v8h-8z"),
    "finish": ("done", "M{x} {y}m0 -7l2 5h5l-4 3l2 5l-5 -3l-5 3l2 -5l-4 -3h5z"),
}
_GLIDE = '<path class="glide" stroke-width="1.5" stroke-linecap="round"'
_OTHER = ("tick", "M{x} {y}m-3 -3h6v6h-6z")

_TICK = "M{x} {y}m-.5 -4h1v8h-1z"
_MAX_ICONS = 110
"""More tones of one name in a row are drawn as ticks, because icons would overlap."""

_MIN_DISTANCE = 3.0
"""Pixels between two icons of one name; of those that are nearer, the first is drawn."""


def tone_icons(tones: Iterable[ToneEvent], x0: float, y: float, row: Row, px: float) -> Iterator[str]:
    """The elements of the tones that begin in a row. The row begins at `x0`; `y` is the middle of the lane."""
    audible = sorted((t for t in tones if t.name not in INAUDIBLE), key=lambda tone: (tone.name, tone.start))
    for name, group in groupby(audible, key=lambda tone: tone.name):
        if name == PACE:
            yield f'{_GLIDE} d="{_glides(group, x0, y, row, px)}"/>'
            continue
        colour, shape = _ICONS.get(name, _OTHER)
        positions = list(_positions(group, x0, row[0], px))
        shape = shape if len(positions) < _MAX_ICONS else _TICK
        path = "".join(shape.format(x=f"{x:.1f}", y=f"{y:.1f}") for x in positions)
        yield f'<path class="{colour}" d="{path}"/>'


def icon(name: str, x: float, y: float) -> str:
    """One icon, for the legend."""
    if name == PACE:
        return f'{_GLIDE} d="M{x - 6:.1f} {y + 4:.1f}l6 -8l6 8"/>'
    colour, shape = _ICONS.get(name, _OTHER)
    return f'<path class="{colour}" d="{shape.format(x=f"{x:.1f}", y=f"{y:.1f}")}"/>'


def _positions(tones: Iterable[ToneEvent], x0: float, start: int, px: float) -> Iterator[float]:
    last = -_MIN_DISTANCE
    for tone in tones:
        x = x0 + (tone.start - start) * px
        if x - last >= _MIN_DISTANCE:
            yield x
            last = x


def _glides(tones: Iterable[ToneEvent], x0: float, y: float, row: Row, px: float) -> str:
    """Lines that rise and fall with the pitch, up to the end of the row; dashes if they are too short to see."""
    start, end = row
    parts = []
    last = -_MIN_DISTANCE
    for tone in tones:
        x, length = x0 + (tone.start - start) * px, tone.end - tone.start
        if length * px >= 2 * _MIN_DISTANCE:
            share = min(1.0, (end - tone.start) / length)
            hz = tone.hz or PACE_LOW_HZ
            low, high = _height(hz, y), _height(tone.to_hz or hz, y)
            parts.append(f"M{x + 1:.1f} {low:.1f}L{x + length * px * share - 1:.1f} {low + (high - low) * share:.1f}")
        elif x - last >= 2 * _MIN_DISTANCE:
            parts.append(f"M{x:.1f} {y:.1f}h{_MIN_DISTANCE:.0f}")
            last = x
    return "".join(parts)


def _height(hz: int, y: float) -> float:
    share = (hz - PACE_LOW_HZ) / (PACE_HIGH_HZ - PACE_LOW_HZ)
    return y + HEIGHT / 2 - 2 - min(1.0, max(0.0, share)) * (HEIGHT - 4)
