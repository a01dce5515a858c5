"""Hands jobs to workers, a few at a time, and goes on when a worker is lost."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from itertools import islice
from typing import Generic, Protocol, TypeVar

from msgspec import Struct

from cuecast.batch.job import Failure, FailureKind, Job, JobResult, failed
from cuecast.errors import SetupError

T = TypeVar("T")

_QUEUED = 1
"""Jobs that wait for a worker, so that no worker waits for the next job. Later jobs are not even prepared.
`WorkerPool` allows no more than one."""

_MAX_CRASHES = 2
"""How often a job that runs alone may crash its worker before it is given up."""


class JobExecutor(Protocol):
    """A `concurrent.futures.Executor` of jobs. Its futures raise only if a worker is lost."""

    def submit(self, job: Job) -> Future[JobResult]:
        """Have a worker build the job. Raises BrokenExecutor if a worker was lost before."""

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the workers once they are idle; with `cancel_futures`, stop what they are doing."""


class Workers(Struct, frozen=True):
    """The workers of a batch.

    `start` makes an executor, again after one broke. `count` returns how many tracks are made at once. Remote workers
    see none of the user's files.
    """

    start: Callable[[], JobExecutor]
    count: Callable[[], int]
    is_remote: bool = False


class _Attempt(Struct, Generic[T]):
    item: T
    job: Job | JobResult
    crashes: int = 0


class JobRunner(Generic[T]):
    """Runs jobs. `on_lost` is called with the reason whenever a worker is lost."""

    def __init__(self, workers: Workers, on_lost: Callable[[str], None] = lambda reason: None) -> None:
        self._workers, self._on_lost = workers, on_lost
        self._executor: JobExecutor | None = None
        self._running: dict[Future[JobResult], _Attempt[T]] = {}
        self._suspects: deque[_Attempt[T]] = deque()
        """Jobs that ran when a worker was lost. Each runs alone, which shows the one that crashes its worker."""

    def run(self, jobs: Iterable[tuple[T, Job | JobResult]]) -> Iterator[tuple[T, JobResult]]:
        """Each item with its result, as soon as there is one. Jobs are taken from the iterator only as needed.

        A result in place of a job is passed on. If the caller stops early, running jobs are cancelled.
        """
        waiting = (_Attempt(item, job) for item, job in jobs)
        cancel = True
        try:
            while self._submit_jobs(waiting):
                done, _ = wait(self._running, return_when=FIRST_COMPLETED)
                alone = len(self._running) == 1
                for future in done:
                    attempt = self._running.pop(future)
                    if (result := self._collect(attempt, future, alone)) is not None:
                        yield attempt.item, result
            cancel = False
        finally:
            self._running.clear()
            self._shut_down(wait=True, cancel=cancel)

    def _submit_jobs(self, waiting: Iterator[_Attempt[T]]) -> bool:
        """Submit as many jobs as there is room for. Returns False once all are done."""
        if self._suspects:
            if not self._running:
                self._submit(self._suspects.popleft())
            return True
        while not self._suspects and len(self._running) < max(1, self._workers.count()) + _QUEUED:
            attempt = next(waiting, None)
            if attempt is None:
                break
            self._submit(attempt)
        return bool(self._running or self._suspects)

    def _submit(self, attempt: _Attempt[T]) -> None:
        if isinstance(attempt.job, JobResult):
            future: Future[JobResult] = Future()
            future.set_result(attempt.job)
        else:
            try:
                if self._executor is None:
                    self._executor = self._workers.start()
                future = self._executor.submit(attempt.job)
            except BrokenExecutor:  # a worker was lost before; this job is not the cause
                self._suspects.append(attempt)
                self._shut_down(wait=False, cancel=True)
                return
        self._running[future] = attempt

    def _collect(self, attempt: _Attempt[T], future: Future[JobResult], alone: bool) -> JobResult | None:
        """The result of a finished attempt; None if the job has to run again."""
        try:
            result = future.result()
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            return self._handle_loss(attempt, error, alone)
        if result.missing_music and isinstance(attempt.job, Job) and not attempt.job.files:
            try:
                attempt.job = attempt.job.with_files(result.missing_music)
            except SetupError as error:
                return failed(error)
            self._submit(attempt)
            return None
        return result

    def _handle_loss(self, attempt: _Attempt[T], error: BaseException, alone: bool) -> JobResult | None:
        """Put a job aside whose worker was lost, or give it up."""
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        is_broken = isinstance(error, BrokenExecutor)
        if not is_broken or self._executor is not None:  # all jobs of a broken executor fail; report it once
            self._on_lost(reason)
        if is_broken:
            self._shut_down(wait=False, cancel=True)
        attempt.crashes += alone
        if attempt.crashes < _MAX_CRASHES:
            self._suspects.append(attempt)
            return None
        message = f"its worker process ended before the track was done, {_MAX_CRASHES} times: {reason}"
        hint = "if the machine is short of memory, use fewer workers (--jobs 1)"
        return JobResult(failure=Failure(FailureKind.LOST, message, hint))

    def _shut_down(self, wait: bool, cancel: bool) -> None:
        executor, self._executor = self._executor, None
        if executor is not None:
            executor.shutdown(wait, cancel_futures=cancel)


def interleave(items: Iterable[T], group_of: Callable[[T], Hashable], width: int) -> Iterator[T]:
    """The items, taken in turns from as many groups as there are workers (`width`), group after group.

    The tracks of a routine have much in common. If one worker makes them one after the other, it finds that in the
    cache; two workers at the same time would both do the work.
    """
    groups: dict[Hashable, deque[T]] = {}
    for item in items:
        groups.setdefault(group_of(item), deque()).append(item)
    waiting = iter(groups.values())
    turns = deque(islice(waiting, max(1, width)))
    while turns:
        group = turns.popleft()
        yield group.popleft()
        turns.extend([group] if group else islice(waiting, 1))
