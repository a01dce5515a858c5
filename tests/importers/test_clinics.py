"""Hand-outs as clinics, coaches and teachers write them, by people who had not seen the importer; `clinics/README.md` says how
many were right when they were read for the first time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from cuecast.importers import convert
from cuecast.model.diagnostics import Severity
from tests.importers.doses import find, is_right, key, made_exercises

FOLDER = Path(__file__).parent / "clinics"
FILES = sorted(FOLDER.glob("*.txt"))
HARD = {
    "en-h3.txt": 9,
    "de-b3.txt": 6,
    "de-d1.txt": 4,
    "en-i4.txt": 3,
    "en-i5.txt": 2,
    "en-n1.txt": 2,
    "en-n3.txt": 2,
    "en-n5.txt": 2,
    "de-o1.txt": 2,
    "en-o3.txt": 6,
    "en-o5.txt": 2,
    "en-o6.txt": 4,
    "es-o2.txt": 2,
}
"""Those of which more than one exercise in ten needs a hand: names inside of sentences, two lists of different kinds."""

MOST_SILENT = 19
"""Exercises that are wrong without a warning that names them, of all 1,525."""


def _wrong(path: Path) -> tuple[list[str], list[str]]:
    """The exercises that need a hand; those of them without a warning, and what is no exercise and has no warning."""
    data = path.read_bytes()
    imported = convert(path.name, data)
    lines = data.decode().splitlines()
    made = made_exercises(yaml.safe_load(imported.yaml))
    warned = key(
        " ".join(
            f"{d.message} {lines[d.span.line - 1]}"
            for d in imported.diagnostics
            if d.severity is Severity.WARNING and d.span
        )
    )
    wrong = []
    for line in path.with_suffix(".jsonl").read_text(encoding="utf-8").splitlines():
        wanted = json.loads(line)
        if found := find(wanted["name"], made):
            made.remove(found)
        if not found or not is_right(wanted, found):
            wrong.append(wanted["name"])
    phantoms = [str(each["names"][0]) for each in made]
    return wrong, [name for name in [*wrong, *phantoms] if " ".join(key(name).split()[:4]) not in warned]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_at_most_one_exercise_in_ten_needs_a_hand(path: Path) -> None:
    wrong, _ = _wrong(path)
    assert len(wrong) <= HARD.get(path.name, 1), wrong


def test_what_needs_a_hand_has_a_warning() -> None:
    silent = [(path.name, name) for path in FILES for name in _wrong(path)[1]]
    assert len(silent) <= MOST_SILENT, silent
