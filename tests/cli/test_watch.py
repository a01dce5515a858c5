"""`cuecast watch` as a person has it open beside their editor."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import SILENT, Home
from tests.patience import PATIENCE_S

MORE = "title: More\nsteps:\n  - exercise: Shins\n    work: 12s\n"


class Watching:
    """A running `watch`, and what it prints."""

    def __init__(self, home: Home, *arguments: str) -> None:
        self.process: subprocess.Popen[str] = home.start("watch", *arguments)
        self.lines: queue.Queue[str] = queue.Queue()
        self.thread = threading.Thread(target=self.read_lines, daemon=True)
        self.thread.start()

    def read_lines(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.put(line)

    def until(self, words: str) -> str:
        """Return all that it prints up to a line with these words."""
        printed = ""
        while words not in printed:
            try:
                printed += self.lines.get(timeout=PATIENCE_S)
            except queue.Empty:
                raise AssertionError(f"no {words!r} in: {printed}") from None
        return printed

    def end(self) -> int:
        self.process.send_signal(signal.SIGINT)
        self.until("no longer watching")
        status = self.process.wait(timeout=PATIENCE_S)
        self.thread.join(PATIENCE_S)
        for pipe in (self.process.stdout, self.process.stderr):
            assert pipe is not None
            pipe.close()
        return status


def save(home: Home, name: str, text: str) -> None:
    """All at once: a build must not find half of it, however busy the machine."""
    home.write(f"{name}~", text).replace(home.here / name)


@pytest.fixture
def watching(home: Home) -> Iterator[Watching]:
    home.write("legs.yaml", SILENT)
    running = Watching(home, "legs.yaml")
    running.until("waiting for the next save")
    yield running
    if running.process.poll() is None:
        assert running.end() == 0


def test_a_save_is_a_build(home: Home, watching: Watching) -> None:
    first = (home.here / "legs.mp3").read_bytes()
    save(home, "legs.yaml", SILENT.replace("12s", "14s"))
    printed = watching.until("in all, was")
    assert "Calves, left: 14 s, was 12 s" in printed
    assert (home.here / "legs.mp3").read_bytes() != first


def test_an_error_is_printed_and_the_track_stays(home: Home, watching: Watching) -> None:
    first = (home.here / "legs.mp3").read_bytes()
    save(home, "legs.yaml", SILENT.replace("12s", "soon"))
    printed = watching.until("is as it was; waiting for the next save")
    assert "legs.yaml:6:11: error" in printed
    assert (home.here / "legs.mp3").read_bytes() == first
    save(home, "legs.yaml", SILENT.replace("12s", "13s"))
    assert "Calves, left: 13 s, was 12 s" in watching.until("in all, was")


def test_a_file_that_is_gone_for_a_while(home: Home, watching: Watching) -> None:
    (home.here / "legs.yaml").unlink()
    watching.until("there is no routine legs.yaml")
    save(home, "legs.yaml", SILENT.replace("12s", "17s"))
    assert "Calves, left: 17 s" in watching.until("in all, was")


def test_an_included_file_that_appears_later(home: Home) -> None:
    save(home, "legs.yaml", SILENT + "  - include: more.yaml\n")
    running = Watching(home, "legs.yaml")
    running.until("there is no file `more.yaml`")
    running.until("was not made; waiting")
    save(home, "more.yaml", MORE)
    running.until("waiting for the next save")
    save(home, "more.yaml", MORE.replace("12s", "18s"))
    assert "Shins: 18 s, was 12 s" in running.until("in all, was")
    assert running.end() == 0


def test_an_inaudible_change(home: Home, watching: Watching) -> None:
    save(home, "legs.yaml", SILENT + "# a word to myself\n")
    watching.until("nothing that you would hear has changed")


@pytest.mark.skipif(not Path("/proc").exists(), reason="Linux only")
def test_waiting_costs_next_to_nothing(watching: Watching) -> None:
    def ticks() -> int:
        fields = Path(f"/proc/{watching.process.pid}/stat").read_text().rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])

    begun = ticks()
    threading.Event().wait(3)
    assert (ticks() - begun) / os.sysconf("SC_CLK_TCK") < 0.03 * 3
