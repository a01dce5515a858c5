"""The table, the plug-ins, hostile files."""

from __future__ import annotations

import time
from importlib.metadata import EntryPoint, EntryPoints
from typing import ClassVar

import pytest

from cuecast import importers
from cuecast.errors import SetupError
from cuecast.importers import UnknownImporter, convert, importer_for, importer_names
from cuecast.importers.durations import find
from cuecast.model.source import Source
from cuecast.protocols import Imported, Importer


class Mine:
    name: ClassVar[str] = "mine"
    suffixes: ClassVar[tuple[str, ...]] = (".mine",)

    def recognises(self, name: str, text: str) -> bool:
        return name.endswith(".mine")

    def convert(self, source: Source) -> Imported:
        return Imported("title: Mine\nsteps:\n  - say: Hello\n")


def _plug_in(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    point = EntryPoint("mine", value, importers.GROUP)
    monkeypatch.setattr(importers, "_plug_ins", lambda: EntryPoints([point]))


def test_a_plug_in_is_found_by_its_name_and_by_what_it_recognises(monkeypatch: pytest.MonkeyPatch) -> None:
    _plug_in(monkeypatch, "tests.importers.test_importers:Mine")
    importer: Importer = importer_for("a.txt", b"x", "mine")
    assert importer.name == "mine"
    assert convert("a.mine", b"whatever").yaml.startswith("title: Mine")
    assert importer_for("a.txt", b"Calves 45s").name == "notes"
    assert importer_names()[-1] == "mine"


def test_a_broken_plug_in_is_the_machines_fault_only_when_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    _plug_in(monkeypatch, "tests.nowhere:Nobody")
    with pytest.raises(SetupError, match="mine"):
        convert("a.txt", b"x", "mine")
    assert importer_for("a.txt", b"Calves 45s").name == "notes"


def test_an_unknown_format() -> None:
    with pytest.raises(UnknownImporter) as told:
        convert("a.txt", b"x", "zwp")
    assert told.value.hint == "did you mean `zwo`?"


BOMB = b"""<!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>
<workout_file><name>&b;</name><workout><SteadyState Duration="60"/></workout></workout_file>"""
OUTSIDE = b"""<!DOCTYPE x SYSTEM "file:///etc/passwd"><workout_file><workout/></workout_file>"""


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.zwo", BOMB, "document type"),
        ("a.zwo", OUTSIDE, "document type"),
        ("a.zwo", b"<workout_file><workout>", "not whole"),
        ("a.zwo", b"<gpx/>", "no <workout>"),
        ("a.zwo", b"<a>" * 5000, "more than 20"),
        ("a.zwo", b"<workout_file><durationType>distance</durationType><workout/></workout_file>", "distance"),
        ("a.zwo", b"<workout_file><workout/></workout_file>", "nothing in this file"),
        ("a.txt", b"- 5km Z2\n- 1km Z4 Pace\n", "nothing in this file"),
        ("a.txt", b"Squats\nLunges\n", "nothing in this file"),
        ("a.txt", b"  \n", "empty"),
        ("a.txt", b"\xff\xfb\x90", "letters"),
        ("a.txt", b"Plank\0 45s", "not text"),
        ("a.txt", b"x" * 1_000_001, "1 MB"),
        ("a.txt", b"99 rounds:\n  99 rounds:\n    99 rounds:\n      Hop 10s\n", "more than a routine can hold"),
        ("a.txt", b"Sleep 9999h\n", "more than a routine can hold"),
    ],
)
def test_what_is_refused(name: str, data: bytes, message: str) -> None:
    made = convert(name, data)
    assert made.yaml == ""
    (fault,) = [d for d in made.diagnostics if d.code == "bad-import"]
    assert message in fault.message
    assert fault.span is not None


def test_windows_text_is_read() -> None:
    assert "exercise: Plank" in convert("a.txt", "Plank 45s\r\nHöhe 30s\r\n".encode("utf-16")).yaml


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("45s", 45), ("45 sec", 45), ("1:30", 90), ("1 min 30", 90), ("1m30s", 90), ("1'30\"", 90), ("30\"", 30),
        ("1 min", 60), ("1.5 min", 90), ("1 hour and 5 minutes", 3900), ("2h", 7200), ("0:45", 45), ("90 Seconds", 90),
    ],
)  # fmt: skip
def test_lengths_as_people_type_them(text: str, seconds: int) -> None:
    found = find(f"Plank {text} left")
    assert found is not None
    assert found.work.low == found.work.high == seconds * 1000


def test_a_range() -> None:
    found = find("Plank 30-45s")
    assert found is not None
    assert (found.work.low, found.work.high, found.start) == (30_000, 45_000, 6)


@pytest.mark.parametrize("text", ["5km", "5mtr", "Warrior 2", "5:00/km", "10mi", "50%", "0s"])
def test_what_is_no_length_of_time(text: str) -> None:
    assert find(text) is None


@pytest.mark.parametrize("told", ["notes", "intervals"])
@pytest.mark.parametrize("piece", ["(", "1 ", "3 x ", "1:30 ", "- 3x\n", "rest ", "(a) b\n", "a on b off "])
def test_endless_lines_take_no_endless_time(told: str, piece: str) -> None:
    begun = time.process_time()
    convert("a.txt", (piece * (30_000 // len(piece)) + "!").encode(), told)
    assert time.process_time() - begun < 3
