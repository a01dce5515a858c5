"""The arguments ROUTINE: paths, names, or - for standard input."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from pathlib import Path

import typer

from cuecast import api
from cuecast.cli.console import STANDARD_INPUT, USAGE, print_stderr, program_name, read_stdin, usage_error
from cuecast.library import RoutineNotFound, RoutineSource
from cuecast.model.limits import MAX_BYTES
from cuecast.options import Options

_FOREIGN = frozenset((
    ".txt", ".md", ".csv", ".tsv", ".docx", ".doc", ".odt", ".rtf", ".pdf", ".html", ".htm", ".xlsx", ".pages",
    ".zwo", ".fit", ".erg", ".mrc", ".json", ".xml", ".tcx",
))  # fmt: skip
"""Suffixes of files that people want to hear before they are a routine."""

_ROUTINE = re.compile(rb"^[\s{\"']*steps[\"']?\s*:", re.MULTILINE)


def find_routine(reference: str, options: Options) -> RoutineSource:
    """The routine that is meant. One that does not exist ends the command with exit status 2."""
    try:
        return _find(reference, options)
    except RoutineNotFound as fault:
        raise _not_found(fault) from None


def find_routines(references: Sequence[str], options: Options) -> list[RoutineSource]:
    """Those that exist; the others are reported. If none does, the command ends."""
    found = []
    for reference in references:
        try:
            found.append(_find(reference, options))
        except RoutineNotFound as fault:
            _not_found(fault)
    if not found:
        raise typer.Exit(USAGE)
    return found


def routines_in_folders(references: Sequence[str]) -> list[str]:
    """The references, each folder replaced by the routines in it and below it: YAML files that have `steps`.

    A folder without any ends the command with exit status 2.
    """
    found = []
    for reference in references:
        folder = Path(reference)
        if not _is_folder(folder):
            found.append(reference)
            continue
        paths = sorted(path for path in folder.rglob("*.y*ml") if path.suffix in (".yaml", ".yml"))
        inside = [path for path in paths if not _is_hidden(path.relative_to(folder)) and is_routine_file(path)]
        if not inside:
            raise usage_error(f"there is no routine in {reference}", "a routine is a .yaml file with `steps:`")
        found += map(str, inside)
    return found


def is_routine_file(path: Path) -> bool:
    """Whether a YAML file has `steps`. One that can't be read counts, so that it is reported."""
    try:
        data = path.read_bytes()[:MAX_BYTES]
    except OSError:
        return True
    return _ROUTINE.search(data) is not None


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):  # a name that no file can have
        return False


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _find(reference: str, options: Options) -> RoutineSource:
    if reference == "-":
        return RoutineSource(STANDARD_INPUT, read_stdin(MAX_BYTES), Path(), "routine")
    source = api.find_routine(reference, options)
    if source.path.suffix.lower() in _FOREIGN and not _ROUTINE.search(source.data):
        made = f"{source.path.stem}.yaml"
        command = f"{program_name()} import {shlex.quote(reference)} -o {shlex.quote(made)}"
        raise RoutineNotFound(f"{reference} is not a routine yet", f"make one of it: {command}")
    return source


def _not_found(fault: RoutineNotFound) -> typer.Exit:
    hint = fault.hint or f"`{program_name()} list` shows the routines that there are"
    print_stderr(f"cuecast: {fault}\n  {hint}")
    return typer.Exit(USAGE)
