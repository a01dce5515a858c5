"""The timeline for people: each interval with its clock time and length, and under it its words, tones and music.

Music is listed where it begins, changes and ends.
"""

from __future__ import annotations

import textwrap
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from heapq import merge
from itertools import groupby
from typing import ClassVar

from cuecast.export.text_utils import INAUDIBLE, by_interval, name_of, tone_name
from cuecast.model.duration import ms_to_clock, ms_to_text
from cuecast.model.timeline import Event, Kind, SpeechEvent, Timeline, ToneEvent

WIDTH = 100


class Table:
    """Plain text, at most `WIDTH` columns wide."""

    name: ClassVar[str] = "table"
    suffix: ClassVar[str] = ".timeline.txt"

    def dump(self, timeline: Timeline) -> str:
        """The timeline as text, with a line end at its end."""
        clock = len(ms_to_clock(timeline.duration))
        length = max((len(ms_to_text(i.end - i.start)) for i in timeline.intervals), default=0)
        lines = [*_head(timeline), ""]
        music = deque(_music(timeline))
        for interval, events in by_interval(timeline):
            when = f"{ms_to_clock(interval.start):>{clock}}  {ms_to_text(interval.end - interval.start):>{length}}  "
            lines += _wrapped(f"{interval.kind:<{_KIND_WIDTH}}  {name_of(interval, timeline.language)}".rstrip(), when)
            begun_music = []
            while music and music[0][0] < interval.end:
                begun_music.append(music.popleft())
            for start, words in merge(begun_music, _sounds(events, timeline.voice), key=_start):
                moment = f"{ms_to_clock(start)}.{start % 1_000 // 100}"
                lines += _wrapped(words, f"{'':{len(when)}}{moment:>{clock + 2}}  ")
        return "\n".join(lines) + "\n"


_KIND_WIDTH = max(map(len, Kind))


def _head(timeline: Timeline) -> list[str]:
    work = [i.end - i.start for i in timeline.intervals if i.kind is Kind.WORK]
    voices = Counter(e.utterance.voice for e in timeline.events if isinstance(e, SpeechEvent))
    others = "".join(
        f", {timeline.describe_voice(name)} {_count(voices[name], 'time')}" for name in voices if name != timeline.voice
    )
    facts = [
        f"{ms_to_clock(timeline.duration)} in all",
        f"{ms_to_clock(sum(work))} of work in {_count(len(work), 'interval')}" if work else "no work",
        f"{timeline.describe_voice(timeline.voice)} ({timeline.language}) speaks "
        f"{_count(voices[timeline.voice], 'time')}{others}",
    ]
    cautions = [line for caution in timeline.cautions for line in _wrapped(caution, "! ")]
    return [*_wrapped(timeline.title, ""), *_wrapped(" · ".join(facts), ""), *cautions]


def _sounds(events: Sequence[Event], main: str) -> Iterator[tuple[int, str]]:
    """Words in quotes and tones in brackets, equal tones in a row as one; other voices than `main` with their names."""
    audible = [e for e in events if not (isinstance(e, ToneEvent) and e.name in INAUDIBLE)]
    for name, group in groupby(audible, key=lambda e: tone_name(e) if isinstance(e, ToneEvent) else None):
        run = list(group)
        if name is not None:
            yield run[0].start, f"[{name}]" if len(run) == 1 else f"[{name} × {len(run)}]"
            continue
        for event in run:
            if isinstance(event, SpeechEvent):
                voice = event.utterance.voice
                yield (
                    event.start,
                    f"“{event.utterance.text}”" if voice == main else f"{voice}: “{event.utterance.text}”",
                )


def _music(timeline: Timeline) -> Iterator[tuple[int, str]]:
    """The starts of the music, and its ends where the track goes on without."""
    following = [segment.start for segment in timeline.bed[1:]] + [timeline.duration]
    for segment, after in zip(timeline.bed, following, strict=False):
        yield segment.start, f"music  {segment.music.name}, {segment.gain:g} dB"
        if segment.end < after:
            yield segment.end, "music  off"


def _start(sound: tuple[int, str]) -> int:
    return sound[0]


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _wrapped(text: str, indent: str) -> list[str]:
    """The text behind the indent, further lines below the first."""
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=" " * len(indent),
        replace_whitespace=True,
        break_on_hyphens=False,
    ) or [indent.rstrip()]
