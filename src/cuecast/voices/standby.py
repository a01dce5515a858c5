"""A helper process that is started before it is known what for: it imports while the build reads the routine.

The first voice that has something to say takes it. Linux only, as `helper` is; elsewhere nothing is started.
"""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
from pathlib import Path

_waiting: subprocess.Popen[bytes] | None = None


def begin() -> None:
    """Start one, where none waits yet: there will probably be something to say."""
    global _waiting
    if _waiting is None and sys.platform.startswith("linux"):
        atexit.register(dismiss)
        _waiting = start_helper(subprocess.DEVNULL, "standby=True")


def take() -> subprocess.Popen[bytes] | None:
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


def start_helper(errors: int, how: str = "") -> subprocess.Popen[bytes]:
    """A new helper, which waits for its order on stdin; what it prints goes to `errors`."""
    return subprocess.Popen(
        command("cuecast.voices.helper", how),
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
    return {**os.environ, "PYTHONPATH": paths, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


def _end(process: subprocess.Popen[bytes]) -> None:
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
