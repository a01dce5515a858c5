"""All types of keys. A new one is an entry here, and its parser in `cuecast.read`."""

from __future__ import annotations

from collections.abc import Iterable

from cuecast.model.keys import FieldType, Schema
from cuecast.model.limits import (
    MAX_ALTERNATIVES,
    MAX_COUNTDOWN,
    MAX_LEXICON,
    MAX_LISTED,
    MAX_PARTS,
    MAX_PITCH,
    MAX_RATE,
    MAX_REPS,
    MAX_ROUNDS,
    MAX_SETS,
    MAX_SPELLING,
    MAX_TEXT,
    MAX_TRIM,
    MIN_RATE,
    MIN_TRIM,
)
from cuecast.model.manifest import AS_WRITTEN
from cuecast.model.music import MAX_MUSIC_DB, MIN_MUSIC_DB, NOISES, GeneratedSound
from cuecast.model.routine import AnnouncementKind, ExerciseKind, Level, Side

_UNITS = r"[0-9]+h ?(?:[0-9]+m)? ?(?:[0-9]+s)?|[0-9]+m ?(?:[0-9]+s)?|[0-9]+s"
_CLOCK = r"(?:[0-9]+:[0-5]?[0-9]|[0-9]+):[0-5][0-9]"
_TIME = rf"(?:[0-9]+|{_UNITS}|{_CLOCK})"
_MOMENT = rf"(?:start|half|end|-? ?{_TIME}|every +{_TIME})"
_OFF: Schema = {"const": "off"}


def _one_of(words: Iterable[str]) -> Schema:
    return {"enum": [str(word) for word in words]}


def _timed(pattern: str, least: int) -> Schema:
    return {"type": ["string", "integer"], "pattern": f"^{pattern}$", "minimum": least}


def _number(least: int, most: int) -> Schema:
    return {"type": ["integer", "string"], "minimum": least, "maximum": most, "pattern": "^[0-9]+$"}


def _one_or_list(*single: Schema) -> Schema:
    items: Schema = dict(single[0]) if len(single) == 1 else {"anyOf": list(single)}
    return {"anyOf": [*single, {"type": "array", "items": items}, _OFF]}


def _listed(single: Schema) -> Schema:
    return {"anyOf": [single, {"type": "array", "items": single, "minItems": 1, "maxItems": MAX_LISTED}]}


_LANGUAGE: Schema = {"type": "string", "pattern": "^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$"}
_NAME: Schema = {"type": ["string", "integer"], "pattern": "^[a-z0-9][a-z0-9_-]{0,63}$"}
_PATH: Schema = {"type": ["string", "number"], "minLength": 1}
_WORDS: Schema = {"type": ["string", "number", "boolean"], "minLength": 1, "maxLength": MAX_TEXT}
_PART = _timed(rf"(?:[^{{}}]*[^{{}} ] )?{_TIME}", 1)
_TYPED: Schema = {"type": ["string", "number"], "minLength": 1, "maxLength": MAX_TEXT}
_MUSIC_PATH: Schema = {**_PATH, "not": {"pattern": "^[A-Za-z][A-Za-z0-9+.-]+://"}}
_MUSIC = (
    {"enum": [*map(str, GeneratedSound), *(f"{noise} noise" for noise in NOISES), "off"]},
    {**_MUSIC_PATH, "type": "string", "pattern": r"[.][A-Za-z0-9]{2,5}$|[/\\]$"},
)
"""Music as a plain value: what cuecast makes, or a file or folder by how its name ends."""
_SIDES = _one_of(Side)
_BED_GAIN: Schema = {
    "type": ["number", "string"],
    "minimum": MIN_MUSIC_DB,
    "maximum": MAX_MUSIC_DB,
    "pattern": r"^[-\u2212](?:[6-9]|[1-3][0-9]|40)(?:\.[0-9]+)? ?(?:[dD][bB])?$",
}

WORDS = FieldType("words", _WORDS, is_text=True)
TEXT = FieldType("words", _WORDS, is_text=True)
CREDITS = FieldType("words, or a list of them", {"anyOf": [_WORDS, {"type": "array", "items": _WORDS}]}, is_text=True)
DURATION = FieldType("a duration such as 45s, 1m30s or 1:30", _timed(_TIME, 0))
LENGTH = FieldType("a duration such as 10m or 1:30", _timed(_TIME, 1))
RANGE = FieldType("a duration such as 45s, or a range such as 30s-60s", _timed(rf"{_TIME}(?: ?[-\u2013] ?{_TIME})?", 1))
OPEN_RANGE = FieldType(
    "a duration such as 30s, or a range such as 20s-40s", _timed(rf"{_TIME}(?: ?[-\u2013] ?{_TIME})?", 0)
)
GAP = FieldType(
    "a duration such as 10s, a range such as 8s-15s, or auto",
    _timed(rf"(?:auto|{_TIME}(?: ?[-\u2013] ?{_TIME})?)", 0),
)
INTEGER = FieldType("a whole number such as 3", _number(1, MAX_ROUNDS))
REPS = FieldType(
    "a whole number such as 10, or a range such as 8-12",
    {**_number(1, MAX_REPS), "pattern": "^[0-9]+(?: ?[-\u2013] ?[0-9]+)?$"},
)
SETS = FieldType("a whole number such as 3", _number(1, MAX_SETS))
PACE = FieldType(
    "a list of parts such as [in 4s, out 6s], or off",
    {"anyOf": [{"type": "array", "items": _PART, "minItems": 1, "maxItems": MAX_PARTS}, _OFF, _PART]},
)
BOOLEAN = FieldType("true or false", {"anyOf": [{"type": "boolean"}, {"enum": ["yes", "no", "on", "off"]}]})
SIDE = FieldType("left, right or both", _SIDES)
SIDES = FieldType(
    "left, right or both, or a list such as [left, right]",
    {"anyOf": [_SIDES, {"type": "array", "items": _SIDES, "minItems": 1, "uniqueItems": True}, _OFF]},
)
MOMENT = FieldType(
    "a moment such as start, 10s, half, -10s, end or every 15s",
    {"anyOf": [{"enum": ["start", "half", "end"]}, _timed(_MOMENT, 0)]},
)
MOMENTS = FieldType(
    "a moment such as every 15s or half, a list of them, or off",
    _one_or_list({"enum": ["half", "start", "end"]}, _timed(_MOMENT, 0)),
)
CUES = FieldType(
    "moments with the words to say then",
    {"anyOf": [{"type": "object", "patternProperties": {f"^{_MOMENT}$": _WORDS}, "additionalProperties": False}, _OFF]},
)
COUNTDOWN = FieldType(
    "a number of seconds such as 3, or 3 spoken, or off",
    {"type": ["integer", "string"], "minimum": 0, "maximum": MAX_COUNTDOWN, "pattern": "^(?:[0-9]+( +spoken)?|off)$"},
)
ANNOUNCE = FieldType(
    "a list such as [next, side], or off",
    _one_or_list(
        _one_of(kind for kind in AnnouncementKind if kind is not AnnouncementKind.LAST),
        {"type": "string", "pattern": f"^last +{_TIME}$"},
    ),
)
GAIN = FieldType(
    "decibels such as -3dB, or off",
    {"type": ["number", "string"], "pattern": r"^(?:[-+\u2212]?[0-9]+(?:\.[0-9]+)? ?(?:dB)?|off)$"},
)
VOLUME = FieldType("a gain for voice, tones or music, such as {tones: -3dB}")
MUSIC = FieldType(
    "a file such as calm.mp3, a folder such as songs/, ocean, drone, brown noise, or off",
    {"anyOf": [*_MUSIC]},
    is_path=True,
)
MUSIC_HERE = FieldType(
    "a file such as calm.mp3, a folder such as songs/, ocean, drone, brown noise, its volume such as -24dB, or off",
    {"anyOf": [*_MUSIC, _BED_GAIN]},
    is_path=True,
)
MUSIC_FILE = FieldType("the path of a sound file, such as calm.mp3", _MUSIC_PATH, is_text=True)
MUSIC_FOLDER = FieldType("the path of a folder, such as songs", _MUSIC_PATH, is_text=True)
NOISE = FieldType("brown, pink or white", _one_of(NOISES))
SOUND = FieldType("drone or ocean", _one_of(sound for sound in GeneratedSound if sound not in NOISES))
BED_GAIN = FieldType("decibels from -40 to -6, such as -18dB", _BED_GAIN)
TONES = FieldType("a sound file for each tone that is to be another, such as {end: gong.mp3}")
TONE_FILE = FieldType("the path of a sound file, such as gong.mp3", _PATH, is_text=True)
LANGUAGE = FieldType("a language code such as en, de or pt-BR", _LANGUAGE)
NAME = FieldType("a name of small letters and digits, such as coach", _NAME)
BASES = FieldType(
    "the name of a voice, or a list of names, such as [heart, machine]",
    {"anyOf": [_NAME, {"type": "array", "items": _NAME, "minItems": 1, "maxItems": MAX_ALTERNATIVES}]},
)
USE = FieldType("the name of an exercise in the library, such as calves", _NAME)
PATH = FieldType("the path of a file, such as cool-down.yaml", _PATH, is_text=True)
LEVEL = FieldType("gentle, standard or deep", _one_of(Level))
SORT = FieldType("rolling, stretch, strength, cardio or breathing", _one_of(ExerciseKind))
SETTINGS = FieldType("settings, each on a line of its own, two spaces further in")
STEPS = FieldType("a list of steps, each beginning with `- `")
VARIANTS = FieldType("gentle, standard or deep, and below each the keys that change")
VARIANT = FieldType("the keys that change, each on a line of its own, two spaces further in")
CAST = FieldType("the name of a voice such as coach, or one for each role such as {main: coach, countdown: brisk}")
LEXICON = FieldType(
    "words, and beside each how to say it, such as {psoas: so-ass}",
    {"type": "object", "maxProperties": MAX_LEXICON, "propertyNames": {"maxLength": MAX_SPELLING}},
)
SPELLING = FieldType("another spelling, such as so-ass", {**_WORDS, "maxLength": MAX_SPELLING}, is_text=True)
IPA = FieldType(
    "sounds in the International Phonetic Alphabet, such as ˈsoʊæs",
    {"type": "string", "pattern": r"^[^0-9A-Z\[\](){}<>/\\'\",:;]+$", "maxLength": MAX_SPELLING},
)
RATE = FieldType(
    "words a minute, from 80 to 400, such as 165",
    {
        "type": ["integer", "string"],
        "minimum": MIN_RATE,
        "maximum": MAX_RATE,
        "pattern": "^[0-9]{2,3} ?(?:[wW][pP][mM])?$",
    },
)
PITCH = FieldType(
    "a number from 0 (low) to 99 (high), such as 50", {**_number(0, MAX_PITCH), "pattern": "^[0-9]{1,2}$"}
)
TRIM = FieldType(
    "decibels from -20 to 6, such as -3dB",
    {
        "type": ["number", "string"],
        "minimum": MIN_TRIM,
        "maximum": MAX_TRIM,
        "pattern": r"^[-+\u2212]?[0-9]{1,2}(?:\.[0-9]+)? ?(?:[dD][bB])?$",
    },
)
PLATFORMS = FieldType("voices for linux, darwin (macOS) or win32 (Windows)")
ALTERNATIVES = FieldType(
    "the engine's name for a voice, or a list of them, the best one first",
    {"anyOf": [_TYPED, {"type": "array", "items": _TYPED, "minItems": 1, "maxItems": MAX_ALTERNATIVES}]},
)
FILE = FieldType("the path of a file or folder, such as ~/voices/anna.onnx", _TYPED, is_text=True)
PROGRAM = FieldType(
    "a list: the program and each of its arguments, such as [say, -o, '{file}', '{text}']",
    {"type": "array", "items": {"type": ["string", "number", "boolean"]}, "minItems": 1, "maxItems": MAX_ALTERNATIVES},
)
NUMBER = FieldType(
    "a number such as 0.667", {"type": ["number", "string"], "pattern": r"^[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)$"}
)
ENGINE = FieldType("the name of an engine, such as pyttsx3 or piper", {"type": "string", "pattern": r"^[\w.-]{1,64}$"})
ROUTINES = FieldType(
    "names or paths of routines, such as [runners-rollout, legs/*.yaml]", _listed(_TYPED), is_path=True
)
LANGUAGES = FieldType("language codes, such as [en, de]", _listed(_LANGUAGE))
VOICES = FieldType("names of voices, such as [coach, joe]", _listed(_NAME))
LEVELS = FieldType("gentle, standard or deep, or a list of them", _listed(_one_of(Level)))
LENGTHS = FieldType(
    "durations such as [10m, 20m], or as written",
    _listed({"anyOf": [{"const": AS_WRITTEN}, _timed(_TIME, 1)]}),
)
FORMATS = FieldType(
    "kinds of track, such as [mp3, opus]",
    _listed({"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]{0,31}$"}),
)
EXCLUSIONS = FieldType(
    "a list, each entry with what of a track must hold together", {"type": "array", "maxItems": MAX_LISTED}
)
OUTPUT = FieldType(
    "a path with fields, such as '{language}/{routine}'",
    {"type": ["string", "number"], "minLength": 1, "maxLength": MAX_TEXT},
    is_text=True,
)
