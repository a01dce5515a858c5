"""The playlist goes round without a seam that could be heard."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cuecast.cache import Cache
from cuecast.mix.music.pcm_cache import Measures, Stored
from cuecast.mix.music.playlist import CROSSFADE_MS, FRAME_MS, Playlist
from cuecast.model.music import Music
from cuecast.model.timeline import BedSegment
from tests.music.music_files import heard, levels, music, noise, prepared, track, tune, write


def sounds(cache: Cache, *lengths: int) -> list[Stored]:
    return [Stored(str(n), Measures(ms, -20.0, 0.5), cache, lambda: None) for n, ms in enumerate(lengths)]


@pytest.mark.parametrize("lengths", [(30_000,), (12_345, 7_001, 1_000), (1_000,), (1_003, 1_999)])
def test_a_pass_is_a_multiple_of_an_mp3_frame(lengths: tuple[int, ...], cache: Cache) -> None:
    playlist = Playlist(sounds(cache, *lengths))
    pairs = zip(lengths, (*lengths[1:], lengths[0]), strict=True)
    fades = sum(min(CROSSFADE_MS, one // 3, other // 3) for one, other in pairs)
    assert playlist.period % FRAME_MS == 0
    assert 0 <= sum(lengths) - fades - playlist.period < FRAME_MS


@example([3_894, 1_350, 20_000, 1_000], 4_351, 19_650)  # what is cut off a pass is more than the last one has
@example([1_763, 4_360, 19_998, 2_839], 4_949, 19_052)
@example([40_000, 1_000], 0, 100_000)
@given(st.lists(st.integers(1_000, 40_000), min_size=1, max_size=5), st.integers(0, 200_000), st.integers(1, 30_000))
def test_plays_cover_all_time_and_cross_in_pairs(lengths: list[int], start: int, length: int) -> None:
    playlist = Playlist(sounds(Cache(None), *lengths))
    plays = list(playlist.plays(start, start + length))
    assert plays[0].start <= start
    assert plays[-1].end >= start + length
    assert all(play.start < start + length and play.end > start for play in plays)
    for one, other in pairwise(plays):
        assert one.end - other.start == one.fade_out == other.fade_in
        assert one.piece.ms == one.end - one.start
        assert one.fade_in + one.fade_out <= one.piece.ms
    assert (plays[0].fade_in == 0) == (plays[0].start == 0)
    assert list(playlist.plays(start, start + length)) == plays
    later = [start + playlist.period * turns for turns in (1, 7)]  # past the first pass
    starts = [[play.start - at for play in playlist.plays(at, at + length)] for at in later]
    assert starts[0] == starts[1]


def looped(played: Music, cache: Cache, seconds: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    duration = seconds * 1_000
    windows = prepared(track([BedSegment(0, duration, played, -18.0)], duration), cache)
    return heard(windows, 3_000, duration - 4_000)


def test_the_seam_of_even_sound_cannot_be_heard(tmp_path: Path, cache: Cache) -> None:
    """In 50 ms around it, the level is as elsewhere, and no step from sample to sample is larger."""
    frames = looped(music(write(tmp_path / "a.flac", noise(20))), cache, 100)
    seams = [20_000 - CROSSFADE_MS - 3_000 + turn * 17_000 for turn in range(4)]  # where the next pass comes in
    level = levels(frames)
    near = np.concatenate([level[seam // 50 : (seam + CROSSFADE_MS) // 50] for seam in seams])
    far = np.concatenate([level[(seam + CROSSFADE_MS) // 50 + 1 : (seam + 15_000) // 50] for seam in seams[:-1]])
    assert near.mean() == pytest.approx(far.mean(), abs=0.15)
    assert far.min() - 0.5 < near.min()
    assert near.max() < far.max() + 0.5
    steps = np.abs(np.diff(frames, axis=0)).max(axis=1)
    around = np.concatenate([steps[seam * 48 : (seam + CROSSFADE_MS) * 48] for seam in seams])
    assert around.max() < 1.3 * np.delete(steps, slice(seams[0] * 48, (seams[0] + CROSSFADE_MS) * 48)).max()


def test_there_is_no_click_in_a_tune(tmp_path: Path, cache: Cache) -> None:
    """Not where pieces meet either, of which each is cut in the middle of a note."""
    pieces = [write(tmp_path / f"{n}.flac", tune(seconds), 44_100) for n, seconds in enumerate((10.2, 1.77, 6.3))]
    frames = looped(music(*pieces), cache, 60)
    usual = np.abs(np.diff(looped(music(pieces[0]), cache, 12)[: 48_000 * 4], axis=0)).max()
    assert np.abs(np.diff(frames, axis=0)).max() < 1.5 * usual
    assert levels(frames, 500).min() > np.median(levels(frames, 500)) - 6  # and no hole


def test_the_first_pass_begins_without_a_tail(tmp_path: Path, cache: Cache) -> None:
    played = music(write(tmp_path / "a.flac", tune(20)))
    windows = prepared(track([BedSegment(0, 60_000, played, -18.0)], 60_000), cache)
    assert windows.recipe(0, 2_000) != windows.recipe(17_000 - 17_000 % 24, 19_000 - 17_000 % 24)
    (described,) = [each for each in windows.recipe(3_000, 3_024) or [] if isinstance(each, list) and each]
    assert described[3] == [0, 24, 3_000]


def test_shuffled_music_is_shuffled_in_the_same_way_each_time(tmp_path: Path, cache: Cache) -> None:
    pieces = [write(tmp_path / f"{n}.flac", noise(2, seed=n)) for n in range(8)]

    def order(shuffle: bool) -> list[object]:
        played = Music(recordings=tuple(pieces), shuffle=shuffle)
        windows = prepared(track([BedSegment(0, 12_000, played, -18.0)], 12_000), cache)
        return [windows.recipe(at, at + 24) for at in range(700, 12_000, 1_334)]

    assert order(True) == order(True) != order(False)
