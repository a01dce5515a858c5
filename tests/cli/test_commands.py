"""Every command, as a person meets it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cuecast.cli.app import COMMANDS, make_app
from cuecast.versions import install_command
from tests.cli.running import SILENT, Home


def test_a_command_is_listed_with_the_first_line_of_its_own_help(home: Home) -> None:
    listed = home.cuecast("--help").stdout
    for name, (_, summary) in COMMANDS.items():
        assert f"  {name} " in listed
        own_help = CliRunner().invoke(make_app([name]), [name, "--help"]).stdout
        assert summary in " ".join(own_help.split())


def test_render_says_what_it_made_as_json(home: Home) -> None:
    home.write("short.yaml", SILENT)
    result = home.cuecast("render", "short.yaml", "--json", "--quiet", "-o", "mine.mp3")
    assert (result.returncode, result.stderr) == (0, "")
    (track,) = json.loads(result.stdout)["tracks"]
    assert track["path"] == "mine.mp3"
    assert track["bytes"] == (home.here / "mine.mp3").stat().st_size
    assert track["chapters"] == 2


def test_new_like_copies_a_packaged_routine(home: Home) -> None:
    assert home.cuecast("new", "mine", "--like", "runners-rollout").returncode == 0
    content = home.cuecast("show", "runners-rollout").stdout
    assert (home.here / "mine.yaml").read_text() == content
    assert home.cuecast("schema", "-o", "routine.schema.json").returncode == 0
    assert home.cuecast("new", "another", "--like", "runners-rollout").returncode == 0
    modeline = "# yaml-language-server: $schema=routine.schema.json\n"
    assert (home.here / "another.yaml").read_text() == modeline + content
    assert home.cuecast("new", "again", "--like", "another.yaml").returncode == 0
    assert (home.here / "again.yaml").read_text() == modeline + content


def test_the_schema_has_the_names_of_this_machine(home: Home) -> None:
    own = home.root / "home" / "exercises"
    own.mkdir(parents=True)
    (own / "my-hips.yaml").write_text("exercise: My hips\nwork: 30s\n")
    schema = json.loads(home.cuecast("schema").stdout)
    assert schema["$id"] == "routine.schema.json"
    assert {"my-hips", "calves"} <= set(schema["$defs"]["exercise_name"]["examples"])
    for kind in ("exercise", "voice", "manifest"):
        assert json.loads(home.cuecast("schema", kind).stdout)["$id"] == f"{kind}.schema.json"
    written = home.cuecast("schema", "manifest", "-o", "m.json")
    assert "# yaml-language-server: $schema=m.json" in written.stderr
    assert json.loads((home.here / "m.json").read_text()) == json.loads(home.cuecast("schema", "manifest").stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="breaks the voice by hiding the wheel that carries eSpeak")
def test_a_voice_that_cannot_start_is_exit_3_and_says_what_to_do(home: Home) -> None:
    (home.root / "espeakng_loader.py").write_text("raise ImportError('hidden')")
    broken = Home(home.root, {"PYTHONPATH": str(home.root)})
    broken.write("short.yaml", SILENT.replace("voice: silent", "voice: machine"))
    voices = broken.root / "home" / "voices"
    voices.mkdir(parents=True)
    (voices / "coach.yaml").write_text("like: machine\n")
    rendered, doctor = broken.cuecast("render", "short.yaml"), broken.cuecast("doctor")
    assert rendered.returncode == doctor.returncode == 3
    assert "pip install espeakng-loader" in rendered.stderr
    assert "pip install espeakng-loader" in doctor.stdout
    assert "Traceback" not in rendered.stderr + doctor.stderr
    assert broken.files() == ["short.yaml"]


def test_output_to_a_closed_pipe_is_no_fault(home: Home) -> None:
    home.write("short.yaml", SILENT)
    with home.start("plan", "short.yaml", "--json") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait(60) == 0


def test_the_seed_turns_what_the_routine_leaves_open(home: Home) -> None:
    exercises = "".join(f"      - exercise: {name}\n" for name in ("Squats", "Lunges", "Plank", "Bridge", "March"))
    text = "title: T\nvoice: silent\ndefaults: {work: 10s}\nsteps:\n  - rounds: 1\n    shuffle: true\n    steps:\n"
    home.write("mixed.yaml", text + exercises)
    orders = []
    for seed in ("0", "1", "2", "1"):
        timeline = json.loads(home.cuecast("plan", "mixed.yaml", "--seed", seed, "--json").stdout)
        orders.append([i["exercise"] for i in timeline["intervals"] if i["kind"] == "work"])
    assert orders[1] == orders[3]
    assert len({tuple(order) for order in orders}) > 1
    assert all(sorted(order) == sorted(orders[0]) for order in orders)


def test_a_track_holds_no_path_of_this_machine(home: Home) -> None:
    """Editors find the schema by a comment; older versions of `new` wrote an address of this machine there."""
    path, modeline = "/home/me/routine.schema.json", "# yaml-language-server: $schema="
    part = "title: Part\nsteps:\n  - exercise: Quads\n    work: 5s\n"
    home.write("part.yaml", f"{modeline}file://{path}\n{part}")
    routine = home.write("legs.yaml", f"{modeline}{path}\n{SILENT}    cues: {{half: Slowly}}\n  - include: part.yaml\n")
    assert home.cuecast("render", str(routine), "-q").returncode == 0
    assert home.cuecast("extract", "legs.mp3", "-o", "taken").returncode == 0
    for name in ("legs.yaml", "part.yaml"):
        text = (home.here / "taken" / name).read_text()
        written = (home.here / name).read_text()
        assert text == written.replace(f"file://{path}", path).replace(path, "routine.schema.json")
    data = (home.here / "legs.mp3").read_bytes()
    assert b"/home/me" not in data
    assert str(home.root).encode() not in data


def test_the_command_that_installs_something_works_here() -> None:
    """What it names is installed here, so that pip needs no network."""
    done = subprocess.run(install_command("cuecast"), shell=True, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "already satisfied" in done.stdout


def test_pip_is_told_where_it_would_refuse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "EXTERNALLY-MANAGED").touch()
    monkeypatch.setattr("sysconfig.get_path", lambda name: str(tmp_path))
    assert "--break-system" not in install_command("segno")  # a virtual environment is nobody else's
    monkeypatch.setattr(sys, "prefix", sys.base_prefix)
    assert " -m pip install --break-system-packages segno" in install_command("segno")
