"""Worker processes on this machine. They end when the process that started them ends, however it ends."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnContext, SpawnProcess
from types import FrameType

from cuecast.batch.job import Job, JobResult, build
from cuecast.errors import SetupError
from cuecast.speak.processes import clean_start

TRACKS_PER_PROCESS = 200
"""A new process replaces a worker after this many tracks, so memory that a library leaks stays bounded."""

_GRACE_S = 5.0
"""Seconds that a worker has to clean up when it is stopped."""

_SIGNALS = (signal.SIGINT, signal.SIGTERM)

_busy = threading.Event()
"""This worker process is making a track."""

_stopping = threading.Event()
"""This worker process has to end."""


class _Process(SpawnProcess):
    def start(self) -> None:
        with clean_start():  # also those that the executor starts itself, later
            super().start()


class _Context(SpawnContext):
    Process = _Process


class WorkerPool:
    """A `ProcessPoolExecutor` whose processes each make one track at a time, and can be stopped at once.

    The processes are new interpreters, because a fork of a process with threads can hang. Each waits for the other end
    of a pipe to close, and then ends.

    At most one job may wait for a worker. With more, the executor may not replace a worker that has reached
    `tracks_per_process` (CPython issue 115634).
    """

    def __init__(self, workers: int, tracks_per_process: int = TRACKS_PER_PROCESS) -> None:
        """Raises SetupError if the machine can't run processes. They start with the first jobs."""
        context = _Context()
        with _starting():
            self._reader, self._writer = context.Pipe(duplex=False)
            self._executor = ProcessPoolExecutor(
                workers, context, _start_worker, (self._reader,), max_tasks_per_child=tracks_per_process
            )

    def submit(self, job: Job) -> Future[JobResult]:
        """Raises BrokenExecutor if a worker was lost before, and SetupError if none can start."""
        with _starting():
            try:
                return self._executor.submit(run_job, job)
            except (ValueError, OSError) as error:
                if isinstance(error, OSError) and error.errno:
                    raise
                # A worker was lost this moment: another thread closes the pipes that the new one would get.
                raise BrokenExecutor("a worker was lost while another one started") from error

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the workers once they are idle; with `cancel_futures`, stop what they are doing."""
        if cancel_futures:
            self._writer.close()
        self._executor.shutdown(wait, cancel_futures=cancel_futures)
        self._writer.close()
        self._reader.close()


@contextlib.contextmanager
def _starting() -> Iterator[None]:
    """Delay signals: one must not find the executor half started, or a process before `_start_worker`."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS) if sys.platform != "win32" else ()
    try:
        yield
    except OSError as error:
        hint = f"cuecast starts workers as {sys.executable}; check that you may run it"
        raise SetupError(f"no worker process can be started: {error.strerror}", hint) from error
    finally:
        if sys.platform != "win32":
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


def run_job(job: Job) -> JobResult:
    """Build the job in a worker process, which ends if it is stopped meanwhile."""
    _busy.set()
    try:
        if _stopping.is_set():
            raise KeyboardInterrupt
        return build(job)
    finally:
        _busy.clear()
        if _stopping.is_set():  # the executor may have sent it another job, whose result nobody wants
            os._exit(1)


def _start_worker(pipe: Connection) -> None:
    # Ctrl-C reaches all processes of a terminal. The main process decides what it means; if it ends, it closes the
    # pipe. The executor sends SIGTERM when another worker was lost; the pipe is closed then, too. The handlers do
    # nothing else. SIG_IGN would be inherited by the programs that a worker starts.
    signal.signal(signal.SIGINT, _on_interrupt)
    signal.signal(signal.SIGTERM, lambda signum, frame: None)
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
    threading.Thread(target=_wait_for_stop, args=(pipe,), daemon=True).start()


def _on_interrupt(signum: int, frame: FrameType | None) -> None:
    if _stopping.is_set():
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second one must not interrupt the cleaning up
        raise KeyboardInterrupt


def _wait_for_stop(pipe: Connection) -> None:
    """End this process when the other end of the pipe is closed."""
    with contextlib.suppress(EOFError, OSError):
        pipe.recv_bytes()
    _stopping.set()
    if _busy.is_set():
        if sys.platform == "win32":
            signal.raise_signal(signal.SIGINT)
        else:  # also wakes up a main thread that waits
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
        time.sleep(_GRACE_S)
    os._exit(1)
