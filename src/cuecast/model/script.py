"""A routine made flat: one list of items, every word ready to be spoken, no time except what the author wrote.

`expand` makes a Script and `arrange` lays it out in time. Durations are integer milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import force_setattr

from cuecast.model.custom_tone import CustomTone
from cuecast.model.music import Bed
from cuecast.model.routine import Countdown, Lexicon, Moment, Side, Volume
from cuecast.model.source import Span


class Utterance(Struct, frozen=True):
    """What a voice says, and all that its sound depends on except the voice's own profile.

    `text` is as written, with its fields filled; `spoken` is the same with numbers and units in words.
    `lexicon` holds the entries of the routine's lexicon that occur in the text. `faster` is by how many percent it is
    spoken faster than usual.
    """

    text: str
    voice: str
    language: str
    spoken: str = ""
    lexicon: Lexicon = ()
    faster: int = 0

    def __post_init__(self) -> None:
        if not self.spoken:
            force_setattr(self, "spoken", self.text)


Announcement = tuple[Utterance, ...]
"""The forms of an announcement, the longest first. Empty: nothing is announced."""


class VoiceMap(Struct, frozen=True):
    """The voice of each role."""

    main: str
    announcements: str
    countdown: str


class SpokenLine(Struct, frozen=True):
    """Words of the author, and where they are written; `span` is None for the compiler's own words."""

    utterance: Utterance
    span: Span | None = None


class SpokenCue(Struct, frozen=True):
    """A cue and its moment in the work."""

    at: Moment
    line: SpokenLine


class TimedAnnouncement(Struct, frozen=True):
    """An announcement at a moment of the work."""

    at: Moment
    forms: Announcement


class PaceMotion(StrEnum):
    """How the pace tone moves during a phase; HOLD stays where the last motion ended."""

    RISE = "rise"
    FALL = "fall"
    HOLD = "hold"


class PacePhase(Struct, frozen=True):
    """One part of a pace: its word (spoken the first two times), its length and the motion of its tone."""

    word: Utterance | None
    ms: int
    motion: PaceMotion


class Gap(Struct, frozen=True):
    """The interval before a work interval: its kind (`transition`, `switch` or `rest`) and its least length.

    `is_auto`: nobody wrote a length, so that it is as long as all its words need. `settle_ms` is the quiet between
    the words and the countdown.
    """

    kind: str
    ms: int
    is_auto: bool = False
    settle_ms: int = 0


class SayItem(Struct, frozen=True):
    """A `say` interval."""

    line: SpokenLine
    for_ms: int
    bed: Bed | None = None


class PauseItem(Struct, frozen=True):
    """A `pause` interval; with a `sound` it lasts at least as long as that is kept clear of words."""

    ms: int
    bed: Bed | None = None
    sound: CustomTone | None = None


class WorkItem(Struct, frozen=True):
    """One work interval, the gap before it, and all words of both.

    In the gap: `before`, `name`, `after`, `setup`, then the countdown. `before` and `after` may be dropped. `ready`
    repeats the name at the end of a long gap.
    `numbers` are the words of a spoken countdown, that for 1 second left first.
    In the work: `cues`, `timed` announcements (`halfway`, `last 10s`), `beeps`, the `pace`, and `reps`: what is said
    as each rep begins. `has_range`: `work_ms` was chosen from a range.
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
    before: tuple[Announcement, ...] = ()
    name: Announcement = ()
    ready: Announcement = ()
    after: tuple[Announcement, ...] = ()
    setup: SpokenLine | None = None
    numbers: tuple[Utterance, ...] = ()
    cues: tuple[SpokenCue, ...] = ()
    timed: tuple[TimedAnnouncement, ...] = ()
    beeps: tuple[Moment, ...] = ()
    pace: tuple[PacePhase, ...] = ()
    reps: tuple[Utterance, ...] = ()
    has_range: bool = False
    bed: Bed | None = None


Item = SayItem | PauseItem | WorkItem


class Script(Struct, frozen=True):
    """The flat form of a routine; `voice` is the main voice.

    `opening` makes the words for title and length from the length in ms; None if the track does not announce them.
    `finish` closes the track. `cautions` are for the cue sheet. `bed` plays before the first item and after the last one. `increments` has the number
    of steps of each range in the routine: whole seconds, reps or paces.
    """

    title: str
    language: str
    voice: str
    items: tuple[Item, ...]
    volume: Volume = Volume()
    tones: tuple[CustomTone, ...] = ()
    opening: Callable[[int], Utterance] | None = None
    finish: Announcement = ()
    cautions: tuple[str, ...] = ()
    bed: Bed | None = None
    increments: frozenset[int] = frozenset()

    @property
    def works(self) -> tuple[WorkItem, ...]:
        """The work intervals, in order."""
        return tuple(item for item in self.items if isinstance(item, WorkItem))
