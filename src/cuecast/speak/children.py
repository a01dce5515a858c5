"""The children of a helper process: who does which job, until when, and what has become of it."""

from __future__ import annotations

import ctypes
import gc
import os
import selectors
import signal
import time
from collections import deque
from contextlib import suppress
from itertools import chain
from typing import NoReturn

from msgspec import Struct, field
from msgspec.structs import replace

from cuecast.protocols import Engine
from cuecast.speak.perform import load_shaping, perform, put
from cuecast.speak.work import Fault, Job, Order, Outcome, Part

_PR_SET_PDEATHSIG = 1
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_KEPT_BYTES = 32 << 20
"""Memory that a child does not give back between two takes: to get it again costs a sixth of the making of a clip."""


class _Child(Struct):
    """A process, the job that it is at (None: it waits for one), and what it has answered so far."""

    process: int
    tells: int
    """The pipe on which it is told jobs."""
    shapes: bool
    """Whether it can make clips: the first ones are forked before that is loaded, and only speak."""
    job: Job | None = None
    deadline: float = 0.0
    said: bytearray = field(default_factory=bytearray)


class Children:
    """One engine's processes, at most one for each processor at work."""

    def __init__(self, order: Order, engine: Engine, replies: int, shapes: bool = False) -> None:
        """`shapes`: what makes clips of takes is loaded already."""
        self._order = order
        self._engine = engine
        self._replies = replies
        self._waiting: deque[Job] = deque()
        self._spoken: list[Job] = []  # what waits for the gain to be made clips
        self._children: dict[int, _Child] = {}
        self._selector = selectors.DefaultSelector()
        self._heard = bytearray()
        self._gain: float | None = None
        self._shapes = shapes or not engine.audible

    def run(self) -> None:
        """Work until stdin ends; then nothing is left running."""
        os.set_blocking(0, False)
        self._selector.register(0, selectors.EVENT_READ)
        on = self._turn(0)
        if on and not self._shapes:
            load_shaping()  # the first children speak meanwhile
            self._shapes = True
        gc.freeze()  # the children share these pages as long as nobody writes to them
        while on:
            on = self._turn()
        for child in self._children.values():
            _kill(child)

    def _turn(self, patience: float | None = None) -> bool:
        """Wait for something to happen, see to it, start what can be. False when stdin has ended."""
        busy = [child.deadline for child in self._children.values() if child.job is not None]
        if busy and patience is None:
            patience = max(0.0, min(busy) - time.monotonic())
        for key, _ in self._selector.select(patience):
            if key.fd == 0:
                if not self._take_jobs():
                    return False
            elif key.fd in self._children:
                self._listen(key.fd)
        now = time.monotonic()
        for pipe, child in list(self._children.items()):
            if child.job is not None and child.deadline <= now:
                self._end(pipe)
                slow = f"still not done after {child.job.patience:g} seconds"
                self._answer(Outcome(child.job.number, None, Fault.SPEECH, slow))
        while self._waiting and self._start(self._waiting[0]):
            self._waiting.popleft()
        return True

    def _take_jobs(self) -> bool:
        more = os.read(0, 1 << 16)
        self._heard += more
        *lines, rest = self._heard.split(b"\n")
        self._heard = bytearray(rest)
        for job in map(Job.of, map(bytes, lines)):
            if job.again or job.measures:
                self._waiting.appendleft(job)
            else:
                self._waiting.append(job)
        return bool(more)

    def _start(self, job: Job) -> bool:
        """Have the job begun, if there is a processor for it."""
        if sum(child.job is not None for child in self._children.values()) >= self._order.jobs:
            return False
        if job.gain is None and not job.measures:
            job = replace(job, gain=self._gain)
        # What can't be made a clip yet is spoken, at least.
        if not self._shapes or (job.gain is None and not job.measures):
            job = replace(job, part=Part.SPEAK)
        for pipe, child in [(pipe, child) for pipe, child in self._children.items() if child.job is None]:
            able = child.shapes or job.part is Part.SPEAK
            if able and not (job.again or self._order.fresh) and self._tell(child, job):
                return True
            self._end(pipe)  # used, or it can't, or it has died while it had nothing to do
        self._tell(self._fork(), job)
        return True

    def _tell(self, child: _Child, job: Job) -> bool:
        """Give it the job; False if it is dead."""
        child.job, child.deadline = job, time.monotonic() + job.patience
        try:
            put(child.tells, job.line())
        except BrokenPipeError:
            return False
        return True

    def _fork(self) -> _Child:
        reading, replies = os.pipe()
        jobs, tells = os.pipe()
        helper = os.getpid()
        process = os.fork()
        if process == 0:
            # Only the helper may keep these open, so that its end is the end of every child's jobs.
            others = ((pipe, child.tells) for pipe, child in self._children.items())
            for descriptor in (self._replies, reading, tells, *chain.from_iterable(others)):
                os.close(descriptor)
            _work(self._engine, self._order, jobs, replies, helper)
        os.close(replies)
        os.close(jobs)
        child = self._children[reading] = _Child(process, tells, self._shapes)
        self._selector.register(reading, selectors.EVENT_READ)
        return child

    def _listen(self, pipe: int) -> None:
        child = self._children[pipe]
        more = os.read(pipe, 1 << 16)
        child.said += more
        *lines, rest = bytes(child.said).split(b"\n")
        child.said = bytearray(rest)
        for line in lines:
            self._done(pipe, Outcome.of(line))
        if not more and pipe in self._children:
            status = self._end(pipe)
            if child.job is not None:
                how = f" ({signal.Signals(-status).name})" if status < 0 else ""
                self._answer(Outcome(child.job.number, None, Fault.SPEECH, f"the engine crashed{how}"))

    def _done(self, pipe: int, outcome: Outcome) -> None:
        child = self._children[pipe]
        job, child.job = child.job, None
        if self._order.fresh or outcome.fault is not None:
            self._end(pipe)  # threads and programs of its own are not waited for
        if job is not None and job.part is Part.SPEAK and outcome.fault is None:
            self._has_spoken(replace(job, part=Part.SHAPE))
            return
        if outcome.gain is not None:
            self._gain = self._order.total(outcome.gain)
            self._waiting.extendleft(reversed(self._spoken))
            self._spoken.clear()
        self._answer(outcome)

    def _has_spoken(self, job: Job) -> None:
        if job.measures or job.gain is not None or self._gain is not None:
            self._waiting.appendleft(job)
        else:
            self._spoken.append(job)

    def _end(self, pipe: int) -> int:
        """End a child, if it has not ended yet; its exit code, or minus the signal that ended it."""
        child = self._children.pop(pipe)
        self._selector.unregister(pipe)
        os.close(pipe)
        os.close(child.tells)
        return _kill(child)

    def _answer(self, outcome: Outcome) -> None:
        put(self._replies, outcome.line())


def _kill(child: _Child) -> int:
    for kill in (os.killpg, os.kill):  # the group first: it may not exist yet
        with suppress(ProcessLookupError):
            kill(child.process, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child.process, 0)[1])


def _work(engine: Engine, order: Order, jobs: int, replies: int, helper: int) -> NoReturn:
    """The child's whole life. It leads a process group, so that what it starts can be ended with it."""
    try:
        os.setpgid(0, 0)
        libc = ctypes.CDLL(None)
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)  # if the helper is killed, the kernel ends this too
        if os.getppid() != helper:  # it was killed before that
            os._exit(0)
        gc.enable()
        with suppress(AttributeError):  # glibc's alone
            for threshold in (_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD):
                libc.mallopt(threshold, _KEPT_BYTES)
        nothing = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nothing, descriptor)
        with os.fdopen(jobs, "rb") as told:
            while line := told.readline():
                put(replies, perform(engine, order, Job.of(line)).line())
    finally:
        os._exit(0)
