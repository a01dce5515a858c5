"""The engine, on executors that are made up: jobs are taken as needed, and the loss of a worker is survived."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from cuecast.batch.engine import Engine
from cuecast.batch.job import Failure, Job, Outcome
from cuecast.model.build import PreparedRoutine
from cuecast.options import Options
from cuecast.read import read

ROUTINE = read("x.yaml", b"title: x\nsteps:\n  - {exercise: Calves, work: 5s}\n").routine
assert ROUTINE is not None
JOB = Job(PreparedRoutine("x.yaml", ROUTINE, ()), Options(), Path("x.mp3"))


class Pool(Executor):
    """Works off what was submitted, the oldest first, whenever somebody looks whether it is done."""

    def __init__(self, kill: Callable[[str], bool]) -> None:
        self.kill = kill
        self.broken = self.ended = False
        self.submitted: list[tuple[Future[Any], Callable[..., Any], Any]] = []

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        if self.broken:
            raise BrokenProcessPool("broken")
        future: Future[Any] = Future()
        self.submitted.append((future, function, args[0]))
        return future

    def work(self) -> None:
        future, function, job = self.submitted.pop(0)
        if self.kill(job.target.name):
            self.broken = True
            for each in [future, *(other for other, _, _ in self.submitted)]:
                each.set_exception(BrokenProcessPool("a process was killed"))
            self.submitted.clear()
        else:
            future.set_result(function(job))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self.ended = True


class Crew:
    """Pools that follow each other, and what happened."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, kill: Callable[[str], bool] = lambda name: False) -> None:
        self.pools: list[Pool] = []
        self.kill = kill
        self.lost: list[str] = []
        self.taken: list[str] = []
        self.most = 0
        from cuecast.batch import engine

        def wait(running: Any, return_when: str) -> tuple[set[Future[Any]], set[Future[Any]]]:
            self.most = max(self.most, len(running))
            if not any(future.done() for future in running):
                self.pools[-1].work()
            done = {future for future in running if future.done()}
            return done, set(running) - done

        monkeypatch.setattr(engine, "wait", wait)

    def start(self) -> Pool:
        self.pools.append(Pool(self.kill))
        return self.pools[-1]

    def jobs(self, names: str) -> Iterator[tuple[str, Job]]:
        for name in names:
            self.taken.append(name)
            yield name, replace(JOB, target=Path(name))

    def run(self, names: str, function: Callable[[Job], Outcome]) -> Iterator[tuple[str, Outcome]]:
        return Engine[str](self.start, lambda: 2, function, self.lost.append).run(self.jobs(names))


def named(job: Job) -> Outcome:
    return Outcome(worker=job.target.name)


def test_each_job_once_and_no_more_than_are_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    crew = Crew(monkeypatch)
    outcomes = crew.run("abcdef", named)
    assert next(outcomes)[1].worker == "a"
    assert crew.taken == ["a", "b", "c"]
    assert [name for name, _ in outcomes] == list("bcdef")
    assert (crew.most, len(crew.pools), crew.pools[0].ended) == (3, 1, True)


def test_a_lost_worker_costs_nobody_a_track(monkeypatch: pytest.MonkeyPatch) -> None:
    killed: list[str] = []

    def kill(name: str) -> bool:
        if name == "c" and not killed:
            killed.append(name)
            return True
        return False

    crew = Crew(monkeypatch, kill)
    outcomes = dict(crew.run("abcdef", named))
    assert sorted(outcomes) == list("abcdef")
    assert all(outcome.fault is None for outcome in outcomes.values())
    assert (len(crew.pools), crew.lost) == (2, ["a process was killed"])


def test_the_job_that_kills_its_worker_is_found_and_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    crew = Crew(monkeypatch, lambda name: name == "b")
    outcomes = dict(crew.run("abcdef", named))
    assert sorted(outcomes) == list("abcdef")
    faults = {name: outcome.fault for name, outcome in outcomes.items() if outcome.fault}
    assert list(faults) == ["b"]
    assert faults["b"] is not None
    assert faults["b"].kind is Failure.LOST
    assert len(crew.lost) == 3  # among others, then twice alone


def test_several_such_jobs_take_no_other_with_them(monkeypatch: pytest.MonkeyPatch) -> None:
    crew = Crew(monkeypatch, lambda name: name in "bcf")
    outcomes = dict(crew.run("abcdefg", named))
    assert {name for name, outcome in outcomes.items() if outcome.fault} == set("bcf")
    assert sorted(outcomes) == list("abcdefg")


def test_music_that_a_worker_does_not_see_is_brought_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    song = tmp_path / "song.mp3"
    song.write_bytes(b"music")
    sum_ = "e5a5f8ec59a85ff7cf6bb8c4c8e9b1d5"

    def wants(job: Job) -> Outcome:
        return Outcome(worker=job.files[sum_].decode()) if job.files else Outcome(wanted=(song,))

    crew = Crew(monkeypatch)
    monkeypatch.setattr("cuecast.batch.engine.digest_of", lambda path: sum_)
    jobs = iter([("a", replace(JOB, music={song: sum_}))])
    ((_, outcome),) = Engine[str](crew.start, lambda: 1, wants).run(jobs)
    assert (outcome.worker, outcome.wanted, outcome.fault) == ("music", (), None)


def test_music_that_changed_meanwhile_is_a_fault(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    song = tmp_path / "song.mp3"
    song.write_bytes(b"other music")
    crew = Crew(monkeypatch)
    jobs = iter([("a", replace(JOB, music={song: "0" * 64}))])
    ((_, outcome),) = Engine[str](crew.start, lambda: 1, lambda job: Outcome(wanted=(song,))).run(jobs)
    assert outcome.fault is not None
    assert "was changed meanwhile" in outcome.fault.message


def test_who_stops_listening_ends_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    crew = Crew(monkeypatch)
    outcomes = crew.run("abcdef", named)
    next(outcomes)
    outcomes.close()  # type: ignore[attr-defined]
    assert crew.pools[0].ended


def test_a_job_pickles_as_it_is() -> None:
    import pickle

    assert pickle.loads(pickle.dumps(JOB)) == JOB
