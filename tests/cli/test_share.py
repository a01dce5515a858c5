"""`cuecast share` as a person calls it."""

from __future__ import annotations

from cuecast.encode.mp3.frames import MONO
from tests.cli.running import Home
from tests.share.tracks import legs, track


def test_a_broken_tag_is_a_warning(home: Home) -> None:
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
