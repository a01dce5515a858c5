"""`cuecast watch` as a person has it open beside their editor."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace

import pytest

from cuecast.cli import watch as watching_command
from cuecast.cli.options import Told
from cuecast.inputs import unchanged
from tests.cli.running import SILENT, Home
from tests.patience import PATIENCE_S

MORE = "title: More\nsteps:\n  - exercise: Shins\n    work: 12s\n"


class Watching:
    """A `watch` that runs, and what it says."""

    def __init__(self, home: Home, *arguments: str) -> None:
        self.process: subprocess.Popen[str] = home.start("watch", *arguments)
        self._lines: queue.Queue[str] = queue.Queue()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self._lines.put(line)

    def until(self, words: str) -> str:
        """All that it says up to a line with these words."""
        told = ""
        while words not in told:
            try:
                told += self._lines.get(timeout=PATIENCE_S)
            except queue.Empty:
                raise AssertionError(f"no word of {words!r} in: {told}") from None
        return told

    def end(self) -> int:
        self.process.send_signal(signal.SIGINT)
        self.until("no longer watching")
        status = self.process.wait(timeout=PATIENCE_S)
        self._thread.join(PATIENCE_S)
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
    made = Watching(home, "legs.yaml")
    made.until("waiting for the next save")
    yield made
    if made.process.poll() is None:
        assert made.end() == 0


def test_a_save_is_a_build(home: Home, watching: Watching) -> None:
    first = (home.here / "legs.mp3").read_bytes()
    save(home, "legs.yaml", SILENT.replace("12s", "14s"))
    told = watching.until("in all, was")
    assert "Calves, left: 14 s, was 12 s" in told
    assert (home.here / "legs.mp3").read_bytes() != first


def test_what_is_wrong_is_told_and_the_track_stays(home: Home, watching: Watching) -> None:
    first = (home.here / "legs.mp3").read_bytes()
    save(home, "legs.yaml", SILENT.replace("12s", "soon"))
    told = watching.until("is as it was; waiting for the next save")
    assert "legs.yaml:6:11: error" in told
    assert (home.here / "legs.mp3").read_bytes() == first
    save(home, "legs.yaml", SILENT.replace("12s", "13s"))
    assert "Calves, left: 13 s, was 12 s" in watching.until("in all, was")


def test_editors_that_replace_the_file(home: Home, watching: Watching) -> None:
    for seconds in (15, 16):
        home.write("other.yaml", SILENT.replace("12s", f"{seconds}s")).replace(home.here / "legs.yaml")
        assert f"Calves, left: {seconds} s" in watching.until("in all, was")


def test_a_file_that_is_gone_for_a_while(home: Home, watching: Watching) -> None:
    (home.here / "legs.yaml").unlink()
    watching.until("there is no routine legs.yaml")
    save(home, "legs.yaml", SILENT.replace("12s", "17s"))
    assert "Calves, left: 17 s" in watching.until("in all, was")


def test_what_it_includes_and_what_comes_to_be_there(home: Home) -> None:
    save(home, "legs.yaml", SILENT + "  - include: more.yaml\n")
    made = Watching(home, "legs.yaml")
    made.until("there is no file `more.yaml`")
    made.until("was not made; waiting")
    save(home, "more.yaml", MORE)
    made.until("waiting for the next save")
    save(home, "more.yaml", MORE.replace("12s", "18s"))
    assert "Shins: 18 s, was 12 s" in made.until("in all, was")
    assert made.end() == 0


def test_a_save_that_nobody_hears(home: Home, watching: Watching) -> None:
    save(home, "legs.yaml", SILENT + "# a word to myself\n")
    watching.until("nothing that one would hear has changed")


@pytest.mark.skipif(not Path("/proc").exists(), reason="Linux only")
def test_waiting_costs_next_to_nothing(watching: Watching) -> None:
    def ticks() -> int:
        fields = Path(f"/proc/{watching.process.pid}/stat").read_text().rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])

    begun = ticks()
    threading.Event().wait(3)
    assert (ticks() - begun) / os.sysconf("SC_CLK_TCK") < 0.03 * 3


def test_wrong_calls(home: Home) -> None:
    assert "watch needs a file" in home.cuecast("watch", "-", stdin=SILENT).stderr
    assert home.cuecast("watch", "gone").returncode == 2


def test_a_save_just_before_it_waits_is_seen(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.write("legs.yaml", SILENT + "  - include: more.yaml\n")
    path = str(home.write("more.yaml", MORE))
    monkeypatch.chdir(home.here)
    monkeypatch.setenv("CUECAST_HOME", str(home.root / "home"))
    monkeypatch.setenv("CUECAST_CACHE", str(home.root / "cache"))

    def seen_then_saved(seen: Mapping[str, str]) -> bool:
        was = unchanged(seen)
        home.write("more.yaml", MORE + "# one thing more\n")
        return was

    waited: list[Mapping[str, object]] = []

    def wait(first: Mapping[str, object]) -> None:
        waited.append(first)
        raise KeyboardInterrupt

    monkeypatch.setattr(watching_command, "are_as_seen", seen_then_saved)
    monkeypatch.setattr(watching_command, "_wait", wait)
    watching_command.watch("legs.yaml", None, Told(quiet=True))
    assert waited[0][path] != watching_command._signs([path])[path]


def test_a_save_amid_a_build_is_waited_for_until_it_is_whole(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.write("legs.yaml", SILENT)
    monkeypatch.chdir(home.here)
    monkeypatch.setenv("CUECAST_HOME", str(home.root / "home"))
    monkeypatch.setenv("CUECAST_CACHE", str(home.root / "cache"))
    settled: list[set[str]] = []

    def settle(names: Mapping[str, object]) -> None:
        settled.append(set(names))
        raise KeyboardInterrupt

    monkeypatch.setattr(watching_command, "are_as_seen", lambda seen: False)
    monkeypatch.setattr(watching_command, "_settle", settle)
    watching_command.watch("legs.yaml", None, Told(quiet=True))
    assert str(home.here / "legs.yaml") in settled[0]


def test_what_is_still_being_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    saved = tmp_path / "legs.yaml"
    saved.write_text("")
    parts = iter(("title", "title: L", "title: Legs"))

    def sleep(seconds: float) -> None:
        if part := next(parts, ""):
            saved.write_text(part)

    monkeypatch.setattr(watching_command, "time", SimpleNamespace(sleep=sleep))
    watching_command._settle([str(saved)])
    assert saved.read_text() == "title: Legs"
