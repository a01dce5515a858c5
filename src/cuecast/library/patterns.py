"""Patterns such as `legs/*.yaml`: which files match, and which of them are routines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from cuecast.library.routines import RoutineNotFound, is_file
from cuecast.model.limits import MAX_BYTES

SUFFIXES = (".yaml", ".yml", ".json")
"""How the files of routines end."""

IS_ROUTINE = "a routine is a YAML or JSON file with `steps:`"

MAX_DEEP = 2
"""How many `**` a pattern has at most."""

_MAX_NAMED = 4
_WILDCARD = re.compile(r"[*?\[]")
_STEPS = re.compile(rb"""(^[\s{"']*|[{,]\s*["'])steps["']?\s*:""", re.MULTILINE)


def is_pattern(reference: str) -> bool:
    """Whether it has `*`, `?` or `[`."""
    return _WILDCARD.search(reference) is not None


def has_steps(data: bytes) -> bool:
    """Whether the text of a file has the key that each routine has."""
    return _STEPS.search(data) is not None


def match_routines(folder: Path, pattern: str) -> tuple[list[Path], list[Path]]:
    """The routines among the files that match the pattern in `folder`, and the other files.

    As in a shell, names that begin with a dot match only a pattern that has them. Raises RoutineNotFound for what is
    not a pattern.
    """
    parts = Path(pattern).parts
    if parts.count("**") > MAX_DEEP:  # each more of them multiplies the folders that are looked at
        raise RoutineNotFound(f"`{pattern}` is not a pattern: it has `**` more than {MAX_DEEP} times")
    try:
        files = sorted(path for path in folder.glob(pattern) if is_file(path))
    except (OSError, ValueError, NotImplementedError, RecursionError) as error:
        raise RoutineNotFound(f"`{pattern}` is not a pattern: {error}") from None
    routines: list[Path] = []
    others: list[Path] = []
    for path in files:
        if all(part in parts for part in path.relative_to(folder).parts if part.startswith(".")):
            (routines if _is_routine(path) else others).append(path)
    return routines, others


def describe_left_out(names: Sequence[str]) -> str:
    """`3 files are left out: README.md, …`."""
    more = f" and {len(names) - _MAX_NAMED:,} more" if len(names) > _MAX_NAMED else ""
    are = "file is" if len(names) == 1 else "files are"
    return f"{len(names):,} {are} left out: {', '.join(names[:_MAX_NAMED])}{more}"


def _is_routine(path: Path) -> bool:
    """By its name and its `steps`. One that can't be read counts, so that it is reported."""
    if path.suffix.lower() not in SUFFIXES:
        return False
    try:
        with path.open("rb") as file:
            return has_steps(file.read(MAX_BYTES))
    except OSError:
        return True
