"""What the default voice sounds like: loudness, peaks, ends, and the same bytes every time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soxr
from msgspec.structs import replace

from cuecast.cache import Cache
from cuecast.model.audio_file import Samples, read_audio
from cuecast.model.clip import SAMPLE_RATE, Clip
from cuecast.model.loudness import loudness
from cuecast.model.script import Utterance
from cuecast.model.voice import Profile
from cuecast.read.profiles import find_profile
from cuecast.speak import Speakers
from cuecast.speak.clip_processing import level, to_clip, trim_points
from tests.builds import voices_in
from tests.speak.conftest import VOICES, no_progress

pytestmark = pytest.mark.xdist_group("sound")
"""In one process, which makes once what they all look at."""

CUES = """
Find a bit of floor, and put your roller under your calves.
Next: calves, left side.
Sit with your legs straight, hands flat behind you, and lift your backside off the floor.
Slowly. Stay on the tender spot and breathe out.
Switch sides. Right calf.
Ten seconds left.
Three
Two
Next: hamstrings.
Glutes, right side, forty-five seconds.
Round two of three.
Well done. You are finished.
Run, easy pace.
Sprint now, as fast as you can!
""".strip().splitlines()


def utterances() -> list[Utterance]:
    return [Utterance(text, "machine", "en") for text in CUES]


def samples(clip: Clip) -> Samples:
    return np.frombuffer(clip.read(), "<i2").astype(np.float32) / np.float32(32768)


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> dict[Utterance, Clip]:
    with Speakers([find_profile("machine", voices_in(VOICES))], Cache(tmp_path_factory.mktemp("cache")), 2) as speakers:
        return speakers.speak(utterances(), no_progress)


def test_joined_speech_is_as_loud_as_it_should_be(clips: dict[Utterance, Clip]) -> None:
    assert abs(loudness(np.concatenate([samples(clips[u]) for u in utterances()])) + 19) < 0.7


def test_two_voices_of_a_routine_are_equally_loud(clips: dict[Utterance, Clip], tmp_path: Path) -> None:
    """A coach and another one for the countdown: within 1 LU."""
    voice = Profile("other", "pyttsx3", "en", rate=200, pitch=70)
    with Speakers([voice], Cache(tmp_path)) as speakers:
        others = speakers.speak([replace(u, voice="other") for u in utterances()], no_progress)
    coach, other = (np.concatenate([samples(clip) for clip in c.values()]) for c in (clips, others))
    assert abs(loudness(coach) - loudness(other)) < 1


def test_peaks_are_held_and_ends_are_soft_and_level(clips: dict[Utterance, Clip]) -> None:
    for clip in clips.values():
        x = samples(clip)
        loudest = np.abs(soxr.resample(np.pad(x, 200), SAMPLE_RATE, 8 * SAMPLE_RATE, "VHQ")).max()
        assert 20 * np.log10(loudest) < -1.9
        assert abs(x[0]) < 0.001
        assert abs(x[-1]) < 0.001
        assert abs(x.mean()) < 0.001
        heard = np.flatnonzero(np.abs(x) > 10 ** (-40 / 20))
        assert heard[0] < 0.1 * SAMPLE_RATE  # no lead-in of silence
        assert len(x) - heard[-1] < 0.2 * SAMPLE_RATE


def test_no_consonant_is_clipped(tmp_path: Path) -> None:
    """What is cut off at both ends, at the level that the clip has, lies below -50 dBFS; and so does what is faded.

    And the clip is the take: in every 10 ms that were louder than that it has the same power.
    """
    texts = ["Half", "Six", "Stretch", "Seconds", "Push", "Feet", "Hips", "Think of the breath", "Fast", "Shift"]
    subprocess.run([sys.executable, "-c", SPEAK, str(VOICES), str(tmp_path), *texts], check=True, capture_output=True)
    for number in range(len(texts)):
        audio = read_audio(tmp_path / f"{number}.wav")
        levelled = level(audio, 2.0)
        start, first, last, end = trim_points(levelled)
        assert (decibels(levelled[:first], 240) < -50).all()
        assert (decibels(levelled[last:], 240) < -50).all()
        clip = np.frombuffer(to_clip(audio, 2.0), "<i2").astype(np.float32)[: end - start] / np.float32(32767)
        before, after = decibels(levelled[start:end], 480), decibels(clip, 480)
        assert np.abs(before - after)[before > -50].max() < 0.5


def decibels(samples: Samples, size: int) -> npt.NDArray[np.float64]:
    """The power of each frame of so many samples."""
    frames = samples[: len(samples) // size * size].reshape(-1, size)
    power: npt.NDArray[np.float64] = 10 * np.log10(np.square(frames, dtype=np.float64).mean(axis=1) + 1e-12)
    return power


SPEAK = """
import os, sys
from pathlib import Path
from cuecast.library import Folders, Library
from cuecast.read.profiles import find_profile
from cuecast.speak.engines import make_engine
voices, folder, *texts = sys.argv[1:]
profile = find_profile("machine", Library(None, Folders(voices=(Path(voices),))))
engine = make_engine(profile)
engine.prepare()
for number, text in enumerate(texts):
    if os.fork() == 0:
        engine.speak((text,), Path(folder) / f"{number}.wav")
        os._exit(0)
    os.wait()
"""
