"""What a machine does to a build: it is killed, the disk is full, the cache is damaged or can't be written.

After each: no part of a track under its name, no wrong sound, nothing left behind, and the next build is right. One
of most runs with all tests; `make test-faults` (`CUECAST_FAULTS=100`) does each a hundred times.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cli.running import Home
from tests.disks import small_disk
from tests.workers import all_end, workers_of

TIMES = int(os.environ.get("CUECAST_FAULTS", "1"))
NAMES = ("spoken", "sung") if TIMES > 1 else ("sung",)
"""Routines: what holds with music holds without."""

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="signals"),
    pytest.mark.xdist_group("faults"),  # in one process, which makes the expected tracks once
]

SPOKEN = """\
title: Short and spoken
defaults: {work: 8s-20s, transition: 6s, switch: 5s}
steps:
  - exercise: Calves
    sides: [left, right]
    cues: {half: Slowly.}
"""
BATCH = """\
routines: [spoken.yaml, sung.yaml]
lengths: [as written, 50s]
output: 'all/{routine}-{length}'
"""


def home_in(root: Path) -> Home:
    (root / "here").mkdir()
    home = Home(root)
    home.write("spoken.yaml", SPOKEN)
    home.write("sung.yaml", f"music: brown noise\n{SPOKEN}")
    home.write("all.yaml", BATCH)
    return home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return home_in(tmp_path)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The tracks, made without any fault."""
    home = home_in(tmp_path_factory.mktemp("faultless"))
    for command in (("render", "spoken.yaml", "sung.yaml"), ("batch", "all.yaml")):
        done = home.cuecast(*command, "-q")
        assert done.returncode == 0, done.stderr
    return {str(path.relative_to(home.here)): path.read_bytes() for path in home.here.rglob("*.mp3")}


def built(home: Home, name: str = "spoken") -> bytes:
    done = home.cuecast("render", f"{name}.yaml", "-q", "--force")
    assert done.returncode == 0, done.stderr
    return (home.here / f"{name}.mp3").read_bytes()


def is_clean(home: Home) -> None:
    """The next build removes what a killed one has left."""
    assert not [path for path in home.here.rglob(".*") if path.is_file()]


def killed(home: Home, after: float, *command: str) -> int:
    """Run a command and kill it, and no other process, some seconds later; its session."""
    with home.start(*command, new_session=True) as process:
        try:
            process.communicate(timeout=after)
        except subprocess.TimeoutExpired:
            process.kill()
    return process.pid


@pytest.mark.parametrize("name", NAMES)
def test_killed_at_any_moment(home: Home, expected: dict[str, bytes], name: str) -> None:
    chance = random.Random(name)
    begun = time.monotonic()
    assert built(home, name) == expected[f"{name}.mp3"]
    took = time.monotonic() - begun
    target = home.here / f"{name}.mp3"
    for _ in range(TIMES):
        if chance.random() < 0.5:
            shutil.rmtree(home.root / "cache", ignore_errors=True)
        if chance.random() < 0.5:
            target.unlink(missing_ok=True)
        session = killed(home, chance.uniform(0, took), "render", f"{name}.yaml", "-q", "--force")
        assert all_end(session)
        assert not target.exists() or target.read_bytes() == expected[f"{name}.mp3"]
    assert built(home, name) == expected[f"{name}.mp3"]
    is_clean(home)


def test_a_batch_that_is_killed_at_any_moment(home: Home, expected: dict[str, bytes]) -> None:
    chance = random.Random(3)
    for _ in range(TIMES):
        session = killed(home, chance.uniform(0.2, 4), "batch", "all.yaml", "-q")
        assert all_end(session)
        for path in (home.here / "all").glob("*.mp3"):
            assert path.read_bytes() == expected[f"all/{path.name}"]
        if chance.random() < 0.3:
            shutil.rmtree(home.here / "all", ignore_errors=True)
    done = home.cuecast("batch", "all.yaml", "-q")
    assert done.returncode == 0, done.stderr
    assert {f"all/{path.name}": path.read_bytes() for path in (home.here / "all").iterdir()} == {
        name: data for name, data in expected.items() if name.startswith("all/")
    }
    is_clean(home)


often = pytest.mark.skipif(TIMES == 1, reason="make test-faults; `tests/batch` and `tests/cli` have the like")


@often
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_workers_that_die(home: Home, expected: dict[str, bytes]) -> None:
    chance = random.Random(4)
    lost = 0
    for _ in range(TIMES):
        shutil.rmtree(home.here / "all", ignore_errors=True)
        shutil.rmtree(home.root / "cache", ignore_errors=True)
        (home.here / "log.jsonl").unlink(missing_ok=True)
        process = home.start("batch", "all.yaml", "-q", "--jobs", "2", "--log", "log.jsonl")
        time.sleep(chance.uniform(0.5, 3))
        for worker in workers_of(process.pid)[:1]:
            os.kill(worker, signal.SIGKILL)
        _, stderr = process.communicate(timeout=100)
        assert process.returncode == 0, stderr
        events = [json.loads(line)["event"] for line in (home.here / "log.jsonl").read_text().splitlines()]
        lost += "lost a worker" in events
        for path in (home.here / "all").glob("*.mp3"):
            assert path.read_bytes() == expected[f"all/{path.name}"]
        assert len(list((home.here / "all").iterdir())) == 4
    assert lost or TIMES < 5


def damage(path: Path, chance: random.Random) -> None:
    """Remove a file, cut it, replace its content or flip a bit of it."""
    content = bytearray(path.read_bytes())
    match chance.randrange(4):
        case 0:
            path.unlink()
        case 1:
            path.write_bytes(content[: chance.randrange(len(content) + 1)])
        case 2:
            path.write_bytes(chance.randbytes(chance.randrange(5_000)))
        case _ if content:
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
            path.write_bytes(content)


@pytest.mark.parametrize("name", NAMES)
def test_a_cache_that_is_damaged(home: Home, expected: dict[str, bytes], name: str) -> None:
    chance = random.Random(5)
    built(home, name)
    for _ in range(TIMES):
        entries = [path for path in (home.root / "cache").rglob("*") if path.is_file()]
        for path in chance.sample(entries, len(entries) // 3):
            damage(path, chance)
        assert built(home, name) == expected[f"{name}.mp3"]
    is_clean(home)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Makes small disks."""
    with ExitStack() as disks:
        yield lambda size: disks.enter_context(small_disk(tmp_path / f"disk of {size}", size))


@pytest.mark.parametrize("name", NAMES)
def test_a_full_disk_for_the_cache_costs_time_only(
    home: Home, expected: dict[str, bytes], small: Callable[[str], Path], name: str
) -> None:
    for size in ("200k", "8k", "600k")[:TIMES]:
        tight = replace(home, environment={"CUECAST_CACHE": str(small(size) / "cache")})
        assert built(tight, name) == expected[f"{name}.mp3"]


def test_a_full_disk_for_the_track(home: Home, expected: dict[str, bytes], small: Callable[[str], Path]) -> None:
    disk = small("120k")
    (disk / "spoken.mp3").write_bytes(b"the old one")
    done = home.cuecast("render", "spoken.yaml", "-q", "-o", str(disk / "spoken.mp3"))
    assert done.returncode == 3
    assert "the disk is full" in done.stderr
    assert "the old file is untouched" in done.stderr
    assert [path.name for path in disk.iterdir()] == ["spoken.mp3"]
    assert (disk / "spoken.mp3").read_bytes() == b"the old one"
    done = home.cuecast("batch", "all.yaml", "-q", "-o", str(disk))
    assert done.returncode == 3
    assert {path.name for path in disk.rglob("*") if path.is_file()} == {"spoken.mp3"}
    assert built(home) == expected["spoken.mp3"]


def test_a_cache_that_can_only_be_read(home: Home, expected: dict[str, bytes], small: Callable[[str], Path]) -> None:
    disk = small("20m")
    there = replace(home, environment={"CUECAST_CACHE": str(disk / "cache")})
    built(there)
    if subprocess.run(["mount", "-o", "remount,ro", str(disk)], capture_output=True, check=False).returncode:
        pytest.skip("this machine makes no disk read-only")
    assert built(there) == expected["spoken.mp3"]
    assert built(there, "sung") == expected["sung.mp3"]


@often
@pytest.mark.parametrize("what", ["render", "batch"])
def test_two_at_once(home: Home, expected: dict[str, bytes], what: str) -> None:
    for _ in range(TIMES):
        shutil.rmtree(home.root / "cache", ignore_errors=True)
        call = (
            ("render", "spoken.yaml", "sung.yaml", "-q", "--force") if what == "render" else ("batch", "all.yaml", "-q")
        )
        both = [home.start(*call) for _ in range(2)]
        for process in both:
            _, stderr = process.communicate(timeout=200)
            assert process.returncode == 0, stderr
        found = {str(path.relative_to(home.here)): path.read_bytes() for path in home.here.rglob("*.mp3")}
        assert found == {name: data for name, data in expected.items() if name.startswith("all/") == (what == "batch")}
    home.cuecast("cache", "verify")
    is_clean(home)
