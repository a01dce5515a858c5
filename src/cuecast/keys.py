"""The one table of keys: what may stand where in a routine, what it takes and what it is for.

The reader is driven by it, and the JSON Schema and the reference page are written from it, so they cannot drift.
A new key is one line here, a field in `cuecast.routine`, and, where its kind is new, one parser in `cuecast.read`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

MAX_TEXT = 1_000
"""The longest text of one cue, `say`, `setup`, name or title, in characters."""

MAX_ROUNDS = 20_000
"""The most rounds that can be told; also the most steps of a routine, so more could never be built."""

MAX_COUNTDOWN = 60
"""The longest countdown, in seconds."""


class Kind(StrEnum):
    """What a key takes. The reader has one parser for each."""

    WORDS = "words"
    TEXT = "text"
    DURATION = "duration"
    RANGE = "range"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    SIDE = "side"
    SIDES = "sides"
    MOMENT = "moment"
    MOMENTS = "moments"
    CUES = "cues"
    COUNTDOWN = "countdown"
    ANNOUNCE = "announce"
    GAIN = "gain"
    VOLUME = "volume"
    LANGUAGE = "language"
    NAME = "name"
    SETTINGS = "settings"
    STEPS = "steps"


WANTED: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.WORDS: "words",
        Kind.TEXT: "words",
        Kind.DURATION: "a duration such as 45s, 1m30s or 1:30",
        Kind.RANGE: "a duration such as 45s, or a range such as 30s-60s",
        Kind.INTEGER: "a whole number such as 3",
        Kind.BOOLEAN: "true or false",
        Kind.SIDE: "left, right or both",
        Kind.SIDES: "left, right or both, or a list such as [left, right]",
        Kind.MOMENT: "a moment such as start, 10s, half, -10s, end or every 15s",
        Kind.MOMENTS: "a moment such as every 15s or half, a list of them, or off",
        Kind.CUES: "moments with the words to say then",
        Kind.COUNTDOWN: "a number of seconds such as 3, or 3 spoken, or off",
        Kind.ANNOUNCE: "a list such as [next, side], or off",
        Kind.GAIN: "decibels such as -3dB, or off",
        Kind.VOLUME: "a gain for voice or tones, such as {tones: -3dB}",
        Kind.LANGUAGE: "a language code such as en, de or pt-BR",
        Kind.NAME: "a name of small letters and digits, such as coach",
        Kind.SETTINGS: "settings, each on a line of its own, two spaces further in",
        Kind.STEPS: "a list of steps, each beginning with `- `",
    }
)
"""What a key of each kind takes, in words that follow "wants"."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key: what it takes, what it is for, an example as YAML, and what holds where it is not written."""

    name: str
    kind: Kind
    doc: str
    example: str
    default: str | None = None
    required: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where keys stand together. `title` is how a message calls the place."""

    name: str
    title: str
    doc: str
    keys: tuple[Key, ...]

    def key(self, name: str) -> Key | None:
        """The key of that name, if it may stand here."""
        return next((k for k in self.keys if k.name == name), None)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all the keys that may stand here."""
        return tuple(k.name for k in self.keys)


SETTINGS = (
    Key(
        "work",
        Kind.RANGE,
        "How long the exercise lasts, on each side. It is exact: what is spoken around it never shortens it. "
        "A range leaves the choice open; its middle is taken.",
        "work: 45s",
    ),
    Key(
        "transition",
        Kind.DURATION,
        "The time before the exercise, in which it is announced and you get into position. It is longer only where "
        "the words of `setup` need it. `0s` means no time at all: the announcement sounds over the work before.",
        "transition: 10s",
        default="8s",
    ),
    Key(
        "switch",
        Kind.DURATION,
        "The time to change from one side to the other.",
        "switch: 5s",
        default="5s",
    ),
    Key(
        "countdown",
        Kind.COUNTDOWN,
        "Beeps on the last seconds before the work starts; `3 spoken` counts aloud, `off` leaves only the start tone.",
        "countdown: 3 spoken",
        default="3",
    ),
    Key(
        "announce",
        Kind.ANNOUNCE,
        "What is said without your writing it: `next` (the name of what comes), `side`, `length`, `number` (third of "
        "eight), `round`, `halfway`, `last 10s` (any time left), `total` (title and length, at the start) and "
        "`finish`. `off` says nothing.",
        "announce: [next, side, last 10s]",
        default="[next, side]",
    ),
    Key(
        "beeps",
        Kind.MOMENTS,
        "Beeps inside the work, at moments such as `every 15s` or `half`. They keep silent where the voice speaks.",
        "beeps: every 15s",
        default="off",
    ),
)

ROUTINE = Place(
    "routine",
    "a routine",
    "The file as a whole. `title` and `steps` are needed; all else has a default.",
    (
        Key(
            "title",
            Kind.WORDS,
            "What the routine is called: the title of the track in a player.",
            "title: Runners' rollout",
            required=True,
        ),
        Key(
            "summary",
            Kind.WORDS,
            "One sentence on what it is for; lists of routines show it.",
            "summary: The four big muscles of the legs, after a hard run.",
        ),
        Key(
            "language",
            Kind.LANGUAGE,
            "The language that the routine is written in. Announcements and the voice follow it.",
            "language: en",
            default="en",
        ),
        Key(
            "voice",
            Kind.NAME,
            "Who speaks: the name of a voice. `cuecast voices` lists them.",
            "voice: coach",
        ),
        Key(
            "volume",
            Kind.VOLUME,
            "How loud the voice and the tones are, against their normal level.",
            "volume: {tones: -3dB}",
        ),
        Key(
            "defaults",
            Kind.SETTINGS,
            "Settings for every exercise below; each exercise can override them.",
            "defaults:\n  work: 45s\n  transition: 10s",
        ),
        Key(
            "steps",
            Kind.STEPS,
            "What is done, in order.",
            "steps:\n  - say: Find a bit of floor.\n  - exercise: Calves\n    work: 45s",
            required=True,
        ),
    ),
)

DEFAULTS = Place("defaults", "`defaults`", "Settings for every exercise of the routine.", SETTINGS)

SAY = Place(
    "say",
    "a `say` step",
    "Words in a time of their own.",
    (
        Key("say", Kind.TEXT, "The words to speak.", "say: Find a bit of floor.", required=True),
        Key(
            "for",
            Kind.DURATION,
            "How long the step lasts, at least; it is never shorter than the words.",
            "for: 10s",
            default="0s",
        ),
    ),
)

EXERCISE = Place(
    "exercise",
    "an `exercise` step",
    "Something to do for a time, on each of its sides.",
    (
        Key("exercise", Kind.TEXT, "Its name, as it is announced.", "exercise: Calves", required=True),
        Key(
            "sides",
            Kind.SIDES,
            "The sides, in order. Each gets the full work, with a `switch` between. Leave it out where there are none.",
            "sides: [left, right]",
        ),
        Key(
            "setup",
            Kind.TEXT,
            "How to get into position: spoken once, before the exercise starts.",
            "setup: Sit with your legs straight, hands flat behind you.",
        ),
        Key(
            "cues",
            Kind.CUES,
            "What is said during the work: a moment and its words. The moments count from the start of each side. "
            "A list of `{at, say, side, round}` is for cues of one side or one round only.",
            "cues:\n  10s: Cross your legs.\n  half: Slowly.\n  -8s: Point your toes.",
        ),
        *SETTINGS,
        Key(
            "counted",
            Kind.BOOLEAN,
            "Whether the exercise counts in `{number}` of `{count}`; `false` for a warm-up or a walk between.",
            "counted: false",
            default="true",
        ),
    ),
)

REST = Place(
    "rest",
    "a `rest` step",
    "Time to rest before the next exercise. It stands in place of the transition, it is not added to it.",
    (Key("rest", Kind.DURATION, "How long.", "rest: 30s", required=True),),
)

PAUSE = Place(
    "pause",
    "a `pause` step",
    "Quiet, between two steps. The next exercise still has its own transition.",
    (Key("pause", Kind.DURATION, "How long.", "pause: 20s", required=True),),
)

ROUNDS = Place(
    "rounds",
    "a `rounds` step",
    "Steps that are done several times over: a circuit.",
    (
        Key("rounds", Kind.INTEGER, "How many times.", "rounds: 3", required=True),
        Key(
            "rest",
            Kind.DURATION,
            "The rest between two rounds, in place of the transition.",
            "rest: 20s",
        ),
        Key(
            "steps",
            Kind.STEPS,
            "The steps of one round.",
            "steps:\n  - exercise: Quads\n    work: 40s",
            required=True,
        ),
    ),
)

CUE = Place(
    "cue",
    "an entry of `cues`",
    "One cue in a list of cues.",
    (
        Key("at", Kind.MOMENT, "The moment.", "at: half", required=True),
        Key("say", Kind.TEXT, "The words to speak.", "say: Slowly.", required=True),
        Key("side", Kind.SIDE, "Only on this side.", "side: left"),
        Key("round", Kind.INTEGER, "Only in this round.", "round: 1"),
    ),
)

VOLUME = Place(
    "volume",
    "`volume`",
    "Gains against the normal level, in decibels; `off` is silence.",
    (
        Key("voice", Kind.GAIN, "The spoken words.", "voice: +2dB", default="0dB"),
        Key("tones", Kind.GAIN, "All beeps and tones.", "tones: -3dB", default="0dB"),
    ),
)

STEPS: Mapping[str, Place] = MappingProxyType({p.name: p for p in (SAY, EXERCISE, REST, PAUSE, ROUNDS)})
"""The kinds of step. The name of each is also the key that makes an entry of `steps` that step."""

PLACES = (ROUTINE, DEFAULTS, *STEPS.values(), CUE, VOLUME)
"""Every place where keys stand."""
