"""Workers for platforms where processes can't be forked: interpreters of their own (`cuecast.speak.perform`)."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
from contextlib import suppress

from msgspec.structs import replace

from cuecast.errors import EngineUnavailable
from cuecast.speak.standby import command, environment
from cuecast.speak.work import Fault, Job, Order, Outcome
from cuecast.speak.workers import START_S, error_log, last_words


class SpawningWorkers:
    """An interpreter for each processor, which does job after job until one fails; for an engine that needs fresh
    processes, a new one for each job.
    """

    def __init__(self, order: Order) -> None:
        self._order = order
        self._live: set[_Interpreter] = set()
        self._lock = threading.Lock()
        self._waiting: queue.PriorityQueue[tuple[int, int, Job]] = queue.PriorityQueue()
        self._unmeasured: list[Job] = []
        self._gain: float | None = None
        self._done: queue.SimpleQueue[Outcome] = queue.SimpleQueue()
        self._turn = 0
        self._threads: list[threading.Thread] = []
        self._closed = False

    def begin(self) -> None:
        """Nothing waits here: each interpreter starts for a job."""

    def submit(self, job: Job) -> None:
        """Have a job done in an interpreter."""
        if job.gain is None and not job.measures:
            with self._lock:
                if self._gain is None:
                    self._unmeasured.append(job)
                    return
            job = replace(job, gain=self._gain)
        self._turn += 1
        self._waiting.put((0 if job.again or job.measures else 1, self._turn, job))
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
                    raise EngineUnavailable(outcome.message, outcome.hint)
                if outcome.gain is not None:
                    self._measured(outcome.gain)
                return outcome

    def close(self) -> None:
        """End all that is running."""
        with self._lock:
            self._closed = True
            for interpreter in self._live:
                interpreter.kill()
        for thread in self._threads:
            thread.join()

    def _measured(self, gain: float) -> None:
        with self._lock:
            self._gain = self._order.total(gain)
            unmeasured, self._unmeasured = self._unmeasured, []
        for job in unmeasured:
            self.submit(job)

    def _work(self) -> None:
        """One thread's life: it has at most one interpreter."""
        interpreter: _Interpreter | None = None
        while not self._closed:
            with suppress(queue.Empty):
                _, _, job = self._waiting.get(timeout=0.2)
                if interpreter is not None and job.again:
                    self._end(interpreter)
                    interpreter = None
                if interpreter is None and (interpreter := self._start()) is None:
                    return
                outcome = interpreter.do(job)
                if outcome.fault is not None or self._order.fresh:
                    self._end(interpreter)
                    interpreter = None
                self._done.put(outcome)
        if interpreter is not None:
            self._end(interpreter)

    def _start(self) -> _Interpreter | None:
        """A new one; None once all is closed."""
        with self._lock:
            if self._closed:
                return None
            interpreter = _Interpreter(self._order)
            self._live.add(interpreter)
        return interpreter

    def _end(self, interpreter: _Interpreter) -> None:
        with self._lock:
            self._live.discard(interpreter)
        interpreter.kill()
        interpreter.reap()


class _Interpreter:
    """A process that does jobs. Every wait for it is bounded: a timer kills it."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._begun = False
        errors = error_log(order)
        try:
            self._process = subprocess.Popen(
                command("cuecast.speak.perform"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=environment(),
                start_new_session=True,  # a group of its own, so that what it starts can be ended with it
            )
        finally:
            os.close(errors)

    def do(self, job: Job) -> Outcome:
        """Have the job done; whatever happens to the process, there is an outcome."""
        if not self._begun:
            begun = self._ask(self._order.line(), START_S)
            if begun is None:
                return Outcome(job.number, None, Fault.SPEECH, f"the helper does not start: {self._how(START_S)}")
            if begun.fault is not None:
                return begun
            self._begun = True
        outcome = self._ask(job.line(), job.patience)
        return outcome or Outcome(job.number, None, Fault.SPEECH, self._how(job.patience))

    def kill(self) -> None:
        """End the process and, where the platform knows groups, what it has started."""
        if sys.platform != "win32":
            with suppress(OSError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()

    def reap(self) -> None:
        """Forget a process that was killed."""
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()

    def _ask(self, line: bytes, patience: float) -> Outcome | None:
        """Tell it something and wait for the outcome; None where it dies or is killed for being slow."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._slow = threading.Event()
        timer = threading.Timer(patience, self._give_up)
        timer.daemon = True
        timer.start()
        try:
            self._process.stdin.write(line)
            self._process.stdin.flush()
            said = self._process.stdout.readline()
        except OSError:
            return None
        finally:
            timer.cancel()
        return Outcome.of(said) if said.endswith(b"\n") else None

    def _give_up(self) -> None:
        self._slow.set()
        self.kill()

    def _how(self, patience: float) -> str:
        if self._slow.is_set():
            return f"still not done after {patience:g} seconds"
        status = self._process.wait()
        return f"the engine crashed ({status}) {last_words(self._order)}".rstrip()
