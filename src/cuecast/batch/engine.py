"""Hands jobs to an executor, a few at a time, and goes on when a worker is lost."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from pathlib import Path
from typing import Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from cuecast.batch.job import Failure, Fault, Job, Outcome
from cuecast.library import digest_of

N = TypeVar("N")

_AHEAD = 1
"""Jobs that wait for a worker, so that none of them has to wait for us. All others are not even prepared. With more,
the executor of this machine could wait for ever (`Pool`)."""

_LIVES = 2
"""How often a job may take its worker with it, working alone, before it is given up."""


class _Attempt(Struct, Generic[N]):
    name: N
    job: Job
    deaths: int = 0


class Engine(Generic[N]):
    """Runs jobs on executors that `start` makes; `workers` says how many tracks are made at once.

    `function` makes a track of a job, in a worker. `lost` is told, for people, when a worker was.
    """

    def __init__(
        self,
        start: Callable[[], Executor],
        workers: Callable[[], int],
        function: Callable[[Job], Outcome],
        lost: Callable[[str], None] = lambda message: None,
    ) -> None:
        self._start, self._workers, self._function, self._lost = start, workers, function, lost
        self._executor: Executor | None = None
        self._running: dict[Future[Outcome], _Attempt[N]] = {}
        self._suspects: deque[_Attempt[N]] = deque()
        """Jobs that were under way when a worker was lost. Which of them it was shows when each runs alone."""

    def run(self, jobs: Iterable[tuple[N, Job]]) -> Iterator[tuple[N, Outcome]]:
        """The outcome of each job, as it gets done. Each has a name of the caller's; they are taken one by one.

        What is still under way when the caller stops, or is interrupted, is told to leave off.
        """
        waiting = iter(jobs)
        finished = False
        try:
            while True:
                finished = self._fill(waiting, finished)
                if finished and not self._running and not self._suspects:
                    break
                done, _ = wait(self._running, return_when=FIRST_COMPLETED)
                yield from self._settled(done)
        except BaseException:
            self._end(at_once=True)
            raise
        self._end(at_once=False)

    def _fill(self, waiting: Iterator[tuple[N, Job]], finished: bool) -> bool:
        """Submit as much as there is room for; whether no job is left to come."""
        if self._suspects:  # one at a time, until all are cleared
            if not self._running:
                self._submit(self._suspects.popleft())
            return finished
        while not finished and len(self._running) < max(1, self._workers()) + _AHEAD:
            following = next(waiting, None)
            if following is None:
                return True
            self._submit(_Attempt(*following))
            if self._suspects:
                break
        return finished

    def _submit(self, attempt: _Attempt[N]) -> None:
        try:
            if self._executor is None:
                self._executor = self._start()
            future = self._executor.submit(self._function, attempt.job)
        except BrokenExecutor:  # a worker was lost since we last looked: this job had nothing to do with it
            self._suspects.append(attempt)
            self._renew()
        else:
            self._running[future] = attempt

    def _settled(self, done: Iterable[Future[Outcome]]) -> Iterator[tuple[N, Outcome]]:
        alone = len(self._running) == 1
        for future in done:
            attempt = self._running.pop(future)
            try:
                outcome = future.result()
            except KeyboardInterrupt:
                raise
            except BaseException as fault:  # the job itself raises nothing: so this is its worker's end
                why = (str(fault).strip() or type(fault).__name__).splitlines()[0]
                if not isinstance(fault, BrokenExecutor):
                    self._lost(why)
                elif self._executor is not None:  # the first to tell; with an executor all its jobs fail
                    self._lost(why)
                    self._renew()
                if given_up := self._mourned(attempt, why, alone):
                    yield attempt.name, given_up
                continue
            if outcome.wanted and not attempt.job.files:
                brought = _brought(attempt.job, outcome.wanted)
                if isinstance(brought, Fault):
                    yield attempt.name, replace(outcome, wanted=(), fault=brought)
                else:
                    attempt.job = brought
                    self._submit(attempt)
            else:
                yield attempt.name, outcome

    def _mourned(self, attempt: _Attempt[N], why: str, alone: bool) -> Outcome | None:
        """A worker was lost with this job, or with one beside it: what is to be said where it is given up."""
        attempt.deaths += alone
        if attempt.deaths < _LIVES:
            self._suspects.append(attempt)
            return None
        message = f"the process that made it ended before it was done, {_LIVES} times: {why}"
        hint = "if the machine is short of memory, take fewer jobs (--jobs 1)"
        return Outcome(fault=Fault(Failure.LOST, message, hint))

    def _renew(self) -> None:
        """Let go of an executor that is broken. Its other jobs fail one by one, with the same fault."""
        broken, self._executor = self._executor, None
        if broken is not None:
            broken.shutdown(wait=False, cancel_futures=True)

    def _end(self, at_once: bool) -> None:
        executor, self._executor = self._executor, None
        if executor is not None:
            executor.shutdown(wait=True, cancel_futures=at_once)
        self._running.clear()


def _brought(job: Job, wanted: Iterable[Path]) -> Job | Fault:
    """The job with the music that a worker does not see; a fault where that is not as it was."""
    files = {}
    for path in wanted:
        try:
            if digest_of(path) != job.music[path]:
                return Fault(Failure.ENVIRONMENT, f"{path} was changed meanwhile", "call batch again")
            files[job.music[path]] = path.read_bytes()
        except OSError as fault:
            return Fault(Failure.ENVIRONMENT, f"{path} can't be read: {fault.strerror}")
    return replace(job, files=files)
