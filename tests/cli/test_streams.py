"""Streams that are closed, full, narrow or dumb; voices that are faulty; long lines."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

import pytest

from tests.cli.running import SILENT, Home

posix = pytest.mark.skipif(sys.platform == "win32", reason="shells and signals of POSIX")


def _sh(home: Home, arguments: str) -> subprocess.CompletedProcess[str]:
    line = f'exec "{sys.executable}" -m cuecast {arguments}'
    return subprocess.run(
        ["sh", "-c", line], cwd=home.here, env=home.env(), capture_output=True, text=True, timeout=120, check=False
    )


@posix
@pytest.mark.parametrize(
    ("command", "where"),
    [
        *(
            (each, ">/dev/full")
            for each in ("plan short.yaml", "voices", "check wrong.yaml", "--help", "render --help")
        ),
        *((each, ">&-") for each in ("list", "doctor")),
    ],
)
def test_output_that_takes_nothing_is_one_line_and_3(home: Home, command: str, where: str) -> None:
    home.write("short.yaml", SILENT)
    home.write("wrong.yaml", SILENT + "    wrok: 3s\n")
    result = _sh(home, f"{command} {where}")
    assert result.returncode == 3
    assert result.stderr.startswith("cuecast: can't write to standard output: ")
    assert result.stderr.count("\n") == 1


@posix
@pytest.mark.parametrize(("term", "shown"), [("xterm", True), ("dumb", False)])
def test_progress_on_a_terminal(home: Home, term: str, shown: bool) -> None:
    import pty

    home.write("short.yaml", SILENT)
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        home.command("render", "short.yaml"), cwd=home.here, env={**home.env(), "TERM": term}, stderr=theirs
    ) as process:
        assert process.wait(60) == 0
    os.close(theirs)
    written = b""
    with suppress(OSError):  # Linux says so when all was read and the other end is closed
        while more := os.read(ours, 1 << 16):
            written += more
    text = written.decode()
    os.close(ours)
    assert ("encoding" in text) is shown
    assert ("100%" in text) is shown
    assert ("\x1b" in text) is shown
    assert "short.mp3  0:" in text


@posix
def test_closed_standard_input_and_messages(home: Home) -> None:
    result = _sh(home, "check - <&-")
    assert result.returncode == 3
    assert result.stderr == "cuecast: can't read standard input: it is closed\n"
    home.write("short.yaml", SILENT)
    assert (_sh(home, "render short.yaml >&-").returncode, home.files()) == (0, ["short.mp3", "short.yaml"])
    quiet = _sh(home, "check short.yaml 2>&-")
    assert (quiet.returncode, quiet.stdout) == (0, "")


@posix
def test_interrupted_while_it_starts(home: Home) -> None:
    home.write("short.yaml", SILENT)
    for delay in (0.05, 0.1, 0.2):
        process = home.start("check", "short.yaml")
        time.sleep(delay)
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=60)
        if "Fatal Python error" in stderr or "Could not import runpy" in stderr:  # Python itself was still starting
            continue
        assert process.returncode in (0, 130, -signal.SIGINT), stderr
        if "cuecast" in stderr and "runpy" not in stderr:
            assert "Traceback" not in stderr


def test_interrupted_amid_an_import(home: Home) -> None:
    (home.root / "typer.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGINT)\nimport nothing\n")
    result = Home(home.root, {"PYTHONPATH": f"{home.root}:{home.env().get('PYTHONPATH', '')}"}).cuecast("list")
    assert (result.returncode, result.stdout, result.stderr) == (130, "", "")


def test_a_long_line_is_cut_round_the_fault(home: Home) -> None:
    long = "word " * 100
    home.write("long.yaml", SILENT + f"    cues: {{half: {long}, middle: There., end: {long}}}\n")
    lines = home.cuecast("check", "long.yaml").stdout.splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("      | ") and "wor" not in line)
    shown, carets = lines[at - 1][8:], lines[at][8:]
    assert len(shown) <= 100
    assert shown.endswith("…")
    assert "^" in carets
    assert len(carets) <= 100
    (fault,) = [line for line in lines if "error[" in line][:1]
    column = int(fault.split(":")[2])
    whole = (home.here / "long.yaml").read_text().splitlines()[6]
    start = carets.index("^")
    assert shown[start : start + 3] == whole[column - 1 : column + 2]
