"""A Dask cluster of two worker processes, on this machine: the same bytes as without it, also when one is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cuecast.batch import cluster as dask
from cuecast.batch.cluster import work
from cuecast.batch.job import Failure
from cuecast.errors import SetupError
from tests.batch.test_engine import JOB
from tests.cli.running import Home
from tests.patience import comes

pytest.importorskip("distributed")

ROUTINE = """\
title: Routine
voice: silent
music: {file: song.wav}
defaults: {work: 8s-60s, transition: 3s}
steps:
  - exercise: Calves
    sides: [left, right]
"""
LENGTHS = range(40, 54)
MANIFEST = f"routines: r.yaml\nlengths: [{', '.join(f'{n}s' for n in LENGTHS)}]\noutput: 'out/{{length}}'\n"


class Cluster:
    """A scheduler and workers, each a process with a cache of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir()
        self.address = ""
        self.processes: list[subprocess.Popen[bytes]] = []
        port = root / "scheduler.json"
        self.start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(port))
        assert comes(lambda: self.hears_at(port))

    def hears_at(self, told: Path) -> bool:
        """Whether the scheduler has told its address: it opens the file and then writes."""
        try:
            self.address = json.loads(told.read_text())["address"]
        except (OSError, ValueError):
            return False
        return True

    def start(self, what: str, *options: str) -> subprocess.Popen[bytes]:
        name = f"{what}-{len(self.processes)}"
        env = {**os.environ, "CUECAST_CACHE": str(self.root / name)}
        with (self.root / f"{name}.log").open("wb") as log:
            # Not from a console script: a path may be longer than the first line of one can be.
            command = [sys.executable, "-c", "from distributed.cli.dask_%s import main; main()" % what, *options]  # noqa: UP031
            self.processes.append(
                subprocess.Popen(command, cwd=self.root, env=env, stdout=log, stderr=log, start_new_session=True)
            )
        return self.processes[-1]

    def worker(self) -> subprocess.Popen[bytes]:
        return self.start("worker", self.address, "--nthreads", "1", "--no-dashboard", "--no-nanny")

    def close(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    made = Cluster(tmp_path_factory.mktemp("cluster") / "c")
    made.worker()
    made.worker()
    yield made
    made.close()


@pytest.fixture
def studio(home: Home) -> Home:
    from tests.music.music_files import noise, write

    write(home.here / "song.wav", noise(6.0))
    home.write("r.yaml", ROUTINE)
    home.write("all.yaml", MANIFEST)
    return home


def tracks(home: Home, folder: str = ".") -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (home.here / folder / "out").glob("*.mp3")}


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_the_same_bytes_also_when_a_worker_is_killed(studio: Home, cluster: Cluster) -> None:
    done = studio.cuecast("batch", "all.yaml", "-q")
    assert done.returncode == 0, done.stderr
    expected = tracks(studio)
    assert len(expected) == len(LENGTHS)

    call = ("batch", "all.yaml", "-q", "--scheduler", cluster.address, "--log", "log.jsonl")
    process = studio.start(*call, "-o", "far")
    assert comes(lambda: len(tracks(studio, "far")) >= 3)
    os.killpg(cluster.processes[1].pid, signal.SIGKILL)
    _, stderr = process.communicate(timeout=100)
    assert process.returncode == 0, stderr
    assert tracks(studio, "far") == expected
    assert not [path for path in (studio.here / "far").rglob(".*") if path.is_file()]
    told = [json.loads(line) for line in (studio.here / "log.jsonl").read_text().splitlines()]
    assert {event["worker"].split("-")[-1] for event in told if event["event"] == "made"} <= {
        str(process.pid) for process in cluster.processes[1:]
    }
    cluster.worker()

    again = studio.cuecast(*call, "-o", "far", "--json")
    assert json.loads(again.stdout)["unchanged"] == len(LENGTHS)


def test_no_scheduler_there(studio: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    done = studio.cuecast("batch", "all.yaml", "--scheduler", "nothing://127.0.0.1:9")
    assert done.returncode == 3
    assert "no Dask scheduler answers at nothing://127.0.0.1:9" in done.stderr
    assert "Traceback" not in done.stderr
    monkeypatch.setattr("cuecast.batch.cluster._TIMEOUT_S", 0.5)
    with pytest.raises(SetupError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        dask.Cluster("tcp://127.0.0.1:9")


def test_a_worker_of_another_version_makes_nothing() -> None:
    fault = work(JOB, "0.0.1").fault
    assert fault is not None
    assert fault.kind is Failure.ENVIRONMENT
    assert "and this is 0.0.1" in fault.message
