"""Golden timelines: each case in `cases/*.md` is a routine and what it comes to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.compiler.compiling import compiled, written_out

CASES = Path(__file__).parent / "cases"
_CASE = re.compile(
    r"^## (?P<title>.+?)\n+```yaml\n(?P<routine>.*?)```\n+```timeline\n(?P<expected>.*?)```", re.S | re.M
)


def _cases() -> list[object]:
    found = []
    for path in sorted(CASES.glob("*.md")):
        text = path.read_text(encoding="utf-8")
        for match in _CASE.finditer(text):
            line = text[: match.start()].count("\n") + 1
            found.append(pytest.param(match["routine"], match["expected"], id=f"{path.stem}:{line}:{match['title']}"))
    return found


@pytest.mark.parametrize(("routine", "expected"), _cases())
def test_golden(routine: str, expected: str) -> None:
    assert written_out(compiled(routine)) == expected


def test_every_case_is_found() -> None:
    titles = sum(path.read_text(encoding="utf-8").count("\n## ") for path in CASES.glob("*.md"))
    assert len(_cases()) == titles
