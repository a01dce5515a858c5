"""Whatever an engine does, no clip is lost or wrong, or the build ends with the words it failed on, within its time."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from cuecast.cache import Cache
from cuecast.errors import EngineUnavailable, SetupError, SpeechFailed
from cuecast.model.clip import SAMPLE_RATE, Clip
from cuecast.model.script import Utterance
from cuecast.model.voice import Profile
from cuecast.speak import Speakers
from cuecast.speak.pool import VoicePools
from cuecast.speak.speech_faults import SpeechFaultsError
from tests.patience import comes
from tests.speak import faulty
from tests.speak.conftest import MakeSpeakers, install_engine, no_progress, utterances

REPEATS = int(os.environ.get("CUECAST_REPEATS", "1"))
"""How often each of the ways to fail occurs. Set it higher after a change here."""

SILENT = Profile("any", "silent", "en")

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


def running(folder: Path) -> set[str]:
    """Process groups that hanging engines wrote down and in which something still runs."""
    listed = subprocess.run(["ps", "-eo", "pgid=,stat="], capture_output=True, text=True, check=True).stdout
    groups = {group for group, state in map(str.split, listed.splitlines()) if not state.startswith("Z")}
    return groups & set((folder / "groups.txt").read_text().split())


@pytest.mark.parametrize("engine", [faulty.FreshTones, faulty.ForkedTones])
@pytest.mark.parametrize(
    ("way", "reason"),
    [
        ("crash", "the engine crashed (SIGSEGV)"),
        ("raise", "out of breath"),
        ("exit", "the engine crashed"),
        ("nothing", "no sound file was written"),
        ("empty", "the sound file is empty"),
        ("babble", "the file can't be read as sound"),
        ("half", "the sound file is cut off"),
        ("mumble", "0.0 s of sound, where about"),
        ("drone", "60.0 s of sound, where about"),
        ("hang", "still not done after"),
        ("grow", "it took more than 200 MB of memory"),
        ("flood", "[Errno 27] File too large"),
    ],
)
def test_a_failure_is_tried_again_in_a_fresh_process_then_reported(
    engine: type[faulty.Tones],
    way: str,
    reason: str,
    faulty_speakers: MakeSpeakers,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    temporary = tmp_path_factory.mktemp("temporary")
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    text = f"always {way} 1"
    with faulty_speakers(engine, 0.5 if way == "hang" else 5.0) as speakers:
        with pytest.raises(SpeechFailed) as caught:
            speakers.speak(utterances(text), no_progress)
        assert caught.value.text == text
        assert f"“{text}” could not be spoken, tried twice: {reason}" in caught.value.message
        assert caught.value.hint
    assert len({process for process, _ in attempts(tmp_path)}) == 2
    assert not list(temporary.glob("cuecast-*"))
    if way == "hang":  # with all that it has started
        assert comes(lambda: not running(tmp_path))


@spawned
@pytest.mark.parametrize(("way", "reason"), [("crash", "the engine crashed"), ("hang", "still not done")])
def test_without_forks_failures_are_the_same(way: str, reason: str, faulty_speakers: MakeSpeakers) -> None:
    with faulty_speakers(time_limit=1) as speakers, pytest.raises(SpeechFailed, match=reason):
        speakers.speak(utterances(f"always {way} 1"), no_progress)


@pytest.mark.parametrize("engine", [faulty.Tones, faulty.FreshTones, faulty.ForkedTones])
def test_every_first_attempt_fails_and_no_clip_is_lost_or_wrong(
    engine: type[faulty.Tones], faulty_speakers: MakeSpeakers, tmp_path: Path
) -> None:
    ways = faulty.Tones.WAYS * REPEATS
    asked = utterances(*(f"first {way} {n}" for n, way in enumerate(ways)))
    with faulty_speakers(engine, time_limit=2) as speakers:
        assert_right(speakers.speak(asked, no_progress), asked)
    assert set(Counter(text for _, text in attempts(tmp_path)).values()) == {2}


@pytest.mark.parametrize("engine", [faulty.FreshTones, faulty.ForkedTones])
def test_words_that_stay_silent_are_a_fault_of_theirs(
    engine: type[faulty.Tones], faulty_speakers: MakeSpeakers, tmp_path: Path
) -> None:
    with faulty_speakers(engine) as speakers, pytest.raises(SpeechFaultsError) as caught:
        speakers.speak(utterances("always mute 1", "Cue number 2", "always mute 3"), no_progress)
    assert {(fault.utterance.text, fault.code) for fault in caught.value.faults} == {
        ("always mute 1", "no-sound"),
        ("always mute 3", "no-sound"),
    }
    assert Counter(text for _, text in attempts(tmp_path))["always mute 1"] == 2


@pytest.mark.parametrize("engine", [faulty.Modelled, faulty.ForkedModelled])
def test_another_model_in_the_middle_of_a_build_speaks_under_no_key_of_the_first(
    engine: type[faulty.Modelled], faulty_speakers: MakeSpeakers, tmp_path: Path
) -> None:
    model, asked = tmp_path / "model", numbered([1])
    model.write_text("first")
    with faulty_speakers(engine) as speakers:
        model.write_text("second")
        with pytest.raises(EngineUnavailable, match="files of the voice any have changed"):
            speakers.speak(asked, no_progress)
    model.write_text("first")
    made = {}
    with closing(VoicePools()) as pools:  # a batch, in which it is replaced between two builds
        for name in ("first", "second"):
            model.write_text(name)
            profile = Profile("any", engine.__name__.lower(), "en", names={"linux": (str(tmp_path),)})
            with Speakers([profile], Cache(tmp_path / "cache"), 1, pools) as speakers:
                made[name] = speakers.speak(asked, no_progress)[asked[0]]
    assert (round(hz(made["first"])), round(hz(made["second"]))) == (302, 602)


def test_a_full_disk_ends_the_build(faulty_speakers: MakeSpeakers, tmp_path: Path) -> None:
    with faulty_speakers() as speakers, pytest.raises(SetupError, match="No space left") as caught:
        speakers.speak(utterances("always full 1"), no_progress)
    assert "TMPDIR" in (caught.value.hint or "")
    assert len(attempts(tmp_path)) == 1


def test_other_sample_rates_are_fine_and_what_engines_print_goes_nowhere(
    faulty_speakers: MakeSpeakers, capfd: pytest.CaptureFixture[str]
) -> None:
    rates = (8_000, 16_000, 44_100, 48_000, 96_000)
    asked = utterances(*(f"always rate {rate}" for rate in rates), "always chat 1")
    with faulty_speakers() as speakers:
        assert_right(speakers.speak(asked, no_progress), asked)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("engine", "reason"),
    [
        (faulty.Absent, "not installed"),
        (faulty.Unready, "no licence"),
        (faulty.UnreadyForked, "no licence"),
        (faulty.Breaks, "start: .*: no such model"),
        (faulty.BreaksForked, "start: .*: no such model"),
    ],
)
def test_an_engine_that_cannot_start_costs_nothing_until_there_is_something_to_say(
    engine: type[faulty.Tones], reason: str, faulty_speakers: MakeSpeakers
) -> None:
    with faulty_speakers(engine) as speakers:
        assert speakers.speak([], no_progress) == {}
        with pytest.raises(EngineUnavailable, match=reason) as caught:
            speakers.speak(utterances("Cue number 1"), no_progress)
    assert caught.value.hint


# Processes


def test_workers_stay_from_one_call_and_build_to_the_next(
    tmp_path: Path, faulty_speakers: MakeSpeakers, monkeypatch: pytest.MonkeyPatch
) -> None:
    with faulty_speakers() as speakers:
        for numbers in (range(20), range(20, 40)):
            assert_right(speakers.speak(numbered(numbers), no_progress), numbered(numbers))
    assert len({process for process, _ in attempts(tmp_path)}) <= 2
    (tmp_path / "spoken.txt").unlink()
    profile = Profile("any", "tones", "en", names={"linux": (str(tmp_path),)})
    with closing(VoicePools()) as pools:  # a batch
        for n in range(3):
            with Speakers([profile], Cache(None), 1, pools) as speakers:
                speakers.speak(numbered([n]), no_progress)
    assert len({process for process, _ in attempts(tmp_path)}) == 1


@pytest.mark.parametrize("pools", [None, "spawn"], indirect=True)
def test_with_one_process_for_each_or_not_the_bytes_are_the_same(faulty_speakers: MakeSpeakers, tmp_path: Path) -> None:
    asked = numbered(range(6))
    made = []
    for engine in (faulty.Tones, faulty.FreshTones):
        (tmp_path / "spoken.txt").unlink(missing_ok=True)
        with faulty_speakers(engine, cache=Cache(None)) as speakers:
            random.shuffle(asked)
            made.append({u.text: clip.read() for u, clip in speakers.speak(asked, no_progress).items()})
    assert made[0] == made[1]
    assert len({process for process, _ in attempts(tmp_path)}) == 6


BUILD = """
import sys
from pathlib import Path
from cuecast.cache import Cache
from cuecast.model.script import Utterance
from cuecast.model.voice import Profile
from cuecast.speak import Speakers
folder, words, engine = sys.argv[1:]
profile = Profile("any", engine, "en", names={"linux": (folder,)})
with Speakers([profile], Cache(Path(folder) / "cache"), 2) as speakers:  # no `if __name__` around it
    clips = speakers.speak([Utterance(f"{words} {n}", "any", "en") for n in range(8)], lambda done, total: None)
    print(*(clip.mark for clip in clips.values()))
"""


def start_build(
    folder: Path, words: str, here: Path, engine: type[faulty.Tones] = faulty.Tones
) -> subprocess.Popen[str]:
    packages = folder / "packages"
    install_engine(packages, engine)
    (folder / "build.py").write_text(BUILD)
    paths = os.pathsep.join((str(Path(__file__).parents[2]), str(packages)))
    environment = {**os.environ, "TMPDIR": str(here), "PYTHONPATH": paths}
    command = [sys.executable, str(folder / "build.py"), str(folder), words, engine.__name__.lower()]
    return subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize("engine", [faulty.Tones, faulty.ForkedTones])
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_outlives_a_build(end: signal.Signals, engine: type[faulty.Tones], tmp_path: Path) -> None:
    (tmp_path / "numpy.py").write_text("1 / 0")  # the current folder holds no libraries
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    with start_build(tmp_path, "always hang", temporary, engine) as build:
        groups = tmp_path / "groups.txt"
        assert comes(lambda: groups.exists() and groups.read_text().count("\n") >= 2)
        build.send_signal(end)
    assert comes(lambda: not running(tmp_path) and not list(temporary.iterdir()))


# The cache


class NoPools(VoicePools):
    def get(self, *_: object) -> None:  # type: ignore[override]
        raise AssertionError("a process would start")


def test_what_sounds_the_same_is_spoken_once_and_what_is_in_the_cache_starts_no_process(tmp_path: Path) -> None:
    reported: list[tuple[int, int]] = []
    asked = utterances("Go on", "Go  on", "Go on")
    with Speakers([SILENT], Cache(tmp_path)) as speakers:
        clips = speakers.speak(asked, lambda *done: reported.append(done))
    assert len(clips) == 2
    assert len({clip.path for clip in clips.values()}) == 1
    assert reported == [(0, 2), (2, 2)]
    with Speakers([SILENT], Cache(tmp_path), pools=NoPools()) as speakers:
        assert speakers.speak(asked, no_progress) == clips
