"""The timeline as JSON, `cuecast/timeline@1`: for programs, and to compare a track with what it should be."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from heapq import merge
from typing import ClassVar

from msgspec.structs import replace

from cuecast.model.clip import SAMPLE_RATE
from cuecast.model.timeline import BedSegment, Event, SpeechEvent, Timeline, ToneEvent

SCHEMA = "cuecast/timeline@1"

_BEFORE_SPEECH = 150
"""Milliseconds that lie between a tone and speech."""

_Item = dict[str, object]


class Json:
    """One item a line, so that two timelines can be compared line by line."""

    name: ClassVar[str] = "json"
    suffix: ClassVar[str] = ".timeline.json"

    def dump(self, timeline: Timeline) -> str:
        """The timeline as text, with a line end at its end."""
        head: _Item = {
            "schema": SCHEMA,
            "title": timeline.title,
            "language": timeline.language,
            "voice": timeline.voice,
            **({"spoken_by": timeline.spoken_by} if timeline.spoken_by else {}),
            "sample_rate": SAMPLE_RATE,
            "channels": timeline.channels,
            "duration": _seconds(timeline.duration),
            **({"cautions": timeline.cautions} if timeline.cautions else {}),
        }
        lists = {
            "intervals": _intervals(timeline),
            "events": map(_event, merge(timeline.bed, _with_ends(timeline.events), key=_start)),
            "chapters": _chapters(timeline),
        }
        return (
            "{" + _text(head)[1:-1] + "".join(f',\n "{name}": {_lines(items)}' for name, items in lists.items()) + "}\n"
        )


def _intervals(timeline: Timeline) -> Iterator[_Item]:
    for i in timeline.intervals:
        place = {"exercise": i.exercise, "side": i.side, "round": i.round, "rounds": i.rounds}
        yield {"start": _seconds(i.start), "end": _seconds(i.end), "kind": i.kind, **place}


def _start(event: Event | BedSegment) -> int:
    return event.start


def _with_ends(events: Sequence[Event]) -> Iterator[Event]:
    """The events, of which no two overlap in the voice and tone lanes: a tail is clear until the next one begins."""
    for event, following in zip(events, (*events[1:], None), strict=False):
        if isinstance(event, ToneEvent) and event.clear_until is not None:
            distance = _BEFORE_SPEECH if isinstance(following, SpeechEvent) else 0
            alone_until = following.start - distance if following else event.end
            yield replace(event, clear_until=min(event.end, max(event.clear_until, alone_until)))
        else:
            yield event


def _event(event: Event | BedSegment) -> _Item:
    end = event.clear_end if isinstance(event, ToneEvent) else event.end
    times = {"start": _seconds(event.start), "end": _seconds(end)}
    if isinstance(event, BedSegment):
        return {**times, "lane": "bed", "kind": "music", "name": event.music.name, "gain": event.gain}
    if isinstance(event, SpeechEvent):
        words = event.utterance
        text = {"text": words.text} if words.spoken == words.text else {"text": words.text, "spoken": words.spoken}
        source = str(event.span) if event.span else None
        return {**times, "lane": "voice", "kind": "speech", **text, "voice": words.voice, "source": source}
    return {**times, "lane": "tones", "kind": "tone", "name": event.name, **_pitch(event)}


def _pitch(tone: ToneEvent) -> _Item:
    """The pitch, and the end of a glide; the file of a custom tone, and until when it rings under what follows."""
    if tone.custom is not None:
        tail = {"rings_until": _seconds(tone.end)} if tone.clear_end < tone.end else {}
        return {"hz": None, "file": tone.custom.file, **tail}
    return {"hz": tone.hz} if tone.to_hz is None else {"hz": tone.hz, "to_hz": tone.to_hz}


def _chapters(timeline: Timeline) -> Iterator[_Item]:
    for c in timeline.chapters:
        yield {"start": _seconds(c.start), "end": _seconds(c.end), "title": c.title}


def _seconds(ms: int) -> float:
    # The nearest float to a whole number of thousandths is written with three decimals or fewer.
    return ms / 1_000


def _lines(items: Iterator[_Item]) -> str:
    return "[" + ",\n  ".join(map(_text, items)) + "]"


def _text(item: _Item) -> str:
    return json.dumps(item, ensure_ascii=False)
