"""Exercises of the library under the names that people give them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cuecast.importers.ir import Draft, Exercise, Rest, Rounds, walk
from cuecast.library import Folders
from cuecast.model.duration import SECOND, DurationRange
from cuecast.model.speech_duration import estimate_text_ms

_NAMES = "names.tsv"
"""The table of other names, beside the exercises that come with cuecast."""

_TITLE = re.compile(r"exercise:\s*[\"']?(.*?)[\"']?\s*$")
_MOMENT = re.compile(r"-?(?:(\d+)m)?(?:(\d+)s)?")
_ROLLING = re.compile(r"\broll|fas[zc]i|\bball\b|rodillo|pelota", re.IGNORECASE)
AROUND_SETUP_MS = 9_500
"""The tone and “Next” before the words of a setup; the time to settle and the countdown after them."""

MARGIN = 1.15
"""Voices can be slower than the estimate."""

ROOM_SECONDS = 5
"""Time that the words of a cue need after its moment."""


def use_library(draft: Draft, folders: Folders) -> None:
    """Let exercises that the library knows use it, if its sides, words and cues go with what is written. It knows the pace of reps.

    A muscle alone (“Quads”) is an exercise on a roller only if the text speaks of one.
    """
    names = _names(folders)
    known_by_stem: dict[str, Mapping[str, Any] | None] = {}
    has_roller = _ROLLING.search(draft.source.text) is not None
    gap: int | None = None
    for step in walk(draft.steps):
        if isinstance(step, Exercise) and (stem := names.get(_key(step.name), "")):
            if stem not in known_by_stem:
                known_by_stem[stem] = _load(folders, stem, draft.language)
            known = known_by_stem[stem]
            is_found = known and (known.get("kind") != "rolling" or has_roller)
            guessed = step.work, step.counted
            if known and step.counted and (cycle_ms := _cycle_ms(known)):
                step.work, step.counted = DurationRange(step.reps * cycle_ms, step.reps * cycle_ms), ""
            if known and is_found and _fits(step, known) and (gap is None or _words_fit(step, known, gap)):
                step.use, step.known_as = stem, str(known["exercise"])
            else:
                step.work, step.counted = guessed
        gap = step.ms if isinstance(step, Rest) else gap if isinstance(step, Rounds) else None


def _names(folders: Folders) -> dict[str, str]:
    """The stem of an exercise's file by each of its names: those of the table, its titles in all languages, its own."""
    names: dict[str, str] = {}
    for folder in reversed(folders.exercises):
        for line in _lines(folder / _NAMES):
            stem, *columns = line.split("\t")
            names |= {_key(name): stem for column in columns for name in column.split(", ")}
        for path in folder.glob("*.yaml"):
            stem = path.name.partition(".")[0]
            titles = [match[1] for line in _lines(path)[:9] if (match := _TITLE.match(line))]
            names |= {_key(name): stem for name in (stem, *titles)}
    return names


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return []


def _key(name: str) -> str:
    """The name without case, punctuation and the s of a plural."""
    return " ".join(word.removesuffix("s") for word in re.findall(r"\w+", name.casefold().replace("'s", "s")))


def _load(folders: Folders, stem: str, language: str) -> Mapping[str, Any] | None:
    """The keys of the library's exercise; None if it can't be read."""
    import yaml

    for folder in folders.exercises:
        for name in (f"{stem}.{language}.yaml", f"{stem}.yaml"):
            try:
                value = yaml.safe_load((folder / name).read_text(encoding="utf-8"))
            except (OSError, ValueError, yaml.YAMLError):
                continue
            return value if isinstance(value, dict) and isinstance(value.get("exercise"), str) else None
    return None


def _cycle_ms(known: Mapping[str, Any]) -> int:
    """How long a repetition takes in the library; 0 if it counts none."""
    seconds = re.findall(r"([\d.]+)s\b", str(known.get("pace", ""))) if "reps" in known else []
    return round(sum(map(float, seconds)) * SECOND)


def _fits(exercise: Exercise, known: Mapping[str, Any]) -> bool:
    """Whether the library's exercise has the sides of this one, and all its cues lie inside it."""
    if (known.get("sides") and not exercise.sides) or "both" in exercise.sides:
        return False
    if len(exercise.sides) == 1 and "'side':" in str(known):  # a cue for the other side
        return False
    return exercise.work.low >= (_last_moment(known) + ROOM_SECONDS) * SECOND


def _words_fit(exercise: Exercise, known: Mapping[str, Any], gap: int) -> bool:
    """Whether the rest before it is as long as written, although the library's setup is spoken in it."""
    if exercise.setup or exercise.counted:
        return True
    words = f"{exercise.name}. {known.get('setup', '')}"
    return round(estimate_text_ms(words) * MARGIN) + AROUND_SETUP_MS <= gap


def _last_moment(keys: Mapping[str, Any]) -> int:
    """The seconds of the cue that needs the longest work, of all its variants."""
    last = 2 * ROOM_SECONDS
    for key, value in keys.items():
        for moment in value if key == "cues" and isinstance(value, dict) else ():
            if match := _MOMENT.fullmatch(str(moment)):
                last = max(last, int(match[1] or 0) * 60 + int(match[2] or 0))
        if isinstance(value, dict) and key != "cues":
            last = max(last, _last_moment(value))
    return last
