"""The helper process on Linux: loads libraries once, then forks itself for each utterance.

A fork is as fresh as a new process and starts in a fraction of the time. The helper has one thread. It takes an
order and then jobs from stdin, answers with outcomes on stdout, in any order, and ends with its children as soon
as stdin does: so nothing outlives the build, however that ends.
"""

from __future__ import annotations

import ctypes
import gc
import os
import selectors
import shutil
import signal
import sys
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NoReturn

from cuecast.ports import Engine, EngineUnavailable
from cuecast.voices.perform import own_stdout, perform, preload
from cuecast.voices.work import Fault, Job, Order, Outcome

_AT_ONCE = 2
"""Children for each processor: pyttsx3 sleeps for half of its time."""

_PR_SET_PDEATHSIG = 1


@dataclass(slots=True)
class _Child:
    """A process at work, and what it has answered so far."""

    process: int
    job: Job
    deadline: float
    said: bytearray = field(default_factory=bytearray)


class Helper:
    """One engine's processes."""

    def __init__(self, order: Order, engine: Engine, replies: int) -> None:
        self._order = order
        self._engine = engine
        self._replies = replies
        self._at_once = order.jobs * _AT_ONCE if engine.audible else order.jobs
        self._waiting: deque[Job] = deque()
        self._children: dict[int, _Child] = {}
        self._selector = selectors.DefaultSelector()
        self._heard = bytearray()

    def run(self) -> None:
        """Work until stdin ends; then nothing is left running."""
        os.set_blocking(0, False)
        self._selector.register(0, selectors.EVENT_READ)
        while self._turn():
            pass
        for child in self._children.values():
            self._kill(child)

    def _turn(self) -> bool:
        """Start what can be, wait for something to happen, see to it. False when stdin has ended."""
        while self._waiting and len(self._children) < self._at_once:
            self._start(self._waiting.popleft())
        deadline = min((child.deadline for child in self._children.values()), default=None)
        wait = None if deadline is None else max(0.0, deadline - time.monotonic())
        for key, _ in self._selector.select(wait):
            if key.fd != 0:
                self._listen(key.fd)
            elif not self._take_jobs():
                return False
        for pipe, child in list(self._children.items()):
            if child.deadline <= time.monotonic():
                self._kill(child)
                slow = f"still not done after {child.job.patience:g} seconds"
                self._finish(pipe, Outcome(child.job.number, None, Fault.SPEECH, slow))
        return True

    def _take_jobs(self) -> bool:
        more = os.read(0, 1 << 16)
        self._heard += more
        *lines, rest = self._heard.split(b"\n")
        self._heard = bytearray(rest)
        self._waiting.extend(Job.of(bytes(line)) for line in lines)
        return bool(more)

    def _start(self, job: Job) -> None:
        reading, writing = os.pipe()
        process = os.fork()
        if process == 0:
            self._speak(job, writing)
        os.close(writing)
        self._children[reading] = _Child(process, job, time.monotonic() + job.patience)
        self._selector.register(reading, selectors.EVENT_READ)

    def _speak(self, job: Job, writing: int) -> NoReturn:
        """The child's whole life. It leads a process group, so that what it starts can be ended with it."""
        try:
            os.setpgid(0, 0)
            _die_with_parent()
            nothing = os.open(os.devnull, os.O_RDWR)
            for descriptor in (0, 1, 2):
                os.dup2(nothing, descriptor)
            os.write(writing, perform(self._engine, self._order, job).line())
        finally:
            os._exit(0)

    def _listen(self, pipe: int) -> None:
        child = self._children[pipe]
        more = os.read(pipe, 1 << 16)
        child.said += more
        if more and not child.said.endswith(b"\n"):
            return
        how = self._kill(child)  # it has done its work, or is dead: threads and programs of its own are not waited for
        whole = child.said.endswith(b"\n")
        self._finish(pipe, Outcome.of(bytes(child.said)) if whole else _crash(child.job, how))

    def _finish(self, pipe: int, outcome: Outcome) -> None:
        self._selector.unregister(pipe)
        os.close(pipe)
        del self._children[pipe]
        _write(self._replies, outcome.line())

    def _kill(self, child: _Child) -> int:
        """End it, if it has not ended yet; its exit code, or minus the signal that ended it."""
        for kill in (os.killpg, os.kill):  # the group first: it may not exist yet
            with suppress(ProcessLookupError):
                kill(child.process, signal.SIGKILL)
        return os.waitstatus_to_exitcode(os.waitpid(child.process, 0)[1])


def _crash(job: Job, status: int) -> Outcome:
    how = f" ({signal.Signals(-status).name})" if status < 0 else ""
    return Outcome(job.number, None, Fault.SPEECH, f"the engine crashed{how}")


def _die_with_parent() -> None:
    """If the helper is killed, the kernel ends this process too."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _write(descriptor: int, line: bytes) -> None:
    while line:
        line = line[os.write(descriptor, line) :]


def main() -> None:
    """Serve the order on stdin."""
    replies = own_stdout()
    # Read without a buffer: what follows the order's line belongs to the selector.
    line = bytearray()
    while not line.endswith(b"\n"):
        if not (byte := os.read(0, 1)):
            return
        line += byte
    order = Order.of(bytes(line))
    try:
        engine = order.make()
        preload(engine)
    except EngineUnavailable as fault:
        _write(replies, Outcome(-1, None, Fault.ENGINE, fault.message, fault.remedy).line())
        return
    gc.freeze()  # the children share these pages as long as nobody writes to them
    gc.disable()
    try:
        Helper(order, engine, replies).run()
    except BrokenPipeError:
        pass  # the build is gone
    finally:
        shutil.rmtree(order.scratch, ignore_errors=True)
        sys.stderr.flush()
        os._exit(0)


if __name__ == "__main__":
    main()
