"""A hundred faults of all kinds, without one lost or wrong cue; and many builds at once on one cache."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest

from cuecast.cache import Cache
from cuecast.model.clip import SAMPLE_RATE, Clip
from cuecast.model.loudness import loudness
from cuecast.model.script import Utterance
from cuecast.speak import Speaker
from cuecast.speak.spawning import SpawningWorkers
from cuecast.speak.workers import ForkingWorkers, Workers
from tests.patience import PATIENCE_S
from tests.speak import faulty
from tests.speak.conftest import quiet, says

MakeSpeaker = Callable[..., Speaker]

REPEATS = int(os.environ.get("CUECAST_REPEATS", "2"))
"""Of each of the fifteen ways to fail; many more for whoever has changed something here, and the time."""

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="forks")


def hz(clip: Clip) -> float:
    samples = np.frombuffer(clip.read(), "<i2").astype(float)
    power = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), 4 * SAMPLE_RATE))
    return float(power.argmax()) / 4


def assert_right(clips: Mapping[Utterance, Clip], asked: list[Utterance]) -> None:
    """Every cue is there, whole, and its own."""
    assert set(clips) == set(asked)
    for utterance, clip in clips.items():
        assert abs(hz(clip) - faulty.pitch(utterance.spoken)) < 1, utterance
        assert 950 < clip.ms < 1_100


def tries(folder: Path) -> list[tuple[str, str]]:
    """The process and the text of each try, without those of the passage."""
    rows = [line.partition(" ")[::2] for line in (folder / "spoken.txt").read_text().splitlines()]
    return [(process, text) for process, text in rows if len(text) < 100]


@pytest.mark.parametrize(
    ("engine", "workers"),
    [
        pytest.param(faulty.Sings, ForkingWorkers, marks=linux),
        pytest.param(faulty.SingsOn, ForkingWorkers, marks=linux),
        (faulty.SingsAlone, SpawningWorkers),
    ],
)
def test_every_first_try_fails_and_no_cue_is_lost_or_wrong(
    engine: type[faulty.Hums],
    workers: type[Workers],
    faulty_speaker: MakeSpeaker,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # New interpreters take their time: there, one of each kind is enough.
    repeats = REPEATS if workers is ForkingWorkers else max(1, REPEATS // 7)
    monkeypatch.setattr("cuecast.speak.speaker.make_workers", workers)
    asked = says(*(f"Cue number {n}" for n in range(repeats * len(faulty.Sings.WAYS))))
    with faulty_speaker(engine, patience=2) as speaker:
        assert_right(speaker.speak(asked, quiet), asked)
    counted = Counter(text for _, text in tries(tmp_path))
    again = {text for text, count in counted.items() if count > 1}
    right_at_once = {u.text for u in asked if faulty.Sings.WAYS[int(u.text.split()[-1]) % 15] == "rate"}
    assert again >= {u.text for u in asked} - right_at_once


def test_fresh_interpreters_where_the_engine_needs_them(
    faulty_speaker: MakeSpeaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cuecast.speak.speaker.make_workers", SpawningWorkers)
    asked = says("Cue number 3", "Cue number 14", "Cue number 12")
    with faulty_speaker(faulty.SingsAloneFresh) as speaker:
        assert_right(speaker.speak(asked, quiet), asked)
    made = tries(tmp_path)
    assert len({process for process, _ in made}) == len(made) == 5


@pytest.mark.parametrize("workers", [pytest.param(ForkingWorkers, marks=linux), SpawningWorkers])
def test_processes_stay_where_the_engine_lets_them(
    workers: type[Workers], faulty_speaker: MakeSpeaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cuecast.speak.speaker.make_workers", workers)
    asked = says(*(f"Cue number {n}" for n in range(40)))
    with faulty_speaker(faulty.Quavers) as speaker:
        assert_right(speaker.speak(asked, quiet), asked)
    # Two of them may have begun before there was what makes clips: they are replaced once they have spoken.
    assert len({process for process, _ in tries(tmp_path)}) <= 4


@linux
def test_a_process_for_each_where_the_engine_needs_it(faulty_speaker: MakeSpeaker, tmp_path: Path) -> None:
    asked = says(*(f"Cue number {n}" for n in range(40)))
    with faulty_speaker(faulty.QuaversFresh) as speaker:
        assert_right(speaker.speak(asked, quiet), asked)
    assert len({process for process, _ in tries(tmp_path)}) == 40


def test_staying_or_not_one_job_or_more_the_bytes_are_the_same(
    faulty_speaker: MakeSpeaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = says(*(f"Cue number {n}" for n in range(12)))
    made = []
    for engine in (faulty.Quavers, faulty.QuaversFresh):
        for workers in (ForkingWorkers, SpawningWorkers):
            monkeypatch.setattr("cuecast.speak.speaker.make_workers", workers)
            with faulty_speaker(engine) as speaker:
                speaker._cache = Cache(None)
                random.shuffle(asked)
                made.append({u.text: clip.read() for u, clip in speaker.speak(asked, quiet).items()})
    assert all(each == made[0] for each in made)


def test_a_persons_takes_are_levelled_on_their_sample_and_last_as_long_as_they_last(
    faulty_speaker: MakeSpeaker, tmp_path: Path
) -> None:
    asked = says("A long word 1", *(f"Some very short and many words, one after the other {n}" for n in range(10, 14)))
    with faulty_speaker(faulty.Person) as speaker:
        clips = speaker.speak(asked, quiet)
    sound = np.concatenate([np.frombuffer(clips[u].read(), "<i2") for u in asked]).astype(np.float32)
    assert clips[asked[0]].ms > 29_900
    assert all(clips[u].ms < 200 for u in asked[1:])
    assert abs(loudness(sound / np.float32(32768)) + 19) < 1
    assert not [text for _, text in tries(tmp_path) if text not in {u.text for u in asked}]


BUILD = """
import sys
from pathlib import Path
from cuecast.cache import Cache
from cuecast.protocols import Profile
from cuecast.speak import Speaker, registry
from tests.speak.conftest import quiet, says
from tests.speak.test_repeats import assert_right
registry.ENGINES["faulty"] = "tests.speak.faulty:Quavers"
profile = Profile("any", "faulty", "en", names={"linux": (sys.argv[1],)})
asked = says(*(f"Cue number {n}" for n in range(40)))
with Speaker(profile, Cache(Path(sys.argv[1]) / "cache"), 2) as speaker:
    assert_right(speaker.speak(asked, quiet), asked)
"""


def test_many_builds_at_once_on_one_cache(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    builds = [
        subprocess.Popen([sys.executable, "-c", BUILD, str(tmp_path)], cwd=root, stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    for build in builds:
        _, said = build.communicate(timeout=2 * PATIENCE_S)
        assert build.returncode == 0, said


def test_what_is_damaged_between_builds_is_spoken_anew(faulty_speaker: MakeSpeaker, tmp_path: Path) -> None:
    asked = says(*(f"Cue number {n}" for n in range(30)))
    with faulty_speaker(faulty.Quavers) as speaker:
        first = speaker.speak(asked, quiet)
    whole = {u: clip.read() for u, clip in first.items()}
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
    with faulty_speaker(faulty.Quavers) as speaker:
        assert {u: clip.read() for u, clip in speaker.speak(asked, quiet).items()} == whole
    spoken = Counter(text for _, text in tries(tmp_path))
    # What was removed is not missed: this process holds a link to all that it has used.
    assert 18 <= sum(count - 1 for count in spoken.values()) <= 25
