"""The timeline for people: each interval with its clock time and length, and under it what is said and beeped."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import ClassVar

from cuecast.duration import ms_to_clock, ms_to_text
from cuecast.phrases import phrases_of
from cuecast.timeline import Beep, Event, Interval, Kind, Speech, Timeline

WIDTH = 100

_UNHEARD = frozenset({"wake"})
"""Tones that are there for headphones, not for people."""


class Table:
    """Plain text, at most `WIDTH` columns wide."""

    name: ClassVar[str] = "table"

    def dump(self, timeline: Timeline) -> str:
        """The timeline as text, with a line end at its end."""
        clock = len(ms_to_clock(timeline.duration))
        length = max((len(ms_to_text(i.end - i.start)) for i in timeline.intervals), default=0)
        lines = [*_head(timeline), ""]
        for interval, events in _by_interval(timeline):
            when = f"{ms_to_clock(interval.start):>{clock}}  {ms_to_text(interval.end - interval.start):>{length}}  "
            lines += _wrapped(f"{interval.kind:<{_KIND_WIDTH}}  {_name(interval, timeline.language)}".rstrip(), when)
            for start, words in _sounds(events, timeline.voice):
                moment = f"{ms_to_clock(start)}.{start % 1_000 // 100}"
                lines += _wrapped(words, f"{'':{len(when)}}{moment:>{clock + 2}}  ")
        return "\n".join(lines) + "\n"


_KIND_WIDTH = max(map(len, Kind))


def _head(timeline: Timeline) -> list[str]:
    work = [i.end - i.start for i in timeline.intervals if i.kind is Kind.WORK]
    voices = Counter(e.utterance.voice for e in timeline.events if isinstance(e, Speech))
    others = "".join(f", {name} {_count(voices[name], 'time')}" for name in voices if name != timeline.voice)
    facts = [
        f"{ms_to_clock(timeline.duration)} in all",
        f"{ms_to_clock(sum(work))} of work in {_count(len(work), 'interval')}" if work else "no work",
        f"{timeline.voice} ({timeline.language}) speaks {_count(voices[timeline.voice], 'time')}{others}",
    ]
    return [*_wrapped(timeline.title, ""), *_wrapped(" · ".join(facts), "")]


def _by_interval(timeline: Timeline) -> Iterator[tuple[Interval, Sequence[Event]]]:
    """Each interval with the events that begin in it; the last one has all that begins later, too."""
    at = 0
    for number, interval in enumerate(timeline.intervals, 1):
        first = at
        is_last = number == len(timeline.intervals)
        while at < len(timeline.events) and (is_last or timeline.events[at].start < interval.end):
            at += 1
        yield interval, timeline.events[first:at]


def _name(interval: Interval, language: str) -> str:
    parts = [interval.exercise, phrases_of(language).side(interval.side) if interval.side else None]
    if interval.rounds is not None:
        parts.append(f"round {interval.round} of {interval.rounds}")
    return ", ".join(part for part in parts if part)


def _sounds(events: Sequence[Event], main: str) -> Iterator[tuple[int, str]]:
    """Words in quotes and tones in brackets, equal tones in a row as one; another voice than `main` by its name."""
    heard = [e for e in events if not (isinstance(e, Beep) and e.name in _UNHEARD)]
    for name, group in groupby(heard, key=lambda e: e.name if isinstance(e, Beep) else None):
        run = list(group)
        if name is not None:
            yield run[0].start, f"[{name}]" if len(run) == 1 else f"[{name} × {len(run)}]"
            continue
        for event in run:
            if isinstance(event, Speech):
                voice = event.utterance.voice
                yield (
                    event.start,
                    f"“{event.utterance.text}”" if voice == main else f"{voice}: “{event.utterance.text}”",
                )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _wrapped(text: str, indent: str) -> list[str]:
    """The text behind the indent, its further lines under its first."""
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=" " * len(indent),
        replace_whitespace=True,
        break_on_hyphens=False,
    ) or [indent.rstrip()]
