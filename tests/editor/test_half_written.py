"""What an editor on the YAML language server offers and marks in half-written files. `make test-editor` runs it."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cuecast.cli.app import make_app

FILES = {
    "an exercise of the library": "routine\ntitle: Legs\nsteps:\n  - use: │\n",
    "a voice": "routine\ntitle: Legs\nvoice: j│\nsteps:\n  - say: Hi\n",
    "the next step": "routine\ntitle: Legs\nsteps:\n  - say: Hi\n  - │\n",
    "a key of a step": "routine\ntitle: Legs\nsteps:\n  - exercise: Calves\n    wrok: 45s\n    si│\n",
    "a catalogue": "manifest\nlevels: [easy]\nroutines:\n  - r│\n",
}
"""The kind of file, and its text; the cursor is at the bar."""

Found = dict[str, Any]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Found]:
    """What is offered and marked in each file."""
    if "CUECAST_EDITOR" not in os.environ:
        pytest.skip("make test-editor gets the language server")
    server = (
        Path(os.environ["CUECAST_EDITOR"]) / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
    )
    folder = tmp_path_factory.mktemp("editor")
    paths = []
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("CUECAST_HOME", str(folder / "home"))
        (folder / "home" / "exercises").mkdir(parents=True)
        (folder / "home" / "exercises" / "my-hips.yaml").write_text("exercise: My hips\nwork: 30s\n")
        for number, text in enumerate(FILES.values()):
            kind, _, rest = text.partition("\n")
            arguments = ["schema", kind, "-o", f"{kind}.schema.json"]
            assert CliRunner().invoke(make_app(arguments), arguments).exit_code == 0
            paths.append(folder / f"{number}.yaml")
            paths[-1].write_text(f"# yaml-language-server: $schema={kind}.schema.json\n{rest}", encoding="utf-8")
    asked = ["node", *map(str, (Path(__file__).with_name("ask.mjs"), server, *paths))]
    answer = subprocess.run(asked, check=True, capture_output=True, text=True, timeout=60)
    return dict(zip(FILES, json.loads(answer.stdout), strict=True))


def test_names_are_completed(found: dict[str, Found]) -> None:
    assert {"calves", "glutes", "my-hips"} <= found["an exercise of the library"]["completions"].keys()
    assert {"coach", "joe", "calm-de"} <= found["a voice"]["completions"].keys()
    assert {"runners-rollout", "tabata"} <= found["a catalogue"]["completions"].keys()


def test_steps_are_offered_with_snippets(found: dict[str, Found]) -> None:
    offered = found["the next step"]["completions"]
    assert {"say", "exercise", "use", "rest", "rounds", "pause", "include"} <= offered.keys()
    assert offered["rounds"].startswith("rounds: ")
    assert "- left\n" in offered["exercise, both sides"]
    assert {"use, from the library", "paced reps"} <= offered.keys()


def test_keys_are_completed_where_they_belong(found: dict[str, Found]) -> None:
    offered = found["a key of a step"]["completions"].keys()
    assert {"sides", "setup", "cues", "reps", "sets"} <= offered
    assert not {"title", "fit", "routines"} & offered


def test_mistakes_are_marked_and_names_of_ones_own_are_not(found: dict[str, Found]) -> None:
    assert any("wrok" in mark for mark in found["a key of a step"]["marks"])
    assert any(mark.startswith("2: ") and "standard" in mark for mark in found["a catalogue"]["marks"])
    assert found["a voice"]["marks"] == []
