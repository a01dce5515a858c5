"""The table, the plug-ins, hostile files."""

from __future__ import annotations

import re
import time
from importlib.metadata import EntryPoint, EntryPoints
from typing import ClassVar

import pytest

from cuecast.errors import SetupError
from cuecast.importers import IMPORTERS, convert, importer_for
from cuecast.model.source import Source
from cuecast.plugins import UnknownPlugin
from cuecast.protocols import Imported, Importer


class Mine:
    name: ClassVar[str] = "mine"
    suffixes: ClassVar[tuple[str, ...]] = (".mine",)

    def recognises(self, name: str, text: str) -> bool:
        return name.endswith(".mine")

    def convert(self, source: Source) -> Imported:
        return Imported("title: Mine\nsteps:\n  - say: Hello\n")


def _plug_in(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    points = EntryPoints([EntryPoint("mine", value, IMPORTERS.group)])
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: points)


def test_a_plug_in_is_found_by_its_name_and_by_what_it_recognises(monkeypatch: pytest.MonkeyPatch) -> None:
    _plug_in(monkeypatch, "tests.importers.test_importers:Mine")
    importer: Importer = importer_for("a.txt", b"x", "mine")
    assert importer.name == "mine"
    assert convert("a.mine", b"whatever").yaml.startswith("title: Mine")
    assert importer_for("a.txt", b"Calves 45s").name == "notes"
    assert IMPORTERS.names()[-1] == "mine"


def test_a_broken_plug_in_is_the_machines_fault_only_when_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    _plug_in(monkeypatch, "tests.nowhere:Nobody")
    with pytest.raises(SetupError, match="mine"):
        convert("a.txt", b"x", "mine")
    assert importer_for("a.txt", b"Calves 45s").name == "notes"


def test_an_unknown_format() -> None:
    with pytest.raises(UnknownPlugin) as refusal:
        convert("a.txt", b"x", "zwp")
    assert refusal.value.hint == "did you mean `zwo`?"


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
        ("a.mp3", b"\xff\xfb\x90", "sound file"),
        ("a.txt", b"Plank\x81\x8d\x02 45s", "letters"),
        ("a.txt", b"Plank\0 45s", "not text"),
        ("a.txt", b"x" * 1_000_001, "1 MB"),
        ("a.txt", b"99 rounds:\n  99 rounds:\n    99 rounds:\n      Hop 10s\n", "more than a routine can hold"),
        ("a.txt", b"Sleep 4h x9\n", "more than a routine can hold"),
    ],
)
def test_what_is_refused(name: str, data: bytes, message: str) -> None:
    made = convert(name, data)
    assert made.yaml == ""
    (fault,) = [d for d in made.diagnostics if d.code == "bad-import"]
    assert message in fault.message
    assert fault.span is not None


def test_windows_text_is_read() -> None:
    assert "use: plank" in convert("a.txt", "Plank 45s\r\nHöhe 30s\r\n".encode("utf-16")).yaml


@pytest.mark.parametrize(
    ("text", "work"),
    [
        ("45s", "45s"), ("45 sec", "45s"), ("1:30", "1m30s"), ("1 min 30", "1m30s"), ("1m30s", "1m30s"),
        ("1'30\"", "1m30s"), ("30\"", "30s"), ("1 min", "1m"), ("1.5 min", "1m30s"), ("1½ min", "1m30s"), ("2h", "2h"),
        ("1 hour and 5 minutes", "1h5m"), ("0:45", "45s"), ("90 Seconds", "1m30s"), ("1h30", "1h30m"),
        ("1 h 15", "1h15m"), ("1:30 min", "1m30s"), ("2 Minuten", "2m"), ("30 Sek.", "30s"), ("1 minuto y 30 segundos", "1m30s"),
        ("30-45s", "30s-45s"), ("30 s to 1 min", "30s-60s"), ("４５ sec", "45s"),
    ],
)  # fmt: skip
def test_lengths_as_people_type_them(text: str, work: str) -> None:
    yaml = convert("a.txt", f"Legs\n\nHop {text}\n".encode()).yaml
    yaml = re.sub("language: ..\n", "", yaml)
    assert yaml == f"title: Legs\n\nsteps:\n  - exercise: Hop\n    work: {work}\n"


@pytest.mark.parametrize("text", ["VO2", "Warrior 2", "T4", "5:00/km", "50%", "0s"])
def test_what_is_no_length_of_time(text: str) -> None:
    converted = convert("a.txt", f"Legs\n\nPlank 40s\n{text}\n".encode())
    assert "work: 40s" in converted.yaml
    assert "has no length of time; it takes 40s" in converted.diagnostics[-1].message


@pytest.mark.parametrize("format_name", ["notes", "intervals"])
@pytest.mark.parametrize(
    "piece", ["(", "1 ", "3 x ", "1:30 ", "- 3x\n", "rest ", "(a) b\n", "a on b off ", "steps:\n\n"]
)
def test_endless_lines_take_no_endless_time(format_name: str, piece: str) -> None:
    begun = time.process_time()
    convert("a.txt", (piece * (30_000 // len(piece)) + "!").encode(), format_name)
    assert time.process_time() - begun < 3
