"""Music that the caller chooses plays in place of all music that a routine names, and nothing else changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from cuecast.expand import Choices, expand
from cuecast.library import Library
from cuecast.model.music import Bed, GeneratedSound, Music, MusicSetting, Recording
from cuecast.model.routine import Level
from cuecast.model.script import Script
from cuecast.phrases import phrases_of
from cuecast.read import read
from tests.read.test_files_of_a_routine import Shelf

RAIN = Music(recordings=(Recording("rain.ogg", Path("/rain.ogg")),))
OFF = MusicSetting(off=True)
ROUTINE = """\
title: x
music: {sound: ocean, volume: -20dB, work: -12dB}
steps:
  - {say: a, music: {noise: pink, volume: -30dB}}
  - {pause: 3s, music: off}
  - {say: b, music: -24dB}
  - exercise: E
    work: 5s
    music: drone
    variants:
      gentle: {music: {noise: white, work: -10dB}}
  - rounds: 2
    music: brown
    steps:
      - {exercise: F, work: 5s, music: {work: -9dB}}
      - include: a
"""
FILES = {"a": "steps: [{say: c, music: white}, {use: b}]", "b": "exercise: B\nwork: 5s\nmusic: ocean"}


def script(text: str, other: MusicSetting | None, level: Level = Level.STANDARD) -> Script:
    result = read("x.yaml", text.encode(), Shelf(FILES))
    assert result.value is not None, result.diagnostics
    routine = replace(result.value, other_music=other)
    expanded, faults = expand(routine, phrases_of("en"), Choices(level=level))
    assert expanded is not None, faults
    return expanded


def beds(text: str, other: MusicSetting | None, level: Level = Level.STANDARD) -> list[Bed | None]:
    return [item.bed for item in script(text, other, level).items]


@pytest.mark.parametrize("level", [Level.STANDARD, Level.GENTLE])
def test_it_plays_in_place_of_all_music_as_loud_as_the_routine_says(level: Level) -> None:
    without, changed = beds(ROUTINE, None, level), beds(ROUTINE, MusicSetting(RAIN), level)
    assert len({bed.music for bed in without if bed}) >= 4
    assert changed == [bed and replace(bed, music=RAIN) for bed in without]
    assert changed.count(None) == 1  # the pause stays silent
    assert not any(beds(ROUTINE, OFF, level))
    assert script(ROUTINE, OFF, level).bed is None


@pytest.mark.parametrize("music", ["", "music: off\n"])
def test_a_routine_without_music_gets_some(music: str) -> None:
    ocean = Music(GeneratedSound.OCEAN)
    assert beds(f"title: x\n{music}steps: [say: Hi]\n", MusicSetting(ocean)) == [Bed(ocean)]


def test_the_routines_own_music_need_not_exist(tmp_path: Path) -> None:
    text = b"title: x\nmusic: {folder: gone}\nsteps: [{say: Hi, music: gone.mp3}]"
    assert read("x.yaml", text, Library(tmp_path)).value is None
    assert read("x.yaml", text, Library(tmp_path, other_music=True)).value is not None
