"""`cuecast share` as a person calls it."""

from __future__ import annotations

import json

from cuecast.encode.mp3.frames import MONO
from tests.cli.running import SILENT, Home
from tests.share.tracks import legs, track


def test_from_a_routine_to_a_folder(home: Home) -> None:
    home.write("short.yaml", SILENT)
    assert home.cuecast("render", "short.yaml").returncode == 0
    result = home.cuecast("share", "short.mp3", "-o", "site")
    assert result.returncode == 0, result.stderr
    assert result.stdout == ""
    for words in ("site  1 track,", "site/index.html", "--url"):
        assert words in result.stderr
    page = (home.here / "site" / "short.html").read_text(encoding="utf-8")
    assert "Short and silent" in page
    assert '"exercise":"Calves"' in page


def test_an_m4a_takes_the_place_of_an_mp3(home: Home) -> None:
    home.write("short.yaml", SILENT)
    site = home.here / "site"
    for suffix, media_type in (("mp3", "audio/mpeg"), ("m4a", "audio/mp4")):
        assert home.cuecast("render", "short.yaml", "-o", f"short.{suffix}").returncode == 0
        result = home.cuecast("share", f"short.{suffix}", "-o", "site")
        assert result.returncode == 0, result.stderr
        assert f'download="short.{suffix}"' in (site / "short.html").read_text(encoding="utf-8")
        assert f'type="{media_type}"' in (site / "feed.xml").read_text(encoding="utf-8")
        assert [path.suffix for path in site.iterdir() if path.suffix in (".mp3", ".m4a")] == [f".{suffix}"]
    page = (site / "short.html").read_text(encoding="utf-8")
    assert '"exercise":"Calves, right"' in page  # it has chapters only
    assert (site / "short.png").exists()
    home.write("broken.m4a", "....ftypM4A but no sound")
    assert "error[not-a-track]" in home.cuecast("share", "broken.m4a", "-o", "site").stderr


def test_as_json(home: Home) -> None:
    track(home.here / "legs.mp3")
    result = home.cuecast("share", "legs.mp3", "-o", "site", "--json", "--quiet", "--url", "https://example.org/r")
    assert result.stderr == ""
    plain = json.loads(result.stdout)
    assert plain["url"] == "https://example.org/r/"
    assert plain["tracks"] == [{"name": "legs", "title": "Legs", "duration": 100.0, "page": "legs.html"}]
    assert "index.html" in plain["changed"]


def test_faults_of_a_file_are_result_with_their_code(home: Home) -> None:
    home.write("notes.mp3", "no sound")
    result = home.cuecast("share", "notes.mp3", "-o", "site")
    assert result.returncode == 1
    assert "error[not-a-track]: notes.mp3: there is no MP3 or M4A sound in it" in result.stderr
    assert home.files() == ["notes.mp3"]
    (home.here / "cut.mp3").write_bytes(
        b"ID3\x04\x00\x00\x00\x00\x00\x10TIT2\x00\x00\x00\x7f\x00\x00" + bytes(6) + MONO.silent_frame * 99
    )
    result = home.cuecast("share", "cut.mp3", "-o", "site")
    assert result.returncode == 0
    assert "warning[broken-tag]: cut.mp3: its frame TIT2 is longer than the tag" in result.stderr


def test_a_title_does_not_steer_the_terminal(home: Home) -> None:
    track(home.here / "a.mp3", legs("\x1b]0;gone\x07 Legs"))
    result = home.cuecast("share", "a.mp3", "-o", "site", "--json")
    assert not set(result.stdout + result.stderr) & set("\x1b\x07")
