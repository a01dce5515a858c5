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
from cuecast.read.schema import KEY_SETS
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


LINES = {
    title: body.splitlines()
    for title, body in re.findall(
        r"## (.*?)\n+```yaml\n(.*?)\n```", Path(__file__).with_name("schema_lines.md").read_text("utf-8"), re.DOTALL
    )
}


@pytest.mark.parametrize(
    "faulty",
    [
        *LINES["faulty routines"],
        *(f"title: x\n{line}\nsteps: [say: Hi]" for line in LINES["faulty in a routine"]),
        *(f"title: x\nsteps:\n  - exercise: Calves\n    {line}" for line in LINES["faulty in an exercise"]),
    ],
)
def test_what_is_wrong_is_marked(faulty: str) -> None:
    assert faults(routine_schema(), faulty)


VOICE = "engine: silent\nlanguage: en\n"
GOOD_VOICES = ["like: coach", "like: coach\nrate: 150", "engine: of-a-stranger\nlanguage: de\nits-own: [key]"]
FAULTY_VOICES = ["engine: silent", "language: en", "rate: 165", "like: Two Words"]


@pytest.mark.parametrize("path", sorted((ROOT / "voices").glob("*.yaml")), ids=lambda path: path.stem)
def test_every_packaged_voice_is_valid(path: Path) -> None:
    assert faults(voice_schema(), path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("good", [*GOOD_VOICES, *(VOICE + line for line in LINES["good in a voice"])])
def test_a_good_voice_is_valid(good: str) -> None:
    assert faults(voice_schema(), good) == []


@pytest.mark.parametrize("faulty", [*FAULTY_VOICES, *(VOICE + line for line in LINES["faulty in a voice"])])
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
    for wrong in LINES["faulty in a manifest"]:
        assert faults(schema, f"routines: legs\n{wrong}\n"), wrong
    assert faults(schema, "levels: deep\n")
    assert faults(schema, "routines: []\n")
