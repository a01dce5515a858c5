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

from cuecast.batch.cluster import connect, run_job
from cuecast.batch.job import FailureKind
from cuecast.errors import SetupError
from tests.batch.test_runner import JOB
from tests.cli.running import Home
from tests.music.music_files import noise, write
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
LENGTHS = range(40, 49)
MANIFEST = f"routines: r.yaml\nlengths: [{', '.join(f'{n}s' for n in LENGTHS)}]\noutput: 'out/{{length}}'\n"


class Cluster:
    """A scheduler and two workers, each a process with a cache of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir()
        self.processes: list[subprocess.Popen[bytes]] = []
        file = root / "scheduler.json"
        self.start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file))
        assert comes(lambda: file.exists() and file.read_text().endswith("}"))
        self.address = json.loads(file.read_text())["address"]
        self.start_worker()
        self.start_worker()

    def start(self, command: str, *options: str) -> None:
        name = f"{command}-{len(self.processes)}"
        # Not a console script: the first line of one can't be as long as a path.
        call = [sys.executable, "-c", f"from distributed.cli.dask_{command} import main; main()", *options]
        env = {**os.environ, "CUECAST_CACHE": str(self.root / name)}
        with (self.root / f"{name}.log").open("wb") as log:
            self.processes.append(
                subprocess.Popen(call, cwd=self.root, env=env, stdout=log, stderr=log, start_new_session=True)
            )

    def start_worker(self) -> None:
        self.start("worker", self.address, "--nthreads", "1", "--no-dashboard", "--no-nanny")

    def close(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    cluster = Cluster(tmp_path / "cluster")
    yield cluster
    cluster.close()


@pytest.fixture
def studio(home: Home) -> Home:
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
    events = [json.loads(line) for line in (studio.here / "log.jsonl").read_text().splitlines()]
    workers = {event["worker"].split("-")[-1] for event in events if event["event"] == "made"}
    assert workers <= {str(process.pid) for process in cluster.processes[1:]}
    again = studio.cuecast(*call, "-o", "far", "--json")
    assert json.loads(again.stdout)["unchanged"] == len(LENGTHS)


def test_no_scheduler_answers(studio: Home) -> None:
    done = studio.cuecast("batch", "all.yaml", "--scheduler", "nothing://127.0.0.1:9")
    assert done.returncode == 3
    assert "no Dask scheduler answers at nothing://127.0.0.1:9" in done.stderr
    assert "Traceback" not in done.stderr
    with (
        pytest.raises(SetupError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"),
        connect("tcp://127.0.0.1:9", timeout_s=0.5),
    ):
        pass


def test_a_worker_of_another_version_makes_nothing() -> None:
    failure = run_job(JOB, "0.0.1").failure
    assert failure is not None
    assert failure.kind is FailureKind.ENVIRONMENT
    assert "and this is 0.0.1" in failure.message
