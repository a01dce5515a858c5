"""Music from outside takes the place of all music that is told, and nothing else changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuecast.errors import FileRefused
from cuecast.expand.music_override import WithoutMusicFiles, override_music
from cuecast.model.music import GeneratedSound, Music, MusicSetting, Recording
from cuecast.model.routine import Exercise, Level, Pause, Rounds, Routine, Say, Section
from cuecast.protocols import FileLoader
from cuecast.read import read
from tests.read.test_files_of_a_routine import BOMB, Shelf

RAIN = Music(recordings=(Recording("rain.ogg", Path("/rain.ogg")),))
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
      gentle: {music: {noise: white, work: -10dB}, setup: Softly}
  - rounds: 2
    music: brown
    steps:
      - {exercise: F, work: 5s, music: {work: -9dB}}
      - include: a
"""
FILES = {"a": "steps: [{say: c, music: white}, {use: b}]", "b": "exercise: B\nwork: 5s\nmusic: ocean"}


def routine_of(text: str, opener: FileLoader | None = None) -> Routine:
    result = read("x.yaml", text.encode(), opener or Shelf(FILES))
    assert result.routine is not None, result.diagnostics
    return result.routine


def test_it_plays_in_place_of_every_other_and_as_loud_as_the_routine_says() -> None:
    routine = override_music(routine_of(ROUTINE), MusicSetting(RAIN))
    assert routine.music == MusicSetting(RAIN, volume=-20, work=-12)
    say, pause, softer, exercise, rounds = routine.steps
    assert isinstance(say, Say)
    assert isinstance(softer, Say)
    assert isinstance(pause, Pause)
    assert isinstance(exercise, Exercise)
    assert isinstance(rounds, Rounds)
    assert say.music == MusicSetting(RAIN, volume=-30)
    assert pause.music == MusicSetting(off=True)
    assert softer.music == MusicSetting(volume=-24)
    assert exercise.music == MusicSetting(RAIN)
    gentle = exercise.at(Level.GENTLE)
    assert gentle.music == MusicSetting(RAIN, work=-10)
    assert gentle.setup is not None
    assert rounds.music == MusicSetting(RAIN)
    inner, section = rounds.steps
    assert isinstance(inner, Exercise)
    assert isinstance(section, Section)
    assert inner.music == MusicSetting(work=-9)
    included, used = section.steps
    assert isinstance(included, Say)
    assert isinstance(used, Exercise)
    assert (included.music, used.music) == (MusicSetting(RAIN), MusicSetting(RAIN))


def test_off_takes_all_of_it_away() -> None:
    routine = override_music(routine_of(ROUTINE), MusicSetting(off=True))
    assert routine.music == MusicSetting(off=True)
    assert "MusicSetting(" not in repr(routine.steps)


@pytest.mark.parametrize("music", ["", "music: off\n"])
def test_a_routine_without_music_gets_some(music: str) -> None:
    routine = routine_of(f"title: x\n{music}steps: [say: Hi]\n")
    changed = override_music(routine, MusicSetting(Music(GeneratedSound.OCEAN)))
    assert changed.music is not None
    assert not changed.music.off
    assert changed.music.over(None) == MusicSetting(Music(GeneratedSound.OCEAN))
    assert changed.steps == routine.steps


@given(st.sampled_from([MusicSetting(RAIN), MusicSetting(Music(GeneratedSound.PINK)), MusicSetting(off=True)]))
def test_twice_is_as_once_and_nothing_but_music_changes(told: MusicSetting) -> None:
    once = override_music(routine_of(ROUTINE), told)
    assert override_music(once, told) == once
    assert override_music(once, MusicSetting(off=True)) == override_music(routine_of(ROUTINE), MusicSetting(off=True))


def test_the_same_steps_stay_the_same_however_often_they_stand_there() -> None:
    # 100 to the power of 15 steps in 16 files.
    routine = override_music(routine_of("title: x\nsteps: [include: a0]", Shelf(BOMB)), MusicSetting(RAIN))
    (section,) = routine.steps
    assert isinstance(section, Section)
    first, *others = section.steps
    assert isinstance(first, Section)
    assert len(others) == 99
    assert all(isinstance(other, Section) and other.steps is first.steps for other in others)


def test_nobody_looks_for_the_music_whose_place_is_taken() -> None:
    shelf = Shelf({**FILES, "a": "steps: [{say: Hi, music: gone.mp3}]"})
    text = "title: x\nmusic: {folder: gone}\nsteps: [{include: a}, {use: b}]"
    assert read("x.yaml", text.encode(), shelf).routine is None
    shelf.asked.clear()
    routine = override_music(routine_of(text, WithoutMusicFiles(shelf)), MusicSetting(RAIN))
    assert shelf.asked == []
    assert "gone" not in repr((routine.music, routine.steps))
    with pytest.raises(FileRefused):
        WithoutMusicFiles(shelf).include("gone", "x.yaml")
