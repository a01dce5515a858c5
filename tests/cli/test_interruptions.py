"""Whatever comes between: the old track is whole, nothing stays behind, and the message says what happened."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import SILENT, Home
from tests.patience import comes

LONG = """\
title: Long
voice: silent
defaults: {work: 55s, beeps: every 2s}
steps:
  - rounds: 1000
    steps:
      - exercise: Calves
        cues: {every 4s: Slowly and with care.}
"""
"""Takes seconds to encode, so that a signal finds it at work."""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals and limits")


def _interrupted(home: Home, sent: signal.Signals) -> tuple[int, str]:
    """Send a signal to a render that has begun to write its track."""
    home.write("long.yaml", LONG)
    process = home.start("render", "long.yaml")
    assert comes(lambda: list(home.here.glob(".long.mp3*")) or process.poll() is not None)
    assert process.poll() is None, process.communicate()
    process.send_signal(sent)
    _, stderr = process.communicate(timeout=60)
    return process.returncode, stderr


@pytest.mark.parametrize("old", ["the old track", None])
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_interrupted(home: Home, sent: signal.Signals, old: str | None) -> None:
    if old:
        (home.here / "long.mp3").write_text(old)
    state = "long.mp3 is as it was" if old else "no long.mp3 was made"
    assert _interrupted(home, sent) == (130, f"cuecast: interrupted; {state}\n")
    assert home.files() == ["long.mp3", "long.yaml"][not old :]
    assert not old or (home.here / "long.mp3").read_text() == old


def test_no_more_room(home: Home) -> None:
    home.write("short.yaml", SILENT)
    assert home.cuecast("render", "short.yaml").returncode == 0
    old = (home.here / "short.mp3").read_bytes()

    def no_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    result = subprocess.run(
        home.command("render", "short.yaml", "--volume", "tones=-1"),
        cwd=home.here,
        env={**home.env(), "PYTHONDONTWRITEBYTECODE": "1"},  # it would be cut off as well
        capture_output=True,
        text=True,
        preexec_fn=no_room,
        check=False,
    )
    assert result.returncode == 3
    assert result.stderr == (
        "cuecast: cannot write short.mp3: it is larger than a file may be here; the old file is untouched\n"
        "  raise the limit (ulimit -f), or write elsewhere (-o PATH)\n"
    )
    assert (home.here / "short.mp3").read_bytes() == old
    assert home.files() == ["short.mp3", "short.yaml"]


def refuses(folder: str) -> bool:
    """Whether there is this folder, and not even root may write there. A file system may also be read-only as such."""
    tried = Path(folder) / "cuecast-tries"
    try:
        tried.touch()
    except OSError as fault:
        return isinstance(fault, PermissionError)
    tried.unlink()
    return False


@pytest.mark.skipif(not refuses("/sys/kernel"), reason="needs a folder in which not even root may write")
def test_an_unwritable_target(home: Home) -> None:
    home.write("short.yaml", SILENT)
    result = home.cuecast("render", "short.yaml", "-o", "/sys/kernel/short.mp3")
    assert result.returncode == 3
    assert result.stderr == (
        "cuecast: cannot write /sys/kernel/short.mp3: permission denied\n"
        "  choose a folder that you may write to (-o PATH)\n"
    )
