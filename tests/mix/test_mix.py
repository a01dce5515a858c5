"""The mixer: every window is a cut of the one track."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cuecast.errors import SetupError
from cuecast.mix.mixer import mix
from cuecast.mix.tones import render_tone
from cuecast.model.clip import BYTES_PER_MS
from cuecast.model.routine import Volume
from cuecast.model.timeline import Timeline
from cuecast.model.tones import TONES
from cuecast.protocols import MixedSound
from tests.mix.tracks import Clips, at_ms, beep, make_clip, peak, samples, session, speech, timeline
from tests.patience import times_as_long

Track = tuple[Timeline, Clips, MixedSound, bytes]


@pytest.fixture(scope="module")
def track(tmp_path_factory: pytest.TempPathFactory) -> Track:
    cues, clips = session(tmp_path_factory.mktemp("mix"))
    window = mix(cues, clips)
    return cues, clips, window, window(0, cues.duration)


@given(st.data())
def test_windows_joined_are_the_whole(track: Track, data: st.DataObject) -> None:
    cues, _, window, whole = track
    cuts = sorted(data.draw(st.sets(st.integers(0, cues.duration), max_size=12)) | {0, cues.duration})
    parts = list(pairwise(cuts))
    sound = {part: window(*part) for part in data.draw(st.permutations(parts))}
    assert b"".join(sound[part] for part in parts) == whole


@given(st.integers(-3_000, 60_000), st.integers(0, 5_000))
def test_any_window_is_a_cut_of_the_whole_and_silent_beyond_it(track: Track, start: int, length: int) -> None:
    cues, clips, _, whole = track
    silence = bytes(10_000 * BYTES_PER_MS)
    assert mix(cues, clips)(start, start + length) == at_ms(
        silence + whole + silence, start + 10_000, start + length + 10_000
    )


def test_each_sound_is_where_the_timeline_says_and_nothing_else_is(track: Track) -> None:
    cues, clips, _, whole = track
    wave = samples(whole)
    claimed = np.zeros(len(wave), bool)
    for event in cues.events:
        claimed[event.start * 48 : event.end * 48] = True
        sound = render_tone(TONES[event.name]) if hasattr(event, "name") else clips[event.utterance].read()
        assert whole[event.start * BYTES_PER_MS :].startswith(sound)
    assert not wave[~claimed].any()
    assert len(whole) == cues.duration * BYTES_PER_MS


def test_a_sound_ends_where_its_event_does(tmp_path: Path) -> None:
    words, clip = make_clip(tmp_path, "long", 48_000 + 13)
    cues = timeline([replace(speech(100, words, {words: clip}), end=600)], 2_000)
    sound = mix(cues, {words: clip})(0, 2_000)
    assert at_ms(sound, 100, 600) == clip.read()[: 500 * BYTES_PER_MS]
    assert not any(at_ms(sound, 600, 2_000))


def test_sums_saturate(tmp_path: Path) -> None:
    words, clip = make_clip(tmp_path, "loud", 24_000, peak=32_767)
    other, clip2 = make_clip(tmp_path, "loud too", 24_000, peak=32_767)
    clips = {words: clip, other: clip2}
    cues = timeline([speech(0, words, clips), speech(0, other, clips)], 1_000)
    exact = np.frombuffer(clip.read(), "<i2").astype(int) + np.frombuffer(clip2.read(), "<i2")
    got = np.frombuffer(mix(cues, clips)(0, 500), "<i2")
    assert (got == exact.clip(-32_768, 32_767)).all()
    assert (exact > 32_767).any()


def test_overlapping_clips_of_odd_lengths_are_added_to_the_sample(tmp_path: Path) -> None:
    words, clip = make_clip(tmp_path, "one", 24_013)
    other, clip2 = make_clip(tmp_path, "other", 24_031, seed=1)
    clips = {words: clip, other: clip2}
    got = np.frombuffer(
        mix(timeline([speech(0, words, clips), speech(100, other, clips)], 1_000), clips)(0, 1_000), "<i2"
    )
    exact = np.zeros(48_000, int)
    exact[:24_013] += np.frombuffer(clip.read(), "<i2")
    exact[4_800 : 4_800 + 24_031] += np.frombuffer(clip2.read(), "<i2")
    assert (got == exact.clip(-32_768, 32_767)).all()


@pytest.mark.parametrize(
    ("volume", "voice", "tones"),
    [
        (Volume(), 1.0, 1.0),
        (Volume(voice=-6.0), 0.501, 1.0),
        (Volume(None, 3.0), 0.0, 1.413),
        (Volume(0.0, None), 1.0, 0.0),
    ],
)
def test_volume(tmp_path: Path, volume: Volume, voice: float, tones: float) -> None:
    words, clip = make_clip(tmp_path, "words", 20_000)
    cues = timeline([speech(0, words, {words: clip}), beep(1_000, "start")], 2_000, volume=volume)
    sound = mix(cues, {words: clip})(0, 2_000)
    assert peak(at_ms(sound, 0, 900)) == pytest.approx(voice * 9_000, abs=15)
    assert peak(at_ms(sound, 1_000, 2_000)) == pytest.approx(tones * 8_231, abs=15)


def test_twenty_thousand_events_stay_linear() -> None:
    """Each event costs the same, wherever it is."""

    def mix_all(count: int) -> None:
        cues = timeline([beep(i * 200, "countdown") for i in range(count)], count * 200)
        window = mix(cues, {})
        for start in range(0, cues.duration, 24_000):
            window(start, min(start + 24_000, cues.duration))

    assert times_as_long(mix_all, 1_000, 20_000) < 40


def test_the_mixer_is_light_and_its_import_warns_of_nothing(tmp_path: Path) -> None:
    code = """
import sys
from cuecast.mix.mixer import mix
from cuecast.model.routine import Volume
from cuecast.model.timeline import ToneEvent, Timeline
events = ToneEvent(0, 400, "start", 880), ToneEvent(300, 800, "end", 780)
assert any(mix(Timeline("t", "en", "v", 1000, (), events, (), Volume(tones=-3.0)), {})(0, 1000))
sys.exit("numpy" in sys.modules)
"""
    env = {**os.environ, "PYTHONPYCACHEPREFIX": str(tmp_path)}
    run = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, env=env)
    assert (run.returncode, run.stderr) == (0, "")


def test_a_clip_that_is_gone_is_the_environments_fault(tmp_path: Path) -> None:
    words, clip = make_clip(tmp_path, "words", 20_000)
    sound = mix(timeline([speech(0, words, {words: clip})], 1_000), {words: clip})
    clip.path.write_bytes(clip.path.read_bytes()[:-2])
    with pytest.raises(SetupError, match="the sound of “words” was removed from the cache"):
        sound(0, 1_000)
    clip.path.unlink()
    with pytest.raises(SetupError, match="the sound of “words” was removed from the cache"):
        sound(0, 1_000)
