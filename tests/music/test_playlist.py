"""The playlist loops without an audible seam."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cuecast.cache import Cache
from cuecast.mix.music.loudness_meter import Measures
from cuecast.mix.music.pcm_cache import CachedSound
from cuecast.mix.music.playlist import CROSSFADE_MS, Playlist
from cuecast.model.music import Music
from cuecast.model.timeline import BedSegment
from tests.music.music_files import Frames, bed_of, frames_of, levels, music, noise, track, tune, write


def playlist(*lengths: int) -> Playlist:
    cache = Cache(None)
    return Playlist([CachedSound(str(n), Measures(ms, -20.0, 0.5), cache, list) for n, ms in enumerate(lengths)])


@example([3_894, 1_350, 20_000, 1_000], 4_351, 19_650)  # what is cut off a pass is longer than the last sound
@example([1_763, 4_360, 19_998, 2_839], 4_949, 19_052)
@example([40_000, 1_000], 0, 100_000)
@given(st.lists(st.integers(1_000, 40_000), min_size=1, max_size=5), st.integers(0, 200_000), st.integers(1, 30_000))
def test_entries_cover_all_time_and_cross_in_pairs(lengths: list[int], start: int, length: int) -> None:
    loop = playlist(*lengths)
    entries = list(loop.entries(start, start + length))
    assert entries[0].start <= start
    assert entries[-1].end >= start + length
    assert all(entry.start < start + length and entry.end > start for entry in entries)
    for one, other in pairwise(entries):
        assert one.end - other.start == one.fade_out == other.fade_in
        assert one.fade_in + one.fade_out <= one.end - one.start
    assert (entries[0].fade_in == 0) == (entries[0].start == 0)
    later = [start + loop.period * turns for turns in (1, 7)]  # past the first pass
    starts = [[entry.start - at for entry in loop.entries(at, at + length)] for at in later]
    assert starts[0] == starts[1]


def looped(music: Music, cache: Cache, seconds: int) -> Frames:
    duration = seconds * 1_000
    sound = bed_of(track([BedSegment(0, duration, music, -18.0)], duration), cache)
    return frames_of(sound, 3_000, duration - 4_000)


def test_the_seam_of_even_sound_is_inaudible(tmp_path: Path, cache: Cache) -> None:
    """Around it the level is as elsewhere, and no step from sample to sample is larger."""
    frames = looped(music(write(tmp_path / "a.flac", noise(20))), cache, 100)
    seams = [20_000 - CROSSFADE_MS - 3_000 + turn * 17_000 for turn in range(4)]  # where the next pass begins
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
    """Each recording is cut off in the middle of a note."""
    recordings = [write(tmp_path / f"{n}.flac", tune(seconds), 44_100) for n, seconds in enumerate((10.2, 1.77, 6.3))]
    frames = looped(music(*recordings), cache, 60)
    usual = np.abs(np.diff(looped(music(recordings[0]), cache, 12)[: 48_000 * 4], axis=0)).max()
    assert np.abs(np.diff(frames, axis=0)).max() < 1.5 * usual
    assert levels(frames, 500).min() > np.median(levels(frames, 500)) - 6  # and no hole
