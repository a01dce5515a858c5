"""The published schema: what the reader takes it takes, and it marks what an editor should mark."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from tools.schema import SCHEMAS, exercise_schema, manifest_schema, routine_schema, schema_text, voice_schema

from cuecast.model import field_types as types
from cuecast.model.keys import FieldType
from cuecast.plugins import ENGINES, engine_keys
from cuecast.read.schema.routine import KEY_SETS
from tests.batch.test_manifests import WHOLE as MANIFEST

ROOT = Path(__file__).parent.parent
READ = ROOT / "tests" / "read"
ROUTINES = [
    *(ROOT / "routines").glob("*.yaml"),
    *(ROOT / "tests").glob("oracles/*.yaml"),
    *(path for path in READ.glob("good/**/*.yaml") if path.stem != "clinic"),
]
EXERCISES = [
    *(ROOT / "routines" / "exercises").glob("*.yaml"),
    *(path for path in (READ / "exercises").glob("*.yaml") if path.stem not in ("faulty", "list")),
]


class Core(yaml.SafeLoader):
    """YAML as editors read it: of words, only these are something else."""


Core.yaml_implicit_resolvers = {}

for tag, pattern, first in (
    ("bool", "true|false", "tf"),
    ("int", "[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?[0-9]*\.[0-9]+", "-+.0123456789"),
):
    Core.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"(?:{pattern})$"), list(first))


def load(text: str) -> Any:
    return keyed(json.loads(text) if text.startswith("{") else yaml.load(text, Core))


def keyed(value: Any) -> Any:
    """JSON has only words for keys."""
    if isinstance(value, dict):
        return {str(key): keyed(each) for key, each in value.items()}
    return [keyed(each) for each in value] if isinstance(value, list) else value


def faults(schema: dict[str, Any], text: str) -> list[str]:
    return [error.message for error in Draft202012Validator(schema).iter_errors(load(text))]


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_schemas_are_schemas(name: str) -> None:
    schema = json.loads(schema_text(name))
    Draft202012Validator.check_schema(schema)
    assert schema == SCHEMAS[name]()
    assert set(re.findall(r'"#/\$defs/(\w+)"', schema_text(name))) == set(schema["$defs"])


@pytest.mark.parametrize("path", sorted(ROUTINES), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_good_routine_is_valid(path: Path) -> None:
    schema = routine_schema()
    if path.parent.name == "parts":
        schema["required"] = ["steps"]
    assert faults(schema, path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", sorted(EXERCISES), ids=lambda path: path.stem)
def test_every_good_exercise_is_valid(path: Path) -> None:
    assert faults(exercise_schema(), path.read_text(encoding="utf-8")) == []


def lines(table: str) -> list[str]:
    return table.strip().splitlines()


WHOLE = """
steps: [say: Hi]
title: x
{"title": "x", "steps": []}
{"title": "x", "steps": [{"dance": "3s"}]}
{"title": "x", "steps": [{"say": "Hi", "rest": "3s"}]}
{"title": "x", "steps": [{"use": "Big Calves"}]}
{"title": "x", "steps": [{"include": ["a", "b"]}]}
{"title": "x", "steps": [{"say": "Hi", "music": {}}]}
{"title": "x", "steps": [{"say": "Hi", "music": "-50dB"}]}
{"title": "x", "steps": [{"rest": "3s", "music": "ocean"}]}
"""
IN_A_ROUTINE = """
level: hard
fit: 10 minutes
colour: red
voice: {main: Joe}
voice: {coach: joe}
music: -18dB
music: {volume: -18dB}
music: {sound: ocean, file: calm.mp3}
music: {sound: brown}
music: {file: 'https://example.org/calm.mp3'}
music: {sound: ocean, volume: -3dB}
music: {sound: ocean, volume: 18}
music: ocaen
music: https://example.org/calm.mp3
music: [a.mp3, b.mp3]
lexicon: [psoas]
lexicon: {psoas: [so-ass]}
lexicon: {psoas: {ipa: '[[so]]'}}
lexicon: {psoas: {spell: so-ass}}
defaults: {sides: left}
defaults: {work: 45s, reps: 10}
"""
IN_AN_EXERCISE = """
work: 30 secs
work: 1:75
work: -5s
work: 0
wrok: 45s
sides: Left
sides: [left, left]
cues: {10 s: Hi}
cues: [{at: half}]
cues: [{at: halfway, say: Hi}]
announce: [next, sides]
beeps: every
countdown: 3 loud
countdown: 61
pace: 4-7-8
pace: [in, out]
pace: []
pace: [{in: 4s}]
reps: 0
reps: 1001
variants: {easy: {work: 30s}}
variants: {gentle: {exercise: Other}}
kind: dance
counted: maybe
"""


@pytest.mark.parametrize(
    "faulty",
    [
        *lines(WHOLE),
        *(f"title: x\n{line}\nsteps: [say: Hi]" for line in lines(IN_A_ROUTINE)),
        *(f"title: x\nsteps:\n  - exercise: Calves\n    {line}" for line in lines(IN_AN_EXERCISE)),
    ],
)
def test_what_is_wrong_is_marked(faulty: str) -> None:
    assert faults(routine_schema(), faulty)


VOICE = "engine: silent\nlanguage: en\n"
GOOD_VOICE_KEYS = """
rate: 165
rate: 165 wpm
pitch: 0
gain: -2.5dB
gain: 3
names: {linux: en+adam, darwin: [a.b.c, any]}
lexicon: {psoas: so-ass, gluteus: {ipa: ˈɡluːtiəs}}
"""
FAULTY_VOICE_KEYS = """
speed: 165
rate: quick
rate: 20
rate: 165 words
pitch: 100
gain: 7
gain: off
names: en
names: {macos: x}
names: {linux: []}
description: ''
lexicon: [psoas]
"""
GOOD_VOICES = ["like: coach", "like: coach\nrate: 150", "engine: of-a-stranger\nlanguage: de\nits-own: [key]"]
FAULTY_VOICES = ["engine: silent", "language: en", "rate: 165", "like: Two Words"]


@pytest.mark.parametrize("path", sorted((ROOT / "voices").glob("*.yaml")), ids=lambda path: path.stem)
def test_every_packaged_voice_is_valid(path: Path) -> None:
    assert faults(voice_schema(), path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("good", [*GOOD_VOICES, *(VOICE + line for line in lines(GOOD_VOICE_KEYS))])
def test_a_good_voice_is_valid(good: str) -> None:
    assert faults(voice_schema(), good) == []


@pytest.mark.parametrize("faulty", [*FAULTY_VOICES, *(VOICE + line for line in lines(FAULTY_VOICE_KEYS))])
def test_a_faulty_voice_is_marked(faulty: str) -> None:
    assert faults(voice_schema(), faulty)


def test_every_key_has_a_description_and_every_kind_a_pattern() -> None:
    schema = routine_schema()
    voice = voice_schema()
    manifest = manifest_schema()
    places = {**voice["$defs"], **manifest["$defs"], **schema["$defs"], "manifest": manifest}
    places |= {"routine": schema, "library": exercise_schema(), "profile": voice}
    for place in KEY_SETS:
        for key in place.keys:
            value = places[place.name]["properties"][key.name]
            assert value["markdownDescription"] == key.doc
    own = [key for name in ENGINES.builtin for key in engine_keys(name) or ()]
    # FILE, NUMBER and PROGRAM are for engines, also those of third parties.
    used = {key.type for place in KEY_SETS for key in place.keys} | {key.type for key in own}
    used |= {types.FILE, types.NUMBER, types.PROGRAM}
    assert used == {each for each in vars(types).values() if isinstance(each, FieldType)}


def test_examples_and_defaults_are_valid_themselves() -> None:
    schema, voice = routine_schema(), voice_schema()
    engines = [each["then"] for each in voice["allOf"]]
    for place in [*schema["$defs"].values(), *voice["$defs"].values(), voice, *engines]:
        for key in place.get("properties", {}).values():
            values = [*key.get("examples", []), *([key["default"]] if "default" in key else [])]
            for value in values:
                assert [*Draft202012Validator({**key, "$defs": schema["$defs"]}).iter_errors(value)] == [], key


def test_manifests() -> None:
    schema = manifest_schema()
    assert faults(schema, MANIFEST) == []
    assert faults(schema, "routines: legs\nlengths: 1:30\nlevels: deep\n") == []
    for wrong in (
        "levels: deep\n",
        "routines: []\n",
        "routines: legs\nlevels: hard\n",
        "routines: legs\nlengths: [soon]\n",
        "routines: legs\nlanguages: english\n",
        "routines: legs\nvoice: coach\n",
        "routines: legs\nexclude: {level: deep}\n",
        "routines: legs\nexclude: [{levels: deep}]\n",
        "routines: legs\nexclude: [{}]\n",
    ):
        assert faults(schema, wrong), wrong
