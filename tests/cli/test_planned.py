"""`plan --format`, `plan -o`, `render --with` and `render --split`, as a person calls them."""

from __future__ import annotations

import json
import re

import pytest

from cuecast.export import FORMATS, export_format, extension_of
from tests.cli.running import SILENT, Home


def test_plan_writes_every_format_to_a_file_or_to_standard_output(home: Home) -> None:
    home.write("short.yaml", SILENT)
    for name in ("lrc", "csv", "svg"):
        shown = home.cuecast("plan", "short.yaml", "--format", name)
        result = home.cuecast("plan", "short.yaml", "--format", name, "-o", f"mine{extension_of(export_format(name))}")
        assert (shown.returncode, result.returncode, result.stdout) == (0, 0, "")
        assert result.stderr == f"mine{extension_of(export_format(name))}\n"
        # Text mode has read each line end as one character.
        written = (home.here / f"mine.{name}").read_text(encoding="utf-8")
        assert written == shown.stdout.replace("\r\n", "\n")


def test_the_name_of_the_file_tells_the_format(home: Home) -> None:
    home.write("short.yaml", SILENT)
    assert home.cuecast("plan", "short.yaml", "-o", "mine.chapters.json", "--quiet").stderr == ""
    assert json.loads((home.here / "mine.chapters.json").read_text())["version"] == "1.2.0"
    assert home.files() == ["mine.chapters.json", "short.yaml"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["plan", "short.yaml", "--format", "png"], "png is not text: it needs a file\n  -o plan.png"),
        (["plan", "short.yaml", "--format", "lcr"], "there is no format `lcr`\n  did you mean `lrc`?"),
        (["plan", "short.yaml", "-o", "mine.xyz"], "the name mine.xyz does not say its format"),
        (["plan", "short.yaml", "-o", "nowhere/a.svg"], "there is no folder nowhere\n  mkdir -p nowhere"),
        (["plan", "short.yaml", "-o", "."], "-o needs the name of a file"),
        (["plan", "short.yaml", "-o", ""], "-o needs the name of a file"),
        (["plan", "short.yaml", "-o", "short.yaml", "--format", "lrc"], "short.yaml is the routine itself"),
        (["plan", "short.yaml", "-o", "old.mp3", "--format", "svg"], "old.mp3 is the name of a track"),
        (["plan", "short.yaml", "-o", "old.svg", "--format", "lrc"], "old.svg exists, and by its name it is svg"),
        (["render", "short.yaml", "--with", "lrc,xyz"], "there is no format `xyz`"),
        (["render", "short.yaml", "--with", ""], "there is no format ``"),
        (["render", "short.yaml", "--with", "lrc", "--split"], "--with goes with one track, --split makes many"),
        (["render", "short.yaml", "--split", "-o", "nowhere"], "there is no folder nowhere\n  mkdir -p nowhere"),
        (["render", "short.yaml", "--split", "-o", ""], "-o needs the name of a track or of a folder"),
        (["render", "file.yaml", "--split"], "file exists and is not a folder"),
    ],
)
def test_a_wrong_call_ends_with_2_and_changes_nothing(home: Home, arguments: list[str], message: str) -> None:
    for name in ("short.yaml", "file.yaml"):
        home.write(name, SILENT)
    before = {name: home.write(name, "mine").read_bytes() for name in ("old.mp3", "old.svg", "file")}
    result = home.cuecast(*arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith(f"cuecast: {message}")
    assert home.files() == ["file", "file.yaml", "old.mp3", "old.svg", "short.yaml"]
    assert {name: (home.here / name).read_bytes() for name in before} == before


def test_with_writes_the_timeline_beside_the_track(home: Home) -> None:
    home.write("short.yaml", SILENT)
    result = home.cuecast("render", "short.yaml", "--with", "lrc, vtt,lrc,html", "--json")
    assert result.returncode == 0, result.stderr
    assert home.files() == ["short.cues.html", "short.lrc", "short.mp3", "short.vtt", "short.yaml"]
    (track,) = json.loads(result.stdout)["tracks"]
    assert track["beside"] == ["short.lrc", "short.vtt", "short.cues.html"]
    assert "\nshort.lrc\nshort.vtt\nshort.cues.html\n" in result.stderr
    assert (home.here / "short.vtt").read_text() == home.cuecast("plan", "short.yaml", "--format", "vtt").stdout


def test_a_routine_with_errors_leaves_what_stands_beside_its_track(home: Home) -> None:
    home.write("short.yaml", SILENT.replace("12s", "twelve"))
    home.write("short.lrc", "old")
    assert home.cuecast("render", "short.yaml", "--with", "lrc").returncode == 1
    assert (home.here / "short.lrc").read_text() == "old"
    assert home.files() == ["short.lrc", "short.yaml"]


def test_split_makes_a_folder_and_says_what_to_do_with_it(home: Home) -> None:
    home.write("short.yaml", SILENT)
    result = home.cuecast("render", "short.yaml", "--split", "--json")
    assert result.returncode == 0, result.stderr
    assert home.files() == ["short", "short.yaml"]
    parts = ["01 Calves, left.mp3", "02 Calves, right.mp3"]
    assert sorted(path.name for path in (home.here / "short").iterdir()) == [*parts, "short.m3u8"]
    (track,) = json.loads(result.stdout)["tracks"]
    assert track["path"] == "short/short.m3u8"
    assert track["parts"] == [f"short/{name}" for name in parts]
    assert "on the phone  copy the folder short to the Music folder" in result.stderr


def test_split_many_into_a_folder_and_refuse_what_is_not_ours(home: Home) -> None:
    for name in ("a", "b"):
        home.write(f"{name}.yaml", SILENT)
    (home.here / "out").mkdir()
    assert home.cuecast("render", "a.yaml", "b.yaml", "--split", "-o", "out", "-q").returncode == 0
    assert sorted(path.name for path in (home.here / "out").iterdir()) == ["a", "b"]
    (home.here / "out" / "a" / "01 Calves, left.mp3").write_bytes(b"mine")
    result = home.cuecast("render", "a.yaml", "--split", "-o", "out")
    assert result.returncode == 3
    assert "out/a/01 Calves, left.mp3 is there, and cuecast did not make it: nothing was written" in result.stderr
    assert (home.here / "out" / "a" / "01 Calves, left.mp3").read_bytes() == b"mine"


def test_help_names_every_format(home: Home) -> None:
    result = re.sub(r"-\n\s+", "-", home.cuecast("plan", "--help").stdout)  # a name may be broken at its hyphen
    words = set(result.replace(",", " ").split())
    assert set(FORMATS.names()) <= words
