"""A helper process that is started before it is known what for: it imports while the build reads the routine.

The first voice that has something to say takes it. It is a fork, which has all that is imported here already; where
threads run, a fork could wait for ever for what they held, and it is a new interpreter. Linux only, as `helper` is;
elsewhere nothing is started.
"""

from __future__ import annotations

import atexit
import os
import signal
import subprocess
import sys
import threading
import time
import traceback
from contextlib import suppress
from pathlib import Path
from typing import IO, NoReturn, Protocol

_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
"""Keeps numpy's library to one thread in what will be forked."""

_LOOK_S = 0.001


class Helper(Protocol):
    """A helper process, as `subprocess.Popen` is one."""

    @property
    def stdin(self) -> IO[bytes] | None:
        """Takes an order and jobs; its end ends the process."""

    @property
    def stdout(self) -> IO[bytes] | None:
        """Gives outcomes."""

    def poll(self) -> int | None:
        """How it ended; None while it runs."""

    def wait(self, timeout: float | None = None) -> int:
        """How it ended, once it has. Raises TimeoutExpired."""

    def kill(self) -> None:
        """End it, whatever it does."""


_waiting: Helper | None = None


def begin() -> None:
    """Start one, where none waits yet: there will probably be something to say."""
    global _waiting
    if _waiting is None and sys.platform.startswith("linux"):
        atexit.register(dismiss)
        alone = threading.active_count() == 1
        _waiting = _Fork() if alone else start_helper(subprocess.DEVNULL, "standby=True")


def waits() -> bool:
    """Whether there is one that waits."""
    return _waiting is not None


def take() -> Helper | None:
    """The one that waits, if it is well; from now on it is the caller's."""
    global _waiting
    process, _waiting = _waiting, None
    if process is not None and process.poll() is not None:
        _end(process)
        return None
    return process


def dismiss() -> None:
    """End the one that waits: there is nothing to say."""
    global _waiting
    process, _waiting = _waiting, None
    if process is not None:
        process.kill()  # it has done nothing yet
        _end(process)


class _Fork:
    """A helper that is a copy of this process."""

    def __init__(self) -> None:
        jobs, tells = os.pipe()
        hears, replies = os.pipe()
        self._process = os.fork()
        if self._process == 0:
            _become_helper(jobs, replies)
        os.close(jobs)
        os.close(replies)
        self._status: int | None = None
        self.stdin: IO[bytes] | None = os.fdopen(tells, "wb", buffering=0)
        self.stdout: IO[bytes] | None = os.fdopen(hears, "rb", buffering=0)

    def poll(self) -> int | None:
        if self._status is None:
            self._reap(os.WNOHANG)
        return self._status

    def wait(self, timeout: float | None = None) -> int:
        if timeout is not None:
            deadline, pause = time.monotonic() + timeout, _LOOK_S
            while self.poll() is None:
                if time.monotonic() > deadline:
                    raise subprocess.TimeoutExpired("a helper", timeout)
                time.sleep(pause)
                pause = min(2 * pause, 0.05)
        while self._status is None:
            self._reap(0)
        return self._status

    def kill(self) -> None:
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self._process, signal.SIGKILL)

    def _reap(self, options: int) -> None:
        try:
            process, status = os.waitpid(self._process, options)
        except ChildProcessError:  # somebody else has waited for it
            self._status = -1
        else:
            self._status = os.waitstatus_to_exitcode(status) if process else None


def _become_helper(jobs: int, replies: int) -> NoReturn:
    """What a new process is, and then the helper's whole life. Whatever this process was about to do, it will not."""
    import fcntl  # not on Windows, where nothing forks

    try:
        os.setsid()  # Ctrl-C is for the build, which then closes stdin
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        nothing = os.open(os.devnull, os.O_RDWR)
        # Out of the way first: where this process was called with its own ones closed, they may have these numbers.
        apart = [fcntl.fcntl(each, fcntl.F_DUPFD, 3) for each in (jobs, replies, nothing)]
        for target, source in enumerate(apart):
            os.dup2(source, target)
        for name in os.listdir("/proc/self/fd"):  # noqa: PTH208
            if int(name) > 2:
                with suppress(OSError):  # that of the folder itself
                    os.close(int(name))
        os.environ.update(_ONE_THREAD)
        from cuecast.speak.helper import main

        main(standby=True)
    except BaseException:
        traceback.print_exc()  # the build looks for the last line
    finally:
        os._exit(1)


def start_helper(errors: int, how: str = "") -> Helper:
    """A new helper, which waits for its order on stdin; what it prints goes to `errors`."""
    return subprocess.Popen(
        command("cuecast.speak.helper", how),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        bufsize=0,
        env=environment(),
        start_new_session=True,  # Ctrl-C is for the build, which then closes stdin
    )


def command(module: str, how: str = "") -> list[str]:
    """How to run a module of ours in a new interpreter."""
    # -P: a file in the current folder must not pass for a library.
    return [sys.executable, "-P", "-c", f"from {module} import main; main({how})"]


def environment() -> dict[str, str]:
    """This process's own, with its import path, and with numpy's library kept to one thread: it will be forked."""
    paths = os.pathsep.join(path or str(Path.cwd()) for path in sys.path)
    return {**os.environ, "PYTHONPATH": paths, **_ONE_THREAD}


def _end(process: Helper) -> None:
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
