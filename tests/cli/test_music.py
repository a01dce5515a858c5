"""`--music`, and the music that a routine names."""

from __future__ import annotations

import os

import pytest

from cuecast.cli.completion import music
from tests.cli.running import Home
from tests.music.music_files import noise, write


def test_the_shell_completes_what_can_play(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(home.here)
    monkeypatch.setenv("CUECAST_HOME", str(home.root / "home"))
    own = "../home/music"
    for name in (
        "near.ogg",
        "songs/a.mp3",
        "songs/cover.jpg",
        f"{own}/own.flac",
        f"{own}/album/2.ogg",
        f"{own}/album/10.ogg",
    ):
        (home.here / name).parent.mkdir(parents=True, exist_ok=True)
        (home.here / name).touch()
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
