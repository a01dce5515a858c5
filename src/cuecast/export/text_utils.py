"""What the ways to write a timeline have in common: names of intervals, and text that is safe on one line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cuecast.model.timeline import Event, Interval, Timeline
from cuecast.phrases import UnknownLanguage, phrases_of

UNHEARD = frozenset({"wake"})
"""Tones that are there for headphones, not for people."""

_NO_TEXT = re.compile("[\x00-\x20\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]+")
"""What breaks a line, or is no letter in XML and in UTF-8."""


def one_line(text: str) -> str:
    """The text on one line: white space and characters that no file can hold become one space each run."""
    return _NO_TEXT.sub(" ", text).strip()


def escaped(text: str) -> str:
    """The text on one line as HTML and XML take it, in elements and in attributes."""
    safe = one_line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return safe.replace('"', "&quot;").replace("'", "&#39;")


def side_of(interval: Interval, language: str) -> str | None:
    """The side in the language of the track; None where there is none."""
    if interval.side is None:
        return None
    try:
        return phrases_of(language).side(interval.side)
    except UnknownLanguage:
        return interval.side.value


def name_of(interval: Interval, language: str) -> str:
    """What an interval is called: `Calves, left, round 1 of 2`; empty where it belongs to no exercise."""
    parts = [interval.exercise, side_of(interval, language)]
    if interval.rounds is not None:
        parts.append(f"round {interval.round} of {interval.rounds}")
    return ", ".join(part for part in parts if part)


def by_interval(timeline: Timeline) -> Iterator[tuple[Interval, Sequence[Event]]]:
    """Each interval with the events that begin in it; the last one has all that begins later, too."""
    at = 0
    for number, interval in enumerate(timeline.intervals, 1):
        first = at
        is_last = number == len(timeline.intervals)
        while at < len(timeline.events) and (is_last or timeline.events[at].start < interval.end):
            at += 1
        yield interval, timeline.events[first:at]
