"""The runner, on a fake executor: it takes jobs as needed, and survives the loss of a worker."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from msgspec.structs import replace

from cuecast.batch.job import FailureKind, Job, JobResult
from cuecast.batch.runner import JobRunner, Workers
from cuecast.library import digest_of
from cuecast.model.build import PreparedRoutine
from cuecast.options import Options
from cuecast.read import read

ROUTINE = read("x.yaml", b"title: x\nsteps:\n  - {exercise: Calves, work: 5s}\n").value
assert ROUTINE is not None
JOB = Job(PreparedRoutine("x.yaml", ROUTINE, ()), Options(), Path("x.mp3"))


def named(job: Job) -> JobResult:
    return JobResult(worker=job.target.name)


class FakeExecutor:
    """One thread that breaks, with all jobs that wait, at a job that kills."""

    def __init__(self, build: Callable[[Job], JobResult], kills: Callable[[str], bool]) -> None:
        self.build, self.kills = build, kills
        self.thread = ThreadPoolExecutor(1)
        self.is_broken = self.is_shut_down = False

    def submit(self, job: Job) -> Future[JobResult]:
        if self.is_broken:
            raise BrokenProcessPool("broken")
        return self.thread.submit(self.run, job)

    def run(self, job: Job) -> JobResult:
        self.is_broken = self.is_broken or self.kills(job.target.name)
        if self.is_broken:
            raise BrokenProcessPool("a process was killed")
        return self.build(job)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self.is_shut_down = True
        self.thread.shutdown()


class Bench:
    """A runner with two workers, and what happens to it."""

    def __init__(
        self, build: Callable[[Job], JobResult] = named, kills: Callable[[str], bool] = lambda name: False
    ) -> None:
        self.executors: list[FakeExecutor] = []
        self.reasons: list[str] = []
        self.taken: list[str] = []
        self.runner = JobRunner[str](Workers(lambda: self.start(build, kills), lambda: 2), self.reasons.append)

    def start(self, build: Callable[[Job], JobResult], kills: Callable[[str], bool]) -> FakeExecutor:
        self.executors.append(FakeExecutor(build, kills))
        return self.executors[-1]

    def jobs(self, names: str) -> Iterator[tuple[str, Job]]:
        for name in names:
            self.taken.append(name)
            yield name, replace(JOB, target=Path(name))

    def run(self, names: str) -> dict[str, JobResult]:
        results = list(self.runner.run(self.jobs(names)))
        assert sorted(name for name, _ in results) == sorted(names)
        assert all(executor.is_shut_down for executor in self.executors)
        return dict(results)


def lost(results: dict[str, JobResult]) -> str:
    failures = {name: result.failure for name, result in results.items() if result.failure}
    assert {failure.kind for failure in failures.values()} <= {FailureKind.LOST}
    return "".join(sorted(failures))


def test_a_job_that_crashes_its_worker_is_given_up() -> None:
    bench = Bench(kills=lambda name: name == "b")
    assert lost(bench.run("abcdef")) == "b"
    assert len(bench.reasons) == 3  # once among others, twice alone
    assert lost(Bench(kills=lambda name: name in "bcf").run("abcdefg")) == "bcf"


def test_music_that_a_worker_lacks_is_sent_once(tmp_path: Path) -> None:
    song = tmp_path / "song.mp3"
    song.write_bytes(b"music")
    digest = digest_of(song)

    def build(job: Job) -> JobResult:
        return JobResult(worker=job.files[digest].decode()) if job.files else JobResult(missing_music=(song,))

    def run(digest: str) -> JobResult:
        ((_, result),) = Bench(build).runner.run([("a", replace(JOB, music={song: digest}))])
        return result

    assert (run(digest).worker, run(digest).failure) == ("music", None)
    failure = run("0" * 64).failure
    assert failure is not None
    assert "has changed during the batch" in failure.message
