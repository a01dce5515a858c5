"""A routine unrolled: one flat list, every word written out, no time but what the author told.

`expand` makes it and `arrange` lays it out in time. Durations are integer milliseconds.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct
from msgspec.structs import force_setattr

from cuecast.model.custom_tone import CustomTone
from cuecast.model.music import Bed
from cuecast.model.routine import Countdown, Lexicon, Moment, Side, Volume
from cuecast.model.source import Span


class Utterance(Struct, frozen=True):
    """What a voice is to say, and all that its sound depends on besides the voice's own profile.

    `text` is as written, with fields filled; `spoken` the same with numbers and units in words, as it is said.
    `lexicon` holds those entries of the routine's that have a word in it.
    """

    text: str
    voice: str
    language: str
    spoken: str = ""
    lexicon: Lexicon = ()

    def __post_init__(self) -> None:
        if not self.spoken:
            force_setattr(self, "spoken", self.text)


class VoiceMap(Struct, frozen=True):
    """The voice of each role."""

    main: str
    announcements: str
    countdown: str


class SpokenLine(Struct, frozen=True):
    """Words to speak, fields filled. `span` is where they are written, None for the compiler's own."""

    text: str
    span: Span | None = None


class AnnouncementForms(Struct, frozen=True):
    """An announcement as it is said where there is room, and where there is little."""

    long: str
    short: str


class SpokenCue(Struct, frozen=True):
    """A written cue's words at its moment."""

    at: Moment
    line: SpokenLine


class TimedAnnouncement(Struct, frozen=True):
    """An announcement at a moment of the work."""

    at: Moment
    forms: AnnouncementForms


class PaceMotion(StrEnum):
    """How the pace tone moves through a part: up, down, or level where the last motion has left it."""

    RISE = "rise"
    FALL = "fall"
    HOLD = "hold"


class PacePhase(Struct, frozen=True):
    """One part of a pace: its word, said the first two times, its length in ms, and how its tone moves."""

    word: str
    ms: int
    motion: PaceMotion


class Gap(Struct, frozen=True):
    """The interval before a work interval: its kind (`transition`, `switch` or `rest`) and the length that is told."""

    kind: str
    ms: int


class SayItem(Struct, frozen=True):
    """A `say` interval."""

    line: SpokenLine
    for_ms: int
    bed: Bed | None = None


class PauseItem(Struct, frozen=True):
    """A `pause` interval."""

    ms: int
    bed: Bed | None = None


class WorkItem(Struct, frozen=True):
    """One work interval with the gap before it and all that is said in both.

    `before` and `after` are announcements that may be dropped, said before and after `name`;
    `marks` are those inside the work (`halfway`, `last 10s`). `numbers` are the words of a spoken
    countdown, for 1 second left first. `width_ms` is the width of the range in which `work_ms` was chosen.
    """

    exercise: str
    chapter: str
    work_ms: int
    gap: Gap
    countdown: Countdown
    span: Span
    side: Side | None = None
    round: int | None = None
    rounds: int | None = None
    before: tuple[AnnouncementForms, ...] = ()
    name: AnnouncementForms | None = None
    after: tuple[AnnouncementForms, ...] = ()
    setup: SpokenLine | None = None
    cues: tuple[SpokenCue, ...] = ()
    marks: tuple[TimedAnnouncement, ...] = ()
    beeps: tuple[Moment, ...] = ()
    numbers: tuple[str, ...] = ()
    pace: tuple[PacePhase, ...] = ()
    width_ms: int = 0
    bed: Bed | None = None


Item = SayItem | PauseItem | WorkItem


class Script(Struct, frozen=True):
    """The flat form of a routine. `total` says whether title and length open the track; `finish` closes it.

    `bed` is what plays before the first item and after the last one.
    """

    title: str
    language: str
    cast: VoiceMap
    items: tuple[Item, ...]
    lexicon: Lexicon = ()
    volume: Volume = Volume()
    tones: tuple[CustomTone, ...] = ()
    total: bool = False
    finish: AnnouncementForms | None = None
    bed: Bed | None = None
