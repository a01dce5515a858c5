"""Absolute times, in integer milliseconds, of all that sounds: what `arrange` makes and every format reads."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from cuecast.model.custom_tone import CustomTone
from cuecast.model.music import Music
from cuecast.model.routine import Side, Volume
from cuecast.model.script import Utterance
from cuecast.model.source import Span


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


class Interval(Struct, frozen=True):
    """A stretch of the track. Intervals lie end to end, each a whole number of seconds."""

    start: int
    end: int
    kind: Kind
    exercise: str | None = None
    side: Side | None = None
    round: int | None = None
    rounds: int | None = None
    span: Span | None = None


class SpeechEvent(Struct, frozen=True):
    """An utterance and when it sounds. `span` is where its words are written, None for the compiler's own."""

    start: int
    end: int
    utterance: Utterance
    span: Span | None = None


class ToneEvent(Struct, frozen=True):
    """A tone and when it sounds: one of the table in `cuecast.model.tones`, or `pace`, which glides from `hz` to `to_hz`.

    Where a sound of the user's own stands in its place, that has no `hz`; it may be cut short.
    """

    start: int
    end: int
    name: str
    hz: int | None
    to_hz: int | None = None
    own: CustomTone | None = None


Event = SpeechEvent | ToneEvent


class BedSegment(Struct, frozen=True):
    """A stretch of the bed: one music at one gain (dB against the voice, before it ducks).

    Stretches do not overlap. Where one follows at once, the same music plays on and its gain glides, another one is
    crossfaded; elsewhere it is faded in and out, within the stretch.
    """

    start: int
    end: int
    music: Music
    gain: float


class Chapter(Struct, frozen=True):
    """A marker that a player can skip to."""

    start: int
    end: int
    title: str


class Timeline(Struct, frozen=True):
    """All that sounds, in order of time. SpeechEvent never overlaps speech; `duration` is the intervals' sum."""

    title: str
    language: str
    voice: str
    duration: int
    intervals: tuple[Interval, ...]
    events: tuple[Event, ...]
    chapters: tuple[Chapter, ...]
    volume: Volume = Volume()
    bed: tuple[BedSegment, ...] = ()

    @property
    def channels(self) -> int:
        """Two with a bed, else one (design.md, section 6)."""
        return 2 if self.bed else 1
