"""`plan --format`, `plan -o`, `render --with` and `render --split`, as a person calls them."""

from __future__ import annotations

import json
import re

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
