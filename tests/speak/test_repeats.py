"""Faults of all kinds, without one lost or wrong clip; and many builds at once on one cache."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import pytest

from cuecast.cache import Cache
from cuecast.model.clip import SAMPLE_RATE, Clip
from cuecast.model.loudness import loudness
from cuecast.model.script import Utterance
from tests.patience import PATIENCE_S
from tests.speak import faulty
from tests.speak.conftest import MakeSpeakers, install_engine, no_progress, utterances

REPEATS = int(os.environ.get("CUECAST_REPEATS", "2"))
"""How often each of the fifteen ways to fail occurs. Set it higher after a change here."""

spawned = pytest.mark.parametrize("pools", ["spawn"], indirect=True)


def numbered(numbers: Iterable[int]) -> list[Utterance]:
    return utterances(*(f"Cue number {n}" for n in numbers))


def hz(clip: Clip) -> float:
    samples = np.frombuffer(clip.read(), "<i2").astype(float)
    power = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), 4 * SAMPLE_RATE))
    return float(power.argmax()) / 4


def assert_right(clips: Mapping[Utterance, Clip], asked: list[Utterance]) -> None:
    """Every clip is there, whole, and its own."""
    assert set(clips) == set(asked)
    for utterance, clip in clips.items():
        assert abs(hz(clip) - faulty.pitch(utterance.spoken)) < 1, utterance
        assert 950 < clip.ms < 1_100


def attempts(folder: Path) -> list[tuple[str, str]]:
    """The process and the text of each attempt, without those of the calibration text."""
    rows = [line.partition(" ")[::2] for line in (folder / "spoken.txt").read_text().splitlines()]
    return [(process, text) for process, text in rows if len(text) < 100]


def assert_every_first_attempt_fails(make: MakeSpeakers, engine: type[faulty.Hums], repeats: int, folder: Path) -> None:
    asked = numbered(range(repeats * len(faulty.Sings.WAYS)))
    with make(engine, time_limit=2) as speakers:
        assert_right(speakers.speak(asked, no_progress), asked)
    counted = Counter(text for _, text in attempts(folder))
    right_at_once = {u.text for u in asked if faulty.Sings.WAYS[int(u.text.split()[-1]) % 15] == "rate"}
    assert {text for text, count in counted.items() if count == 2} == {u.text for u in asked} - right_at_once


@pytest.mark.parametrize("engine", [faulty.Sings, faulty.SingsOn])
def test_every_first_attempt_fails_and_no_clip_is_lost_or_wrong(
    engine: type[faulty.Hums], faulty_speakers: MakeSpeakers, tmp_path: Path
) -> None:
    assert_every_first_attempt_fails(faulty_speakers, engine, REPEATS, tmp_path)


@spawned
def test_the_same_without_forks(faulty_speakers: MakeSpeakers, tmp_path: Path) -> None:
    # New interpreters take long: one failure of each kind is enough.
    assert_every_first_attempt_fails(faulty_speakers, faulty.SingsOn, max(1, REPEATS // 7), tmp_path)


@spawned
def test_a_new_interpreter_for_each_if_the_engine_needs_it(faulty_speakers: MakeSpeakers, tmp_path: Path) -> None:
    asked = numbered((3, 14, 12))
    with faulty_speakers(faulty.Sings) as speakers:
        assert_right(speakers.speak(asked, no_progress), asked)
    made = attempts(tmp_path)
    assert len({process for process, _ in made}) == len(made) == 5


def test_workers_stay_from_one_call_to_the_next(faulty_speakers: MakeSpeakers, tmp_path: Path) -> None:
    with faulty_speakers(faulty.Quavers) as speakers:
        for numbers in (range(20), range(20, 40)):
            assert_right(speakers.speak(numbered(numbers), no_progress), numbered(numbers))
    assert len({process for process, _ in attempts(tmp_path)}) <= 2


def test_a_process_for_each_if_the_engine_needs_it(faulty_speakers: MakeSpeakers, tmp_path: Path) -> None:
    asked = numbered(range(40))
    with faulty_speakers(faulty.QuaversFresh) as speakers:
        assert_right(speakers.speak(asked, no_progress), asked)
    assert len({process for process, _ in attempts(tmp_path)}) == 40


@pytest.mark.parametrize("pools", [None, "spawn"], indirect=True)
def test_with_one_process_for_each_or_not_the_bytes_are_the_same(faulty_speakers: MakeSpeakers) -> None:
    asked = numbered(range(12))
    made = []
    for engine in (faulty.Quavers, faulty.QuaversFresh):
        with faulty_speakers(engine, cache=Cache(None)) as speakers:
            random.shuffle(asked)
            made.append({u.text: clip.read() for u, clip in speakers.speak(asked, no_progress).items()})
    assert made[0] == made[1]


def test_takes_are_levelled_on_their_sample_and_may_last_as_long_as_they_like(
    faulty_speakers: MakeSpeakers, tmp_path: Path
) -> None:
    asked = utterances(
        "A long word 1", *(f"Some very short and many words, one after the other {n}" for n in range(10, 14))
    )
    with faulty_speakers(faulty.Person) as speakers:
        clips = speakers.speak(asked, no_progress)
    sound = np.concatenate([np.frombuffer(clips[u].read(), "<i2") for u in asked]).astype(np.float32)
    assert clips[asked[0]].ms > 29_900
    assert all(clips[u].ms < 200 for u in asked[1:])
    assert abs(loudness(sound / np.float32(32768)) + 19) < 1
    assert {text for _, text in attempts(tmp_path)} == {u.text for u in asked}


BUILD = """
import sys
from pathlib import Path
from cuecast.cache import Cache
from cuecast.protocols import Profile
from cuecast.speak import Speakers
from tests.speak.conftest import no_progress
from tests.speak.test_repeats import assert_right, numbered
profile = Profile("any", sys.argv[2], "en", names={"linux": (sys.argv[1],)})
asked = numbered(range(40))
with Speakers([profile], Cache(Path(sys.argv[1]) / "cache"), 2) as speakers:
    assert_right(speakers.speak(asked, no_progress), asked)
"""


def test_many_builds_at_once_on_one_cache(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    engine = install_engine(tmp_path, faulty.Quavers)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(root), str(tmp_path)))}
    command = [sys.executable, "-c", BUILD, str(tmp_path), engine]
    builds = [subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    for build in builds:
        _, errors = build.communicate(timeout=2 * PATIENCE_S)
        assert build.returncode == 0, errors


def test_clips_damaged_between_builds_are_spoken_again(faulty_speakers: MakeSpeakers, tmp_path: Path) -> None:
    asked = numbered(range(30))
    with faulty_speakers(faulty.Quavers) as speakers:
        whole = {u: clip.read() for u, clip in speakers.speak(asked, no_progress).items()}
    files = sorted(path for path in (tmp_path / "cache").glob("??/*") if path.is_file())  # the measured gain as well
    assert len(files) == 31
    for number, path in enumerate(files):
        content = path.read_bytes()
        match number % 5:
            case 0:
                path.write_bytes(content[: len(content) // 2])
            case 1:
                path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
            case 2:
                path.write_bytes(b"")
            case 3:
                path.unlink()
    with faulty_speakers(faulty.Quavers) as speakers:
        assert {u: clip.read() for u, clip in speakers.speak(asked, no_progress).items()} == whole
    assert 24 <= len(attempts(tmp_path)) - len(asked) <= 25
