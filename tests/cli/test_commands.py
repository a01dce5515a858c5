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

FAULTY = """\
title: Wrong
steps:
  - exercise: Calves
    wrok: 45s
"""


def test_a_command_is_listed_with_the_first_line_of_its_own_help(home: Home) -> None:
    listed = home.cuecast("--help").stdout
    for name, (_, summary) in COMMANDS.items():
        assert f"  {name} " in listed
        own_help = CliRunner().invoke(make_app([name]), [name, "--help"]).stdout
        assert summary in " ".join(own_help.split())


def test_render_makes_the_track_and_says_where_how_to_hear_and_how_to_change_it(home: Home) -> None:
    home.write("short.yaml", SILENT)
    result = home.cuecast("render", "short.yaml")
    assert (result.returncode, result.stdout) == (0, "")
    assert home.files() == ["short.mp3", "short.yaml"]
    first, *rest = result.stderr.splitlines()
    assert first.startswith("short.mp3  0:")
    assert "2 chapters" in first
    assert rest == [
        "  hear it       xdg-open short.mp3",
        "  on the phone  send it to yourself, or copy it to the Music folder; the chapters are the exercises",
        "  change it     edit short.yaml, and render again",
    ]


def test_render_says_what_it_made_as_json(home: Home) -> None:
    home.write("short.yaml", SILENT)
    result = home.cuecast("render", "short.yaml", "--json", "--quiet", "-o", "mine.mp3")
    assert (result.returncode, result.stderr) == (0, "")
    (track,) = json.loads(result.stdout)["tracks"]
    assert track["path"] == "mine.mp3"
    assert track["bytes"] == (home.here / "mine.mp3").stat().st_size
    assert track["chapters"] == 2


def test_render_many_into_a_folder_and_one_failed_track_does_not_stop_the_others(home: Home) -> None:
    home.write("a.yaml", SILENT)
    home.write("b.yaml", FAULTY)
    home.write("c.yaml", SILENT)
    (home.here / "out").mkdir()
    result = home.cuecast("render", "a.yaml", "b.yaml", "c.yaml", "-o", "out")
    assert result.returncode == 1
    assert sorted(path.name for path in (home.here / "out").iterdir()) == ["a.mp3", "c.mp3"]
    assert "b.yaml:4:5: error[unknown-key]" in result.stderr
    assert "out/b.mp3 was not made" in result.stderr


def test_check_shows_the_place_the_line_a_caret_and_a_hint(home: Home) -> None:
    home.write("wrong.yaml", FAULTY)
    result = home.cuecast("check", "wrong.yaml")
    assert result.returncode == 1
    lines = result.stdout.splitlines()
    assert lines[0].startswith("wrong.yaml:4:5: error[unknown-key]: ")
    assert lines[1] == "    4 |     wrok: 45s"
    assert lines[2] == "      |     ^^^^"
    assert "try: did you mean `work`?" in result.stdout


def test_check_writes_json_and_github(home: Home) -> None:
    home.write("wrong.yaml", FAULTY)
    (first, *_) = json.loads(home.cuecast("check", "wrong.yaml", "--format", "json").stdout)
    assert (first["file"], first["line"], first["column"], first["code"]) == ("wrong.yaml", 4, 5, "unknown-key")
    github = home.cuecast("check", "wrong.yaml", "--format", "github").stdout
    assert github.startswith("::error file=wrong.yaml,line=4,col=5,title=unknown-key::")


def test_check_strict_makes_a_warning_an_error(home: Home) -> None:
    long = "word " * 30
    home.write("tight.yaml", SILENT + f"    cues: {{half: {long}}}\n")
    relaxed, strict = home.cuecast("check", "tight.yaml"), home.cuecast("check", "--strict", "tight.yaml")
    assert (relaxed.returncode, strict.returncode) == (0, 1)
    assert "warning[may-overrun]" in relaxed.stdout
    assert "error[may-overrun]" in strict.stdout


def test_plan_writes_a_table_and_json(home: Home) -> None:
    home.write("short.yaml", SILENT)
    table = home.cuecast("plan", "short.yaml")
    assert table.returncode == 0
    assert "Calves" in table.stdout
    timeline = json.loads(home.cuecast("plan", "short.yaml", "--json").stdout)
    assert timeline["schema"] == "cuecast/timeline@1"
    assert [i["side"] for i in timeline["intervals"] if i["kind"] == "work"] == ["left", "right"]


def test_new_starts_a_routine_that_checks(home: Home) -> None:
    assert home.cuecast("new", "my-legs").returncode == 0
    assert home.cuecast("check", "--strict", "my-legs.yaml").returncode == 0


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


def test_list_shows_the_users_routines_too(home: Home) -> None:
    own = home.root / "home" / "routines"
    own.mkdir(parents=True)
    (own / "short.yaml").write_text(SILENT)
    rows = {row["name"]: row for row in json.loads(home.cuecast("list", "--json").stdout)}
    assert (rows["short"]["title"], rows["short"]["language"]) == ("Short and silent", "en")
    assert "runners-rollout" in rows
    assert home.cuecast("render", "short").returncode == 0


def test_doctor_finds_all_well(home: Home) -> None:
    result = home.cuecast("doctor")
    assert result.returncode == 0, result.stdout
    assert "NOT" not in result.stdout


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


def test_an_unknown_language_is_an_error_at_its_line(home: Home) -> None:
    home.write("short.yaml", SILENT + "language: tlh\n")
    result = home.cuecast("check", "short.yaml")
    assert result.returncode == 1
    assert "short.yaml:7:11: error[unknown-language]" in result.stdout
    assert "try: it speaks de, en, es" in result.stdout


RANGED = """\
title: Ranged
voice: silent
defaults: {work: 30s-60s}
steps:
  - exercise: Calves
    sides: [left, right]
"""


def test_fit_makes_the_track_exactly_so_long_or_says_why_it_cannot(home: Home) -> None:
    home.write("ranged.yaml", RANGED)
    result = home.cuecast("plan", "ranged.yaml", "--fit", "1:47", "--json")
    assert json.loads(result.stdout)["duration"] == 107.0
    refused = home.cuecast("plan", "ranged.yaml", "--fit", "5m")
    assert refused.returncode == 1
    assert "error[cannot-fit]: the track can't last 5m: it comes to " in refused.stderr
    estimated = home.cuecast("check", "ranged.yaml", "--fit", "5m")
    assert estimated.returncode == 0
    assert "warning[may-not-fit]: by an estimate, the track can't last 5m" in estimated.stdout


def test_level_and_language_choose_what_is_rendered(home: Home) -> None:
    home.write("levels.yaml", RANGED + "    variants: {gentle: {sides: both}}\n")
    home.write("levels.de.yaml", RANGED.replace("title: Ranged", "title: Stufen\nlanguage: de"))
    gentle = json.loads(home.cuecast("plan", "levels.yaml", "--level", "gentle", "--json").stdout)
    assert [i["side"] for i in gentle["intervals"] if i["kind"] == "work"] == ["both"]
    german = json.loads(home.cuecast("plan", "levels.yaml", "--language", "de", "--json").stdout)
    assert (german["title"], german["language"]) == ("Stufen", "de")


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
