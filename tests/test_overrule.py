"""Music from outside takes the place of all music that is told, and nothing else changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuecast.expand.music_override import Unheard, with_music
from cuecast.model.music import Made, Music, MusicTold, Recording
from cuecast.model.routine import Exercise, Level, Pause, Rounds, Routine, Say, Section
from cuecast.protocols import Opener, Refused
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


def routine_of(text: str, opener: Opener | None = None) -> Routine:
    result = read("x.yaml", text.encode(), opener or Shelf(FILES))
    assert result.routine is not None, result.diagnostics
    return result.routine


def test_it_plays_in_place_of_every_other_and_as_loud_as_the_routine_says() -> None:
    routine = with_music(routine_of(ROUTINE), MusicTold(RAIN))
    assert routine.music == MusicTold(RAIN, volume=-20, work=-12)
    say, pause, softer, exercise, rounds = routine.steps
    assert isinstance(say, Say)
    assert isinstance(softer, Say)
    assert isinstance(pause, Pause)
    assert isinstance(exercise, Exercise)
    assert isinstance(rounds, Rounds)
    assert say.music == MusicTold(RAIN, volume=-30)
    assert pause.music == MusicTold(off=True)
    assert softer.music == MusicTold(volume=-24)
    assert exercise.music == MusicTold(RAIN)
    gentle = exercise.at(Level.GENTLE)
    assert gentle.music == MusicTold(RAIN, work=-10)
    assert gentle.setup is not None
    assert rounds.music == MusicTold(RAIN)
    inner, section = rounds.steps
    assert isinstance(inner, Exercise)
    assert isinstance(section, Section)
    assert inner.music == MusicTold(work=-9)
    included, used = section.steps
    assert isinstance(included, Say)
    assert isinstance(used, Exercise)
    assert (included.music, used.music) == (MusicTold(RAIN), MusicTold(RAIN))


def test_off_takes_all_of_it_away() -> None:
    routine = with_music(routine_of(ROUTINE), MusicTold(off=True))
    assert routine.music == MusicTold(off=True)
    assert "MusicTold(" not in repr(routine.steps)


@pytest.mark.parametrize("music", ["", "music: off\n"])
def test_a_routine_without_music_gets_some(music: str) -> None:
    routine = routine_of(f"title: x\n{music}steps: [say: Hi]\n")
    changed = with_music(routine, MusicTold(Music(Made.OCEAN)))
    assert changed.music is not None
    assert not changed.music.off
    assert changed.music.over(None) == MusicTold(Music(Made.OCEAN))
    assert changed.steps == routine.steps


@given(st.sampled_from([MusicTold(RAIN), MusicTold(Music(Made.PINK)), MusicTold(off=True)]))
def test_twice_is_as_once_and_nothing_but_music_changes(told: MusicTold) -> None:
    once = with_music(routine_of(ROUTINE), told)
    assert with_music(once, told) == once
    assert with_music(once, MusicTold(off=True)) == with_music(routine_of(ROUTINE), MusicTold(off=True))


def test_the_same_steps_stay_the_same_however_often_they_stand_there() -> None:
    # 100 to the power of 15 steps in 16 files.
    routine = with_music(routine_of("title: x\nsteps: [include: a0]", Shelf(BOMB)), MusicTold(RAIN))
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
    routine = with_music(routine_of(text, Unheard(shelf)), MusicTold(RAIN))
    assert shelf.asked == []
    assert "gone" not in repr((routine.music, routine.steps))
    with pytest.raises(Refused):
        Unheard(shelf).include("gone", "x.yaml")
