"""Absolute times, in integer milliseconds, of all that sounds: what `arrange` makes and every format reads."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cuecast.routine import Side, Volume
from cuecast.script import Utterance
from cuecast.source import Span


class Kind(StrEnum):
    """What an interval is for."""

    LEAD_IN = "lead-in"
    SAY = "say"
    TRANSITION = "transition"
    SWITCH = "switch"
    REST = "rest"
    WORK = "work"
    PAUSE = "pause"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of the track. Intervals lie end to end, each a whole number of seconds."""

    start: int
    end: int
    kind: Kind
    exercise: str | None = None
    side: Side | None = None
    round: int | None = None
    rounds: int | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Speech:
    """An utterance and when it sounds. `span` is where its words are written, None for the compiler's own."""

    start: int
    end: int
    utterance: Utterance
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Beep:
    """A tone and when it sounds: one of the table in `cuecast.tones`, or `pace`, which glides from `hz` to `to_hz`."""

    start: int
    end: int
    name: str
    hz: int
    to_hz: int | None = None


Event = Speech | Beep


@dataclass(frozen=True, slots=True)
class Chapter:
    """A marker that a player can skip to."""

    start: int
    end: int
    title: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """All that sounds, in order of time. Speech never overlaps speech; `duration` is the intervals' sum."""

    title: str
    language: str
    voice: str
    duration: int
    intervals: tuple[Interval, ...]
    events: tuple[Event, ...]
    chapters: tuple[Chapter, ...]
    volume: Volume = Volume()
