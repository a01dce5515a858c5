"""The sounds that cuecast makes itself: without a seam, even, and the same each time."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from cuecast.cache import Cache
from cuecast.mix.music.generated import generate, generated_sound
from cuecast.model.music import GeneratedSound, Music
from cuecast.model.timeline import BedSegment
from tests.music.music_files import Frames, bed_of, frames_of, levels, lufs, track

pytestmark = pytest.mark.xdist_group("generated")
"""In one process, which makes once what all tests use."""

ALL = list(GeneratedSound)


@pytest.fixture(scope="module")
def sounds() -> dict[GeneratedSound, Frames]:
    return {name: generate(name).astype(np.float64) for name in GeneratedSound}


def bands(frames: Frames, *edges: float) -> list[float]:
    """The power between each two edges (Hz) in dB, relative to all power."""
    power = np.square(np.abs(np.fft.rfft(frames[:, 0])))
    hz = np.arange(len(power)) * 48_000 / len(frames)
    parts = [power[(hz >= low) & (hz < high)].sum() for low, high in pairwise(edges)]
    return [float(10 * np.log10(part / power.sum())) for part in parts]


@pytest.mark.parametrize("name", ALL)
def test_a_loop_has_no_seam(name: GeneratedSound, sounds: dict[GeneratedSound, Frames]) -> None:
    frames = sounds[name]
    assert len(frames) % (6 * 48_000) == 0
    turned = np.roll(frames, 24_000, axis=0)[:48_000]  # the seam in the middle
    steps = np.abs(np.diff(turned, axis=0)).max(axis=1)
    assert steps[23_990:24_010].max() <= np.abs(np.diff(frames, axis=0)).max()
    around, level = levels(turned), levels(frames)
    assert level.min() - 0.1 <= around.min() <= around.max() <= level.max() + 0.1
    turned *= np.hanning(len(turned))[:, None]
    assert bands(turned, 8_000, 24_000)[0] < bands(frames, 8_000, 24_000)[0] + 3  # a click would be bright


@pytest.mark.parametrize("name", ALL)
def test_both_sides_are_wide_and_add_up(name: GeneratedSound, sounds: dict[GeneratedSound, Frames]) -> None:
    frames = sounds[name]
    correlation = np.asarray(np.corrcoef(frames.T))[0, 1]
    assert 0.3 < correlation < (1 if name is GeneratedSound.DRONE else 0.6)
    left, right = (levels(frames[:, [side, side]], 1_000).mean() for side in (0, 1))
    assert left == pytest.approx(right, abs=0.5)
    assert levels(frames.mean(axis=1, keepdims=True).repeat(2, axis=1), 1_000).mean() > left - 2.5


@pytest.mark.parametrize(
    ("name", "slope"), [(GeneratedSound.BROWN, -6.02), (GeneratedSound.PINK, -3.01), (GeneratedSound.WHITE, 0.0)]
)
def test_noise_has_its_slope_and_is_even(
    name: GeneratedSound, slope: float, sounds: dict[GeneratedSound, Frames]
) -> None:
    frames = sounds[name]
    octaves = bands(frames, *(125 * 2**n for n in range(8)))
    assert np.diff(octaves) == pytest.approx(slope + 3.01, abs=0.15)
    assert bands(frames, 0, 15)[0] < -18 - 6 * (slope > -6)
    assert np.ptp(levels(frames, 400)) < 5.5
    assert 20 * np.log10(np.abs(frames).max() / frames.std()) < 15


def test_waves_come_and_go(sounds: dict[GeneratedSound, Frames]) -> None:
    ocean = sounds[GeneratedSound.OCEAN]
    level = levels(ocean, 500)
    smooth = np.convolve(np.concatenate([level[-4:], level, level[:4]]), np.ones(9) / 9, mode="valid")
    crests = np.flatnonzero((smooth > np.roll(smooth, 1)) & (smooth >= np.roll(smooth, -1)))
    gaps = np.diff(crests) / 2
    assert 10 <= len(crests) <= 17
    assert 6.5 < gaps.min() < gaps.max() < 13
    assert gaps.std() > 0.8  # not like a clock
    assert 5 < np.ptp(level) < 16
    assert np.ptp([bands(ocean[at : at + 24_000], 2_000, 8_000)[0] for at in range(0, 96 * 48_000, 24_000)]) > 5


def test_the_chord_leaves_room_for_consonants_and_beats_slowly(sounds: dict[GeneratedSound, Frames]) -> None:
    frames = sounds[GeneratedSound.DRONE]
    assert bands(frames, 2_000, 24_000)[0] < -50
    assert bands(frames, 200, 1_000)[0] > -12  # a phone's loudspeaker can play this
    level = levels(frames, 500)
    assert np.ptp(level) < 9
    assert np.abs(np.diff(level)).max() < 1.5


@pytest.mark.parametrize("name", ALL)
def test_they_have_the_loudness_of_a_bed(name: GeneratedSound, shared_cache: Cache) -> None:
    sound = bed_of(track([BedSegment(0, 130_000, Music(name), -18.0)], 130_000), shared_cache)
    loop_ms = {GeneratedSound.OCEAN: 120_000, GeneratedSound.DRONE: 96_000}.get(name, 24_000)
    frames = frames_of(sound, 3_000, 3_000 + loop_ms)
    assert lufs(frames) == pytest.approx(-34, abs=0.5)
    assert np.abs(frames).max() < 10 ** (-12 / 20)


def test_they_are_generated_once(shared_cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    """`tests/cli` compares the bytes of tracks with such music across processes."""
    first = generated_sound(GeneratedSound.PINK, shared_cache)
    monkeypatch.setattr(np.fft, "irfft", None)
    again = generated_sound(GeneratedSound.PINK, shared_cache)
    assert (again.key, again.measures) == (first.key, first.measures)
    assert again.measures.ms == 24_000
