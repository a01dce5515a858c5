"""`cuecast list`: the routines that have a name, and the exercises of the library."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Annotated

import typer

from cuecast.cli.console import write_json, write_stdout
from cuecast.cli.environment import user_folders
from cuecast.cli.params import JsonOption, Kind
from cuecast.library import ENGLISH
from cuecast.read.listing import Listed, list_exercises, list_routines


def list_(
    kind: Annotated[
        Kind | None, typer.Argument(metavar="routines|exercises", help="By default routines; with --json both.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List the routines that have a name, or the exercises."""
    lists = {Kind.ROUTINES: list_routines, Kind.EXERCISES: list_exercises}
    folders = user_folders()
    if as_json:
        kinds = (kind,) if kind else tuple(Kind)
        write_json([to_json(entry, each) for each in kinds for entry in lists[each](folders)])
    elif kind is Kind.EXERCISES:
        write_stdout("".join(_exercise_lines(list_exercises(folders))))
    else:
        write_stdout("".join(_routine_lines(list_routines(folders))))


def to_json(entry: Listed, kind: Kind) -> dict[str, str | None]:
    """An entry as JSON values."""
    return {
        "name": entry.name,
        "kind": kind.value.removesuffix("s"),
        "title": entry.title,
        "language": entry.language,
        "summary": entry.summary,
    }


def _routine_lines(entries: Iterable[Listed]) -> Iterator[str]:
    """A line for each name, with the other languages at its end."""
    names = [list(group) for _, group in groupby(entries, key=lambda entry: entry.name)]
    width = max((len(first.name) for first, *_ in names), default=0)
    for first, *others in names:
        yield f"{first.name:<{width}}  {first.title}{_languages(others)}\n"


def _exercise_lines(entries: Iterable[Listed]) -> Iterator[str]:
    """By category: a line for each name, and what it is."""
    names = [
        sorted(group, key=lambda entry: entry.language != ENGLISH)
        for _, group in groupby(entries, key=lambda entry: entry.name)
    ]
    width = max((len(first.name) for first, *_ in names), default=0)
    names.sort(key=lambda group: (group[0].category is None, group[0].category or "", group[0].name))
    for number, (category, group) in enumerate(groupby(names, key=lambda group: group[0].category or "other")):
        yield f"\n{category}\n" if number else f"{category}\n"
        for first, *others in group:
            yield f"  {first.name:<{width}}  {first.summary or first.title}{_languages(others)}\n"


def _languages(entries: Iterable[Listed]) -> str:
    languages = sorted({entry.language for entry in entries if entry.language})
    return f"  ({', '.join(languages)})" if languages else ""
