"""Nothing outlives a build, however it ends; and no build starts what it does not need."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cuecast.cache import Cache
from cuecast.errors import EngineUnavailable
from cuecast.protocols import Profile
from cuecast.speak import Speaker
from tests.patience import comes
from tests.speak import faulty
from tests.speak.conftest import quiet, says

BUILD = """
import sys
from pathlib import Path
from cuecast.cache import Cache
from cuecast.protocols import Profile
from cuecast.model.script import Utterance
from cuecast.speak import Speaker, registry
registry.ENGINES["faulty"] = "tests.speak.faulty:Hangs"
profile = Profile("any", "faulty", "en", names={"linux": (sys.argv[1],)})
with Speaker(profile, Cache(Path(sys.argv[1]) / "cache"), 2) as speaker:
    speaker.speak([Utterance(f"Hold {n}", "any", "en") for n in range(8)], lambda done, total: None)
"""


def still_running(folder: Path) -> list[str]:
    """What still runs of the processes that spoke, and of what they started."""
    pids = [line.split()[0] for line in (folder / "spoken.txt").read_text().splitlines()]
    listed = subprocess.run(["ps", "-eo", "pid=,pgid=,stat="], capture_output=True, text=True, check=True).stdout
    rows = map(str.split, listed.splitlines())
    return [pid for pid, group, state in rows if group in pids and not state.startswith("Z")]


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left(end: signal.Signals, tmp_path: Path) -> None:
    root = str(Path(__file__).parents[2])
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    command, env = [sys.executable, "-c", BUILD, str(tmp_path)], {**os.environ, "TMPDIR": str(temporary)}
    with subprocess.Popen(command, cwd=root, env=env, stderr=subprocess.DEVNULL) as build:
        spoken = tmp_path / "spoken.txt"
        assert comes(lambda: spoken.exists() and len(spoken.read_text().split("\n")) >= 4)
        build.send_signal(end)
    assert comes(lambda: not still_running(tmp_path) and not list(temporary.iterdir()))


def test_all_from_the_cache_starts_no_process_and_is_quick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    profile = Profile("any", "silent", "en")
    words = says(*(f"Cue number {n}" for n in range(300)))
    with Speaker(profile, Cache(tmp_path)) as speaker:
        cold = speaker.speak(words, quiet)
    monkeypatch.setattr("cuecast.speak.speaker.make_workers", None)
    begun = time.process_time()
    with Speaker(profile, Cache(tmp_path)) as speaker:
        assert speaker.speak(words, quiet) == cold
    assert time.process_time() - begun < 2


def test_a_voice_that_was_never_measured_begins_ahead_of_the_words(
    faulty_speaker: Callable[..., Speaker], tmp_path: Path
) -> None:
    with faulty_speaker(faulty.Quavers) as speaker:
        speaker.begin()
        assert comes((tmp_path / "spoken.txt").exists)
        ahead = speaker.speak(says("Cue number 1", "Cue number 2"), quiet)
        assert (tmp_path / "spoken.txt").read_text().count("\n") == 3
    (tmp_path / "spoken.txt").unlink()
    with faulty_speaker(faulty.Quavers) as speaker:
        speaker.begin()
        assert speaker._workers is None
        assert speaker.speak(ahead, quiet) == ahead
    assert not (tmp_path / "spoken.txt").exists()


@pytest.mark.parametrize("engine", [faulty.Absent, faulty.Unready, faulty.Breaks])
def test_what_fails_ahead_of_the_words_is_told_when_they_are_to_be_spoken(
    engine: type[faulty.Hums], faulty_speaker: Callable[..., Speaker]
) -> None:
    with faulty_speaker(engine) as speaker:
        speaker.begin()
        with pytest.raises(EngineUnavailable):
            speaker.speak(says("One"), quiet)


def test_one_helper_serves_many_calls(tmp_path: Path) -> None:
    with Speaker(Profile("any", "silent", "en"), Cache(tmp_path)) as speaker:
        speaker.speak(says("One"), quiet)
        workers = speaker._workers
        speaker.speak(says("Two", "Three"), quiet)
        assert speaker._workers is workers is not None


def test_words_that_differ_only_in_markup_are_spoken_once(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    with Speaker(Profile("any", "silent", "en"), Cache(tmp_path)) as speaker:
        clips = speaker.speak(says("Go on", "Go  on", "Go on"), lambda done, total: told.append((done, total)))
    assert len(clips) == 2
    assert len({clip.path for clip in clips.values()}) == 1
    assert told == [(0, 2), (2, 2)]


def test_a_damaged_clip_is_spoken_again(tmp_path: Path) -> None:
    words = says("One", "Two")
    with Speaker(Profile("any", "silent", "en"), Cache(tmp_path)) as speaker:
        clips = speaker.speak(words, quiet)
        whole = clips[words[0]].read()
        clips[words[0]].path.write_bytes(b"nonsense")
        assert speaker.speak(words, quiet)[words[0]].read() == whole
