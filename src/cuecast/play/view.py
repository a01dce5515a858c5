"""What stands in the terminal while a track plays: lines of text, from a moment alone."""

from __future__ import annotations

import unicodedata

from cuecast.export.text_utils import name_of, one_line
from cuecast.model.duration import ms_to_clock
from cuecast.model.timeline import Kind
from cuecast.play import Score
from cuecast.share.words import words_of

LINES = 4
LEAST_WIDTH = 20

_FULL, _EMPTY = "━", "╌"


def view(score: Score, ms: int, width: int, paused: bool = False) -> list[str]:
    """Four lines, none wider than `width`: what is on, how much of it is left, what is said, what comes."""
    width = max(width, LEAST_WIDTH)
    words = words_of(score.language)
    ms = max(0, min(ms, score.duration))
    on = score.interval(ms)
    state = f"‖ {words['pause']}" if paused else words[on.kind.value]
    left = -(-(on.end - ms) // 1_000)
    clock = f"  {ms_to_clock(left * 1_000) if left >= 60 else left}"
    room = width - len(clock)
    full = room * (ms - on.start) // max(1, on.end - on.start)
    told = score.words(ms)
    coming = score.after(ms)
    then = words["next"].format(name=name_of(coming, score.language) if coming else words["finish"])
    times = f"{ms_to_clock(ms)} / {ms_to_clock(score.duration)}"
    return [
        _both(_name(score, on.kind, ms), state, width),
        _FULL * full + _EMPTY * (room - full) + clock,
        _cut(f"“{told}”", width) if told else "",
        _both(then if on.kind is not Kind.CLOSE else "", times, width),
    ]


def line(score: Score, ms: int) -> str:
    """What begins at a moment, for a place that keeps all lines."""
    on = score.interval(ms)
    parts = words_of(score.language)[on.kind.value], name_of(on, score.language)
    return f"{ms_to_clock(on.start)}  {': '.join(filter(None, parts))}"


def _name(score: Score, kind: Kind, ms: int) -> str:
    on = score.interval(ms)
    return name_of(on, score.language) or (score.title if kind in (Kind.LEAD_IN, Kind.CLOSE, Kind.SAY) else "")


def _both(left: str, right: str, width: int) -> str:
    """One at each side; the left one gives way."""
    right = _cut(right, width)
    room = width - _width(right) - 2
    left = _cut(left, room) if room > 3 else ""
    return left + " " * (width - _width(left) - _width(right)) + right


def _cut(text: str, width: int) -> str:
    text = one_line(text)
    if _width(text) <= width:
        return text
    while text and _width(text) > width - 1:
        text = text[:-1]
    return f"{text}…"


def _width(text: str) -> int:
    """Columns of a terminal: Chinese letters take two, marks on letters none."""
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
    )
