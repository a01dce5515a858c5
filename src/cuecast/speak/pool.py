"""Processes that speak, and nothing else: an engine may print, crash or hang without harm to the build.

Made of the standard library's `multiprocessing`: Pebble and `concurrent.futures` end a worker, but not the programs
that it has started. On Linux, workers are forked from a server that has loaded numpy; elsewhere they are interpreters.
"""

from __future__ import annotations

import math
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import count
from multiprocessing import connection, util
from pathlib import Path
from types import ModuleType
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from cuecast.model.voice import Profile, SpokenParts
from cuecast.protocols import Engine

START_LIMIT_S = 60.0
"""Seconds that a worker may take to load its libraries: a cold disk, a slow machine, a neural model."""

START_METHOD = "forkserver" if sys.platform.startswith("linux") else "spawn"
"""macOS could fork too, but Apple's frameworks do not survive it."""

READY = "ready"
"""A worker's first message, once its engine is prepared."""

_MAX_TEMPORARY_FOLDER = 64
"""Bytes, which leave room for the names of multiprocessing's own folder and socket."""

LOG = "output.txt"
"""The file in a pool's folder that takes what engines print."""

MEMORY_MB = 600
"""Megabytes that a worker and what it has started may take, in addition to what it takes when it is ready. An engine
whose programs need more has another number as `memory_mb`.
"""

_WATCH_S = 0.1
"""How often the memory of a worker is looked at."""

_ATTEMPTS = 2
_MAX_POOLS = 4
"""Pools that `VoicePools` keeps. A worker takes some ten megabytes, one with a neural model ten times as much."""

_START_ENVIRONMENT = {
    "PYTHONSAFEPATH": "1",  # a file in the current folder must not pass for a library
    "OPENBLAS_NUM_THREADS": "1",  # a process with threads can't be forked safely
    "OMP_NUM_THREADS": "1",
}
_start_lock = threading.Lock()


class SpeechTask(Struct, frozen=True):
    """Speak `words`, within `time_limit` seconds: into a clip with `gain` (dB), or to measure the voice's gain (None).

    `rate` is in words a minute.

    The engine writes to a file called `number`, which is another one for each attempt.
    """

    words: SpokenParts
    gain: float | None
    time_limit: float
    rate: int
    number: int = 0


class AttemptFailed(Exception):
    """An attempt that failed; another process may succeed."""


class StartFailed(AttemptFailed):
    """A worker that ended or hung before its engine was prepared."""


SpeechResult = bytes | float | Exception
"""The samples of a clip, or the measured gain in dB, or why there is neither."""


def prestart() -> None:
    """Begin to load the libraries that workers share, in the background. Call it when speech is likely to be needed."""
    if START_METHOD == "forkserver":
        from multiprocessing import forkserver  # not on Windows

        with _clean_start(), _short_temporary_folder():
            forkserver.set_forkserver_preload(["cuecast.speak.preload"])
            forkserver.ensure_running()


class VoicePool:
    """The workers of one voice. They start at the first task and stay until `close`."""

    def __init__(self, engine: Engine, profile: Profile, jobs: int, start_method: str = START_METHOD) -> None:
        """At most `jobs` processes work at once. They start as `multiprocessing.get_context` has it."""
        self._engine_class, self._profile, self._jobs = type(engine), profile, jobs
        self._start_method = start_method
        self._one_task_each = engine.one_process_per_utterance and start_method == "spawn"
        self._folder: Path | None = None
        self._idle: list[_Worker] = []
        self._busy: list[_Worker] = []
        self._numbers = count()

    def run(self, tasks: Sequence[SpeechTask]) -> Iterator[tuple[int, SpeechResult]]:
        """The result of each task, with its index, as soon as it is there.

        An attempt that fails or takes too long is repeated in a new process. The last failure is the result.
        """
        waiting = deque(enumerate(tasks))
        attempts = [0] * len(tasks)
        try:
            while waiting or self._busy:
                while waiting and len(self._busy) < self._jobs:
                    index, task = waiting.popleft()
                    attempts[index] += 1
                    worker = self._idle.pop() if self._idle else self._start_worker()
                    self._busy.append(worker)
                    worker.assign(index, replace(task, number=next(self._numbers)))
                _wait(self._busy)
                for worker in list(self._busy):
                    if (result := worker.poll()) is None:
                        continue
                    self._release(worker, failed=isinstance(result, Exception))
                    if isinstance(result, AttemptFailed) and attempts[worker.index] < _ATTEMPTS:
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
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def _start_worker(self) -> _Worker:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="cuecast-"))
        return _Worker(self._start_method, self._engine_class, self._profile, self._folder)

    def _release(self, worker: _Worker, failed: bool) -> None:
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

    def get(self, engine: Engine, profile: Profile, jobs: int) -> VoicePool:
        """The pool of a voice."""
        key = repr((profile, jobs))
        self._pools[key] = pool = self._pools.pop(key, None) or VoicePool(engine, profile, jobs, self._start_method)
        while len(self._pools) > _MAX_POOLS:
            self._pools.pop(next(iter(self._pools))).close()
        return pool

    def close(self) -> None:
        """End all processes."""
        while self._pools:
            self._pools.popitem()[1].close()


class _Worker:
    """A process, the task that it works on, and when that must be done."""

    def __init__(self, start_method: str, engine_class: type[Engine], profile: Profile, folder: Path) -> None:
        self.index = -1
        self._memory = getattr(engine_class, "memory_mb", MEMORY_MB)
        self._most_memory = math.inf
        self._log = folder / LOG
        self._ready = False
        self._limit, self._deadline, self._next_look = 0.0, 0.0, 0.0
        forks = start_method == "forkserver"
        if forks:
            prestart()
        context: Any = multiprocessing.get_context(start_method)
        self.connection, theirs = context.Pipe()
        arguments = (theirs, engine_class, profile, folder, dict(os.environ), forks)
        self.process = context.Process(target=_run_worker, args=arguments, daemon=True)
        with _clean_start():
            self.process.start()
        theirs.close()

    def assign(self, index: int, task: SpeechTask) -> None:
        """Have the task done."""
        self.index = index
        self._start_clock(task.time_limit if self._ready else START_LIMIT_S)
        self._task_limit = task.time_limit
        with suppress(OSError):  # the process has ended, as `poll` will find
            self.connection.send(task)

    def seconds_left(self) -> float:
        """Until its time is over."""
        return max(0.0, self._deadline - time.monotonic())

    def poll(self) -> SpeechResult | None:
        """The result of the task; None while it is being done."""
        try:
            if self.connection.poll():
                message = self.connection.recv()
                if message != READY:
                    return message  # type: ignore[no-any-return]
                self._ready = True
                self._most_memory = memory_of(self.process.pid or 0) + self._memory
                self._start_clock(self._task_limit)
            elif not self.process.is_alive():
                raise EOFError
        except (EOFError, OSError):
            self.process.join()
            return self._failure(describe_crash(self.process.exitcode))
        if self._takes_too_much():
            return self._failure(f"it took more than {self._memory} MB of memory")
        return None if self.seconds_left() else self._failure(f"still not done after {self._limit:g} seconds")

    def _takes_too_much(self) -> bool:
        now = time.monotonic()
        if now < self._next_look:  # a look takes as long as a tenth of a short word
            return False
        self._next_look = now + _WATCH_S
        return memory_of(self.process.pid or 0) > self._most_memory

    def kill(self) -> None:
        """End the process and, where the system knows process groups, all that it has started."""
        if sys.platform != "win32" and self.process.pid is not None:
            with suppress(OSError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()
        self.process.join()
        self.connection.close()

    def _start_clock(self, limit: float) -> None:
        now = time.monotonic()
        self._limit, self._deadline, self._next_look = limit, now + limit, now + _WATCH_S

    def _failure(self, message: str) -> AttemptFailed:
        if self._ready:
            return AttemptFailed(message)
        with suppress(OSError, IndexError):
            message = f"{message}: {self._log.read_text('utf-8', 'replace').strip().splitlines()[-1]}"
        return StartFailed(message)


def _wait(workers: Sequence[_Worker]) -> None:
    """Wait until a worker has answered or ended, its time is over, or its memory must be looked at."""
    handles = [handle for worker in workers for handle in (worker.connection, worker.process.sentinel)]
    connection.wait(handles, min(_WATCH_S, *(worker.seconds_left() for worker in workers)))


def memory_of(pid: int) -> float:
    """Megabytes of memory that a process and all that it has started take; 0 if that is unknown.

    Watched, not limited: what onnxruntime and many programs reserve is much more than they use.
    """
    if not sys.platform.startswith("linux"):
        import psutil

        with suppress(psutil.Error):
            process = psutil.Process(pid)
            return sum(each.memory_info().rss for each in (process, *process.children(recursive=True))) / 1e6
        return 0.0
    total = 0.0
    with suppress(OSError):  # it has ended
        total = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE") / 1e6
        for children in Path(f"/proc/{pid}/task").glob("*/children"):
            total += sum(memory_of(int(child)) for child in children.read_text().split())
    return total


def describe_crash(status: int | None) -> str:
    """A message for a process that ended without a result."""
    return f"the engine crashed ({signal_name(-status)})" if status and status < 0 else "the engine crashed"


def signal_name(number: int) -> str:
    """`SIGSEGV`, or its number if it has no name."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _run_worker(*arguments: Any) -> None:
    from cuecast.speak.worker import run_worker  # numpy: a fifth of a second that the build itself does not need

    run_worker(*arguments)


@contextmanager
def _short_temporary_folder() -> Iterator[None]:
    """Have the fork server's socket in /tmp if TMPDIR is long: the address of a socket has 108 bytes at most."""
    before = tempfile.tempdir
    if len(os.fsencode(tempfile.gettempdir())) > _MAX_TEMPORARY_FOLDER:
        tempfile.tempdir = "/tmp"
    try:
        util.get_temp_dir()  # creates the folder that multiprocessing uses from then on
        yield
    finally:
        tempfile.tempdir = before


@contextmanager
def _clean_start() -> Iterator[None]:
    """Start processes that run neither the caller's script (it may lack `if __name__ == "__main__"`) nor files in the
    current folder.
    """
    with _start_lock:
        script = sys.modules["__main__"]
        before = {name: os.environ.get(name) for name in _START_ENVIRONMENT}
        sys.modules["__main__"] = ModuleType("__main__")
        os.environ.update(_START_ENVIRONMENT)
        try:
            yield
        finally:
            sys.modules["__main__"] = script
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value
