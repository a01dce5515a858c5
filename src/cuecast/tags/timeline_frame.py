"""The timeline that a track carries within itself, so that its page, `inspect` and `extract` need nothing beside it.

It is a `cuecast/timeline@1` (docs/timeline.md) with the author's own words for events, and without keys that would be
null: tones and announcements are told by the intervals, and no name of a file goes along.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping

from msgspec import Struct

from cuecast.model.routine import Side
from cuecast.model.timeline import Chapter, Interval, Kind, SpeechEvent, Timeline

MIME = "application/json"
FILENAME = "timeline.json"
DESCRIPTION = "cuecast timeline"
"""By these three, the frame of the tag that holds it is known."""

SCHEMA = "cuecast/timeline@1"

MOST_WITH_WORDS = 300_000
"""Bytes. A longer one goes without the words: a player reads the whole tag before it plays. Five hours are below."""

MOST_READ = 16 << 20
"""Bytes that are looked at: 24 hours of intervals are a third of it."""

_MOST_TEXT = 1_000
_MOST_MS = 48 * 3_600_000


class SpokenText(Struct, frozen=True):
    """Words of the author's, and when they sound (ms)."""

    start: int
    end: int
    text: str


class TrackMetadata(Struct, frozen=True):
    """What is read back. Times in ms, in order; `said` is empty where the track is too long to carry the words."""

    title: str
    language: str
    voice: str
    duration: int
    intervals: tuple[Interval, ...]
    chapters: tuple[Chapter, ...]
    said: tuple[SpokenText, ...]


class NoTimelineError(ValueError):
    """Data that is no timeline; the message says why, for people."""


def embedded_json(timeline: Timeline) -> bytes:
    """The timeline as the tag holds it: compact JSON in UTF-8."""
    head: dict[str, object] = {
        "schema": SCHEMA,
        "title": timeline.title,
        "language": timeline.language,
        "voice": timeline.voice,
        "duration": timeline.duration / 1_000,
        "intervals": [_interval(each) for each in timeline.intervals],
        "chapters": [{**_times(each.start, each.end), "title": each.title} for each in timeline.chapters],
    }
    words = [
        {**_times(each.start, each.end), "lane": "voice", "kind": "speech", "text": each.utterance.text}
        for each in timeline.events
        if isinstance(each, SpeechEvent) and each.span
    ]
    data = _encoded({**head, "events": words})
    return data if len(data) <= MOST_WITH_WORDS else _encoded({**head, "events": []})


def read_embedded(data: bytes) -> TrackMetadata:
    """The timeline in such JSON, whoever wrote it: every value is looked at, and text is cut at 1,000 characters.

    Raises NoTimelineError.
    """
    if len(data) > MOST_READ:
        raise NoTimelineError(f"its timeline has {len(data):,} bytes, more than any track needs")
    try:
        plain = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError):
        raise NoTimelineError("its timeline is no JSON") from None
    if not isinstance(plain, dict) or plain.get("schema") != SCHEMA:
        raise NoTimelineError(f"its timeline is not of the form {SCHEMA}: a newer cuecast may know it")
    intervals = tuple(_read_interval(each) for each in _list(plain, "intervals"))
    for before, after in itertools.pairwise(intervals):
        if before.end != after.start:
            raise NoTimelineError("its timeline has intervals that do not lie end to end")
    duration = _ms(plain, "duration")
    if not intervals or intervals[0].start != 0 or intervals[-1].end != duration:
        raise NoTimelineError("its timeline has intervals that do not fill its length")
    return TrackMetadata(
        _text(plain, "title"),
        _text(plain, "language"),
        _text(plain, "voice"),
        duration,
        intervals,
        tuple(Chapter(*_span(each), _text(each, "title")) for each in _list(plain, "chapters")),
        tuple(
            SpokenText(*_span(each), _text(each, "text"))
            for each in _list(plain, "events")
            if each.get("kind") == "speech" and each.get("text")
        ),
    )


def _interval(each: Interval) -> dict[str, object]:
    place = {"exercise": each.exercise, "side": each.side, "round": each.round, "rounds": each.rounds}
    told = {key: value for key, value in place.items() if value is not None}
    return {**_times(each.start, each.end), "kind": each.kind, **told}


def _times(start: int, end: int) -> dict[str, object]:
    return {"start": start / 1_000, "end": end / 1_000}


def _encoded(plain: object) -> bytes:
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace")  # half a surrogate pair cannot be written


def _read_interval(plain: Mapping[str, object]) -> Interval:
    start, end = _span(plain)
    kind, side = plain.get("kind"), plain.get("side")
    if kind not in list(Kind):
        raise NoTimelineError("its timeline has an interval of no known kind")
    return Interval(
        start,
        end,
        Kind(str(kind)),
        _text(plain, "exercise") or None,
        Side(str(side)) if side in list(Side) else None,
        _count(plain, "round"),
        _count(plain, "rounds"),
    )


def _list(plain: Mapping[str, object], key: str) -> list[dict[str, object]]:
    found = plain.get(key, [])
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise NoTimelineError(f"its timeline has `{key}` of another form")
    return found


def _span(plain: Mapping[str, object]) -> tuple[int, int]:
    start, end = _ms(plain, "start"), _ms(plain, "end")
    if end < start:
        raise NoTimelineError("its timeline has something that ends before it begins")
    return start, end


def _ms(plain: Mapping[str, object], key: str) -> int:
    found = plain.get(key)
    # A comparison that NaN and infinity fail as well.
    if isinstance(found, bool) or not isinstance(found, int | float) or not 0 <= found <= _MOST_MS / 1_000:
        raise NoTimelineError(f"its timeline has a `{key}` that is no time")
    return round(found * 1_000)


def _count(plain: Mapping[str, object], key: str) -> int | None:
    found = plain.get(key)
    return found if isinstance(found, int) and not isinstance(found, bool) and 0 < found < 100_000 else None


def _text(plain: Mapping[str, object], key: str) -> str:
    found = plain.get(key)
    if not isinstance(found, str):
        return ""
    # Half a surrogate pair, which JSON can tell, can't be written again.
    return found[:_MOST_TEXT].encode("utf-8", "replace").decode("utf-8")
