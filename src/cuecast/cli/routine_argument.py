"""The arguments ROUTINE: paths, patterns, names, or - for standard input."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import typer

from cuecast import api
from cuecast.cli.console import STANDARD_INPUT, USAGE, print_stderr, program_name, read_stdin, usage_error
from cuecast.library import RoutineNotFound, RoutineSource
from cuecast.library.patterns import IS_ROUTINE, SUFFIXES, describe_left_out, has_steps, is_pattern, match_routines
from cuecast.library.routines import is_file
from cuecast.model.limits import MAX_BYTES
from cuecast.options import Options
from cuecast.shell import quote

_FOREIGN = frozenset((
    ".txt", ".md", ".csv", ".tsv", ".docx", ".doc", ".odt", ".rtf", ".pdf", ".html", ".htm", ".xlsx", ".pages",
    ".zwo", ".fit", ".erg", ".mrc", ".json", ".xml", ".tcx",
))  # fmt: skip
"""Suffixes of files that people want to hear before they are a routine."""


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


def expand_references(references: Sequence[str], folders: bool = False, quiet: bool = False) -> list[str]:
    """The references, each pattern that no shell has expanded replaced by the routines that match.

    With `folders`, each folder is replaced by the routines in it and below it. Files that are left out are reported.
    A pattern or folder without any routine ends the command with exit status 2.
    """
    found: list[str] = []
    for reference in references:
        path = Path(reference)
        if folders and _is_folder(path):
            found += _routines_in(path, "**/*", f"there is no routine in {reference}", SUFFIXES, quiet)
        elif is_pattern(reference) and not is_file(path):
            root = Path(path.anchor)
            found += _routines_in(root, str(path.relative_to(root)), f"no routine matches {reference}", None, quiet)
        else:
            found.append(reference)
    return found


def _routines_in(
    folder: Path, pattern: str, missing: str, suffixes: tuple[str, ...] | None, quiet: bool
) -> Iterator[str]:
    """The paths of the routines that match. Of the other files, those with one of the suffixes are reported."""
    try:
        routines, others = match_routines(folder, pattern)
    except RoutineNotFound as fault:
        raise _not_found(fault) from None
    left_out = [str(path) for path in others if suffixes is None or path.suffix.lower() in suffixes]
    if not routines:
        raise usage_error(missing, f"{describe_left_out(left_out)}; {IS_ROUTINE}" if left_out else IS_ROUTINE)
    if left_out and not quiet:
        print_stderr(f"cuecast: {describe_left_out(left_out)}\n  {IS_ROUTINE}")
    yield from map(str, routines)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):  # a name that no file can have
        return False


def _find(reference: str, options: Options) -> RoutineSource:
    if reference == "-":
        return RoutineSource(STANDARD_INPUT, read_stdin(MAX_BYTES), Path(), "routine")
    source = api.find_routine(reference, options)
    if source.path.suffix.lower() in _FOREIGN and not has_steps(source.data):
        made = f"{source.path.stem}.yaml"
        command = f"{program_name()} import {quote(reference)} -o {quote(made)}"
        raise RoutineNotFound(f"{reference} is not a routine yet", f"make one of it: {command}")
    return source


def _not_found(fault: RoutineNotFound) -> typer.Exit:
    hint = fault.hint or f"`{program_name()} list` shows the routines that there are"
    print_stderr(f"cuecast: {fault}\n  {hint}")
    return typer.Exit(USAGE)
