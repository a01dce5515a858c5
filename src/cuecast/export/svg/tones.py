"""The tones as small signs: each meaning has its own shape and colour. All of one kind are one path a row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from cuecast.export.svg.rows import Row
from cuecast.export.text_utils import UNHEARD
from cuecast.model.timeline import ToneEvent
from cuecast.model.tones import PACE, PACE_HIGH_HZ, PACE_LOW_HZ

HEIGHT = 16.0

_SIGNS = {
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
_CROWD = 110
"""How many of a kind in a row are drawn as ticks: signs would lie over each other."""

_APART = 3.0
"""Pixels between two signs of a kind; of those that are nearer one is drawn."""


def signs(beeps: Iterable[ToneEvent], x0: float, y: float, row: Row, px: float) -> Iterator[str]:
    """The elements of the tones that begin in a row; it begins at `x0`, and `y` is the middle of the lane."""
    heard = sorted((b for b in beeps if b.name not in UNHEARD), key=lambda beep: (beep.name, beep.start))
    for name, group in groupby(heard, key=lambda beep: beep.name):
        if name == PACE:
            yield f'{_GLIDE} d="{_glides(group, x0, y, row, px)}"/>'
            continue
        colour, shape = _SIGNS.get(name, _OTHER)
        places = list(_places(group, x0, row[0], px))
        path = "".join((shape if len(places) < _CROWD else _TICK).format(x=f"{x:.1f}", y=f"{y:.1f}") for x in places)
        yield f'<path class="{colour}" d="{path}"/>'


def sign(name: str, x: float, y: float) -> str:
    """One sign, for the legend."""
    if name == PACE:
        return f'{_GLIDE} d="M{x - 6:.1f} {y + 4:.1f}l6 -8l6 8"/>'
    colour, shape = _SIGNS.get(name, _OTHER)
    return f'<path class="{colour}" d="{shape.format(x=f"{x:.1f}", y=f"{y:.1f}")}"/>'


def _places(beeps: Iterable[ToneEvent], x0: float, start: int, px: float) -> Iterator[float]:
    last = -_APART
    for beep in beeps:
        x = x0 + (beep.start - start) * px
        if x - last >= _APART:
            yield x
            last = x


def _glides(beeps: Iterable[ToneEvent], x0: float, y: float, row: Row, px: float) -> str:
    """Lines that rise and fall as the pitch does, as far as the row goes; dashes where they are too near to be seen."""
    start, end = row
    parts = []
    last = -_APART
    for beep in beeps:
        x, length = x0 + (beep.start - start) * px, beep.end - beep.start
        if length * px >= 2 * _APART:
            share = min(1.0, (end - beep.start) / length)
            hz = beep.hz or PACE_LOW_HZ
            low, high = _height(hz, y), _height(beep.to_hz or hz, y)
            parts.append(f"M{x + 1:.1f} {low:.1f}L{x + length * px * share - 1:.1f} {low + (high - low) * share:.1f}")
        elif x - last >= 2 * _APART:
            parts.append(f"M{x:.1f} {y:.1f}h{_APART:.0f}")
            last = x
    return "".join(parts)


def _height(hz: int, y: float) -> float:
    share = (hz - PACE_LOW_HZ) / (PACE_HIGH_HZ - PACE_LOW_HZ)
    return y + HEIGHT / 2 - 2 - min(1.0, max(0.0, share)) * (HEIGHT - 4)
