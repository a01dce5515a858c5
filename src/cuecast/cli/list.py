"""`list` and `show`: what there is, the user's own and the package's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from msgspec import Struct

from cuecast.cli.console import put, put_json, usage
from cuecast.cli.find import find_routine, folders, is_named, is_path, library, named_routines
from cuecast.errors import FileRefused
from cuecast.library import ENGLISH
from cuecast.model.diagnostics import did_you_mean
from cuecast.read import MAX_BYTES, read, read_exercise

_FAULTY = "(has errors)"
_NO_SORT = "other"


class _Row(Struct, frozen=True):
    """A routine or an exercise in one language. `sort` is the exercise's kind."""

    name: str
    title: str
    language: str | None
    summary: str | None = None
    sort: str | None = None


def list_(what: str | None, as_json: bool) -> None:
    """List routines, exercises or, for programs, both."""
    if as_json:
        wanted = (what,) if what else ("routines", "exercises")
        put_json([_plain(row, kind) for kind in wanted for row in _ROWS[kind]()])
    elif what == "exercises":
        put("".join(_exercise_lines(_exercises())))
    else:
        put("".join(_routine_lines(_routines())))


def show(reference: str, language: str | None) -> None:
    """Print a routine or an exercise of the library as it is written."""
    if reference == "-" or is_named(reference):
        put(find_routine(reference, language).file.data)
        return
    exercises = library(None)
    try:
        data = exercises.exercise(reference, language or ENGLISH).data
    except FileRefused as refused:
        if is_path(reference):
            find_routine(reference)  # says what is wrong with it
        known = [name for name, _ in (*named_routines(), *exercises.exercises(language or ENGLISH))]
        hint = did_you_mean(reference, known) or refused.hint
        raise usage(f"there is no routine or exercise {reference}", hint) from None
    put(data)


def _routines() -> Iterator[_Row]:
    for name, path in named_routines():
        of_name = path.stem.removeprefix(name).removeprefix(".") or None
        data = _data(path)
        routine = None if data is None else read(path.name, data, library(path.parent)).routine
        if routine is None:
            yield _Row(name, _FAULTY if data is not None else "(can't be read)", of_name)
        else:
            yield _Row(name, routine.title, routine.language, routine.summary)


def _exercises() -> Iterator[_Row]:
    suffixes = {path.name.split(".")[1] for folder in folders("exercises") for path in folder.glob("*.*.yaml")}
    known = [
        (name, language, path)
        for language in {ENGLISH, *suffixes}
        for name, path in library(None).exercises(language)
        if path.name == f"{name}.{language}.yaml" or (language == ENGLISH and path.name == f"{name}.yaml")
    ]
    for name, language, path in sorted(known):
        data = _data(path)
        found = None if data is None else read_exercise(path.name, data).exercise
        if found is None:
            yield _Row(name, _FAULTY if data is not None else "(can't be read)", language)
        else:
            title = "".join(part for part in found.exercise.name.parts if isinstance(part, str))
            yield _Row(name, title, found.language or language, found.about, found.exercise.kind)


_ROWS = {"routines": _routines, "exercises": _exercises}


def _data(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError:
        return None


def _plain(row: _Row, kind: str) -> dict[str, str | None]:
    return {
        "name": row.name,
        "kind": kind.removesuffix("s"),
        "title": row.title,
        "language": row.language,
        "summary": row.summary,
    }


def _routine_lines(rows: Iterable[_Row]) -> Iterator[str]:
    """A line a name, the other languages behind its title."""
    names = [list(group) for _, group in groupby(rows, key=lambda row: row.name)]
    width = max((len(first.name) for first, *_ in names), default=0)
    for first, *others in names:
        yield f"{first.name:<{width}}  {first.title}{_also(others)}\n"


def _exercise_lines(rows: Iterable[_Row]) -> Iterator[str]:
    """By kind: a line a name, and what it is."""
    names = [_english_first(group) for _, group in groupby(rows, key=lambda row: row.name)]
    width = max((len(first.name) for first, *_ in names), default=0)
    names.sort(key=lambda group: (group[0].sort is None, group[0].sort or "", group[0].name))
    for number, (sort, of_sort) in enumerate(groupby(names, key=lambda group: group[0].sort or _NO_SORT)):
        yield f"\n{sort}\n" if number else f"{sort}\n"
        for first, *others in of_sort:
            yield f"  {first.name:<{width}}  {first.summary or first.title}{_also(others)}\n"


def _english_first(rows: Iterable[_Row]) -> list[_Row]:
    return sorted(rows, key=lambda row: row.language != ENGLISH)


def _also(others: Iterable[_Row]) -> str:
    languages = sorted({row.language for row in others if row.language})
    return f"  ({', '.join(languages)})" if languages else ""
