"""What keys are made of: the kinds of value that they take, and the places where they stand.

A new kind is one line here, its words in `WANTED`, one parser in `cuecast.read` and one pattern in `tools.schema`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from msgspec import Struct

MAX_BYTES = 1_000_000
"""The largest file that is read. Whoever opens files need not read more than one byte beyond it."""

MAX_TEXT = 1_000
"""The longest text of one cue, `say`, `setup`, name or title, in characters."""

MAX_ROUNDS = 20_000
"""The most rounds that can be told; also the most steps of a routine, so more could never be built."""

MAX_COUNTDOWN = 60
"""The longest countdown, in seconds."""

MAX_LISTED = 2_000
"""The most entries of a list in a manifest."""

MAX_REPS = 1_000
"""The most reps of one work."""

MIN_RATE, MAX_RATE = 80, 400
"""The slowest and the fastest voice, in words a minute."""

MAX_PITCH = 99
"""The highest voice, on a scale that begins at 0."""

MIN_TRIM, MAX_TRIM = -20, 6
"""The softest and the loudest voice, in dB against the even loudness."""

MAX_ALTERNATIVES = 20
"""The most voices that are tried on one platform, and the most arguments of a program."""

MAX_PARTS = 12
"""The most parts that a pace has."""

MAX_LEXICON = 500
"""Words of a lexicon."""

MAX_RECORDINGS = 500
"""The most sound files of a folder of music."""

SOUND_SUFFIXES = (".mp3", ".flac", ".ogg", ".oga", ".opus", ".wav", ".aif", ".aiff", ".m4a")
"""How the names of sound files end, in any case."""

MAX_SPELLING = 100
"""Characters of a word of a lexicon, and of how it is said."""


def is_sound_file(name: str) -> bool:
    """Whether it is the name of a sound file. What begins with a dot is none: macOS leaves such beside others."""
    return name.lower().endswith(SOUND_SUFFIXES) and not name.startswith(".")


class Kind(StrEnum):
    """What a key takes. The reader has one parser for each."""

    WORDS = "words"
    TEXT = "text"
    CREDITS = "credits"
    DURATION = "duration"
    LENGTH = "length"
    RANGE = "range"
    INTEGER = "integer"
    REPS = "reps"
    PACE = "pace"
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
    MUSIC = "music"
    MUSIC_HERE = "music-here"
    MUSIC_FILE = "music-file"
    MUSIC_FOLDER = "music-folder"
    NOISE = "noise"
    SOUND = "sound"
    BED_GAIN = "bed-gain"
    TONES = "tones"
    TONE_FILE = "tone-file"
    LANGUAGE = "language"
    NAME = "name"
    USE = "use"
    PATH = "path"
    LEVEL = "level"
    SORT = "sort"
    SETTINGS = "settings"
    STEPS = "steps"
    VARIANTS = "variants"
    VARIANT = "variant"
    CAST = "cast"
    LEXICON = "lexicon"
    SPELLING = "spelling"
    IPA = "ipa"
    RATE = "rate"
    PITCH = "pitch"
    TRIM = "trim"
    PLATFORMS = "platforms"
    ALTERNATIVES = "alternatives"
    FILE = "file"
    PROGRAM = "program"
    NUMBER = "number"
    ENGINE = "engine"
    ROUTINES = "routines"
    LANGUAGES = "languages"
    VOICES = "voices"
    LEVELS = "levels"
    LENGTHS = "lengths"
    FORMATS = "formats"
    EXCLUSIONS = "exclusions"
    OUTPUT = "output"


WANTED: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.WORDS: "words",
        Kind.TEXT: "words",
        Kind.CREDITS: "words, or a list of them",
        Kind.DURATION: "a duration such as 45s, 1m30s or 1:30",
        Kind.LENGTH: "a duration such as 10m or 1:30",
        Kind.RANGE: "a duration such as 45s, or a range such as 30s-60s",
        Kind.INTEGER: "a whole number such as 3",
        Kind.REPS: "a whole number such as 10",
        Kind.PACE: "a list of parts such as [in 4s, out 6s], or off",
        Kind.BOOLEAN: "true or false",
        Kind.SIDE: "left, right or both",
        Kind.SIDES: "left, right or both, or a list such as [left, right]",
        Kind.MOMENT: "a moment such as start, 10s, half, -10s, end or every 15s",
        Kind.MOMENTS: "a moment such as every 15s or half, a list of them, or off",
        Kind.CUES: "moments with the words to say then",
        Kind.COUNTDOWN: "a number of seconds such as 3, or 3 spoken, or off",
        Kind.ANNOUNCE: "a list such as [next, side], or off",
        Kind.GAIN: "decibels such as -3dB, or off",
        Kind.VOLUME: "a gain for voice, tones or music, such as {tones: -3dB}",
        Kind.MUSIC: "a file such as calm.mp3, a folder such as songs/, ocean, drone, brown noise, or off",
        Kind.MUSIC_HERE: "a file such as calm.mp3, a folder such as songs/, ocean, drone, brown noise, its volume such "
        "as -24dB, or off",
        Kind.MUSIC_FILE: "the path of a sound file, such as calm.mp3",
        Kind.MUSIC_FOLDER: "the path of a folder, such as songs",
        Kind.NOISE: "brown, pink or white",
        Kind.SOUND: "drone or ocean",
        Kind.BED_GAIN: "decibels from -40 to -6, such as -18dB",
        Kind.TONES: "a sound file for each tone that is to be another, such as {end: gong.wav}",
        Kind.TONE_FILE: "the path of a WAV file, such as gong.wav",
        Kind.LANGUAGE: "a language code such as en, de or pt-BR",
        Kind.NAME: "a name of small letters and digits, such as coach",
        Kind.USE: "the name of an exercise in the library, such as calves",
        Kind.PATH: "the path of a file, such as cool-down.yaml",
        Kind.LEVEL: "gentle, standard or deep",
        Kind.SORT: "rolling, stretch, strength, cardio or breathing",
        Kind.SETTINGS: "settings, each on a line of its own, two spaces further in",
        Kind.STEPS: "a list of steps, each beginning with `- `",
        Kind.VARIANTS: "gentle, standard or deep, and below each the keys that change",
        Kind.VARIANT: "the keys that change, each on a line of its own, two spaces further in",
        Kind.CAST: "the name of a voice such as coach, or one for each role such as {main: coach, countdown: brisk}",
        Kind.LEXICON: "words, and beside each how to say it, such as {psoas: so-ass}",
        Kind.SPELLING: "another spelling, such as so-ass",
        Kind.IPA: "sounds in the International Phonetic Alphabet, such as ˈsoʊæs",
        Kind.RATE: "words a minute, from 80 to 400, such as 165",
        Kind.PITCH: "a number from 0 (low) to 99 (high), such as 50",
        Kind.TRIM: "decibels from -20 to 6, such as -3dB",
        Kind.PLATFORMS: "voices for linux, darwin (macOS) or win32 (Windows)",
        Kind.ALTERNATIVES: "the engine's name for a voice, or a list of them, the best one first",
        Kind.FILE: "the path of a file or folder, such as ~/voices/anna.onnx",
        Kind.PROGRAM: "a list: the program and each of its arguments, such as [say, -o, '{file}', '{text}']",
        Kind.NUMBER: "a number such as 0.667",
        Kind.ENGINE: "the name of an engine, such as pyttsx3 or piper",
        Kind.ROUTINES: "names or paths of routines, such as [runners-rollout, legs/*.yaml]",
        Kind.LANGUAGES: "language codes, such as [en, de]",
        Kind.VOICES: "names of voices, such as [coach, joe]",
        Kind.LEVELS: "gentle, standard or deep, or a list of them",
        Kind.LENGTHS: "durations such as [10m, 20m], or as written",
        Kind.FORMATS: "kinds of track, such as [mp3, opus]",
        Kind.EXCLUSIONS: "a list, each entry with what of a track must hold together",
        Kind.OUTPUT: "a path with fields, such as '{language}/{routine}'",
    }
)
"""What a key of each kind takes, in words that follow "wants"."""


class Key(Struct, frozen=True):
    """A key: what it takes, what it is for, an example as YAML, and what holds where it is not written."""

    name: str
    kind: Kind
    doc: str
    example: str
    default: str | None = None
    required: bool = False


class Place(Struct, frozen=True):
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
