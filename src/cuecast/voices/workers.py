"""The build's side of the helper processes: hands out jobs, gathers outcomes, starts anew what died.

This process imports nothing that makes sound. All times are bounded: a helper that stops answering is killed.
"""

from __future__ import annotations

import os
import queue
import select
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from cuecast.ports import EngineUnavailable
from cuecast.voices.work import Fault, Job, Order, Outcome

_START_S = 60.0
"""Seconds that a helper may take to load its libraries: a cold disk, a slow machine, a neural model."""

_GRACE_S = 2.0
"""Seconds that a helper has to end by itself once it is told to."""

_AHEAD = 4
"""Jobs handed out for each processor: enough to keep it busy, few enough that one tried again does not wait long."""

_ASK_DOCTOR = "`cuecast doctor` tells what is missing"


class Workers(Protocol):
    """Processes that speak."""

    def submit(self, job: Job, *, first: bool = False) -> None:
        """Have a job done in a fresh process; `first` lets it pass those that have not begun."""

    def receive(self) -> Outcome:
        """Wait for the next outcome: one for each job, in any order.

        Raises EngineUnavailable where the engine can't start.
        """

    def close(self) -> None:
        """End all processes, whatever they do, and forget the jobs."""


def make_workers(order: Order) -> Workers:
    """The best kind for this platform. No process is started yet."""
    # Only Linux: what Apple's frameworks have loaded does not survive a fork.
    return ForkingWorkers(order) if sys.platform.startswith("linux") else SpawningWorkers(order)


class ForkingWorkers:
    """One helper process (`cuecast.voices.helper`), which forks a child for each job."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._process: subprocess.Popen[bytes] | None = None
        self._waiting: deque[Job] = deque()
        self._running: dict[int, Job] = {}
        self._done: deque[Outcome] = deque()
        self._heard = bytearray()
        self._fresh = True  # the helper has not answered yet
        self._stillborn = 0  # helpers that died before they did

    def submit(self, job: Job, *, first: bool = False) -> None:
        """Have a job done in a fork of the helper."""
        if first:
            self._waiting.appendleft(job)
        else:
            self._waiting.append(job)

    def receive(self) -> Outcome:
        """Wait for the next outcome. What ran in a helper that died has failed; a new helper goes on."""
        while not self._done:
            try:
                while self._waiting and len(self._running) < _AHEAD * self._order.jobs:
                    job = self._waiting.popleft()
                    self._running[job.number] = job
                    self._write((self._process or self._start()), job.line())
                self._done.append(self._listen())
            except _HelperLost as lost:
                self._lose(str(lost))
        outcome = self._done.popleft()
        if outcome.number < 0:
            raise EngineUnavailable(outcome.message, outcome.remedy)
        return outcome

    def close(self) -> None:
        """End the helper; its children end with it."""
        self._waiting.clear()
        self._running.clear()
        self._done.clear()
        self._end()

    def _lose(self, how: str) -> None:
        """The helper is lost: its jobs have failed."""
        self._stillborn += self._fresh
        self._end()
        if self._stillborn > 1:
            raise EngineUnavailable(f"the helper process for the voice does not start: {how}", _ASK_DOCTOR)
        self._done.extend(Outcome(number, None, Fault.SPEECH, how) for number in self._running)
        self._running.clear()

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin is not None
        assert process.stdout is not None
        with suppress(OSError):
            process.stdin.close()
        try:
            process.wait(_GRACE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()

    def _start(self) -> subprocess.Popen[bytes]:
        errors = _error_log(self._order)
        try:
            process = subprocess.Popen(
                _command("cuecast.voices.helper"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                bufsize=0,
                env=_environment(),
                start_new_session=True,  # Ctrl-C is for the build, which then closes stdin
            )
        finally:
            os.close(errors)
        self._process, self._fresh = process, True
        self._heard.clear()
        self._write(process, self._order.line())
        return process

    def _write(self, process: subprocess.Popen[bytes], line: bytes) -> None:
        assert process.stdin is not None
        try:
            while line:
                line = line[process.stdin.write(line) or 0 :]
        except OSError:
            raise _HelperLost(_last_words(self._order) or "it ended") from None

    def _listen(self) -> Outcome:
        assert self._process is not None
        assert self._process.stdout is not None
        # The helper keeps to the patience of each job itself; this is for the helper.
        patience = max(job.patience for job in self._running.values())
        deadline = time.monotonic() + patience + (_START_S if self._fresh else _GRACE_S)
        while b"\n" not in self._heard:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._process.stdout], [], [], left)[0]:
                self._process.kill()
                raise _HelperLost("it stopped answering")
            more = self._process.stdout.read(1 << 16)
            if not more:
                raise _HelperLost(_last_words(self._order) or "it died")
            self._heard += more
        self._fresh, self._stillborn = False, 0
        line, _, rest = self._heard.partition(b"\n")
        self._heard = bytearray(rest)
        outcome = Outcome.of(bytes(line))
        self._running.pop(outcome.number, None)
        return outcome


class SpawningWorkers:
    """A new interpreter (`cuecast.voices.perform`) for each job, for platforms where processes can't be forked."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._live: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()
        self._waiting: queue.PriorityQueue[tuple[int, int, Job]] = queue.PriorityQueue()
        self._done: queue.SimpleQueue[Outcome] = queue.SimpleQueue()
        self._turn = 0
        self._threads: list[threading.Thread] = []
        self._closed = False

    def submit(self, job: Job, *, first: bool = False) -> None:
        """Have a job done in a new interpreter."""
        self._turn += 1
        self._waiting.put((0 if first else 1, self._turn, job))
        if len(self._threads) < self._order.jobs:
            thread = threading.Thread(target=self._work, daemon=True)
            self._threads.append(thread)
            thread.start()

    def receive(self) -> Outcome:
        """Wait for the next outcome."""
        while True:
            with suppress(queue.Empty):  # by turns, because on Windows Ctrl-C does not interrupt a wait
                outcome = self._done.get(timeout=0.5)
                if outcome.fault is Fault.ENGINE:
                    raise EngineUnavailable(outcome.message, outcome.remedy)
                return outcome

    def close(self) -> None:
        """End all that is running."""
        with self._lock:
            self._closed = True
            for process in self._live:
                _kill(process)
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while not self._closed:
            with suppress(queue.Empty):
                _, _, job = self._waiting.get(timeout=0.2)
                self._done.put(self._do(job))

    def _do(self, job: Job) -> Outcome:
        errors = _error_log(self._order)
        try:
            with self._lock:
                if self._closed:
                    return Outcome(job.number, None, Fault.SPEECH, "it was ended")
                process = subprocess.Popen(
                    _command("cuecast.voices.perform"),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=errors,
                    env=_environment(),
                    start_new_session=True,  # a group of its own, so that what it starts can be ended with it
                )
                self._live.add(process)
        finally:
            os.close(errors)
        try:
            said, _ = process.communicate(self._order.line() + job.line(), job.patience + _START_S)
            if said.endswith(b"\n"):
                return Outcome.of(said)
            return Outcome(job.number, None, Fault.SPEECH, f"the engine crashed ({process.returncode})")
        except subprocess.TimeoutExpired:
            _kill(process)
            process.communicate()
            return Outcome(job.number, None, Fault.SPEECH, f"still not done after {job.patience:g} seconds")
        finally:
            with self._lock:
                self._live.discard(process)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End a process and, where the platform knows groups, what it has started."""
    if sys.platform != "win32":
        with suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()


class _HelperLost(Exception):
    """The helper ended, or does not answer; the message says how."""


def _command(module: str) -> list[str]:
    # -P: a file in the current folder must not pass for a library.
    return [sys.executable, "-P", "-m", module]


def _environment() -> dict[str, str]:
    """This process's own, with its import path, and with numpy's library kept to one thread: it will be forked."""
    paths = os.pathsep.join(path or str(Path.cwd()) for path in sys.path)
    return {**os.environ, "PYTHONPATH": paths, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


def _error_log(order: Order) -> int:
    """What helpers print is kept beside their work, for `_last_words`."""
    return os.open(Path(order.scratch) / "errors.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)


def _last_words(order: Order) -> str:
    with suppress(OSError, IndexError):
        text = (Path(order.scratch) / "errors.txt").read_text("utf-8", "replace")
        return text.strip().splitlines()[-1]
    return ""
