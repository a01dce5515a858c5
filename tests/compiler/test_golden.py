"""Golden cases: each in `cases/*.md` is a routine, and the timeline it comes to or what is said of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from cuecast.cli.report import as_text
from cuecast.model.source import Source
from tests.compiler.compiling import compiled, to_timeline, written_out

CASES = Path(__file__).parent / "cases"
_CASE = re.compile(
    r"^## (?P<title>.+?)\n+```yaml\n(?P<routine>.*?)```\n+```(?P<kind>timeline|diagnostics)\n(?P<expected>.*?)```",
    re.DOTALL | re.MULTILINE,
)


def _cases(kind: str) -> list[Any]:
    found = []
    for path in sorted(CASES.glob("*.md")):
        text = path.read_text(encoding="utf-8")
        for match in _CASE.finditer(text):
            line = text[: match.start()].count("\n") + 1
            if match["kind"] == kind:
                name = f"{path.stem}:{line}:{match['title']}"
                found.append(pytest.param(match["routine"], match["expected"], id=name))
    return found


@pytest.mark.parametrize(("routine", "expected"), _cases("timeline"))
def test_timeline(routine: str, expected: str) -> None:
    assert written_out(compiled(routine)) == expected


@pytest.mark.parametrize(("routine", "expected"), _cases("diagnostics"))
def test_diagnostics(routine: str, expected: str) -> None:
    _, diagnostics = to_timeline(routine)
    assert as_text(diagnostics, [Source("routine.yaml", routine)]) == expected


def test_every_case_is_found() -> None:
    titles = sum(path.read_text(encoding="utf-8").count("\n## ") for path in CASES.glob("*.md"))
    assert len(_cases("timeline")) + len(_cases("diagnostics")) == titles
