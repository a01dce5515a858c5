"""The timeline that a track carries, so that its page, `play`, `inspect` and `extract` need no file beside it.

It is a `cuecast/timeline@1` (docs/timeline.md) with two differences: its events are only the words that the author
wrote, and keys whose value would be null are left out. It names no file. When it is read, it is a stranger's data.
"""

from __future__ import annotations

import itertools
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from cuecast.model.routine import Side
from cuecast.model.timeline import Chapter, Interval, Kind, SpeechEvent, Timeline

DESCRIPTION = "cuecast timeline"
ATTACHMENT = ("application/json", "timeline.json", DESCRIPTION)
"""MIME type, file name and description of the attached file."""

SCHEMA = "cuecast/timeline@1"

MAX_BYTES_WITH_WORDS = 300_000
"""A longer timeline goes without its words, because a player reads the whole tag first. Five hours are below."""

MAX_BYTES = 16 << 20
"""What is read. 24 hours of intervals are a third of it."""

_MAX_TEXT = 1_000

_Seconds = Annotated[float, Meta(ge=0, le=48 * 3_600)]
_Count = Annotated[int, Meta(gt=0, lt=100_000)]


class SpokenText(Struct, frozen=True):
    """Words of the author's, and when they sound (ms)."""

    start: int
    end: int
    text: str


class TrackMetadata(Struct, frozen=True):
    """A timeline as it is read back. Times in ms, in order; `spoken` is empty if the track is too long to carry it."""

    title: str
    language: str
    voice: str
    duration: int
    intervals: tuple[Interval, ...]
    chapters: tuple[Chapter, ...]
    spoken: tuple[SpokenText, ...]
    spoken_by: str = ""
    """Which voice it is, if `voice` is a choice of several: `heart, neural`."""
    cautions: tuple[str, ...] = ()
    """What to mind in the whole routine."""


class NoTimelineError(ValueError):
    """Data that is not a timeline; the message says why, for people."""


class _Schema(Struct, frozen=True):
    schema: str = ""


class _Timed(Struct, frozen=True, omit_defaults=True):
    start: _Seconds
    end: _Seconds


class _Interval(_Timed, frozen=True, omit_defaults=True):
    kind: Kind
    exercise: str | None = None
    side: Side | None = None
    round: _Count | None = None
    rounds: _Count | None = None


class _Chapter(_Timed, frozen=True):
    title: str


class _Event(_Timed, frozen=True):
    lane: str
    kind: str
    text: str = ""


class _Timeline(Struct, frozen=True, omit_defaults=True, tag_field="schema", tag=SCHEMA):
    title: str
    language: str
    voice: str
    duration: _Seconds
    intervals: list[_Interval]
    chapters: list[_Chapter]
    events: list[_Event]
    spoken_by: dict[str, str] = {}
    cautions: list[str] = []


def encode_timeline(timeline: Timeline) -> bytes:
    """The timeline as the tag holds it: compact JSON in UTF-8."""
    words = [
        _Event(each.start / 1_000, each.end / 1_000, "voice", "speech", _encodable(each.utterance.text))
        for each in timeline.events
        if isinstance(each, SpeechEvent) and each.span
    ]
    plain = _Timeline(
        _encodable(timeline.title),
        timeline.language,
        timeline.voice,
        timeline.duration / 1_000,
        [_plain_interval(each) for each in timeline.intervals],
        [_Chapter(each.start / 1_000, each.end / 1_000, _encodable(each.title)) for each in timeline.chapters],
        words,
        dict(timeline.spoken_by),
        [_encodable(caution) for caution in timeline.cautions],
    )
    data = msgspec.json.encode(plain)
    return data if len(data) <= MAX_BYTES_WITH_WORDS else msgspec.json.encode(msgspec.structs.replace(plain, events=[]))


def read_timeline(data: bytes) -> TrackMetadata:
    """The timeline in such JSON, whoever wrote it. Texts are cut at 1,000 characters. Raises NoTimelineError."""
    if len(data) > MAX_BYTES:
        raise NoTimelineError(f"its timeline has {len(data):,} bytes, more than any track needs")
    try:
        if msgspec.json.decode(data, type=_Schema).schema != SCHEMA:
            raise NoTimelineError(f"its timeline is not of the form {SCHEMA}: a newer cuecast may know it")
        plain = msgspec.json.decode(data, type=_Timeline)
    except msgspec.ValidationError as fault:
        raise NoTimelineError(f"its timeline is of another form: {fault}") from None
    except (msgspec.DecodeError, ValueError, RecursionError) as fault:
        if isinstance(fault, NoTimelineError):
            raise
        raise NoTimelineError("its timeline is not JSON") from None
    _check_times(plain)
    return TrackMetadata(
        _short(plain.title),
        _short(plain.language),
        _short(plain.voice),
        _ms(plain.duration),
        tuple(
            Interval(_ms(i.start), _ms(i.end), i.kind, _short(i.exercise or "") or None, i.side, i.round, i.rounds)
            for i in plain.intervals
        ),
        tuple(Chapter(_ms(each.start), _ms(each.end), _short(each.title)) for each in plain.chapters),
        tuple(
            SpokenText(_ms(each.start), _ms(each.end), _short(each.text))
            for each in plain.events
            if each.kind == "speech" and each.text
        ),
        _short(plain.spoken_by.get(plain.voice, "")),
        tuple(map(_short, plain.cautions)),
    )


def _check_times(plain: _Timeline) -> None:
    for each in itertools.chain[_Timed](plain.intervals, plain.chapters, plain.events):
        if each.end < each.start:
            raise NoTimelineError("its timeline has something that ends before it begins")
    for before, after in itertools.pairwise(plain.intervals):
        if _ms(before.end) != _ms(after.start):
            raise NoTimelineError("its timeline has intervals that do not lie end to end")
    intervals = plain.intervals
    if not intervals or intervals[0].start or _ms(intervals[-1].end) != _ms(plain.duration):
        raise NoTimelineError("its timeline has intervals that do not fill its length")


def _plain_interval(i: Interval) -> _Interval:
    exercise = _encodable(i.exercise) if i.exercise else None
    return _Interval(i.start / 1_000, i.end / 1_000, i.kind, exercise, i.side, i.round, i.rounds)


def _ms(seconds: float) -> int:
    return round(seconds * 1_000)


def _short(text: str) -> str:
    return text[:_MAX_TEXT]


def _encodable(text: str) -> str:
    """The text without halves of surrogate pairs, which UTF-8 cannot hold."""
    return text.encode("utf-8", "replace").decode("utf-8")
