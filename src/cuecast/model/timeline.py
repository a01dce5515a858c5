"""Absolute times, in integer milliseconds, of all that sounds. `arrange` makes a Timeline; every format reads it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct, field

from cuecast.model.custom_tone import CustomTone
from cuecast.model.music import Music
from cuecast.model.routine import Side, Volume
from cuecast.model.script import Utterance
from cuecast.model.source import Span


class Kind(StrEnum):
    """The kind of an interval."""

    LEAD_IN = "lead-in"
    SAY = "say"
    TRANSITION = "transition"
    SWITCH = "switch"
    REST = "rest"
    WORK = "work"
    PAUSE = "pause"
    CLOSE = "close"


class Interval(Struct, frozen=True):
    """A part of the track. Intervals lie end to end; each is a whole number of seconds."""

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

    `custom` is the user's own sound in its place: it has no `hz`. It may ring on after `clear_until`, under words and
    other tones.
    """

    start: int
    end: int
    name: str
    hz: int | None
    to_hz: int | None = None
    custom: CustomTone | None = None
    clear_until: int | None = None

    @property
    def clear_end(self) -> int:
        """The end of the part in which no words and no other tones sound."""
        return self.end if self.clear_until is None else self.clear_until


Event = SpeechEvent | ToneEvent


class BedSegment(Struct, frozen=True):
    """A part of the bed: one music at one gain (dB against the voice, before it ducks).

    Segments do not overlap. Between two segments without a hole, the same music glides to its new gain and another
    one is crossfaded; everywhere else a segment fades in and out, within its own time.
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
    """All that sounds, in order of time. Speech never overlaps speech; `duration` is the sum of the intervals."""

    title: str
    language: str
    voice: str
    duration: int
    intervals: tuple[Interval, ...]
    events: tuple[Event, ...]
    chapters: tuple[Chapter, ...]
    volume: Volume = Volume()
    bed: tuple[BedSegment, ...] = ()
    spoken_by: Mapping[str, str] = field(default_factory=dict)
    """Of a voice that is a choice of several, which one speaks: `{"coach": "heart, neural"}`."""
    cautions: tuple[str, ...] = ()
    """What to mind in the whole routine, for a cue sheet."""

    def describe_voice(self, name: str) -> str:
        """A voice for people: `coach: heart, neural`."""
        return f"{name}: {self.spoken_by[name]}" if name in self.spoken_by else name

    @property
    def channels(self) -> int:
        """Two with a bed, else one."""
        return 2 if self.bed else 1
