"""What the terminal shows while a track plays: lines of text for a moment."""

from __future__ import annotations

import unicodedata

from cuecast.export.text_utils import name_of, one_line
from cuecast.model.duration import ms_to_clock
from cuecast.model.timeline import Interval, Kind
from cuecast.phrases.display import display_words
from cuecast.play import TrackOutline

LINES = 4
MIN_WIDTH = 20

_FULL, _EMPTY = "━", "╌"


def view(track: TrackOutline, ms: int, width: int, paused: bool = False) -> list[str]:
    """Return four lines, none wider than `width`: the interval, its time left, the last words, what comes next."""
    width = max(width, MIN_WIDTH)
    words = display_words(track.language)
    ms = max(0, min(ms, track.duration))
    interval = track.interval_at(ms)
    state = f"‖ {words['pause']}" if paused else words[interval.kind.value]
    caption = track.caption_at(ms)
    next_work = track.work_after(ms)
    coming = words["next"].format(name=name_of(next_work, track.language) if next_work else words["finish"])
    times = f"{ms_to_clock(ms)} / {ms_to_clock(track.duration)}"
    return [
        _justify(_title(track, interval), state, width),
        _bar(interval, ms, width),
        _shorten(f"“{caption}”", width) if caption else "",
        _justify(coming if interval.kind is not Kind.CLOSE else "", times, width),
    ]


def log_line(track: TrackOutline, interval: Interval) -> str:
    """Return the line that says that an interval begins, for output that is not a terminal."""
    parts = display_words(track.language)[interval.kind.value], name_of(interval, track.language)
    return f"{ms_to_clock(interval.start)}  {': '.join(filter(None, parts))}"


def _bar(interval: Interval, ms: int, width: int) -> str:
    seconds = -(-(interval.end - ms) // 1_000)
    clock = f"  {ms_to_clock(seconds * 1_000) if seconds >= 60 else seconds}"
    size = width - len(clock)
    full = size * (ms - interval.start) // max(1, interval.end - interval.start)
    return _FULL * full + _EMPTY * (size - full) + clock


def _title(track: TrackOutline, interval: Interval) -> str:
    about_track = interval.kind in (Kind.LEAD_IN, Kind.CLOSE, Kind.SAY)
    return name_of(interval, track.language) or (track.title if about_track else "")


def _justify(left: str, right: str, width: int) -> str:
    """Put one text at each side; the left one is shortened."""
    right = _shorten(right, width)
    space = width - _columns(right) - 2
    left = _shorten(left, space) if space > 3 else ""
    return left + " " * (width - _columns(left) - _columns(right)) + right


def _shorten(text: str, width: int) -> str:
    text = one_line(text)
    if _columns(text) <= width:
        return text
    while text and _columns(text) > width - 1:
        text = text[:-1]
    return f"{text}…"


def _columns(text: str) -> int:
    """Count terminal columns: Chinese letters take two, combining marks none."""
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
    )
