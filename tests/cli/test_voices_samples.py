"""`cuecast voices samples` as a person calls it, with voices that speak in a moment."""

from __future__ import annotations

import json
import re

import pytest
import soundfile

from tests.cli.running import Home
from tests.cli.test_voices import own


def test_a_file_for_each_voice_and_a_page_to_play_them(home: Home) -> None:
    own(home, "mute", "engine: silent\nlanguage: de\n")
    own(home, "bond", 'like: machine-de\nlanguage: de-AT\ndescription: <b>&amp; "Bond"\n')
    result = home.cuecast("voices", "samples", "out", "--language", "de", "--json")
    assert result.returncode == 0, result.stderr
    rows = json.loads(result.stdout)
    names = [row["name"] for row in rows]
    assert names == ["brisk-de", "calm-de", "coach-de", "machine-de", "bond"]  # by language, without the silent one
    assert all(f"{name}  " in result.stderr for name in names)
    out = home.here / "out"
    for row in rows:
        sound, rate = soundfile.read(out / row["file"])
        assert len(sound) / rate == pytest.approx(row["seconds"], abs=0.1)
        assert 0.2 < max(abs(sound)) < 0.9
        assert len(re.findall(r"[.!?](?: |$)", " ".join(row["texts"]))) == 3
    page = (out / "index.html").read_text(encoding="utf-8")
    assert re.findall(r'<audio [^>]*src="([^"]*)"', page) == [row["file"] for row in rows]
    assert re.findall(r"<h2>(.*)</h2>", page) == ["German", "German (Austria)"]
    assert "&lt;b&gt;&amp;amp; &quot;Bond&quot;" in page
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")


def test_only_its_own_files_are_replaced(home: Home) -> None:
    out = home.here / "out"
    out.mkdir()
    (out / "notes.txt").write_text("mine")
    (out / "index.html").write_text("mine")
    refused = home.cuecast("voices", "samples", "out", "--language", "de")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "index.html" in refused.stderr
    assert "--force" in refused.stderr
    assert sorted(path.name for path in out.iterdir()) == ["index.html", "notes.txt"]
    assert home.cuecast("voices", "samples", "out", "--language", "de", "--force").returncode == 0
    assert "machine-de.mp3" in (out / "index.html").read_text()
    again = home.cuecast("voices", "samples", "out", "--language", "es", "--quiet")
    assert (again.returncode, again.stderr) == (0, "")
    assert (out / "machine-es.mp3").is_file()
    assert not (out / "machine-de.mp3").exists()
    assert (out / "notes.txt").read_text() == "mine"


def test_a_voice_that_fails_is_left_out_and_said(home: Home) -> None:
    own(home, "mumble", "engine: command\nlanguage: de-CH\ncommand: [python3, -c, raise SystemExit(4)]\n")
    own(home, "urs", "like: machine-de\nlanguage: de-CH\n")
    result = home.cuecast("voices", "samples", "out", "--language", "de-CH")
    assert result.returncode == 0, result.stderr
    assert "mumble: warning: it is left out" in result.stderr
    assert sorted(path.name for path in (home.here / "out").glob("*.mp3")) == ["urs.mp3"]


def test_without_a_voice_nothing_is_written(home: Home) -> None:
    result = home.cuecast("voices", "samples", "out", "--language", "xx")
    assert result.returncode == 1
    assert "no voice of the language xx can speak here" in result.stderr
    assert home.files() == []
