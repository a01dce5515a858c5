"""Playing a WAV file with whatever this machine has for it."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PLAYERS = (
    ("afplay",),
    ("pw-play",),
    ("paplay",),
    ("aplay", "-q"),
    ("ffplay", "-nodisp", "-autoexit", "-loglevel", "quiet"),
)
"""macOS; PipeWire, PulseAudio, ALSA; FFmpeg. The file's name comes last."""

_START_S = 10.0
"""Seconds that a player may take besides those of the sound."""


def play(path: Path, seconds: float) -> bool:
    """Play the file, which lasts so long; False where nothing here can."""
    if sys.platform == "win32":
        return _play_on_windows(path)
    return any(_plays(player, path, seconds) for player in _found())


def _found() -> Iterator[tuple[str, ...]]:
    for name, *options in _PLAYERS:
        if found := shutil.which(name):
            yield found, *options


def _plays(player: tuple[str, ...], path: Path, seconds: float) -> bool:
    """Whether it does; a player without a sound device says no, or says nothing for long."""
    process = None
    try:
        with _interrupted_later():
            process = subprocess.Popen(
                [*player, str(path)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        return process.wait(seconds + _START_S) == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
    finally:
        if process is not None:  # ended already, unless it hangs or there was a Ctrl-C
            process.kill()
            process.wait()


@contextmanager
def _interrupted_later() -> Iterator[None]:
    """Hear Ctrl-C at the end of this, not within: else a player could have begun whose process nobody knows."""
    came: list[int] = []
    signals = signal.SIGINT, signal.SIGTERM
    before = [signal.signal(each, lambda number, frame: came.append(number)) for each in signals]
    try:
        yield
    finally:
        for each, handler in zip(signals, before, strict=True):
            signal.signal(each, handler)
        for number in came[:1]:
            signal.raise_signal(number)


def _play_on_windows(path: Path) -> bool:
    import importlib

    winsound = importlib.import_module("winsound")
    try:
        winsound.PlaySound(str(path), winsound.SND_FILENAME | winsound.SND_NODEFAULT)
    except RuntimeError:
        return False
    return True
