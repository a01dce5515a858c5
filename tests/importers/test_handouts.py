"""Hand-outs as a clinic writes them, ten exercises each: at most one in ten is not what it should be, and then there is a warning."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cuecast.importers import convert
from cuecast.model.diagnostics import Severity
from cuecast.model.timeline import Kind
from tests.builds import check

FOLDER = Path(__file__).parent / "handouts"
EXPECTED = dict(re.findall(r"^## (\S+)\n((?:.+\n)+)", (FOLDER / "works.md").read_text(encoding="utf-8"), re.MULTILINE))
_SIDED, _PLAIN = re.compile(r"(left|right) (\d+)(?:-(\d+))?"), re.compile(r"()(\d+)(?:-(\d+))?$")

Work = tuple[str, str | None, int, int]
"""Name, side, and the shortest and the longest that it can be, in seconds."""


def _expected(line: str) -> list[Work]:
    line, _, sets = line.partition(" x ")
    pattern = _SIDED if _SIDED.search(line) else _PLAIN
    matches = list(pattern.finditer(line))
    name = line[: matches[0].start()].strip()
    works = [(name, m[1] or None, int(m[2]), int(m[3] or m[2])) for m in matches]
    return works * int(sets or 1)


def _works(yaml: str) -> Iterator[tuple[str, str | None, int]]:
    timeline = check("routine.yaml", yaml).value
    assert timeline is not None
    for interval in timeline.intervals:
        if interval.kind is Kind.WORK:
            yield interval.exercise or "", interval.side, (interval.end - interval.start) // 1000


@pytest.mark.parametrize("name", EXPECTED)
def test_nine_of_ten_exercises_need_no_hand(name: str) -> None:
    imported = convert(name, (FOLDER / name).read_bytes())
    made: dict[str, list[tuple[str | None, int]]] = {}
    for exercise, side, seconds in _works(imported.yaml):
        made.setdefault(exercise, []).append((side, seconds))
    wrong = []
    for line in EXPECTED[name].splitlines():
        works = _expected(line)
        found = made.pop(works[0][0], [])
        fits = [
            side == each and low <= ms <= high for (_, side, low, high), (each, ms) in zip(works, found, strict=False)
        ]
        if len(found) != len(works) or not all(fits):
            wrong.append((line, found))
    assert len(wrong) <= 1, wrong
    assert made == {}
    warned = [d for d in imported.diagnostics if d.severity is Severity.WARNING]
    assert all(any(line.split()[0] in d.message for d in warned) for line, _ in wrong)
