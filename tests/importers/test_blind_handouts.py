"""Hand-outs written by somebody who had not seen the grammar: no exercise is wrong and none is made up without a warning."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from cuecast.importers import convert
from cuecast.model.diagnostics import Severity
from cuecast.phrases.lengths import read_length

FOLDER = Path(__file__).parent / "handouts"
LIBRARY = Path(__file__).parents[2] / "routines" / "exercises"
EXPECTED = dict(re.findall(r"^## (\S+)\n((?:.+\n)+)", (FOLDER / "blind.md").read_text(encoding="utf-8"), re.MULTILINE))

Fields = Mapping[str, Any]


def _key(name: str) -> str:
    return " ".join(re.findall(r"\w+", re.sub(r"\(.*?\)", "", name.casefold())))


def _seconds(length: object) -> int:
    return read_length(str(length)).high // 1000


def _exercises(steps: Sequence[Fields], defaults: Fields, rounds: int = 1) -> Iterator[dict[str, Any]]:
    for step in steps:
        if "steps" in step:
            yield from _exercises(step["steps"], defaults, rounds * step["rounds"])
        elif "exercise" in step or "use" in step:
            titles = [yaml.safe_load(path.read_text())["exercise"] for path in LIBRARY.glob(f"{step.get('use')}.*")]
            names = [step[key] for key in ("exercise", "name") if key in step] or titles
            yield {**defaults, **step, "names": [_key(name) for name in names], "sets": rounds * step.get("sets", 1)}


def _is_right(wanted: Fields, made: Fields) -> bool:
    """Whether the dose is the one that is asked for. Holds of a repetition may also be works of a set; a length that the
    reader guesses is 3 seconds a repetition and 5 a breath."""
    sets = wanted.get("sets", 1) * wanted.get("rounds", 1)
    work = _seconds(made["work"]) if "work" in made and "reps" not in made else 0
    hold = _seconds(made["pace"][0].split()[-1]) if "pace" in made else 0
    counts = wanted.get("reps", 0) if isinstance(wanted.get("reps"), list) else [wanted.get("reps", 0)]
    works = wanted.get("work", 0) if isinstance(wanted.get("work"), list) else [wanted.get("work", 0)]
    if wanted.get("sides") != "either" and bool(wanted.get("sides")) != isinstance(made.get("sides"), list):
        return False
    if wanted.get("rest") and _seconds(made.get("rest", 0)) != wanted["rest"]:
        return False
    if "hold" in wanted and not made.get("reps"):
        return bool(work == wanted["hold"] and made["sets"] == sets * wanted["reps"])
    if made["sets"] != sets or hold != wanted.get("hold", hold):
        return False
    if "breaths" in wanted:
        return bool(work == 5 * wanted["breaths"])
    return work in works if "work" in wanted else made.get("reps") in counts or work in [3 * count for count in counts]


@pytest.mark.parametrize("name", EXPECTED)
def test_what_the_hand_out_asks_for(name: str) -> None:
    data = (FOLDER / name).read_bytes()
    imported = convert(name, data)
    routine = yaml.safe_load(imported.yaml)
    made = list(_exercises(routine["steps"], routine.get("defaults", {})))
    lines = data.decode().splitlines()
    warned = "\n".join(
        f"{d.message} {lines[d.span.line - 1]}"
        for d in imported.diagnostics
        if d.severity is Severity.WARNING and d.span
    )
    wrong = []
    for line in EXPECTED[name].splitlines():
        wanted = json.loads(line)
        found = next((each for each in made if _key(wanted["name"]) in each["names"]), None)
        if found:
            made.remove(found)
        if not found or not _is_right(wanted, found):
            wrong.append((wanted, found))
    assert len(wrong) <= 1, wrong
    assert all(wanted["name"][:30] in warned for wanted, _ in wrong)
    assert all(each["exercise"][:30] in warned for each in made), made
    assert len(made) <= 1
