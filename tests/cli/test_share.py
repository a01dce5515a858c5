"""`cuecast share` as a person calls it."""

from __future__ import annotations

from cuecast.encode.mp3.frames import MONO
from tests.cli.running import Home
from tests.share.tracks import legs, track


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
