"""Whether the dose of an imported exercise is the one that its hand-out asks for.

What a hand-out asks for, an object for each exercise: `name`; `sets`, `rounds` of the circuit around it; `reps` of a set (a list
holds all counts that are right), `hold` of each in seconds; `work` in seconds, `breaths` or `meters`; `sides` (true for one
after the other, `either` where the text leaves it open), `rest` in seconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from cuecast.phrases.lengths import read_length

LIBRARY = Path(__file__).parents[2] / "routines" / "exercises"
Fields = Mapping[str, Any]


def key(name: str) -> str:
    """The words of a name without what is in brackets."""
    return " ".join(re.findall(r"\w+", re.sub(r"\(.*?\)", "", name.casefold())))


def made_exercises(routine: Fields) -> list[dict[str, Any]]:
    """The exercises of a routine in order: their keys, all their `names`, `sets` with those of the rounds around, the `rest` after."""
    return list(_made(routine["steps"], routine.get("defaults", {}), 1))


def _made(steps: Sequence[Fields], defaults: Fields, rounds: int) -> Iterator[dict[str, Any]]:
    made: dict[str, Any] = {}
    for step in steps:
        if "steps" in step:
            inside = list(_made(step["steps"], defaults, rounds * step["rounds"]))
            if inside and "rest" in step:
                inside[-1].setdefault("rest", step["rest"])
            made = inside[-1] if inside else made
            yield from inside
        elif "exercise" in step or "use" in step:
            titles = [yaml.safe_load(path.read_text())["exercise"] for path in LIBRARY.glob(f"{step.get('use')}.*")]
            names = [str(step[each]) for each in ("exercise", "name") if each in step] or titles
            made = {**defaults, **step, "names": [key(name) for name in names], "sets": rounds * step.get("sets", 1)}
            if "transition" in defaults:
                made.setdefault("rest", defaults["transition"])
            yield made
        elif "rest" in step and made:
            made.setdefault("rest", step["rest"])


def find(name: str, made: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """The exercise of that name, or of one that holds it."""
    wanted = key(name)
    same = (each for each in made if wanted in each["names"])
    like = (each for each in made if any(wanted in other or (other and other in wanted) for other in each["names"]))
    return next(same, None) or next(like, None)


def is_right(wanted: Fields, made: Fields) -> bool:
    """Whether the dose is the one that is asked for. Holds of a repetition may also be works of a set; a length that the
    reader guesses is 3 seconds a repetition and 5 a breath."""
    for name in ("reps", "sets", "rest", "hold", "breaths", "work"):
        if isinstance(wanted.get(name), list):
            return any(is_right({**wanted, name: value}, made) for value in _between(wanted[name]))
    return _has_sides(wanted.get("sides"), made.get("sides")) and _has_dose(wanted, made)


def _between(values: Sequence[int]) -> set[int]:
    return (
        {*values, (min(values) + max(values)) // 2}
        if len(values) > 2 or max(values) > 12
        else {*range(min(values), max(values) + 1)}
    )


def _has_sides(wanted: object, made: object) -> bool:
    if wanted == "either":
        return True
    return bool(made == wanted) if wanted in ("left", "right") else bool(wanted) == isinstance(made, list)


def _has_dose(wanted: Fields, made: Fields) -> bool:
    sets = wanted.get("sets", 1) * wanted.get("rounds", 1)
    reps, hold = wanted.get("reps", 0), wanted.get("hold", 0)
    work = _seconds(made["work"]) if "work" in made and "reps" not in made else 0
    held = _seconds(made["pace"][0].split()[-1]) if "pace" in made else 0
    if made.get("reps") == 1 and held:
        work, held = held, 0
    if wanted.get("rest") and _seconds(made.get("rest", 0)) != wanted["rest"]:
        return False
    if "meters" in wanted:
        return bool(work)
    if "breaths" in wanted and reps:
        return bool(work or made.get("reps"))
    if hold and not held:  # one long hold, or as many sets as repetitions
        return bool(work == hold and made["sets"] == sets * (reps or 1))
    if made["sets"] != sets or held != hold:
        return False
    if "breaths" in wanted:
        return bool(work == 5 * wanted["breaths"])
    return bool(work == wanted["work"] if "work" in wanted else made.get("reps") == reps or work == 3 * reps)


def _seconds(length: object) -> int:
    return read_length(str(length)).high // 1000
