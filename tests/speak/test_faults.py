"""Whatever an engine does, the build goes on or ends with the words it failed on, within its time."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import pytest

from cuecast.errors import EngineUnavailable, SetupError, SpeechFailed
from tests.patience import PATIENCE_S, comes
from tests.speak import faulty
from tests.speak.conftest import MakeSpeakers, no_progress, running, utterances

WORDS = "Slowly, breathe out."


def attempts(folder: Path, text: str) -> list[str]:
    """The processes that tried to say `text`."""
    lines = (folder / "spoken.txt").read_text().splitlines()
    return [line.split()[0] for line in lines if line.partition(" ")[2] == text]


@pytest.mark.parametrize(
    ("engine", "why"),
    [
        (faulty.Crashes, "the engine crashed (SIGSEGV)"),
        (faulty.Raises, "out of breath"),
        (faulty.Exits, "the engine crashed"),
        (faulty.Forgets, "no sound file was written"),
        (faulty.Empties, "the sound file is empty"),
        (faulty.Babbles, "the file can't be read as sound"),
        (faulty.Halves, "the sound file is cut off"),
        (faulty.Mumbles, "0.1 s of sound, where about"),
        (faulty.Drones, "60.0 s of sound, where about"),
        (faulty.Mutes, "the sound file is silent"),
    ],
)
def test_a_failure_is_tried_again_in_a_fresh_process_then_told(
    engine: type[faulty.Hums],
    why: str,
    faulty_speakers: MakeSpeakers,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    temporary = tmp_path_factory.mktemp("temporary")
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    with faulty_speakers(engine) as speakers, pytest.raises(SpeechFailed) as caught:
        speakers.speak(utterances(WORDS), no_progress)
    assert caught.value.text == WORDS
    assert f"“{WORDS}” could not be spoken, tried twice: {why}" in caught.value.message
    assert caught.value.hint
    assert len(set(attempts(tmp_path, WORDS))) == 2
    assert not list(temporary.glob("cuecast-*"))


def test_a_hanging_engine_is_killed_with_all_that_it_started(faulty_speakers: MakeSpeakers, tmp_path: Path) -> None:
    begun = time.monotonic()
    with faulty_speakers(faulty.Hangs, time_limit=0.3) as speakers, pytest.raises(SpeechFailed, match="still not done"):
        speakers.speak(utterances(*(f"Hold still {n}" for n in range(40))), no_progress)
    assert time.monotonic() - begun < PATIENCE_S  # one by one, it would be a minute and more
    assert comes(lambda: not running(tmp_path))


def test_one_failure_does_not_harm_the_rest(faulty_speakers: MakeSpeakers, tmp_path: Path) -> None:
    with faulty_speakers(faulty.Stumbles) as speakers:
        words = utterances(*(f"Cue number {n}" for n in range(30)))
        clips = speakers.speak(words, no_progress)
    assert list(map(len, (attempts(tmp_path, u.text) for u in words))) == [2] * 30
    assert set(clips) == set(words)


def test_a_worker_that_is_killed_is_replaced(faulty_speakers: MakeSpeakers, tmp_path: Path) -> None:
    with faulty_speakers(faulty.KillsWorker) as speakers:
        words = utterances(*(f"Cue number {n}" for n in range(12)))
        assert set(speakers.speak(words, no_progress)) == set(words)
    assert (tmp_path / "killed").exists()


def test_a_full_disk_ends_the_build(faulty_speakers: MakeSpeakers, tmp_path: Path) -> None:
    with faulty_speakers(faulty.Fills) as speakers, pytest.raises(SetupError, match="No space left") as caught:
        speakers.speak(utterances(WORDS), no_progress)
    assert "TMPDIR" in (caught.value.hint or "")
    assert len(attempts(tmp_path, WORDS)) == 1


def test_other_sample_rates_are_fine(faulty_speakers: MakeSpeakers) -> None:
    words = utterances(*(f"at {rate}" for rate in (8_000, 16_000, 22_050, 44_100, 48_000, 96_000)))
    with faulty_speakers(faulty.OtherRates) as speakers:
        clips = speakers.speak(words, no_progress)
    assert all(abs(clips[u].ms - 2_000) <= 10 for u in words)


@pytest.mark.parametrize(("engine", "why"), [(faulty.Unready, "no licence"), (faulty.Breaks, "does not start")])
def test_an_engine_that_cannot_start_is_unavailable(
    engine: type[faulty.Hums], why: str, faulty_speakers: MakeSpeakers
) -> None:
    with faulty_speakers(engine) as speakers, pytest.raises(EngineUnavailable, match=why) as caught:
        speakers.speak(utterances(WORDS), no_progress)
    assert caught.value.hint


def test_what_engines_print_goes_nowhere(faulty_speakers: MakeSpeakers, capfd: pytest.CaptureFixture[str]) -> None:
    with faulty_speakers(faulty.Chatters) as speakers:
        assert speakers.speak(utterances(WORDS), no_progress)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("pools", ["spawn"], indirect=True)
@pytest.mark.parametrize(
    ("engine", "why"),
    [(faulty.Crashes, "the engine crashed"), (faulty.Hangs, "still not done"), (faulty.Halves, "is cut off")],
)
def test_without_forks_failures_are_the_same(
    engine: type[faulty.Hums], why: str, faulty_speakers: MakeSpeakers
) -> None:
    limit = 1 if engine is faulty.Hangs else PATIENCE_S
    with faulty_speakers(engine, time_limit=limit) as speakers, pytest.raises(SpeechFailed, match=why):
        speakers.speak(utterances("Hold still"), no_progress)
