"""`--music`, and the music that a routine names."""

from __future__ import annotations

import os

import pytest

from tests.cli.running import SILENT, Home
from tests.music.music_files import noise, write

NAMED = SILENT.replace("voice: silent\n", "voice: silent\nmusic: calm.mp3\n")


@pytest.fixture
def tuned(home: Home) -> Home:
    """A routine that names music which is not there, and some other music in two places."""
    home.write("short.yaml", NAMED)
    user_folder = home.root / "home" / "music" / "album"
    user_folder.mkdir(parents=True)
    for path in (
        home.here / "near.ogg",
        user_folder.parent / "own.flac",
        user_folder / "2.ogg",
        user_folder / "10.ogg",
    ):
        path.touch()
    return home


@pytest.mark.parametrize("command", ["render", "check"])
def test_music_that_the_routine_names_and_that_is_not_there_is_an_error_at_its_line(tuned: Home, command: str) -> None:
    done = tuned.cuecast(command, "short.yaml")
    assert done.returncode == 1
    text = done.stdout + done.stderr
    assert "short.yaml:3:8: error[missing-music]: there is no file `calm.mp3`" in text
    assert "3 | music: calm.mp3\n      |        ^^^^^^^^" in text
    assert "in that folder there are: `near.ogg`" in text
    assert tuned.files() == ["near.ogg", "short.yaml"]


def test_without_its_music_a_routine_is_still_a_routine(tuned: Home) -> None:
    done = tuned.cuecast("render", "short.yaml", "--music", "off")
    assert done.returncode == 0, done.stderr
    assert "short.mp3" in tuned.files()
    assert tuned.cuecast("check", "short.yaml", "--music", "off", "--language", "en").returncode == 0


@pytest.mark.parametrize("music", ["ocean", "brown", "brown noise", "off", "near.ogg", "own.flac", "album", "album/"])
def test_other_music_takes_its_place(tuned: Home, music: str) -> None:
    done = tuned.cuecast("check", "short.yaml", "--music", music)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout == ""


def test_the_voice_is_looked_for_all_the_same(tuned: Home) -> None:
    tuned.write("short.yaml", NAMED.replace("voice: silent", "voice: sillent"))
    assert "[unknown-voice]" in tuned.cuecast("check", "short.yaml", "--music", "off").stdout


def test_the_users_own_music_is_found_by_its_name(tuned: Home) -> None:
    tuned.write("short.yaml", NAMED.replace("calm.mp3", "own.flac"))
    assert tuned.cuecast("check", "short.yaml").returncode == 0
    tuned.write("short.yaml", NAMED.replace("calm.mp3", "album/"))
    assert tuned.cuecast("check", "-", stdin=NAMED.replace("calm.mp3", "album/")).returncode == 0
    assert tuned.cuecast("check", "-", stdin=NAMED.replace("calm.mp3", "near.ogg")).returncode == 0


def test_the_doctor_says_where_the_users_own_music_is(tuned: Home) -> None:
    lines = [line for line in tuned.cuecast("doctor").stdout.splitlines() if "music folder" in line]
    assert len(lines) == 1
    assert lines[0].endswith(str(tuned.root / "home" / "music"))


def test_of_files_that_share_a_name_the_one_with_the_nearest_ending_is_meant(tuned: Home) -> None:
    for ending in ("aiff", "flac", "mp3", "opus"):
        (tuned.here / f"near.{ending}").touch()
    for typed, suggestion in (("NEAR.FLAC", "near.flac"), ("near.flaac", "near.flac"), ("nera.mp3", "near.mp3")):
        done = tuned.cuecast("check", "short.yaml", "--music", typed)
        assert done.stderr.endswith(f"did you mean `{suggestion}`?\n"), done.stderr


def test_the_shell_completes_what_can_play(tuned: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    from cuecast.cli.completion import music

    monkeypatch.chdir(tuned.here)
    monkeypatch.setenv("CUECAST_HOME", str(tuned.root / "home"))
    (tuned.here / "songs").mkdir()
    (tuned.here / "songs" / "a.mp3").touch()
    (tuned.here / "songs" / "cover.jpg").touch()
    album, songs = f"album{os.sep}", f"songs{os.sep}"
    assert music("o") == ["ocean", "off", "own.flac"]
    assert {"drone", "near.ogg", songs, album} <= set(music(""))
    assert music("a") == [album]
    assert music(songs) == [f"{songs}a.mp3"]
    assert music(album) == [f"{album}10.ogg", f"{album}2.ogg"]
    assert music(f"nowhere{os.sep}") == []


@pytest.mark.parametrize("setting", ["calm.wav", "{folder: songs}"])
def test_a_track_never_takes_the_place_of_its_own_music(home: Home, setting: str) -> None:
    place = "songs/calm.wav" if "songs" in setting else "calm.wav"
    (home.here / place).parent.mkdir(exist_ok=True)
    write(home.here / place, noise(6.0))
    before = (home.here / place).read_bytes()
    home.write("calm.yaml", f"title: Calm\nvoice: silent\nmusic: {setting}\nsteps: [{{exercise: Calves, work: 5s}}]\n")
    done = home.cuecast("render", "calm.yaml", "--format", "wav", "-o", place)
    assert done.returncode == 3
    assert f"cannot write {place}: a track is made from this very file" in done.stderr
    home.write("all.yaml", f"routines: calm.yaml\nformats: wav\noutput: {place.removesuffix('.wav')}\n")
    done = home.cuecast("batch", "all.yaml")
    assert done.returncode == 3
    assert "a track is made from this very file" in done.stderr
    assert (home.here / place).read_bytes() == before
