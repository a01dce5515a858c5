"""The table of keys as JSON Schema (draft 2020-12), for editors: they complete keys, explain them and mark mistakes.

It says what one file can show by itself; what the reader alone can know (whether a field has a value, whether a
cue has room) is left to `cuecast check`. It takes files as YAML 1.2 reads them: `1:30` and `off` are words.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from itertools import combinations
from types import MappingProxyType
from typing import Any

import yaml

from cuecast.model.field_types import (
    MAX_ALTERNATIVES,
    MAX_COUNTDOWN,
    MAX_LEXICON,
    MAX_LISTED,
    MAX_PARTS,
    MAX_PITCH,
    MAX_RATE,
    MAX_REPS,
    MAX_ROUNDS,
    MAX_SPELLING,
    MAX_TEXT,
    MAX_TRIM,
    MIN_RATE,
    MIN_TRIM,
    Key,
    Kind,
    Place,
)
from cuecast.model.manifest import AS_WRITTEN
from cuecast.model.music import MAX_MUSIC_DB, MIN_MUSIC_DB, GeneratedSound
from cuecast.model.routine import AnnouncementKind, ExerciseKind, Level, Side
from cuecast.plugins import ENGINES, engine_keys
from cuecast.read.schema.manifest import EXCLUSION, MANIFEST
from cuecast.read.schema.routine import (
    CUE,
    DEFAULTS,
    LIBRARY,
    ROUTINE,
    STEPS,
    VARIANT,
    VARIANTS,
)
from cuecast.read.schema.sound import MUSIC, TONES, VOLUME
from cuecast.read.schema.voice import CAST, NAMES, PROFILE, PRONUNCIATION

Schema = dict[str, Any]

_UNITS = r"[0-9]+h ?(?:[0-9]+m)? ?(?:[0-9]+s)?|[0-9]+m ?(?:[0-9]+s)?|[0-9]+s"
_CLOCK = r"(?:[0-9]+:[0-5]?[0-9]|[0-9]+):[0-5][0-9]"
_TIME = rf"(?:[0-9]+|{_UNITS}|{_CLOCK})"
_MOMENT = rf"(?:start|half|end|-? ?{_TIME}|every +{_TIME})"
_OFF: Schema = {"const": "off"}


def routine_schema() -> Schema:
    """The schema of a routine's file."""
    return _Builder().file("routine.schema.json", "A cuecast routine", ROUTINE)


def exercise_schema() -> Schema:
    """The schema of an exercise's file in the library."""
    return _Builder().file("exercise.schema.json", "An exercise of the cuecast library", LIBRARY)


def voice_schema() -> Schema:
    """The schema of a voice's file. Which keys there are besides those of every voice, its `engine` says."""
    builder = _Builder()
    schema = builder.file("voice.schema.json", "A cuecast voice", PROFILE)
    del schema["additionalProperties"], schema["required"]
    needed = [key.name for key in PROFILE.keys if key.required]
    schema["anyOf"] = [{"required": ["like"]}, {"required": needed}]
    schema["allOf"] = [builder.engine(name) for name in ENGINES.builtin]
    return {**schema, "$defs": dict(sorted(builder.defs.items()))}


def manifest_schema() -> Schema:
    """The schema of a manifest for `cuecast batch`."""
    return _Builder().file("manifest.schema.json", "A cuecast manifest", MANIFEST)


SCHEMAS: Mapping[str, Callable[[], Schema]] = MappingProxyType(
    {
        "routine.schema.json": routine_schema,
        "exercise.schema.json": exercise_schema,
        "voice.schema.json": voice_schema,
        "manifest.schema.json": manifest_schema,
    }
)
"""The files that are published, by their names."""


def schema_text(name: str) -> str:
    """A published file as it stands on disk."""
    return json.dumps(SCHEMAS[name](), indent=2, ensure_ascii=False) + "\n"


class _Builder:
    """Makes one schema, with those places among its definitions that it leads to."""

    def __init__(self) -> None:
        self.defs: dict[str, Schema] = {}

    def file(self, name: str, title: str, place: Place) -> Schema:
        """The schema of a file whose keys are those of `place`."""
        whole = self.place(place)
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": name,
            "title": title,
            **whole,
            "$defs": dict(sorted(self.defs.items())),
        }

    def place(self, place: Place) -> Schema:
        """The keys of a place."""
        schema: Schema = {
            **_described(place.doc),
            "type": "object",
            "properties": {key.name: self.key(key) for key in place.keys},
            "additionalProperties": False,
        }
        if required := [key.name for key in place.keys if key.required]:
            schema["required"] = required
        if place.key("work") and place.key("reps"):
            schema["not"] = {"required": ["work", "reps"]}
        if place is MUSIC:
            schema["not"] = {"anyOf": [{"required": list(pair)} for pair in combinations(_SOURCES, 2)]}
        return schema

    def engine(self, name: str) -> Schema:
        """The keys of a voice that an engine of ours speaks; of others, nothing is known."""
        own = [key for key in engine_keys(name) or () if PROFILE.key(key.name) is None]
        then: Schema = {
            "properties": {key.name: self.key(key) for key in own},
            "propertyNames": {"enum": [key.name for key in (*PROFILE.keys, *own)]},
        }
        if required := [key.name for key in own if key.required]:
            then["anyOf"] = [{"required": ["like"]}, {"required": required}]
        return {"if": {"properties": {"engine": {"const": name}}, "required": ["engine"]}, "then": then}

    def key(self, key: Key) -> Schema:
        """A key's value, with what an editor shows of it."""
        schema = {**_described(key.doc), **self.kind(key.kind)}
        if key.default is not None:
            schema["default"] = _plain(key.default)
        if not isinstance(example := _plain(key.example)[key.name], dict | list) or key.kind in _SHORT_LISTS:
            schema["examples"] = [example]
        return schema

    def kind(self, kind: Kind) -> Schema:
        """What a value of a kind may be."""
        if kind in _FLAT:
            return dict(_FLAT[kind])
        if kind in _PLACES:
            return self.ref(_PLACES[kind])
        if kind is Kind.STEPS:
            return {"type": "array", "minItems": 1, "items": self.step()}
        if kind is Kind.CAST:
            return {"anyOf": [_FLAT[Kind.NAME], self.ref(CAST)]}
        if kind is Kind.MUSIC:
            playing = {**self.ref(MUSIC), "anyOf": [{"required": [source]} for source in _SOURCES]}
            return {"anyOf": [*_MUSIC, playing]}
        if kind is Kind.MUSIC_HERE:
            here = [*_MUSIC, _FLAT[Kind.BED_GAIN], {**self.ref(MUSIC), "minProperties": 1}]
            self.defs.setdefault("music_here", {"description": "The music of a step.", "anyOf": here})
            return {"$ref": "#/$defs/music_here"}
        if kind is Kind.LEXICON:
            said = {"anyOf": [_FLAT[Kind.SPELLING], self.ref(PRONUNCIATION)]}
            word = {"maxLength": MAX_SPELLING}
            return {"type": "object", "maxProperties": MAX_LEXICON, "propertyNames": word, "additionalProperties": said}
        if kind is Kind.EXCLUSIONS:
            entry = {**self.ref(EXCLUSION), "minProperties": 1}
            return {"type": "array", "maxItems": MAX_LISTED, "items": entry}
        assert kind is Kind.CUES
        text = _FLAT[Kind.TEXT]
        by_moment = {"type": "object", "patternProperties": {f"^{_MOMENT}$": text}, "additionalProperties": False}
        return {"anyOf": [by_moment, {"type": "array", "items": self.ref(CUE)}, _OFF]}

    def step(self) -> Schema:
        """One of the steps; which one it is, its leading key says."""
        self.defs.setdefault("step", {})
        if not self.defs["step"]:
            self.defs["step"] = {"description": "One step."}
            self.defs["step"]["anyOf"] = [self.ref(place) for place in STEPS.values()]
        return {"$ref": "#/$defs/step"}

    def ref(self, place: Place) -> Schema:
        """A place among the definitions."""
        if place.name not in self.defs:
            self.defs[place.name] = {}
            self.defs[place.name] = self.place(place)
        return {"$ref": f"#/$defs/{place.name}"}


def _described(doc: str) -> Schema:
    """A description, and the same for editors that show Markdown."""
    return {"description": doc.replace("`", ""), "markdownDescription": doc}


def _plain(text: str) -> Any:
    """A value that is written as YAML, with words and whole numbers as they are meant."""

    def typed(value: Any) -> Any:
        match value:
            case dict():
                return {name: typed(each) for name, each in value.items()}
            case list():
                return [typed(each) for each in value]
            case "true" | "false":
                return value == "true"
            case str() if value.isdecimal():
                return int(value)
        return value

    return typed(yaml.load(text, yaml.BaseLoader))


def _timed(pattern: str, least: int) -> Schema:
    return {"type": ["string", "integer"], "pattern": f"^{pattern}$", "minimum": least}


def _number(least: int, most: int) -> Schema:
    return {"type": ["integer", "string"], "minimum": least, "maximum": most, "pattern": "^[0-9]+$"}


def _one_or_list(*single: Schema) -> Schema:
    items: Schema = dict(single[0]) if len(single) == 1 else {"anyOf": list(single)}
    return {"anyOf": [*single, {"type": "array", "items": items}, _OFF]}


def _listed(single: Schema) -> Schema:
    return {"anyOf": [single, {"type": "array", "items": single, "minItems": 1, "maxItems": MAX_LISTED}]}


_LANGUAGE = "^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$"
_WORDS: Schema = {"type": ["string", "number", "boolean"], "minLength": 1, "maxLength": MAX_TEXT}
_PART = _timed(rf"(?:[^{{}}]*[^{{}} ] )?{_TIME}", 1)
_TYPED: Schema = {"type": ["string", "number"], "minLength": 1, "maxLength": MAX_TEXT}
_SOURCES = tuple(key.name for key in MUSIC.keys if key.kind not in (Kind.BOOLEAN, Kind.BED_GAIN))
_NOISES = (GeneratedSound.BROWN, GeneratedSound.PINK, GeneratedSound.WHITE)
_MUSIC_PATH: Schema = {"type": ["string", "number"], "minLength": 1, "not": {"pattern": "^[A-Za-z][A-Za-z0-9+.-]+://"}}
_MUSIC = (
    {"enum": [*map(str, GeneratedSound), *(f"{noise} noise" for noise in _NOISES), "off"]},
    {**_MUSIC_PATH, "type": "string", "pattern": r"[.][A-Za-z0-9]{2,5}$|[/\\]$"},
)
"""Music as a plain value: what cuecast makes, or a file or folder by how its name ends."""
_SIDES: Schema = {"enum": [str(side) for side in Side]}

_FLAT: Mapping[Kind, Schema] = {
    Kind.WORDS: _WORDS,
    Kind.TEXT: _WORDS,
    Kind.CREDITS: {"anyOf": [_WORDS, {"type": "array", "items": _WORDS}]},
    Kind.DURATION: _timed(_TIME, 0),
    Kind.LENGTH: _timed(_TIME, 1),
    Kind.RANGE: _timed(rf"{_TIME}(?: ?[-\u2013] ?{_TIME})?", 1),
    Kind.INTEGER: _number(1, MAX_ROUNDS),
    Kind.REPS: _number(1, MAX_REPS),
    Kind.BOOLEAN: {"anyOf": [{"type": "boolean"}, {"enum": ["yes", "no", "on", "off"]}]},
    Kind.SIDE: _SIDES,
    Kind.SIDES: {"anyOf": [_SIDES, {"type": "array", "items": _SIDES, "minItems": 1, "uniqueItems": True}, _OFF]},
    Kind.MOMENT: {"anyOf": [{"enum": ["start", "half", "end"]}, _timed(_MOMENT, 0)]},
    Kind.MOMENTS: _one_or_list({"enum": ["half", "start", "end"]}, _timed(_MOMENT, 0)),
    Kind.ANNOUNCE: _one_or_list(
        {"enum": [str(kind) for kind in AnnouncementKind if kind is not AnnouncementKind.LAST]},
        {"type": "string", "pattern": f"^last +{_TIME}$"},
    ),
    Kind.PACE: {
        "anyOf": [{"type": "array", "items": _PART, "minItems": 1, "maxItems": MAX_PARTS}, _OFF, _PART],
    },
    Kind.COUNTDOWN: {
        "type": ["integer", "string"],
        "minimum": 0,
        "maximum": MAX_COUNTDOWN,
        "pattern": "^(?:[0-9]+( +spoken)?|off)$",
    },
    Kind.GAIN: {"type": ["number", "string"], "pattern": r"^(?:[-+\u2212]?[0-9]+(?:\.[0-9]+)? ?(?:dB)?|off)$"},
    Kind.MUSIC_FILE: _MUSIC_PATH,
    Kind.MUSIC_FOLDER: _MUSIC_PATH,
    Kind.NOISE: {"enum": [str(noise) for noise in _NOISES]},
    Kind.SOUND: {"enum": [str(made) for made in GeneratedSound if made not in _NOISES]},
    Kind.BED_GAIN: {
        "type": ["number", "string"],
        "minimum": MIN_MUSIC_DB,
        "maximum": MAX_MUSIC_DB,
        "pattern": r"^[-\u2212](?:[6-9]|[1-3][0-9]|40)(?:\.[0-9]+)? ?(?:[dD][bB])?$",
    },
    Kind.LANGUAGE: {"type": "string", "pattern": _LANGUAGE},
    Kind.NAME: {"type": ["string", "integer"], "pattern": "^[a-z0-9][a-z0-9_-]{0,63}$"},
    Kind.USE: {"type": ["string", "integer"], "pattern": "^[a-z0-9][a-z0-9_-]{0,63}$"},
    Kind.PATH: {"type": ["string", "number"], "minLength": 1},
    Kind.TONE_FILE: {"type": ["string", "number"], "minLength": 1},
    Kind.LEVEL: {"enum": [str(level) for level in Level]},
    Kind.SPELLING: {**_WORDS, "maxLength": MAX_SPELLING},
    Kind.IPA: {"type": "string", "pattern": r"^[^0-9A-Z\[\](){}<>/\\'\",:;]+$", "maxLength": MAX_SPELLING},
    Kind.SORT: {"enum": [str(kind) for kind in ExerciseKind]},
    Kind.RATE: {
        "type": ["integer", "string"],
        "minimum": MIN_RATE,
        "maximum": MAX_RATE,
        "pattern": "^[0-9]{2,3} ?(?:[wW][pP][mM])?$",
    },
    Kind.PITCH: {**_number(0, MAX_PITCH), "pattern": "^[0-9]{1,2}$"},
    Kind.TRIM: {
        "type": ["number", "string"],
        "minimum": MIN_TRIM,
        "maximum": MAX_TRIM,
        "pattern": r"^[-+\u2212]?[0-9]{1,2}(?:\.[0-9]+)? ?(?:[dD][bB])?$",
    },
    Kind.NUMBER: {"type": ["number", "string"], "pattern": r"^[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)$"},
    Kind.ENGINE: {"type": "string", "pattern": r"^[\w.-]{1,64}$"},
    Kind.FILE: _TYPED,
    Kind.ROUTINES: _listed(_TYPED),
    Kind.LANGUAGES: _listed({"type": "string", "pattern": _LANGUAGE}),
    Kind.VOICES: _listed({"type": ["string", "integer"], "pattern": "^[a-z0-9][a-z0-9_-]{0,63}$"}),
    Kind.LEVELS: _listed({"enum": [str(level) for level in Level]}),
    Kind.LENGTHS: _listed({"anyOf": [{"const": AS_WRITTEN}, _timed(_TIME, 1)]}),
    Kind.FORMATS: _listed({"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]{0,31}$"}),
    Kind.OUTPUT: {"type": ["string", "number"], "minLength": 1, "maxLength": MAX_TEXT},
    Kind.ALTERNATIVES: {
        "anyOf": [_TYPED, {"type": "array", "items": _TYPED, "minItems": 1, "maxItems": MAX_ALTERNATIVES}]
    },
    Kind.PROGRAM: {
        "type": "array",
        "items": {"type": ["string", "number", "boolean"]},
        "minItems": 1,
        "maxItems": MAX_ALTERNATIVES,
    },
}
"""What a value of each kind may be that stands on one line."""

_PLACES: Mapping[Kind, Place] = {
    Kind.SETTINGS: DEFAULTS,
    Kind.VOLUME: VOLUME,
    Kind.TONES: TONES,
    Kind.VARIANTS: VARIANTS,
    Kind.VARIANT: VARIANT,
    Kind.PLATFORMS: NAMES,
}
"""The kinds that hold keys of their own."""

_SHORT_LISTS = (Kind.SIDES, Kind.ANNOUNCE, Kind.PACE, Kind.PROGRAM, Kind.ALTERNATIVES)
"""The kinds whose example is shown though it is a list."""
