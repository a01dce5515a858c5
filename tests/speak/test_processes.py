"""Nothing outlives a build, however it ends; and no build starts processes that it does not need."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from cuecast.cache import Cache
from cuecast.errors import EngineUnavailable
from cuecast.protocols import Profile
from cuecast.speak import Speakers
from cuecast.speak.pool import VoicePools
from tests.patience import comes
from tests.speak import faulty
from tests.speak.conftest import MakeSpeakers, install_engine, no_progress, running, utterances

SILENT = Profile("any", "silent", "en")

BUILD = """
import sys
from pathlib import Path
from cuecast.cache import Cache
from cuecast.protocols import Profile
from cuecast.model.script import Utterance
from cuecast.speak import Speakers
profile = Profile("any", "hangs", "en", names={"linux": (sys.argv[1],)})
with Speakers([profile], Cache(Path(sys.argv[1]) / "cache"), 2) as speakers:  # no `if __name__` around it
    speakers.speak([Utterance(f"Hold {n}", "any", "en") for n in range(8)], lambda done, total: None)
"""


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left(end: signal.Signals, tmp_path: Path) -> None:
    packages = tmp_path / "packages"
    install_engine(packages, faulty.Hangs)
    script = tmp_path / "script" / "build.py"
    script.parent.mkdir()
    script.write_text(BUILD)
    (tmp_path / "numpy.py").write_text("1 / 0")  # the current folder holds no libraries
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    paths = os.pathsep.join((str(Path(__file__).parents[2]), str(packages)))
    environment = {**os.environ, "TMPDIR": str(temporary), "PYTHONPATH": paths}
    command = [sys.executable, str(script), str(tmp_path)]
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.DEVNULL) as build:
        groups = tmp_path / "groups.txt"
        assert comes(lambda: groups.exists() and groups.read_text().count("\n") >= 2)
        build.send_signal(end)
    assert comes(lambda: not running(tmp_path) and not list(temporary.iterdir()))


def test_what_is_in_the_cache_starts_no_process_and_is_quick(tmp_path: Path) -> None:
    asked = utterances(*(f"Cue number {n}" for n in range(300)))
    with Speakers([SILENT], Cache(tmp_path)) as speakers:
        cold = speakers.speak(asked, no_progress)
    code = f"""
import multiprocessing, sys, time
from pathlib import Path
from cuecast.cache import Cache
from cuecast.speak import Speakers
from tests.speak.conftest import no_progress, utterances
from tests.speak.test_processes import SILENT
begun = time.process_time()
with Speakers([SILENT], Cache(Path({str(tmp_path)!r}))) as speakers:
    speakers.speak(utterances(*(f"Cue number {{n}}" for n in range(300))), no_progress)
assert time.process_time() - begun < 2
assert not multiprocessing.active_children()
"""
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", code], cwd=root, check=True)
    with Speakers([SILENT], Cache(tmp_path)) as speakers:
        assert speakers.speak(asked, no_progress) == cold


@pytest.mark.parametrize("engine", [faulty.Absent, faulty.Unready, faulty.Breaks])
def test_an_engine_that_cannot_start_costs_nothing_until_there_is_something_to_say(
    engine: type[faulty.Hums], faulty_speakers: MakeSpeakers
) -> None:
    with faulty_speakers(engine) as speakers:
        assert speakers.speak([], no_progress) == {}
        with pytest.raises(EngineUnavailable):
            speakers.speak(utterances("One"), no_progress)


def test_pools_stay_from_one_build_to_the_next(tmp_path: Path) -> None:
    folder = tmp_path / "spoken"
    folder.mkdir()
    profile = Profile("any", "quavers", "en", names={"linux": (str(folder),)})
    with pytest.MonkeyPatch.context() as patch, closing(VoicePools()) as pools:
        install_engine(tmp_path, faulty.Quavers)
        patch.syspath_prepend(str(tmp_path))
        for n in range(3):
            with Speakers([profile], Cache(None), 1, pools) as speakers:
                speakers.speak(utterances(f"Cue number {n}"), no_progress)
    processes = {line.split()[0] for line in (folder / "spoken.txt").read_text().splitlines()}
    assert len(processes) == 1


def test_utterances_that_sound_the_same_are_spoken_once(tmp_path: Path) -> None:
    reported: list[tuple[int, int]] = []
    with Speakers([SILENT], Cache(tmp_path)) as speakers:
        clips = speakers.speak(utterances("Go on", "Go  on", "Go on"), lambda *done: reported.append(done))
    assert len(clips) == 2
    assert len({clip.path for clip in clips.values()}) == 1
    assert reported == [(0, 2), (2, 2)]


def test_a_damaged_clip_is_spoken_again(tmp_path: Path) -> None:
    asked = utterances("One", "Two")
    with Speakers([SILENT], Cache(tmp_path)) as speakers:
        clips = speakers.speak(asked, no_progress)
        whole = clips[asked[0]].read()
        clips[asked[0]].path.write_bytes(b"nonsense")
        assert speakers.speak(asked, no_progress)[asked[0]].read() == whole
