"""The build's side of processes that speak: they are started, bounded in time and memory, and ended.

Made of the standard library's `multiprocessing`: Pebble and `concurrent.futures` end a worker, but not the programs
that it has started. On Linux, workers are forked from a server that has loaded numpy; elsewhere they are interpreters.
"""

from __future__ import annotations

import math
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing import connection, util
from pathlib import Path
from types import ModuleType
from typing import Any

from msgspec import Struct

from cuecast.model.voice import SpokenParts

START_LIMIT_S = 60.0
"""Seconds that a worker may take to load its libraries: a cold disk, a slow machine, a neural model."""

START_METHOD = "forkserver" if sys.platform.startswith("linux") else "spawn"
"""macOS could fork too, but Apple's frameworks do not survive it."""

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

_START_ENVIRONMENT = {
    "PYTHONSAFEPATH": "1",  # a file in the current folder must not pass for a library
    "OPENBLAS_NUM_THREADS": "1",  # a process with threads can't be forked safely
    "OMP_NUM_THREADS": "1",
}
_start_lock = threading.Lock()


class Sound(Struct, frozen=True):
    """What an engine made of words: samples as 32-bit floats, `rate` of them a second."""

    data: bytes
    rate: int


class SpeechTask(Struct, frozen=True):
    """Speak `words`, within `time_limit` seconds, into a clip with `gain` (dB); or into a sound (None). Of a sound in
    place of words, a clip is made with the gain, or its gain measured (None).

    `rate` is in words a minute.

    The engine writes to a file called `number`, which is another one for each attempt.
    """

    words: SpokenParts | Sound
    gain: float | None
    time_limit: float
    rate: int
    number: int = 0


class AttemptFailed(Exception):
    """An attempt that failed; another process may succeed."""


class StartFailed(AttemptFailed):
    """A worker that ended or hung before its engine was prepared."""


SpeechResult = bytes | Sound | float | Exception
"""The samples of a clip, a sound, or a measured gain in dB; or why there is none of them."""


def prestart() -> None:
    """Begin to load the libraries that workers share, in the background. Call it when speech is likely to be needed."""
    if START_METHOD == "forkserver":
        from multiprocessing import forkserver, resource_tracker  # not on Windows

        with clean_start(), _short_temporary_folder():
            forkserver.set_forkserver_preload(["cuecast.speak.preload"])
            resource_tracker.ensure_running()  # its start unblocks signals
            before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT,))  # `preload` unblocks it in the server
            try:
                forkserver.ensure_running()
            finally:
                signal.pthread_sigmask(signal.SIG_SETMASK, before)


def start_process(start_method: str, name: str, *arguments: Any) -> tuple[Any, Any]:
    """A process that runs `name` of `cuecast.speak.worker`, with our end of its connection; other arguments follow."""
    if start_method == "forkserver":
        prestart()
    context: Any = multiprocessing.get_context(start_method)
    ours, theirs = context.Pipe()
    process = context.Process(target=_run, args=(name, theirs, *arguments), daemon=True)
    with clean_start():
        process.start()
    theirs.close()
    return ours, process


def _run(name: str, *arguments: Any) -> None:
    from cuecast.speak import worker  # numpy: a fifth of a second that the build itself does not need

    getattr(worker, name)(*arguments)


class Worker:
    """A process, the task that it works on, and when that must be done."""

    def __init__(self, connection: Any, process: Any, memory_mb: float, log: Path) -> None:
        """The worker at the other end of the connection: `process`, or one that it will fork when it is prepared."""
        self.index = -1
        self.connection, self.process = connection, process
        self._memory, self._log = memory_mb, log
        self._most_memory = math.inf
        self._pid: int = process.pid
        self._ready = False
        self._limit, self._deadline, self._next_look = 0.0, 0.0, 0.0

    @property
    def _is_process(self) -> bool:
        """Whether it is `process` itself, or would be forked by it: what `process` has forked lives on without it."""
        return bool(self._pid == self.process.pid)

    @property
    def handles(self) -> tuple[Any, ...]:
        """What is ready when there is something to `poll`."""
        return (self.connection, self.process.sentinel) if self._is_process else (self.connection,)

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
                message: int | SpeechResult = self.connection.recv()
                if not isinstance(message, int):
                    return message
                self._ready, self._pid = True, message  # its own number, once its engine is prepared
                self._most_memory = memory_of(message) + self._memory
                self._start_clock(self._task_limit)
            elif self._is_process and not self.process.is_alive():
                raise EOFError
        except (EOFError, OSError):
            if self._is_process:
                self.process.join()
            return self._failure(describe_crash(self.process.exitcode if self._is_process else None))
        if self._takes_too_much():
            return self._failure(f"it took more than {self._memory} MB of memory")
        return None if self.seconds_left() else self._failure(f"still not done after {self._limit:g} seconds")

    def _takes_too_much(self) -> bool:
        now = time.monotonic()
        if now < self._next_look:  # a look takes as long as a tenth of a short word
            return False
        self._next_look = now + _WATCH_S
        return memory_of(self._pid) > self._most_memory

    def kill(self) -> None:
        """End the process and, where the system knows process groups, all that it has started."""
        if self._is_process:
            end_process(self.process)
        else:
            _end_group(self._pid)
        self.connection.close()

    def _start_clock(self, limit: float) -> None:
        now = time.monotonic()
        self._limit, self._deadline, self._next_look = limit, now + limit, now + _WATCH_S

    def _failure(self, message: str) -> AttemptFailed:
        if self._ready:
            return AttemptFailed(message)
        with suppress(OSError, IndexError):
            last = self._log.read_text("utf-8", "replace").strip().splitlines()[-1]
            message += ": there is not enough memory" if last.startswith("MemoryError") else f": {last}"
        return StartFailed(message)


def end_process(process: Any) -> None:
    """End the process and, where the system knows process groups, all that it has started."""
    _end_group(process.pid)
    process.kill()
    process.join()


def _end_group(pid: int) -> None:
    if sys.platform != "win32":
        with suppress(OSError):
            os.killpg(pid, signal.SIGKILL)


def wait_for(workers: Sequence[Worker]) -> None:
    """Wait until a worker has answered or ended, its time is over, or its memory must be looked at."""
    handles = {handle for worker in workers for handle in worker.handles}
    connection.wait(list(handles), min(_WATCH_S, *(worker.seconds_left() for worker in workers)))


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
def clean_start() -> Iterator[None]:
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
