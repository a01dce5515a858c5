"""What the formats share: names of intervals, events by interval, and text that is safe on one line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cuecast.model.custom_tone import SOUND
from cuecast.model.timeline import Event, Interval, Timeline, ToneEvent
from cuecast.phrases import UnknownLanguage, phrases_of

INAUDIBLE = frozenset({"wake"})
"""Tones for headphones, not for people."""

_NOT_TEXT = re.compile("[\x00-\x20\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]+")
"""Characters that break a line, or that XML or UTF-8 cannot hold."""


def one_line(text: str) -> str:
    """The text on one line: each run of white space and of characters that no file can hold becomes a space."""
    return _NOT_TEXT.sub(" ", text).strip()


def escaped(text: str) -> str:
    """The text on one line, escaped for elements and attributes of HTML and XML."""
    safe = one_line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return safe.replace('"', "&quot;").replace("'", "&#39;")


def side_of(interval: Interval, language: str) -> str | None:
    """The side in the language of the track, if the interval has one."""
    if interval.side is None:
        return None
    try:
        return phrases_of(language).side(interval.side)
    except UnknownLanguage:
        return interval.side.value


def name_of(interval: Interval, language: str) -> str:
    """The name of an interval: `Calves, left, round 1 of 2`; empty if it belongs to no exercise."""
    parts = [interval.exercise, side_of(interval, language)]
    if interval.rounds is not None:
        parts.append(f"round {interval.round} of {interval.rounds}")
    return ", ".join(part for part in parts if part)


def tone_name(tone: ToneEvent) -> str:
    """What a tone is called; the sound of a step by its file."""
    return tone.custom.file if tone.custom and tone.name == SOUND else tone.name


def by_interval(timeline: Timeline) -> Iterator[tuple[Interval, Sequence[Event]]]:
    """Each interval with the events that begin in it; the last one also has all later events."""
    at = 0
    for number, interval in enumerate(timeline.intervals, 1):
        first = at
        is_last = number == len(timeline.intervals)
        while at < len(timeline.events) and (is_last or timeline.events[at].start < interval.end):
            at += 1
        yield interval, timeline.events[first:at]
