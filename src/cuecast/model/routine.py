"""A routine as its author wrote it: the tree that `read` gives and `expand` flattens.

Durations are integer milliseconds, always whole seconds. None means "not written here".
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct, field
from msgspec.structs import replace

from cuecast.model.custom_tone import CustomTone
from cuecast.model.duration import DurationRange
from cuecast.model.music import MusicSetting
from cuecast.model.source import Source, Span

FIELDS = ("side", "other_side", "exercise", "next", "work", "round", "rounds", "number", "count")
"""The names that text may hold in braces."""

SIDE_FIELDS = ("side", "other_side")
"""Those that may ask for a form, where the language inflects: `{side:e}`."""


class Side(StrEnum):
    """Which side of the body a work interval is for."""

    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"


class Field(Struct, frozen=True):
    """A `{name}` or `{name:form}` in a text; the span is that of the braces."""

    name: str
    span: Span
    form: str = ""

    def __str__(self) -> str:
        return f"{{{self.name}:{self.form}}}" if self.form else f"{{{self.name}}}"


class Text(Struct, frozen=True):
    """Words with fields to fill: literal parts (braces already undoubled) and Fields, in order."""

    parts: tuple[str | Field, ...]
    span: Span

    def __str__(self) -> str:
        """The text with its fields as they are written."""
        return "".join(map(str, self.parts))


class Role(StrEnum):
    """What a voice says: all that no other one does, the compiler's announcements, the numbers of a countdown."""

    MAIN = "main"
    ANNOUNCEMENTS = "announcements"
    COUNTDOWN = "countdown"


class VoiceAssignment(Struct, frozen=True):
    """A voice for a role, and where its name is written."""

    role: Role
    voice: str
    span: Span


class Pronunciation(Struct, frozen=True):
    """How to say a word, or several in a row: by another spelling, by its sounds (IPA), or both.

    A voice that takes no phonemes says the spelling; where there is none, the word as it stands.
    """

    word: str
    say: str | None = None
    ipa: str | None = None


Lexicon = tuple[Pronunciation, ...]
"""Each word once, in any case."""


class MomentKind(StrEnum):
    """From where a moment counts."""

    START = "start"
    HALF = "half"
    END = "end"
    AFTER = "after"
    BEFORE = "before"
    EVERY = "every"


class Moment(Struct, frozen=True):
    """When in a side's work: `start`, `half`, `end`, `ms` after its start, `ms` before its end, or every `ms`."""

    kind: MomentKind
    ms: int = 0

    def times(self, work_ms: int) -> tuple[int, ...]:
        """All its times in a work of `work_ms`, in ms after its start; empty where it lies outside."""
        match self.kind:
            case MomentKind.START:
                return (0,)
            case MomentKind.END:
                return (work_ms,)
            case MomentKind.HALF:
                return (work_ms // 2,)
            case MomentKind.AFTER:
                return (self.ms,) if self.ms < work_ms else ()
            case MomentKind.BEFORE:
                return (work_ms - self.ms,) if self.ms <= work_ms else ()
            case MomentKind.EVERY:
                return tuple(range(self.ms, work_ms, self.ms))


class Level(StrEnum):
    """How hard an exercise is; `variants` say what changes."""

    GENTLE = "gentle"
    STANDARD = "standard"
    DEEP = "deep"


class TextField(Struct, frozen=True):
    """One part of a pace: its word ("in", "hold", "out") and its length in ms."""

    word: str
    ms: int


class Cue(Struct, frozen=True):
    """Words at a moment of the work; only on `side` and in `round` where those are set. `span` is the moment's."""

    at: Moment
    say: Text
    span: Span
    side: Side | None = None
    round: int | None = None


class Countdown(Struct, frozen=True):
    """The last `seconds` of a gap, as beeps or as spoken numbers; 0 is none."""

    seconds: int
    spoken: bool = False


class Auto(Struct, frozen=True):
    """The length of a gap that nobody wrote: as long as its words, `settle` and the countdown need, 8 s at least."""


class RepRange(Struct, frozen=True):
    """From `low` to `high` reps, both included."""

    low: int
    high: int


class AnnouncementKind(StrEnum):
    """What the compiler says of its own accord."""

    NEXT = "next"
    SIDE = "side"
    READY = "ready"
    LENGTH = "length"
    NUMBER = "number"
    ROUND = "round"
    COUNT = "count"
    HALFWAY = "halfway"
    LAST = "last"
    ENCOURAGE = "encourage"
    TOTAL = "total"
    CAUTION = "caution"
    FINISH = "finish"


class Announce(Struct, frozen=True):
    """The announcements that are wanted; `last` holds the times left at which `last 10s` speaks, in ms."""

    kinds: frozenset[AnnouncementKind] = frozenset()
    last: tuple[int, ...] = ()

    def __contains__(self, kind: AnnouncementKind) -> bool:
        return kind in self.kinds


class Settings(Struct, frozen=True):
    """What `defaults` gives to every exercise below, and what each exercise can override.

    `settle` is the quiet after the last word of a setup, in ms; `rest` is the gap between two of the `sets`.
    """

    work: DurationRange | None = None
    transition: DurationRange | Auto | None = None
    switch: DurationRange | Auto | None = None
    settle: int | None = None
    countdown: Countdown | None = None
    announce: Announce | None = None
    beeps: tuple[Moment, ...] | None = None
    pace: tuple[TextField, ...] | None = None
    reps: RepRange | None = None
    sets: int | None = None
    rest: DurationRange | None = None

    @property
    def pace_ms(self) -> int:
        """How long one pace is, in ms; 0 without a pace."""
        return sum(part.ms for part in self.pace or ())

    def over(self, below: Settings) -> Settings:
        """These settings, and those of `below` where these are silent."""
        mine = {name: getattr(self, name) for name in self.__struct_fields__}
        merged = {k: getattr(below, k) if v is None else v for k, v in mine.items()}
        # `work` and `reps` are two ways to say the same: who writes one leaves the other.
        if self.work is not None or self.reps is not None:
            merged |= {"work": self.work, "reps": self.reps}
        return Settings(**merged)


AUTO_GAP_MS = 8_000
"""The shortest gap whose length nobody wrote, in milliseconds."""

LONG_QUIET_MS = 15_000
"""The longest quiet between the last words of a gap and its countdown; after a longer one, the name is said again."""

BUILT_IN = Settings(
    transition=Auto(),
    switch=Auto(),
    settle=5_000,
    countdown=Countdown(3),
    announce=Announce(frozenset({AnnouncementKind.NEXT, AnnouncementKind.SIDE, AnnouncementKind.READY})),
    beeps=(),
    pace=(),
)
"""What holds where neither `defaults` nor the exercise says otherwise. A `work` given nowhere is an error."""


class Volume(Struct, frozen=True):
    """Gain of each lane in dB against its normal level; None is off."""

    voice: float | None = 0.0
    tones: float | None = 0.0
    music: float | None = 0.0


class Say(Struct, frozen=True):
    """Words in an interval of their own, `length` long or longer where they need it."""

    text: Text
    span: Span
    length: DurationRange = DurationRange(0, 0)
    music: MusicSetting | None = None


class Pause(Struct, frozen=True):
    """Quiet, in an interval of its own; it does not replace a gap. A step `sound` is one that begins with `sound`."""

    length: DurationRange
    span: Span
    music: MusicSetting | None = None
    sound: CustomTone | None = None


class Rest(Struct, frozen=True):
    """The gap before the next work interval, with a length that the author wrote."""

    length: DurationRange
    span: Span


class ExerciseKind(StrEnum):
    """What sort of exercise it is: `check` knows what each should not be done with."""

    ROLLING = "rolling"
    STRETCH = "stretch"
    STRENGTH = "strength"
    CARDIO = "cardio"
    BREATHING = "breathing"


class ExerciseOverrides(Struct, frozen=True):
    """Keys of an exercise that stand over those of another; None is not written. A key replaces the whole key."""

    name: Text | None = None
    sides: tuple[Side, ...] | None = None
    setup: Text | None = None
    cues: tuple[Cue, ...] | None = None
    counted: bool | None = None
    kind: ExerciseKind | None = None
    music: MusicSetting | None = None
    settings: Settings = field(default_factory=Settings)


class Variant(Struct, frozen=True):
    """Changes that hold at one level; None is every level (what a `use` says over the library's exercise)."""

    level: Level | None
    changes: ExerciseOverrides


class Exercise(Struct, frozen=True):
    """A work interval for each of its sides; no sides is one interval without a side.

    `variants` are applied in order, those of the level that is rendered and those of every level. A `use` step is the
    library's exercise with the step's own keys as a variant of every level, and the step's own variants after it.
    `span` is the step's place in the routine, also for what comes from the library.
    """

    name: Text
    span: Span
    sides: tuple[Side, ...] = ()
    setup: Text | None = None
    cues: tuple[Cue, ...] = ()
    counted: bool = True
    kind: ExerciseKind | None = None
    caution: str | None = None
    music: MusicSetting | None = None
    settings: Settings = field(default_factory=Settings)
    variants: tuple[Variant, ...] = ()

    def at(self, level: Level) -> Exercise:
        """The exercise as it is at `level`, without variants."""
        exercise = replace(self, variants=())
        for variant in self.variants:
            if variant.level in (None, level):
                changes = variant.changes
                written = {name: getattr(changes, name) for name in changes.__struct_fields__ if name != "settings"}
                given = {name: value for name, value in written.items() if value is not None}
                exercise = replace(exercise, **given, settings=changes.settings.over(exercise.settings))
        return exercise


class Rounds(Struct, frozen=True):
    """Steps done `count` times, with `rest` as the gap between; `shuffle` gives each round an order of its own.

    `are_sets`: the rounds are the sets of one exercise.
    """

    count: int
    steps: tuple[Step, ...]
    span: Span
    rest: DurationRange | None = None
    shuffle: bool = False
    are_sets: bool = False
    music: MusicSetting | None = None


class Section(Struct, frozen=True):
    """The steps of an included file, with its `defaults`, which stand over those of the file that includes it."""

    steps: tuple[Step, ...]
    defaults: Settings
    span: Span


Step = Say | Pause | Rest | Exercise | Rounds | Section


class Routine(Struct, frozen=True):
    """One file, as written, with what it uses and includes. `name` is the file's name without its suffix."""

    name: str
    title: str
    steps: tuple[Step, ...]
    source: Source
    summary: str | None = None
    caution: str | None = None
    language: str = "en"
    language_span: Span | None = None
    cast: tuple[VoiceAssignment, ...] = ()
    lexicon: Lexicon = ()
    level: Level = Level.STANDARD
    fit_ms: int | None = None
    fit_span: Span | None = None
    music: MusicSetting | None = None
    other_music: MusicSetting | None = None
    """Music that the caller chose in place of all music that the routine names."""
    volume: Volume = Volume()
    tones: tuple[CustomTone, ...] = ()
    defaults: Settings = field(default_factory=Settings)
