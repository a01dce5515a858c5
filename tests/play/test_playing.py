"""`cuecast play`: the loudspeaker gets the mixer's own samples, the view says what is on, keys do what they say."""

from __future__ import annotations

import itertools
import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuecast.cli.play import _list
from cuecast.errors import SetupError
from cuecast.play import NoTrack, score_in, score_of
from cuecast.play.device import Mp3Sound, unheard
from cuecast.play.transport import Transport
from cuecast.play.view import LEAST_WIDTH, LINES, line, view
from tests.cli.running import SILENT, Home
from tests.compiler.compiling import to_timeline
from tests.patience import PATIENCE_S

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
    assert transport.done == (frames >= (1_000 - start) * 48)


def test_a_pause_is_silent_and_loses_nothing() -> None:
    transport = Transport(counting, 1, 1_000)
    first = transport.take(1_000)
    transport.toggle()
    assert transport.take(500) == bytes(1_000)
    assert transport.paused
    transport.toggle()
    assert first + transport.take(1_000) == counting(0, 1_000)[:4_000]


def test_seeking() -> None:
    transport = Transport(counting, 1, 1_000)
    transport.seek(700)
    assert transport.take(48) == counting(700, 701)
    transport.seek(5_000)
    assert transport.done
    transport.seek(-5)
    assert transport.ms == 0


SCORE = score_of(to_timeline(LEGS)[0])  # type: ignore[arg-type]
FIRST = SCORE.chapters[0]
WORK = next(each for each in SCORE.intervals if each.exercise == "Calves" and each.kind == "work")


def test_the_view_in_the_middle() -> None:
    assert view(SCORE, WORK.start + 25_500, 60) == [
        "Calves, left                                              Go",
        "━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌  15",
        "“Breathe out.”",
        f"Then: Calves, right                              0:{(WORK.start + 25_500) // 1_000} / 2:29",
    ]


def test_the_view_at_the_end_and_paused() -> None:
    end = view(SCORE, SCORE.duration - 1, 50)
    assert end[0].startswith("Legs")
    assert end[0].endswith("Well done")
    assert "‖ Pause" in view(SCORE, WORK.start, 50, paused=True)[0]


@given(st.integers(-1_000, 200_000), st.integers(0, 200), st.booleans())
def test_no_line_is_wider_than_the_terminal(ms: int, width: int, paused: bool) -> None:
    lines = view(SCORE, ms, width, paused)
    assert len(lines) == LINES
    assert all(len(each) <= max(width, LEAST_WIDTH) for each in lines)


def test_wide_letters_take_two_columns() -> None:
    timeline, _ = to_timeline(LEGS.replace("Calves", "小腿小腿小腿小腿小腿"))
    assert timeline is not None
    (name, *_) = view(score_of(timeline), WORK.start + 1_000, 24)
    assert sum(2 if ord(letter) > 0x2E80 else 1 for letter in name) == 24


def test_skipping() -> None:
    starts = [each.start for each in SCORE.chapters]
    assert SCORE.skipped(starts[1] + 5_000, 1) == starts[2]
    assert SCORE.skipped(starts[1] + 5_000, -1) == starts[1]
    assert SCORE.skipped(starts[1] + 1_000, -1) == starts[0]
    assert SCORE.skipped(starts[-1] + 1, 1) == SCORE.duration
    assert SCORE.skipped(0, -1) == 0


def test_lines_for_logs() -> None:
    assert line(SCORE, WORK.start + 7).endswith("  Go: Calves, left")


class Hurries:
    """A transport that is somewhere else whenever it is looked at."""

    def __init__(self, *moments: int) -> None:
        self._moments = list(moments)

    @property
    def ms(self) -> int:
        return self._moments.pop(0)

    @property
    def done(self) -> bool:
        return not self._moments


def test_no_line_is_left_out_for_want_of_time(capsys: pytest.CaptureFixture[str]) -> None:
    starts = [each.start for each in SCORE.intervals]
    _list(SCORE, cast(Transport, Hurries(starts[1] + 500, starts[1] + 900, starts[5] + 10, starts[5] + 20)), False)
    assert capsys.readouterr().err.splitlines() == [line(SCORE, starts[n]) for n in range(1, 6)]


@pytest.fixture
def short(home: Home) -> Home:
    home.write("short.yaml", f"{SILENT.replace('12s', '3s')}defaults: {{switch: 3s, announce: off, countdown: off}}\n")
    return home


def test_an_mp3_in_windows(short: Home) -> None:
    assert short.cuecast("render", "short.yaml").returncode == 0
    path = short.here / "short.mp3"
    score, sound = score_in(path), Mp3Sound(path)
    assert score.title == "Short and silent"
    assert [each.exercise for each in score.intervals if each.kind == "work"] == ["Calves", "Calves"]
    whole = sound(0, score.duration)
    assert len(whole) == score.duration * 192
    assert max(whole) > 0
    again = Mp3Sound(path)
    bounds = [*range(0, score.duration, 333), score.duration]
    pieces = [again(start, end) for start, end in itertools.pairwise(bounds)]
    assert b"".join(pieces) == whole
    assert len(again(score.duration - 5, score.duration + 50)) == 55 * 192


def test_foreign_files(tmp_path: Path, short: Home) -> None:
    (tmp_path / "text.mp3").write_text("no sound in here")
    with pytest.raises(NoTrack):
        score_in(tmp_path / "text.mp3")
    short.cuecast("render", "short.yaml", "--cover", "off", "--no-source")
    whole = (short.here / "short.mp3").read_bytes()
    size = int.from_bytes(bytes([0]), "big")
    for byte in whole[6:10]:
        size = size << 7 | byte
    (tmp_path / "bare.mp3").write_bytes(whole[10 + size :])
    bare = score_in(tmp_path / "bare.mp3")
    assert bare.title == "bare"
    assert view(bare, 1_000, 40)[0].startswith("bare")


def test_from_a_routine_to_the_end(short: Home) -> None:
    begun = time.monotonic()
    told = short.cuecast("play", "short.yaml", "--silent", "--from", "15s")
    took = time.monotonic() - begun
    assert told.returncode == 0, told.stderr
    lines = [each for each in told.stderr.splitlines() if re.match(r"\d:\d\d  ", each)]
    assert any(each.endswith("Go: Calves, right") for each in lines)
    assert took > 3  # in real time


def test_from_a_chapter_of_a_track(short: Home) -> None:
    short.cuecast("render", "short.yaml")
    told = short.cuecast("play", "short.mp3", "--silent", "--from", "calves, right")
    assert told.returncode == 0, told.stderr
    assert "Go: Calves, left" not in told.stderr
    assert "Go: Calves, right" in told.stderr


def test_wrong_calls(short: Home) -> None:
    short.cuecast("render", "short.yaml")
    short.write("text.mp3", "no sound in here")
    for arguments, status, words in (
        (("gone.mp3",), 2, "gone.mp3"),
        (("gone",), 2, "there is no routine gone"),
        (("text.mp3",), 2, "is no MP3"),
        (("short.flac",), 2, "short.flac is no MP3"),
        (("short.mp3", "--from", "nowhere"), 2, "neither a time"),
        (("short.mp3", "--from", "1h"), 2, "it lasts"),
    ):
        told = short.cuecast("play", *arguments, "--silent")
        assert told.returncode == status, told.stderr
        assert words in told.stderr
        assert "Traceback" not in told.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there may be a loudspeaker")
def test_without_a_loudspeaker(short: Home) -> None:
    if any(Path("/dev/snd").glob("pcm*p")) or os.environ.get("PULSE_SERVER"):
        pytest.skip("this machine has one")
    told = short.cuecast("play", "short.yaml")
    assert told.returncode == 3
    assert "there is nothing here that plays sound" in told.stderr
    assert "Traceback" not in told.stderr


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


def test_what_a_sound_library_says_of_missing_cards_is_not_heard(capfd: pytest.CaptureFixture[str]) -> None:
    with unheard():
        os.write(2, b"ALSA lib confmisc.c:855: cannot find card\n")
    os.write(2, b"ours\n")
    assert capfd.readouterr().err == "ours\n"


def test_the_error_stream_is_back_after_a_fault(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SetupError), unheard():
        raise SetupError("no device")
    os.write(2, b"ours\n")
    assert capfd.readouterr().err == "ours\n"
