"""Processes that speak, and nothing else: an engine may print, crash or hang without harm to the build."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import tempfile
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import count
from multiprocessing.reduction import send_handle
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from cuecast.errors import SilentAudioError
from cuecast.model.voice import Profile
from cuecast.protocols import Engine
from cuecast.speak.processes import (
    LOG,
    MEMORY_MB,
    START_METHOD,
    AttemptFailed,
    SpeechResult,
    SpeechTask,
    StartFailed,
    Worker,
    end_process,
    start_process,
    wait_for,
)

_ATTEMPTS = 2
_MAX_POOLS = 4
"""Pools that `VoicePools` keeps. A worker takes some ten megabytes, one with a neural model ten times as much."""


class VoicePool:
    """The workers of one voice. They start at the first task and stay until `close`."""

    def __init__(
        self, engine: Engine, profile: Profile, fingerprint: str, jobs: int, start_method: str = START_METHOD
    ) -> None:
        """At most `jobs` processes work at once. They start as `multiprocessing.get_context` has it."""
        self._engine_class, self._profile, self._fingerprint, self._jobs = type(engine), profile, fingerprint, jobs
        self._start_method = start_method
        self._one_task_each = engine.one_process_per_utterance and start_method == "spawn"
        self._loads_once = start_method == "forkserver" and getattr(engine, "fork_safe", False)
        self._loader: tuple[Any, Any] | None = None
        """Our end of its connection, and the process that has loaded the engine and forks workers."""
        self._folder: Path | None = None
        self._idle: list[Worker] = []
        self._busy: list[Worker] = []
        self._numbers = count()

    def run(self, tasks: Sequence[SpeechTask]) -> Iterator[tuple[int, SpeechResult]]:
        """The result of each task, with its index, as soon as it is there.

        An attempt that fails or takes too long is repeated in a new process. The last failure is the result.
        """
        longest_first = sorted(enumerate(tasks), key=lambda each: each[1].time_limit, reverse=True)
        waiting = deque(longest_first)  # so that all processes end at about the same time
        tries: Counter[tuple[int, bool]] = Counter()
        """By task; apart from those of the speech itself those of a start, which a loader's other workers share."""
        try:
            while waiting or self._busy:
                while waiting and len(self._busy) < self._jobs:
                    index, task = waiting.popleft()
                    worker = self._idle.pop() if self._idle else self._start_worker()
                    self._busy.append(worker)
                    worker.assign(index, replace(task, number=next(self._numbers)))
                wait_for(self._busy)
                for worker in list(self._busy):
                    if (result := worker.poll()) is None:
                        continue
                    self._release(worker, failed=isinstance(result, Exception))
                    kind = worker.index, isinstance(result, StartFailed)
                    tries[kind] += 1
                    if isinstance(result, AttemptFailed | SilentAudioError) and tries[kind] < _ATTEMPTS:
                        waiting.appendleft((worker.index, tasks[worker.index]))
                    else:
                        yield worker.index, result
        finally:  # the caller may have stopped early
            for worker in list(self._busy):
                self._release(worker, failed=True)

    def close(self) -> None:
        """End all processes and what they have started."""
        for worker in (*self._idle, *self._busy):  # busy ones, if the build was interrupted
            worker.kill()
        self._idle.clear()
        self._busy.clear()
        if self._loader is not None:
            control, process = self._loader
            end_process(process)
            control.close()
            self._loader = None
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def _start_worker(self) -> Worker:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="cuecast-"))
        arguments = (self._engine_class, self._profile, self._fingerprint, self._folder, dict(os.environ))
        if self._loads_once:
            connection, process = self._fork(*arguments)
        else:
            forks = self._start_method == "forkserver"
            connection, process = start_process(self._start_method, "run_worker", *arguments, forks)
        memory_mb = getattr(self._engine_class, "memory_mb", MEMORY_MB)
        return Worker(connection, process, memory_mb, self._folder / LOG)

    def _fork(self, *arguments: Any) -> tuple[Any, Any]:
        """A worker of the process that has loaded the engine: our end of its connection, and that process."""
        if self._loader is None or not self._loader[1].is_alive():
            self._loader = start_process(self._start_method, "run_loader", *arguments)
        control, process = self._loader
        ours, theirs = multiprocessing.Pipe()
        with suppress(OSError), theirs:  # it has ended, as the worker's `poll` will find
            send_handle(control, theirs.fileno(), process.pid)
        return ours, process

    def _release(self, worker: Worker, failed: bool) -> None:
        self._busy.remove(worker)
        if failed or self._one_task_each:
            worker.kill()
        else:
            self._idle.append(worker)


class VoicePools:
    """The pools of a process by voice, least recently used first. A batch keeps them from one track to the next."""

    def __init__(self, start_method: str = START_METHOD) -> None:
        self._start_method = start_method
        self._pools: dict[str, VoicePool] = {}

    def get(self, engine: Engine, profile: Profile, fingerprint: str, jobs: int) -> VoicePool:
        """The pool of a voice, whose processes have loaded what its engine has this fingerprint of."""
        key = repr((profile, fingerprint, jobs))
        pool = self._pools.pop(key, None) or VoicePool(engine, profile, fingerprint, jobs, self._start_method)
        self._pools[key] = pool
        while len(self._pools) > _MAX_POOLS:
            self._pools.pop(next(iter(self._pools))).close()
        return pool

    def close(self) -> None:
        """End all processes."""
        while self._pools:
            self._pools.popitem()[1].close()
