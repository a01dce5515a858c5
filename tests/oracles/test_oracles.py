"""What routines must come to, worked out by hand from the rules of the language (README.md beside this file)."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from cuecast.files import data_dir
from cuecast.model.diagnostics import Severity
from cuecast.model.timeline import SpeechEvent, Timeline, ToneEvent
from tests.builds import check

HERE = Path(__file__).parent
ORACLES = sorted(HERE.glob("*.json"))


def _timeline(name: str) -> Timeline:
    own, packaged = HERE / f"{name}.yaml", data_dir("routines") / f"{name}.yaml"
    data = (own if own.exists() else packaged).read_bytes()
    result = check(f"{name}.yaml", data, folder=packaged.parent)
    assert result.value is not None, result.diagnostics
    assert [d for d in result.diagnostics if d.severity is not Severity.NOTE] == []
    return result.value


@pytest.mark.parametrize("path", ORACLES, ids=lambda path: path.stem)
def test_intervals(path: Path) -> None:
    expected = json.loads(path.read_text())["intervals"]
    kinds = {interval["kind"] for interval in expected}
    found: list[dict[str, Any]] = []
    for interval in _timeline(path.stem).intervals:
        if interval.kind in kinds:
            facts = {name: getattr(interval, name) for name in ("kind", "exercise", "side", "round", "rounds")}
            found.append({**facts, "seconds": (interval.end - interval.start) / 1000})
    assert len(found) == len(expected)
    for got, wanted in zip(found, expected, strict=True):
        assert {key: got[key] for key in wanted} == wanted


@pytest.mark.parametrize("path", ORACLES, ids=lambda path: path.stem)
def test_words(path: Path) -> None:
    said = [event.utterance.text for event in _timeline(path.stem).events if isinstance(event, SpeechEvent)]
    for wanted in json.loads(path.read_text())["says"]:
        count = sum(bool(re.search(wanted["text"], text, re.IGNORECASE)) for text in said)
        assert count == wanted["count"] if "count" in wanted else count >= 1, wanted


@pytest.mark.parametrize("path", ORACLES, ids=lambda path: path.stem)
def test_tones(path: Path) -> None:
    names = [event.name for event in _timeline(path.stem).events if isinstance(event, ToneEvent)]
    expected = json.loads(path.read_text())["tones"]
    assert {name: names.count(name) for name in expected} == expected
