"""How loud the bed is at each moment, against the design; and windows, which never depend on each other."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuecast.cache import Cache
from cuecast.mix.music.curves import DuckingCurve
from cuecast.model.music import Music
from cuecast.model.routine import Volume
from cuecast.model.timeline import BedSegment
from cuecast.protocols import MixedSound
from tests.music.music_files import (
    BROWN,
    DRONE,
    PINK,
    Frames,
    bed_of,
    frames_of,
    levels,
    music,
    noise,
    track,
    tune,
    write,
)

pytestmark = pytest.mark.xdist_group("bed")
"""In one process, which makes once what they all look at."""


@pytest.fixture(scope="module")
def steady(tmp_path_factory: pytest.TempPathFactory) -> Music:
    """A tone that is the same everywhere: its level is that of the envelope."""
    path = tmp_path_factory.mktemp("music") / "steady.flac"
    tone = 0.5 * np.sin(2 * np.pi * 1_000 * np.arange(100 * 48_000) / 48_000)
    return music(write(path, np.stack([tone, tone], axis=1)), span=None)


def level_curve(sound: MixedSound, start: int, end: int) -> Frames:
    """The level of each 10 ms in dB."""
    return levels(frames_of(sound, start, end), 10)


def test_ducking_is_as_designed(steady: Music, shared_cache: Cache) -> None:
    """Fully from 250 ms before speech to 600 ms after, on its way 200 ms before that and 600 ms after it."""
    speech = [(20_000, 22_500), (30_000, 31_000), (31_800, 33_000), (40_000, 41_000), (42_200, 43_000)]
    sound = bed_of(track([BedSegment(0, 60_000, steady, -18.0)], 60_000, speech), shared_cache)
    level = level_curve(sound, 10_000, 50_000)
    full = float(np.median(level[:900]))
    level -= full

    def at(start: int, end: int) -> list[float]:
        part = level[(start - 10_000) // 10 : (end - 10_000) // 10]
        return [float(part.min()), float(part.max())]

    assert at(10_000, 19_550) == pytest.approx([0, 0], abs=0.05)
    assert at(19_750, 23_100) == pytest.approx([-12, -12], abs=0.05)
    assert at(23_700, 29_550) == pytest.approx([0, 0], abs=0.05)
    assert at(29_750, 33_600) == pytest.approx([-12, -12], abs=0.05)  # the way back has no room between these two
    assert at(39_750, 41_600) == pytest.approx([-12, -12], abs=0.05)
    assert at(41_950, 43_600) == pytest.approx([-12, -12], abs=0.05)
    assert -12 < at(41_600, 41_950)[1] < 0  # some of the way back, then the deeper one wins
    assert at(44_200, 50_000) == pytest.approx([0, 0], abs=0.05)
    for start, end in ((19_550, 19_750), (23_100, 23_700)):
        half = level[((start + end) // 2 - 10_000) // 10 - 1 : ((start + end) // 2 - 10_000) // 10 + 1].mean()
        assert half == pytest.approx(-6, abs=0.3)
    assert np.abs(np.diff(level)).max() < 1.0  # dB in 10 ms: no way is steeper


def test_the_bed_stays_where_no_voice_sounds(steady: Music, shared_cache: Cache) -> None:
    silent = track([BedSegment(0, 30_000, steady, -18.0)], 30_000, [(10_000, 12_000)], Volume(voice=None))
    level = level_curve(bed_of(silent, shared_cache), 5_000, 20_000)
    assert np.ptp(level) < 0.05


def test_it_is_as_loud_as_told_and_its_gain_glides(steady: Music, shared_cache: Cache) -> None:
    segments = [BedSegment(0, 20_000, steady, -24.0), BedSegment(20_000, 40_000, steady, -12.0)]
    level = level_curve(bed_of(track(segments, 40_000), shared_cache), 10_000, 34_000)
    low, high = float(level[:990].mean()), float(level[1_160:].mean())
    assert high - low == pytest.approx(12, abs=0.02)
    assert level[:1_000] == pytest.approx(low, abs=0.05)
    assert level[1_075 - 1 : 1_075 + 1].mean() == pytest.approx((low + high) / 2, abs=0.2)
    assert level[1_150:] == pytest.approx(high, abs=0.05)
    assert (np.diff(level[1_000:1_150]) > -0.05).all()


def test_it_is_faded_in_and_out_within_the_stretch(steady: Music, shared_cache: Cache) -> None:
    sound = bed_of(track([BedSegment(5_000, 30_000, steady, -18.0)], 40_000), shared_cache)
    assert not frames_of(sound, 0, 5_000).any()
    assert not frames_of(sound, 30_000, 40_000).any()
    level = level_curve(sound, 5_000, 30_000)
    full = float(level[1_000:1_500].mean())
    assert level[150 - 1 : 150 + 1].mean() - full == pytest.approx(-6, abs=0.2)
    assert level[300:2_100] == pytest.approx(full, abs=0.05)
    assert level[2_300 - 1 : 2_300 + 1].mean() - full == pytest.approx(-6, abs=0.2)
    assert level[0] - full < -60
    assert level[-1] - full < -60


@pytest.mark.parametrize("length", [1, 24, 3_000, 6_999, 7_001])
def test_a_short_stretch_has_short_fades(length: int, steady: Music, shared_cache: Cache) -> None:
    sound = bed_of(track([BedSegment(1_000, 1_000 + length, steady, -18.0)], 60_000), shared_cache)
    frames = frames_of(sound, 0, 60_000)
    assert not frames[:48_000].any()
    assert not frames[48_000 + length * 48 :].any()
    assert np.abs(np.diff(frames, axis=0)).max() < 0.01


def test_other_music_is_crossfaded(shared_cache: Cache, tmp_path: Path) -> None:
    """The old one plays on under the new one, and the power of both together stays even."""
    rate = 48_000
    tones = [0.3 * np.sin(2 * np.pi * hz * np.arange(60 * rate) / rate)[:, None].repeat(2, axis=1) for hz in (500, 900)]
    one, other = (music(write(tmp_path / f"{n}.flac", tone)) for n, tone in enumerate(tones))
    segments = [BedSegment(0, 20_000, one, -18.0), BedSegment(20_000, 40_000, other, -18.0)]
    frames = frames_of(bed_of(track(segments, 40_000), shared_cache), 15_000, 30_000)[:, 0]

    def strength(hz: float, start: int) -> float:
        part = frames[(start - 15_000) * 48 : (start - 15_000 + 50) * 48]
        turned = part * np.exp(-2j * np.pi * hz * np.arange(len(part)) / rate)
        return float(2 * np.abs(turned.mean()))

    before, after = strength(500, 16_000), strength(900, 25_000)
    assert strength(900, 19_900) < before / 500
    assert strength(500, 22_100) < before / 500
    for start in range(19_975, 22_025, 100):
        power = (strength(500, start) / before) ** 2 + (strength(900, start) / after) ** 2
        assert power == pytest.approx(1, abs=0.02)
    assert strength(500, 20_975) == pytest.approx(before * np.sqrt(0.5), rel=0.03)


def test_a_change_within_a_short_stretch_never_jumps(steady: Music, shared_cache: Cache) -> None:
    segments = [
        BedSegment(0, 6_000, steady, -12.0),
        BedSegment(6_000, 7_000, BROWN, -12.0),
        BedSegment(7_000, 8_000, DRONE, -12.0),
        BedSegment(8_000, 20_000, steady, -12.0),
    ]
    frames = frames_of(bed_of(track(segments, 20_000), shared_cache), 0, 20_000)
    steps = []
    for alone in (steady, BROWN, DRONE):
        sound = bed_of(track([BedSegment(0, 30_000, alone, -12.0)], 30_000), shared_cache)
        steps.append(np.abs(np.diff(frames_of(sound, 3_000, 26_000), axis=0)).max())
    assert np.abs(np.diff(frames, axis=0)).max() < 1.1 * max(steps)


def test_its_time_runs_on_while_it_is_off(shared_cache: Cache, tmp_path: Path) -> None:
    song = music(write(tmp_path / "a.flac", tune(40)))
    segments = [BedSegment(2_000, 12_000, song, -18.0), BedSegment(20_000, 40_000, song, -18.0)]
    apart = frames_of(bed_of(track(segments, 40_000), shared_cache), 24_000, 34_000)
    along = frames_of(bed_of(track([BedSegment(2_000, 40_000, song, -18.0)], 40_000), shared_cache), 24_000, 34_000)
    assert (apart == along).all()


MANY = [(3_000, 4_500), (9_100, 9_900), (10_500, 12_000), (13_111, 15_003), (26_000, 31_000), (59_000, 60_000)]


@pytest.fixture(scope="module")
def mixed(shared_cache: Cache, tmp_path_factory: pytest.TempPathFactory) -> MixedSound:
    """A track with all that a bed can have, its music off zero and in short pieces."""
    folder = tmp_path_factory.mktemp("music")
    tunes = [write(folder / f"{n}.flac", tune(3.3 + n) + 0.1 * n, 44_100) for n in range(3)]
    song = music(*tunes)
    segments = [
        BedSegment(1_000, 14_000, song, -18.0),
        BedSegment(14_000, 20_000, song, -9.0),
        BedSegment(20_000, 21_000, song, -30.0),
        BedSegment(21_000, 34_000, PINK, -18.0),
        BedSegment(40_000, 40_500, DRONE, -18.0),
        BedSegment(40_500, 70_000, song, -12.5),
    ]
    return bed_of(track(segments, 75_000, MANY), shared_cache)


@pytest.fixture(scope="module")
def all_of_it(mixed: MixedSound) -> bytes:
    return mixed(0, 75_000)


@given(st.lists(st.integers(0, 80_000), min_size=2, max_size=6, unique=True))
def test_windows_joined_are_one_big_window(mixed: MixedSound, all_of_it: bytes, cuts: list[int]) -> None:
    cuts.sort()
    whole = all_of_it + bytes(5_000 * 192)
    joined = b"".join(mixed(start, end) for start, end in pairwise(cuts))
    assert joined == whole[cuts[0] * 192 : cuts[-1] * 192]


def test_windows_on_many_threads(mixed: MixedSound, all_of_it: bytes) -> None:
    gate = threading.Barrier(8)

    def ask(number: int) -> bytes:
        if number < 8:
            gate.wait()
        return mixed(number * 500, number * 500 + 500)

    with ThreadPoolExecutor(8) as pool:
        assert b"".join(pool.map(ask, range(150))) == all_of_it


@given(st.integers(0, 2_900), st.integers(0, 2_900), st.integers(1, 300))
def test_the_same_recipe_is_the_same_sound(mixed: MixedSound, one: int, other: int, length: int) -> None:
    windows = [(start * 24, start * 24 + length * 24) for start in (one, other)]
    recipes = [mixed.recipe(*window) for window in windows]
    if recipes[0] == recipes[1]:
        assert mixed(*windows[0]) == mixed(*windows[1])


def test_a_window_without_a_bed_says_nothing(mixed: MixedSound) -> None:
    assert mixed.recipe(0, 1_000) == mixed.recipe(35_000, 36_000) == mixed.recipe(90_000, 91_000) == []
    assert mixed(35_000, 35_001) == bytes(192)


def test_undisturbed_windows_of_later_passes_are_the_same(tmp_path: Path, shared_cache: Cache) -> None:
    song = music(write(tmp_path / "a.flac", tune(31.117, 44_100), 44_100))
    speech = [(200_000, 203_000)]
    sound = bed_of(track([BedSegment(0, 600_000, song, -18.0)], 600_000, speech), shared_cache)
    recipes = {at: sound.recipe(at, at + 480) for at in range(0, 590_000, 24)}
    period = next(at for at in range(24, 60_000, 24) if recipes[60_000] == recipes[60_000 + at])
    assert period == 27_000  # what is left of the file without its crossfade, as whole cells of the encoder (3 s)
    for at in range(60_000, 170_000, 480):
        assert recipes[at] == recipes[at + period]
        assert sound(at, at + 480) == sound(at + period, at + period + 480)
    assert recipes[24_000] == recipes[24_000 + period]  # the first pass, too, once it is faded in
    ducked = [sound.recipe(at, at + 2_000) for at in (200_400, 200_400 + period)]
    assert ducked[0] != ducked[1]


@given(
    st.lists(st.tuples(st.integers(0, 4_000), st.integers(1, 6_000)), max_size=8),
    st.integers(0, 20_000),
    st.integers(24, 6_000),
)
def test_depth_is_never_less_than_any_speech_asks_for(spans: list[tuple[int, int]], start: int, length: int) -> None:
    speech, at = [], 0
    for gap, ms in spans:
        speech.append((at + gap, at + gap + ms))
        at += gap + ms
    times = np.arange(start, start + length + 1.0)
    values = DuckingCurve(speech).values(times)
    alone = [DuckingCurve([each]).values(times) for each in speech]
    assert values == pytest.approx(np.minimum.reduce([np.zeros(length + 1), *alone]))


def test_sums_saturate(tmp_path: Path, cache: Cache) -> None:
    """Where many short musics meet, peaks may add up: they never wrap around."""
    frames = noise(2, level=0.2)
    one, other = (music(write(tmp_path / name, frames)) for name in ("a.flac", "b.flac"))
    segments = [BedSegment(0, 4_000, one, 40.0), BedSegment(4_000, 8_000, other, 40.0)]
    assert np.abs(frames_of(bed_of(track(segments, 8_000), cache), 0, 8_000)).max() <= 2 * 10 ** (-8.5 / 20)
