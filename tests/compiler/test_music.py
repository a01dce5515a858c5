"""The bed: what plays under what, how loud, and what the rest of a timeline has to do with it."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from cuecast.arrange.wake import LEAD_MS, with_wake_tones
from cuecast.expand import Choices, expand
from cuecast.export.json import Json
from cuecast.model.diagnostics import Diagnostic, has_errors
from cuecast.model.music import MAX_MUSIC_DB, MUSIC_DB, Bed, GeneratedSound, Music, MusicSetting, Recording
from cuecast.model.routine import Level, Routine, Say
from cuecast.model.script import Script
from cuecast.model.timeline import BedSegment, Event, Timeline, ToneEvent
from cuecast.model.tones import TONES
from cuecast.options import Options
from cuecast.phrases import phrases_of
from cuecast.pipeline import arrange_to_length
from cuecast.read import read
from tests.builds import check
from tests.compiler.compiling import compiled, word_lengths
from tests.compiler.routines import musical_routines
from tests.examples import some
from tests.read.test_files_of_a_routine import Shelf

OCEAN, DRONE = Music(GeneratedSound.OCEAN), Music(GeneratedSound.DRONE)
EN = phrases_of("en")


def routine_of(text: str, files: dict[str, str] | None = None) -> Routine:
    result = read("routine.yaml", text.encode(), Shelf(files or {}))
    assert result.value is not None, result.diagnostics
    assert not has_errors(result.diagnostics), result.diagnostics
    return result.value


def expanded(routine: Routine, choices: Choices = Choices()) -> tuple[Script | None, tuple[Diagnostic, ...]]:
    return expand(routine, EN, choices)


def beds(routine: Routine, choices: Choices = Choices()) -> list[Bed | None]:
    """What plays under each item."""
    script, faults = expanded(routine, choices)
    assert script is not None, faults
    return [item.bed for item in script.items]


def laid(routine: Routine, *, wake: bool = False) -> Timeline | None:
    return arrange_to_length(routine, Options(wake=wake), word_lengths).timeline


# What is told


def test_where_nothing_says_how_loud_it_is_as_loud_as_ever() -> None:
    routine = routine_of("title: T\nmusic: ocean\nsteps: [{say: a}, {say: b, music: {work: -9dB}}]")
    assert beds(routine) == [Bed(OCEAN, MUSIC_DB, MUSIC_DB), Bed(OCEAN, MUSIC_DB, -9)]


def test_gains_add_up_to_what_a_person_would_say() -> None:
    timeline = compiled("title: T\nmusic: {sound: ocean, volume: -18.7dB}\nvolume: {music: -0.4dB}\nsteps: [{say: a}]")
    assert [stretch.gain for stretch in timeline.bed] == [-19.1]
    assert -18.7 + -0.4 != -19.1


# The library, files that are included, levels

LIBRARY = "exercise: Calves\nwork: 9s\nmusic: {sound: drone, work: -11dB}\nvariants: {deep: {music: {volume: -33dB}}}"


@pytest.mark.parametrize(
    ("step", "level", "expected"),
    [
        ("{use: calves}", Level.STANDARD, Bed(DRONE, -20, -11)),
        ("{use: calves, music: {work: -8dB}}", Level.STANDARD, Bed(OCEAN, -20, -8)),
        ("{use: calves, music: off}", Level.STANDARD, None),
        ("{use: calves}", Level.DEEP, Bed(OCEAN, -33, -33)),
        ("{use: calves, music: -25dB}", Level.DEEP, Bed(OCEAN, -25, -25)),
        ("{use: calves, music: -25dB, variants: {deep: {music: off}}}", Level.DEEP, None),
    ],
)
def test_a_use_replaces_the_music_of_the_library(step: str, level: Level, expected: Bed | None) -> None:
    text = f"title: T\nmusic: {{sound: ocean, volume: -20dB}}\nsteps: [{step}]"
    assert beds(routine_of(text, {"calves": LIBRARY}), Choices(level=level)) == [expected]


@pytest.mark.parametrize("step", ["use: soft", "include: soft.yaml"])
def test_what_comes_from_elsewhere_may_say_how_loud_where_nothing_plays(step: str) -> None:
    files = {
        "soft": "exercise: Calves\nwork: 9s\nmusic: -30dB",
        "soft.yaml": "title: S\nmusic: ocean\nsteps: [{exercise: Calves, work: 9s, music: -30dB}]",
    }
    assert beds(routine_of(f"title: T\nsteps: [{{{step}}}]", files)) == [None]
    assert beds(routine_of(f"title: T\nmusic: drone\nsteps: [{{{step}}}]", files)) == [Bed(DRONE, -30, -30)]


def test_a_volume_with_nothing_to_play_is_told_once_however_often_it_comes() -> None:
    text = "title: T\nsteps:\n  - rounds: 50\n    steps: [{exercise: E, work: 9s, sides: [left, right], music: -20dB}]"
    script, faults = expanded(routine_of(text))
    assert script is None
    assert [(fault.code, str(fault.span)) for fault in faults] == [("no-music", "routine.yaml:4:66")]


def test_music_off_from_outside_leaves_no_volume_without_music() -> None:
    text = "title: T\nmusic: ocean\nsteps: [{say: a, music: -20dB}, {pause: 5s, music: drone}]"
    for options in (Options(music="off"), Options(volume={"music": None})):
        result = check("routine.yaml", text, options)
        assert result.diagnostics == ()
        assert result.value is not None
        assert (result.value.bed, result.value.channels) == ((), 1)
    result = check("routine.yaml", text)
    assert result.value is not None
    assert result.value.channels == 2


# Folders that are shuffled

SONGS = tuple(Recording(f"{n}.mp3", Path(f"/songs/{n}.mp3")) for n in range(8))


def shuffled(seed: int, songs: tuple[Recording, ...] = SONGS) -> list[Music]:
    """The music of two steps that play the same folder, told twice."""
    told = [MusicSetting(Music(recordings=songs, shuffle=True)) for _ in range(2)]
    routine = routine_of("title: T\nsteps: [{say: a}, {say: b}]")
    (first, second), own = routine.steps, told[0]
    assert isinstance(second, Say)
    routine = replace(routine, music=own, steps=(first, replace(second, music=told[1])))
    return [bed.music for bed in beds(routine, Choices(seed=seed)) if bed]


def test_a_shuffled_folder_has_one_order_for_the_track_chosen_by_the_seed() -> None:
    orders = {seed: shuffled(seed) for seed in range(10)}
    for seed, (first, second) in orders.items():
        assert first == second == shuffled(seed)[0]
        assert not first.shuffle
        assert sorted(first.recordings, key=lambda r: r.name) == list(SONGS)
    assert len({music.recordings for music, _ in orders.values()}) > 5


# Headphones


def woken(events: list[Event], bed: list[BedSegment]) -> list[int]:
    """When wake tones sound, in ms before the sound that follows."""
    sounds = list(with_wake_tones(events, bed))
    pairs = pairwise(sounds)
    return [b.start for a, b in pairs if isinstance(a, ToneEvent) and a.name == "wake"]


def beep(at: int) -> ToneEvent:
    return ToneEvent(at, at + TONES["start"].ms, "start", TONES["start"].hz)


WAKING_MS = LEAD_MS + TONES["wake"].ms


@pytest.mark.parametrize(
    ("bed", "expected"),
    [
        pytest.param([], [2, 30, 60], id="no bed"),
        pytest.param([(0, 70)], [], id="all through"),
        pytest.param([(0, 10)], [30, 60], id="it ends, and silence follows"),
        pytest.param([(0, 23)], [60], id="it ends less than 8 s before"),
        pytest.param([(0, 22)], [30, 60], id="it ends 8 s before"),
        pytest.param([(1, 3), (29, 40)], [60], id="it fades in just before, and is over long before the last"),
        pytest.param([(1, 3), (30, 40)], [30, 60], id="it begins with the sound, too late to wake anything"),
        pytest.param([(0, 3), (10, 12), (27, 28), (58, 62)], [], id="several"),
        pytest.param([(0, 3), (35, 50)], [30, 60], id="it plays between two sounds, and silence follows"),
    ],
)
def test_headphones_are_woken_only_where_there_was_no_bed(bed: list[tuple[int, int]], expected: list[int]) -> None:
    events: list[Event] = [beep(at) for at in (2_000, 30_000, 60_000)]
    stretches = [BedSegment(start * 1_000, end * 1_000, OCEAN, -18) for start, end in bed]
    assert woken(events, stretches) == [at * 1_000 for at in expected]


def test_a_bed_wakes_headphones_if_it_begins_no_later_than_the_tone_would() -> None:
    for early, expected in ((WAKING_MS, []), (WAKING_MS - 1, [30_000])):
        assert woken([beep(30_000)], [BedSegment(30_000 - early, 40_000, OCEAN, -18)]) == expected


def test_wake_tones_of_a_routine_stand_where_its_music_is_off() -> None:
    text = """\
title: T
music: ocean
defaults: {work: 30s, transition: 5s, countdown: off, announce: off}
steps:
  - exercise: Squats
  - exercise: Lunges
    music: off
  - exercise: Planks
"""
    timeline = compiled(text, wake=True)
    tones = [(event.start, event.name) for event in timeline.events if isinstance(event, ToneEvent)]
    # The end of the Lunges follows 30 s of silence, and the ocean comes back only with it.
    assert [start for start, name in tones if name == "wake"] == [72_000 - WAKING_MS]
    without = compiled(text.replace("music: ocean\n", ""), wake=True)
    assert sum(event.name == "wake" for event in without.events if isinstance(event, ToneEvent)) == 4


# What holds for every routine


@given(musical_routines)
@settings(max_examples=some(400), deadline=None)
def test_any_routine_with_music(text: str) -> None:
    """Stretches are whole intervals and never overlap. Nothing else depends on them: what is said when, and how long all
    lasts, is as it is without; off by `volume` is byte for byte never told. No wake tone sounds where a bed plays.
    """
    routine = routine_of(text)
    silent = replace(routine, other_music=MusicSetting(off=True))
    timeline, without = laid(routine), laid(silent)
    assert (timeline is None) == (without is None)
    if timeline is None or without is None:
        return
    assert replace(timeline, bed=()) == without
    for one, other in pairwise(timeline.bed):
        assert one.end <= other.start
        assert one.end < other.start or (one.music, one.gain) != (other.music, other.gain)
    edges = {0} | {interval.end for interval in timeline.intervals}
    for stretch in timeline.bed:
        assert 0 <= stretch.start < stretch.end <= timeline.duration
        assert {stretch.start, stretch.end} <= edges
        assert -60 <= stretch.gain <= MAX_MUSIC_DB
    assert (timeline.bed[0].start, timeline.bed[-1].end, timeline.channels) == (0, timeline.duration, 2)
    off = laid(replace(routine, volume=replace(routine.volume, music=None)), wake=True)
    woken, never = laid(routine, wake=True), laid(silent, wake=True)
    assert off is not None
    assert woken is not None
    assert never is not None
    assert Json().dump(off) == Json().dump(never)
    wakes, others = (
        {e.start for e in t.events if isinstance(e, ToneEvent) and e.name == "wake"} for t in (woken, never)
    )
    assert wakes <= others
    assert not [start for start in wakes if any(each.start <= start < each.end for each in woken.bed)]


def test_twenty_thousand_steps_under_music() -> None:
    """Every place is looked at, but the music is put in order once."""
    songs = tuple(Recording(f"{n}.mp3", Path(f"/songs/{n}.mp3")) for n in range(500))
    steps = "[{exercise: E, work: 5s, transition: 2s, announce: off}, {pause: 1s, music: -20dB}]"
    routine = routine_of(f"title: T\nsteps:\n  - rounds: 9999\n    steps: {steps}")
    timeline = laid(replace(routine, music=MusicSetting(Music(recordings=songs, shuffle=True), work=-14)))
    assert timeline is not None
    assert len(timeline.bed) == 3 * 9_999 + 1
    assert len({id(stretch.music) for stretch in timeline.bed}) == 1
