"""The table of keys as JSON Schema (draft 2020-12), for editors: they complete keys, explain them and mark mistakes.

It says what one file can show by itself; what the reader alone can know (whether a field has a value, whether a
cue has room) is left to `cuecast check`. It takes files as YAML 1.2 reads them: `1:30` and `off` are words.

Names of exercises, voices and routines are examples, so that editors complete them and take others too. `cuecast schema`
adds those of its user.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from itertools import combinations
from types import MappingProxyType
from typing import Any

import yaml

from cuecast.files import data_dir
from cuecast.library import ENGLISH, Folders, Library, named_routines
from cuecast.model import field_types as types
from cuecast.model.keys import FieldType, Key, KeySet
from cuecast.plugins import ENGINES, engine_keys
from cuecast.read.profiles import list_profiles
from cuecast.read.schema import (
    CAST,
    CUE,
    DEFAULTS,
    EXCLUSION,
    LIBRARY,
    MANIFEST,
    MUSIC,
    NAMES,
    PROFILE,
    PRONUNCIATION,
    ROUTINE,
    STEPS,
    TONES,
    VARIANT,
    VARIANTS,
    VOLUME,
)

Schema = dict[str, Any]


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

    def file(self, name: str, title: str, keys: KeySet) -> Schema:
        """The schema of a file whose keys are those of `place`."""
        whole = self.keys(keys)
        if keys is ROUTINE:
            whole["defaultSnippets"] = [_WHOLE]
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": name,
            "title": title,
            **whole,
            "$defs": dict(sorted(self.defs.items())),
        }

    def keys(self, keys: KeySet) -> Schema:
        """The keys of a place."""
        schema: Schema = {
            **_described(keys.doc),
            "type": "object",
            "properties": {key.name: self.key(key) for key in keys.keys},
            "additionalProperties": False,
        }
        if required := [key.name for key in keys.keys if key.required]:
            schema["required"] = required
        if keys is ROUTINE:
            schema["anyOf"] = [{"required": ["like"]}, {"required": schema.pop("required")}]
        if keys.key("work") and keys.key("reps"):
            schema["not"] = {"required": ["work", "reps"]}
        if keys is MUSIC:
            schema["not"] = {"anyOf": [{"required": list(pair)} for pair in combinations(_SOURCES, 2)]}
        return schema

    def engine(self, name: str) -> Schema:
        """The keys of a voice that an engine of ours speaks; of others, nothing is known."""
        engine_keys_ = [key for key in engine_keys(name) or () if PROFILE.key(key.name) is None]
        then: Schema = {
            "properties": {key.name: self.key(key) for key in engine_keys_},
            "propertyNames": {"enum": [key.name for key in (*PROFILE.keys, *engine_keys_)]},
        }
        if required := [key.name for key in engine_keys_ if key.required]:
            then["anyOf"] = [{"required": ["like"]}, {"required": required}]
        return {"if": {"properties": {"engine": {"const": name}}, "required": ["engine"]}, "then": then}

    def key(self, key: Key) -> Schema:
        """A key's value, with what an editor shows of it."""
        schema = {**_described(key.doc), **self.type(key.type)}
        if key.default is not None:
            schema["default"] = _plain(key.default)
        if key.type in _NAMES or key.type in _NAME_LISTS or key.type is types.CAST:
            return schema
        if not isinstance(example := _plain(key.example)[key.name], dict | list) or key.type in _SHORT_LISTS:
            schema["examples"] = [example]
        return schema

    def type(self, type_: FieldType) -> Schema:
        """What a value of a type may be. `schema` has what may be in place of keys."""
        if type_ in _KEYS:
            return self.ref(_KEYS[type_])
        if type_ is types.STEPS:
            return {"type": "array", "minItems": 1, "items": self.step()}
        if type_ in _NAMES:
            return self.name(_NAMES[type_], type_.schema)
        if type_ in _NAME_LISTS:
            single, several = type_.schema["anyOf"]
            name = self.name(_NAME_LISTS[type_], single)
            return {"anyOf": [name, {**several, "items": name}]}
        if type_ is types.CAST:
            return {"anyOf": [self.name("voice_name", types.NAME.schema), self.ref(CAST)]}
        if type_ is types.MUSIC:
            playing = {**self.ref(MUSIC), "anyOf": [{"required": [source]} for source in _SOURCES]}
            return {"anyOf": [*types.MUSIC.schema["anyOf"], playing]}
        if type_ is types.MUSIC_HERE:
            here = [*types.MUSIC_HERE.schema["anyOf"], {**self.ref(MUSIC), "minProperties": 1}]
            self.defs.setdefault("music_here", {"description": "The music of a step.", "anyOf": here})
            return {"$ref": "#/$defs/music_here"}
        if type_ is types.LEXICON:
            return {**type_.schema, "additionalProperties": {"anyOf": [types.SPELLING.schema, self.ref(PRONUNCIATION)]}}
        if type_ is types.EXCLUSIONS:
            return {**type_.schema, "items": {**self.ref(EXCLUSION), "minProperties": 1}}
        if type_ is types.CUES:
            by_moment, none = type_.schema["anyOf"]
            return {"anyOf": [by_moment, {"type": "array", "items": self.ref(CUE)}, none]}
        return dict(type_.schema)

    def step(self) -> Schema:
        """One of the steps; which one it is, its leading key says."""
        self.defs.setdefault("step", {})
        if not self.defs["step"]:
            self.defs["step"] = {"description": "One step."}
            self.defs["step"]["defaultSnippets"] = list(_STEPS)
            self.defs["step"]["anyOf"] = [self.ref(keys) for keys in STEPS.values()]
        return {"$ref": "#/$defs/step"}

    def name(self, kind: str, schema: Schema) -> Schema:
        """A name, with those that come with cuecast as examples."""
        self.defs.setdefault(kind, {**schema, "examples": packaged_names()[kind]})
        return {"$ref": f"#/$defs/{kind}"}

    def ref(self, keys: KeySet) -> Schema:
        """A place among the definitions."""
        if keys.name not in self.defs:
            self.defs[keys.name] = {}
            self.defs[keys.name] = self.keys(keys)
        return {"$ref": f"#/$defs/{keys.name}"}


@cache
def packaged_names() -> Mapping[str, list[str]]:
    """What can be named: the exercises, voices and routines that come with cuecast."""
    routines = data_dir("routines")
    library = Library(None, Folders((routines,), (routines / "exercises",), (data_dir("voices"),)))
    return {
        "exercise_name": [name for name, _ in library.exercises(ENGLISH)],
        "voice_name": sorted(profile.name for profile in list_profiles(library)),
        "routine_name": sorted({name for name, _ in named_routines(library.folders)}),
    }


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


_SOURCES = tuple(key.name for key in MUSIC.keys if key.type not in (types.BOOLEAN, types.BED_GAIN))
_KEYS = {
    types.SETTINGS: DEFAULTS,
    types.VOLUME: VOLUME,
    types.TONES: TONES,
    types.VARIANTS: VARIANTS,
    types.VARIANT: VARIANT,
    types.PLATFORMS: NAMES,
}
"""The types that are keys of their own and nothing else."""

_NAMES = {types.USE: "exercise_name", types.NAME: "voice_name"}
_NAME_LISTS = {types.BASES: "voice_name", types.VOICES: "voice_name", types.ROUTINES: "routine_name"}

_STEPS = (
    {
        "label": "exercise, both sides",
        "description": "An exercise with a setup and a cue, first left, then right.",
        "body": {
            "exercise": "${1:Calves}",
            "work": "${2:45s}",
            "sides": ["left", "right"],
            "setup": "${3:How to get into position.}",
            "cues": {"half": "${4:What to mind.}"},
        },
    },
    {
        "label": "use, from the library",
        "description": "An exercise that comes with cuecast, or one of your own folder.",
        "body": {"use": "${1:calves}", "work": "${2:45s}"},
    },
    {
        "label": "rounds",
        "description": "Steps that repeat, with a rest between.",
        "body": {"rounds": "${1:3}", "rest": "${2:30s}", "steps": [{"exercise": "${3:Squats}", "work": "${4:40s}"}]},
    },
    {
        "label": "paced reps",
        "description": "An exercise that soft sounds lead.",
        "body": {"exercise": "${1:Heel raises}", "reps": "${2:10}", "pace": ["up 2s", "down 3s"]},
    },
)
_WHOLE = {
    "label": "routine",
    "description": "A whole routine to fill in.",
    "body": {
        "title": "${1:My routine}",
        "defaults": {"work": "${2:45s}"},
        "steps": [{"say": "${3:What you need, and where to be.}"}, {"exercise": "${4:Calves}"}],
    },
}
"""Snippets, as VS Code's YAML extension and others on the YAML language server have them."""

_SHORT_LISTS = (types.SIDES, types.ANNOUNCE, types.PACE, types.PROGRAM, types.ALTERNATIVES)
"""The types whose example is shown though it is a list."""
