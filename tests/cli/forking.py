"""Commands of one test session, forked from one interpreter that has imported what they import.

A new interpreter takes longer to import `cuecast` than most commands take for what they do, and there are a thousand of
them. A fork is as much a process of its own: with folders, an environment, streams, signals and an end of its own.
What it shares with the others is the seed of its hashes; a test that compares bytes asks for a new interpreter.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import io
import json
import os
import runpy
import selectors
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TextIO

AHEAD = (
    "cuecast.pipeline",
    "cuecast.share",
    "cuecast.cli.tracks",
    "cuecast.cli.output_paths",
    "cuecast.cli.plan_output",
)
"""What commands import when they run, besides their own modules; none of it loads what makes sound."""

_MOST_STDIN = 60_000  # a pipe takes so much without anybody who reads


class Forks:
    """The interpreter that has all imported, and what it forks."""

    def __init__(self) -> None:
        self._ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._sending = threading.Lock()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__, str(theirs.fileno())],
                cwd=Path(__file__).parents[2],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
            )
        atexit.register(self.close)

    def close(self) -> None:
        self._ours.close()
        self._process.wait(10)

    def run(
        self, arguments: Sequence[str], cwd: Path, env: Mapping[str, str], stdin: str, timeout_s: float
    ) -> subprocess.CompletedProcess[str]:
        """As `subprocess.run` does it. Raises TimeoutExpired after having ended the command."""
        given = stdin.encode()
        ours, theirs = socket.socketpair()
        request, (stdin_out, stdin_in), (out, out_in), (err, err_in) = _packed(arguments, cwd, env), *_pipes(3)
        with ours:
            with theirs, self._sending:
                socket.send_fds(self._ours, [b"run"], [theirs.fileno(), stdin_out, out_in, err_in])
            for end in (stdin_out, out_in, err_in):
                os.close(end)
            os.write(stdin_in, given)
            os.close(stdin_in)
            ours.sendall(request)
            ours.settimeout(timeout_s)
            answers = ours.makefile("r")
            with answers:
                process = int(answers.readline())
                try:
                    said = _until_closed([out, err], time.monotonic() + timeout_s)
                    status = int(answers.readline())
                except TimeoutError:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(process, signal.SIGKILL)
                    raise subprocess.TimeoutExpired(list(arguments), timeout_s) from None
                finally:
                    os.close(out)
                    os.close(err)
        stdout, stderr = (_text(each) for each in said)
        return subprocess.CompletedProcess(list(arguments), status, stdout, stderr)


@cache
def forks() -> Forks:
    """This process's own, started by the first test that needs it."""
    return Forks()


def can_fork(environment: Mapping[str, str], stdin: str) -> bool:
    """Whether a fork is like a new interpreter there: what Python itself reads of the environment, it has read."""
    return (
        sys.platform.startswith("linux")
        and not any(name.startswith(("PYTHON", "LC_", "LANG")) for name in environment)
        and len(stdin.encode()) < _MOST_STDIN
    )


def _packed(arguments: Sequence[str], cwd: Path, env: Mapping[str, str]) -> bytes:
    return json.dumps([list(arguments), str(cwd), dict(env)]).encode() + b"\n"


def _pipes(count: int) -> list[tuple[int, int]]:
    return [os.pipe() for _ in range(count)]


def _until_closed(ends: list[int], until: float) -> list[bytes]:
    said: dict[int, list[bytes]] = {end: [] for end in ends}
    with selectors.DefaultSelector() as selector:
        for end in ends:
            selector.register(end, selectors.EVENT_READ)
        while selector.get_map():
            if time.monotonic() > until:
                raise TimeoutError
            for key, _ in selector.select(1):
                data = os.read(key.fd, 65_536)
                said[key.fd].append(data)
                if not data:
                    selector.unregister(key.fd)
    return [b"".join(said[end]) for end in ends]


def _text(data: bytes) -> str:
    return data.decode().replace("\r\n", "\n").replace("\r", "\n")  # as `text=True` has it


def _become_a_command(control: socket.socket) -> None:
    """Fork for each request; returns in a process that is to be `cuecast`, whose arguments are then in place."""
    while True:
        _, received, _, _ = socket.recv_fds(control, 16, 4)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        if not received:
            os._exit(0)  # the tests are over
        if not os.fork():
            break
        for end in received:
            os.close(end)
    control.close()
    link = socket.socket(fileno=received[0])
    with link.makefile("r") as result:
        arguments, cwd, env = json.loads(result.readline())
    process = os.fork()
    if process:  # only a parent can tell how a process has ended
        for end in (0, 1, 2, *received[1:]):
            os.close(end)
        link.sendall(f"{process}\n".encode())
        link.sendall(f"{os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])}\n".encode())
        os._exit(0)
    link.close()
    for stream, (end, name) in enumerate(zip(received[1:], ("stdin", "stdout", "stderr"), strict=True)):
        os.dup2(end, stream)
        os.close(end)
        setattr(sys, name, _like(getattr(sys, name), stream))
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    sys.path[0] = cwd
    sys.argv[1:] = arguments


def _like(old: TextIO, stream: int) -> io.TextIOWrapper:
    """A new one, as Python makes it at its start: the old one knows what its file was able to do."""
    raw = open(stream, f"{old.mode}b", closefd=False)  # noqa: SIM115
    new = io.TextIOWrapper(raw, encoding=old.encoding, errors=old.errors, line_buffering=stream == 2)
    setattr(sys, f"__{old.name.strip('<>')}__", new)
    return new


if __name__ == "__main__":
    from cuecast.cli.app import CACHE, COMMANDS, VOICES

    for path, _ in (*COMMANDS.values(), *VOICES.values(), *CACHE.values()):
        importlib.import_module(f"cuecast.cli.{path.partition(':')[0]}")
    for name in AHEAD:
        importlib.import_module(name)
    gc.freeze()
    _become_a_command(socket.socket(fileno=int(sys.argv[1])))
    runpy.run_module("cuecast", run_name="__main__", alter_sys=True)
