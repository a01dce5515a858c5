"""The executor on one machine: worker processes that end with who started them, and stop in good order when told."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType, TracebackType
from typing import ParamSpec, Self, TypeVar

from cuecast.batch.job import Job, Outcome, build
from cuecast.errors import SetupError

P = ParamSpec("P")
T = TypeVar("T")

TRACKS_A_PROCESS = 200
"""A worker is followed by a new one after so many: whatever a library may leak, memory stays flat."""

_GRACE_S = 5.0
"""Seconds that a worker has to clean up behind itself when it is told to stop."""

_INTERRUPTIONS = (signal.SIGINT, signal.SIGTERM)

_busy = threading.Event()
"""This process, a worker, is at a track."""

_ending = threading.Event()
"""It is to end, and begins no other track."""


class Pool(Executor):
    """Processes that each make one track at a time.

    They start as new interpreters: a fork of a process with threads can hang. Who starts them may be killed: then they
    notice that its end of a pipe is closed, and end.

    No more than one job may wait for a worker: with more, the executor believes that a worker has nothing to do which
    has only taken the next one, and does not follow it by another when it ends (CPython's issue 115634).
    """

    def __init__(self, workers: int) -> None:
        """So many processes. They start when there is something to do. Raises SetupError where none can."""
        context = get_context("spawn")
        self._heard, self._alive = context.Pipe(duplex=False)
        with _starting():
            self._pool = ProcessPoolExecutor(
                workers, context, _prepare, (self._heard,), max_tasks_per_child=TRACKS_A_PROCESS
            )

    def submit(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have a worker call it.

        Raises BrokenProcessPool once a worker was lost; SetupError where none can be started.
        """
        with _starting(), _uninterrupted():
            return self._pool.submit(function, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the workers; with `cancel_futures` they are told to leave off what they are doing."""
        if cancel_futures:
            self._alive.close()
        self._pool.shutdown(wait, cancel_futures=cancel_futures)
        self._alive.close()
        self._heard.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.shutdown(cancel_futures=fault is not None)


@contextlib.contextmanager
def _starting() -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        hint = f"workers are started as {sys.executable}: it has to be there, and yours to run"
        raise SetupError(f"no worker process can be started: {fault.strerror}", hint) from fault


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """An interruption waits: it must not find the executor half started. Nor what is started: a worker hears of one
    only once it is prepared (`_prepare`), and until then would burst.
    """
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _INTERRUPTIONS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def work(job: Job, home: Path | None = None) -> Outcome:
    """`build`, in a worker, which leaves off and ends when it is told to."""
    _busy.set()
    try:
        if _ending.is_set():
            raise KeyboardInterrupt
        return build(job, home)
    finally:
        _busy.clear()
        if _ending.is_set():  # the executor has other jobs for it, of which nobody wants to hear any more
            os._exit(1)


def _leave_off(signum: int, frame: FrameType | None) -> None:
    """Leave off what is under way, once: what is cleaned up then must not be interrupted."""
    if _ending.is_set():
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        raise KeyboardInterrupt


def _prepare(heard: Connection) -> None:
    """Make a new process a worker."""
    # Ctrl-C reaches all processes of a terminal; it is for who started us, who may be deaf to it, and else closes the
    # pipe. SIGTERM comes from the executor as soon as another worker has ended, also amid what this one still has to
    # clean up: the pipe tells it in any case. Both are heard and not ignored, because what is started here would ignore
    # them as well.
    signal.signal(signal.SIGINT, _leave_off)
    signal.signal(signal.SIGTERM, lambda signum, frame: None)
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _INTERRUPTIONS)
    threading.Thread(target=_listen, args=(heard,), daemon=True).start()


def _listen(heard: Connection) -> None:
    """End this process when the other end of the pipe is closed, whoever or whatever closed it."""
    with contextlib.suppress(EOFError, OSError):
        heard.recv_bytes()
    _ending.set()
    if _busy.is_set():
        _interrupt_main()
        time.sleep(_GRACE_S)
    os._exit(1)


def _interrupt_main() -> None:
    """Raise KeyboardInterrupt where the work is done, also where that waits for something."""
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    else:
        signal.raise_signal(signal.SIGINT)
