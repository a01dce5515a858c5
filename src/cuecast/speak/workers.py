"""The build's side of the helper processes: hands out jobs, gathers outcomes, starts anew what died.

This process imports nothing that makes sound. All times are bounded: a helper that stops answering is killed.
"""

from __future__ import annotations

import os
import select
import subprocess
import sys
import threading
import time
from collections import deque
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from msgspec.structs import replace

from cuecast.errors import EngineUnavailable
from cuecast.speak import standby
from cuecast.speak.standby import Helper
from cuecast.speak.work import ERRORS, Fault, Job, Order, Outcome

START_S = 60.0
"""Seconds that a helper may take to load its libraries: a cold disk, a slow machine, a neural model."""

_GRACE_S = 2.0
"""Seconds that a helper has to end by itself once it is told to."""

_LOOK_S = 1.0
"""Seconds after which a silent helper is looked at, whether it still lives."""

_AHEAD = 4
"""Jobs handed out for each processor: enough to keep it busy, few enough that one tried again does not wait long."""

_TRY = "`cuecast voices try {name}` tries the voice alone; `cuecast doctor` tells what is missing"


class Workers(Protocol):
    """Processes that speak."""

    def begin(self) -> None:
        """Get ready, where that takes long: there will be jobs."""

    def submit(self, job: Job) -> None:
        """Have a job done. One that has failed before, or that measures, passes those that have not begun."""

    def receive(self) -> Outcome:
        """Wait for the next outcome: one for each job, in any order.

        Raises EngineUnavailable where the engine can't start.
        """

    def close(self) -> None:
        """End all processes, whatever they do, and forget the jobs."""


def make_workers(order: Order) -> Workers:
    """The best kind for this platform. No process is started yet."""
    # Only Linux: what Apple's frameworks have loaded does not survive a fork.
    if sys.platform.startswith("linux"):
        return ForkingWorkers(order)
    from cuecast.speak.spawning import SpawningWorkers

    return SpawningWorkers(order)


class ForkingWorkers:
    """One helper process (`cuecast.speak.helper`), which forks children."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._process: Helper | None = None
        self._waiting: deque[Job] = deque()
        self._running: dict[int, Job] = {}
        self._done: deque[Outcome] = deque()
        self._heard = bytearray()
        self._fresh = True  # the helper has not answered yet
        self._stillborn = 0  # helpers that died before they did
        self._gain: float | None = None

    def begin(self) -> None:
        """Have the helper load the engine."""
        try:
            if self._process is None:
                self._start()
        except _HelperLost as lost:
            self._lose(str(lost))

    def submit(self, job: Job) -> None:
        """Have a job done in a fork of the helper."""
        if job.again or job.measures:
            self._waiting.appendleft(job)
        else:
            self._waiting.append(job)
        try:
            self._hand_out()
        except _HelperLost as lost:
            self._lose(str(lost))

    def receive(self) -> Outcome:
        """Wait for the next outcome. What ran in a helper that died has failed; a new helper goes on."""
        while not self._done:
            try:
                self._hand_out()
                self._done.append(self._listen())
            except _HelperLost as lost:
                self._lose(str(lost))
        outcome = self._done.popleft()
        if outcome.number < 0:
            raise EngineUnavailable(outcome.message, outcome.hint)
        return outcome

    def close(self) -> None:
        """End the helper; its children end with it. One that has nothing to do is not waited for."""
        process = self._process
        if process is not None and not self._waiting and not self._running:
            self._process = None
            try:
                threading.Thread(target=_end, args=(process,), name="cuecast-helper-ends").start()
            except RuntimeError:  # from Python 3.12 on, none begins once the interpreter ends
                _end(process)
        self._waiting.clear()
        self._running.clear()
        self._done.clear()
        self._end()

    def _hand_out(self) -> None:
        while self._waiting and self._has_room(self._waiting[0]):
            job = self._waiting.popleft()
            if job.gain is None:
                job = replace(job, gain=self._gain)
            self._running[job.number] = job
            self._write((self._process or self._start()), job.line())

    def _has_room(self, job: Job) -> bool:
        # What measures the gain passes even those that are handed out: they may be waiting for it.
        return job.measures or len(self._running) < _AHEAD * self._order.jobs

    def _lose(self, how: str) -> None:
        """The helper is lost: its jobs have failed."""
        self._stillborn += self._fresh
        self._end()
        if self._stillborn > 1:
            hint = _TRY.format(name=self._order.profile.name)
            raise EngineUnavailable(f"the helper process for the voice does not start: {how}", hint)
        self._done.extend(Outcome(number, None, Fault.LOST, how) for number in self._running)
        self._running.clear()

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            _end(process)

    def _start(self) -> Helper:
        errors = error_log(self._order)
        try:
            process = standby.take() or standby.start_helper(errors)
        finally:
            os.close(errors)
        self._process, self._fresh = process, True
        self._heard.clear()
        self._write(process, self._order.line())
        return process

    def _write(self, process: Helper, line: bytes) -> None:
        assert process.stdin is not None
        try:
            while line:
                line = line[process.stdin.write(line) or 0 :]
        except OSError:
            raise _HelperLost(last_words(self._order) or "it ended") from None

    def _listen(self) -> Outcome:
        assert self._process is not None
        assert self._process.stdout is not None
        # The helper keeps to the patience of each job itself; this is for the helper.
        patience = max(job.patience for job in self._running.values())
        deadline = time.monotonic() + patience + (START_S if self._fresh else _GRACE_S)
        while b"\n" not in self._heard:
            left = deadline - time.monotonic()
            if left <= 0:
                self._process.kill()
                raise _HelperLost("it stopped answering")
            if not select.select([self._process.stdout], [], [], min(left, _LOOK_S))[0]:
                if self._process.poll() is None:
                    continue
                raise _HelperLost("it died")  # and something that it has started keeps its end of the pipe
            more = self._process.stdout.read(1 << 16)
            if not more:
                raise _HelperLost(last_words(self._order) or "it died")
            self._heard += more
        self._fresh, self._stillborn = False, 0
        line, _, rest = self._heard.partition(b"\n")
        self._heard = bytearray(rest)
        outcome = Outcome.of(bytes(line))
        self._running.pop(outcome.number, None)
        if outcome.gain is not None:
            self._gain = self._order.total(outcome.gain)
        return outcome


def _end(process: Helper) -> None:
    """Have a helper end by itself, or kill it."""
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


class _HelperLost(Exception):
    """The helper ended, or does not answer; the message says how."""


def error_log(order: Order) -> int:
    """What helpers print is kept beside their work, for `last_words`."""
    return os.open(Path(order.scratch) / ERRORS, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)


def last_words(order: Order) -> str:
    """The last line that a helper has printed, for the message about its end."""
    with suppress(OSError, IndexError):
        text = (Path(order.scratch) / ERRORS).read_text("utf-8", "replace")
        return text.strip().splitlines()[-1]
    return ""
