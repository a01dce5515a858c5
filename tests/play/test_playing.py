"""`cuecast play`: the loudspeaker gets the mixer's own samples, the view says what is on, keys do what they say."""

from __future__ import annotations

import itertools
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuecast.cli.player import follow
from cuecast.errors import SetupError
from cuecast.play import NotPlayableError, outline_of, read_outline
from cuecast.play.device import Mp3Sound, play_pcm, silence_stderr
from cuecast.play.transport import Transport
from cuecast.play.view import LINES, MIN_WIDTH, log_line, view
from tests.cli.running import SILENT, Home
from tests.compiler.compiling import to_timeline
from tests.patience import PATIENCE_S
from tests.play.devices import has_loudspeaker

LEGS = """\
title: Legs
defaults: {work: 40s, transition: 10s, announce: [next, side]}
steps:
  - exercise: Calves
    sides: [left, right]
    cues: {half: Breathe out.}
  - exercise: Quads
"""


def counting(start: int, end: int) -> bytes:
    """A sound whose samples say where they are."""
    return (np.arange(start * 48, end * 48) % 30_011).astype("<i2").tobytes()


@given(st.integers(0, 900), st.lists(st.integers(0, 3_000), max_size=20))
def test_any_portions_are_the_sound(start: int, portions: list[int]) -> None:
    transport = Transport(counting, 1, 1_000, start)
    heard = b"".join(map(transport.take, portions))
    frames = sum(portions)
    assert heard == counting(start, 1_000)[: 2 * frames].ljust(2 * frames, b"\0")
    assert transport.finished == (frames >= (1_000 - start) * 48)


def test_a_pause_is_silent_and_loses_nothing_and_seeking() -> None:
    transport = Transport(counting, 1, 1_000)
    first = transport.take(1_000)
    transport.paused = True
    assert transport.take(500) == bytes(1_000)
    transport.paused = False
    assert first + transport.take(1_000) == counting(0, 1_000)[:4_000]
    transport.seek(700)
    assert transport.take(48) == counting(700, 701)
    transport.seek(5_000)
    assert transport.finished
    transport.seek(-5)
    assert transport.ms == 0


TRACK = outline_of(to_timeline(LEGS)[0])  # type: ignore[arg-type]
WORK = next(each for each in TRACK.intervals if each.exercise == "Calves" and each.kind == "work")


def test_the_view_in_the_middle() -> None:
    assert view(TRACK, WORK.start + 25_500, 60) == [
        "Calves, left                                              Go",
        "━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌  15",
        "“Breathe out.”",
        f"Then: Calves, right                              0:{(WORK.start + 25_500) // 1_000} / 2:34",
    ]


def test_the_view_at_the_end_and_paused() -> None:
    end = view(TRACK, TRACK.duration - 1, 50)
    assert end[0].startswith("Legs")
    assert end[0].endswith("Well done")
    assert "‖ Pause" in view(TRACK, WORK.start, 50, paused=True)[0]


@given(st.integers(-1_000, 200_000), st.integers(0, 200), st.booleans())
def test_no_line_is_wider_than_the_terminal(ms: int, width: int, paused: bool) -> None:
    lines = view(TRACK, ms, width, paused)
    assert len(lines) == LINES
    assert all(len(each) <= max(width, MIN_WIDTH) for each in lines)


def test_wide_letters_take_two_columns() -> None:
    timeline, _ = to_timeline(LEGS.replace("Calves", "小腿小腿小腿小腿小腿"))
    assert timeline is not None
    (name, *_) = view(outline_of(timeline), WORK.start + 1_000, 24)
    assert sum(2 if ord(letter) > 0x2E80 else 1 for letter in name) == 24


def test_skipping() -> None:
    starts = [each.start for each in TRACK.chapters]
    assert TRACK.next_chapter(starts[1] + 5_000) == starts[2]
    assert TRACK.previous_chapter(starts[1] + 5_000) == starts[1]
    assert TRACK.previous_chapter(starts[1] + 1_000) == starts[0]
    assert TRACK.next_chapter(starts[-1] + 1) == TRACK.duration
    assert TRACK.previous_chapter(0) == 0


class Jumping:
    """A transport that is at another moment at each look."""

    def __init__(self, *moments: int) -> None:
        self._moments = list(moments)

    @property
    def ms(self) -> int:
        return self._moments.pop(0)

    @property
    def finished(self) -> bool:
        return not self._moments


def test_no_interval_is_left_out_on_a_busy_machine(capsys: pytest.CaptureFixture[str]) -> None:
    starts = [each.start for each in TRACK.intervals]
    follow(TRACK, cast(Transport, Jumping(starts[1] + 500, starts[1] + 900, starts[5] + 10, starts[5] + 20)), False)
    lines = capsys.readouterr().err.splitlines()
    assert lines == [log_line(TRACK, each) for each in TRACK.intervals[1:6]]
    assert lines[1].endswith("  Go: Calves, left")


def test_the_keys_of_windows(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """`msvcrt.getwch` gives the two characters of an arrow one after the other."""
    start, pressed = TRACK.chapters[1].start, list("n\xe0M\0Mp\xe0K")
    transport = Transport(counting, 1, TRACK.duration, start)
    sought: list[int] = []

    def seek(ms: int) -> None:
        sought.append(ms)
        pressed.extend("q" * (len(sought) == 5))

    with monkeypatch.context() as patch:
        keyboard = SimpleNamespace(kbhit=lambda: bool(pressed), getwch=lambda: pressed.pop(0))
        patch.setitem(sys.modules, "msvcrt", keyboard)
        for stream in (sys.stdin, sys.stderr):
            patch.setattr(stream, "isatty", lambda: True, raising=False)
        patch.setattr(transport, "seek", seek)
        patch.setattr(sys, "platform", "win32")
        follow(TRACK, transport, quiet=False)
    forward, back = TRACK.next_chapter(start), TRACK.previous_chapter(start)
    assert sought == [forward, forward, forward, back, back]
    assert "pause" in capsys.readouterr().err


@pytest.fixture
def short(home: Home) -> Home:
    defaults = "defaults: {transition: 1s, switch: 1s, settle: 0s, announce: off, countdown: off}\n"
    home.write("short.yaml", SILENT.replace("12s", "2s") + defaults)
    return home


def test_an_mp3_in_windows(short: Home) -> None:
    assert short.cuecast("render", "short.yaml").returncode == 0
    path = short.here / "short.mp3"
    outline, sound = read_outline(path), Mp3Sound(path)
    assert outline.title == "Short and silent"
    assert [each.exercise for each in outline.intervals if each.kind == "work"] == ["Calves", "Calves"]
    whole = sound(0, outline.duration)
    assert len(whole) == outline.duration * 192
    assert max(whole) > 0
    again = Mp3Sound(path)
    bounds = [*range(0, outline.duration, 333), outline.duration]
    pieces = [again(start, end) for start, end in itertools.pairwise(bounds)]
    assert b"".join(pieces) == whole
    assert len(again(outline.duration - 5, outline.duration + 50)) == 55 * 192


def test_foreign_files(tmp_path: Path, short: Home) -> None:
    (tmp_path / "text.mp3").write_text("no sound in here")
    with pytest.raises(NotPlayableError):
        read_outline(tmp_path / "text.mp3")
    short.cuecast("render", "short.yaml", "--cover", "off", "--no-source")
    whole = (short.here / "short.mp3").read_bytes()
    size = int.from_bytes(bytes([0]), "big")
    for byte in whole[6:10]:
        size = size << 7 | byte
    (tmp_path / "bare.mp3").write_bytes(whole[10 + size :])
    bare = read_outline(tmp_path / "bare.mp3")
    assert bare.title == "bare"
    assert view(bare, 1_000, 40)[0].startswith("bare")


@pytest.mark.skipif(has_loudspeaker(), reason="this machine has one")
def test_without_a_loudspeaker(short: Home) -> None:
    result = short.cuecast("play", "short.yaml")
    assert result.returncode == 3
    assert "there is nothing here that plays sound" in result.stderr
    assert "Traceback" not in result.stderr


class Terminal:
    """`play` in a terminal of its own."""

    def __init__(self, home: Home, *arguments: str) -> None:
        import pty
        import termios

        self.master, slave = pty.openpty()
        self.before = termios.tcgetattr(self.master)
        self.process = subprocess.Popen(
            home.command("play", *arguments, "--silent"),
            cwd=home.here,
            env={**home.env(), "TERM": "xterm", "COLUMNS": "60"},
            stdin=slave,
            stdout=slave,
            stderr=slave,
        )
        os.close(slave)
        self.shown = ""

    def until(self, words: str) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while words not in self.shown:
            assert time.monotonic() < deadline, self.shown[-2_000:]
            if select.select([self.master], [], [], 0.2)[0]:
                self.shown += os.read(self.master, 1 << 16).decode("utf-8", "replace")

    def press(self, keys: str) -> None:
        self.shown = ""
        os.write(self.master, keys.encode())

    def end(self) -> int:
        status = self.process.wait(timeout=PATIENCE_S)
        while select.select([self.master], [], [], 0.1)[0]:
            try:
                if not (more := os.read(self.master, 1 << 16)):
                    break
            except OSError:
                break
            self.shown += more.decode("utf-8", "replace")
        os.close(self.master)
        return status


@pytest.fixture
def terminal(home: Home) -> Iterator[Terminal]:
    home.write("short.yaml", SILENT.replace("12s", "60s"))
    home.cuecast("render", "short.yaml")
    made = Terminal(home, "short.mp3")
    yield made
    if made.process.poll() is None:
        made.process.kill()
        made.process.wait()


@pytest.mark.skipif(os.name != "posix", reason="a terminal of its own")
def test_keys(terminal: Terminal) -> None:
    terminal.until("q: quit")
    terminal.until("Calves, left")
    terminal.press(" ")
    terminal.until("‖ Pause")
    terminal.press(" \x1b[C")
    terminal.until("Calves, right")
    terminal.press("q")
    assert terminal.end() == 0
    assert terminal.shown.endswith("\x1b[?25h")


@pytest.mark.skipif(os.name != "posix", reason="a terminal of its own")
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_the_terminal_is_as_it_was(terminal: Terminal, end: signal.Signals) -> None:
    import termios

    terminal.until("Calves, left")
    terminal.process.send_signal(end)
    assert terminal.process.wait(timeout=PATIENCE_S) == 130
    assert termios.tcgetattr(terminal.master) == terminal.before
    assert terminal.end() == 130
    assert "\x1b[?25h" in terminal.shown


def test_samples_play_in_real_time() -> None:
    begun = time.monotonic()
    play_pcm(counting(0, 500), silent=True)
    assert (time.monotonic() - begun) / 0.5 > 0.8


def test_messages_of_sound_libraries_are_dropped(capfd: pytest.CaptureFixture[str]) -> None:
    def open_device() -> None:
        with silence_stderr():
            os.write(2, b"ALSA lib confmisc.c:855: cannot find card\n")
            raise SetupError("no device")

    with pytest.raises(SetupError):
        open_device()
    os.write(2, b"ours\n")
    assert capfd.readouterr().err == "ours\n"
