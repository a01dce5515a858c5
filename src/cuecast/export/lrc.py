"""Timed lyrics, which music players scroll while a track plays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from cuecast.export.text_utils import by_interval, name_of, one_line
from cuecast.model.timeline import Event, Interval, SpeechEvent, Timeline, ToneEvent

_SPECIAL = str.maketrans("[]<>", "()‹›")
"""Square brackets begin time tags, angle brackets those of single words."""


class Lrc:
    """Each line of speech at its time, the countdown of a gap, and the exercise during its work."""

    name: ClassVar[str] = "lrc"
    suffix: ClassVar[str] = ".lrc"

    def dump(self, timeline: Timeline) -> str:
        """The timeline as text, with a line end at its end."""
        minutes, seconds = divmod(timeline.duration // 1_000, 60)
        head = [
            f"[ti:{_safe(timeline.title)}]",
            "[ar:cuecast]",
            f"[length:{minutes:02}:{seconds:02}]",
            "[re:cuecast]",
        ]
        lines = [f"{_tag(at)}{_safe(words)}" for at, words in _lines(timeline)]
        return "\n".join(head + lines + [_tag(timeline.duration)]) + "\n"


def _lines(timeline: Timeline) -> Iterator[tuple[int, str]]:
    for interval, events in by_interval(timeline):
        for event in events:
            words = _words(event, interval, timeline.language)
            if words is not None:
                yield event.start, words


def _words(event: Event, interval: Interval, language: str) -> str | None:
    if isinstance(event, SpeechEvent):
        return event.utterance.text
    match event.name:
        case "countdown":
            return f"{'•' * max(1, _seconds_left(event, interval))}"
        case "start":
            return f"▶ {name_of(interval, language)}"
        case "halfway":
            return "◐"
        case "finish":
            return "■"
    return None


def _seconds_left(tone: ToneEvent, interval: Interval) -> int:
    """At a beep of a countdown. Without a gap, it is at the end of the work before."""
    return min(10, round((interval.end - tone.start) / 1_000))


def _tag(ms: int) -> str:
    """A time tag. It has hundredths only, so a line is up to 9 ms early."""
    minutes, rest = divmod(ms // 10, 6_000)
    return f"[{minutes:02}:{rest // 100:02}.{rest % 100:02}]"


def _safe(text: str) -> str:
    return one_line(text.translate(_SPECIAL))
