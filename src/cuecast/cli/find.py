"""From what a person typed to a routine's bytes: a path, a name of their own, a packaged name, or standard input."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cuecast.cli.console import usage
from cuecast.diagnostics import did_you_mean
from cuecast.files import data_dir, user_dir
from cuecast.library import Library
from cuecast.pipeline import Places, RoutineFile
from cuecast.read import MAX_BYTES, read

STANDARD_INPUT = "<stdin>"
"""What messages call a routine that was piped in."""


@dataclass(frozen=True, slots=True)
class Found:
    """A routine's file, and the stem that its track will have."""

    file: RoutineFile
    stem: str


def places() -> Places:
    """Where this user's builds look; `CUECAST_HOME` and `CUECAST_CACHE` move the user's folders."""
    return Places(voices=folders("voices"), cache=cache_dir())


def folders(kind: str) -> tuple[Path, ...]:
    """The user's folder of `routines`, `exercises` or `voices`, then the package's."""
    home = os.environ.get("CUECAST_HOME")
    packaged = data_dir("routines") / kind if kind == "exercises" else data_dir(kind)
    return user_dir(kind, Path(home) if home else None), packaged


def cache_dir() -> Path:
    """Where clips are kept between builds."""
    told = os.environ.get("CUECAST_CACHE")
    if told:
        return Path(told)
    import platformdirs

    return platformdirs.user_cache_path("cuecast", appauthor=False)


def routine_files() -> dict[str, Path]:
    """All routines that have a name, the user's before the package's."""
    files: dict[str, Path] = {}
    for folder in folders("routines"):
        for path in sorted(folder.glob("*.yaml")) if folder.is_dir() else ():
            files.setdefault(path.stem, path)
    return files


def find_routine(reference: str, language: str | None = None) -> Found:
    """The routine that `reference` means; a wrong one ends the command with exit status 2.

    With `language` it is the file of that language beside it, NAME.de.yaml, or itself where it is in it.
    """
    if reference == "-":
        data = sys.stdin.buffer.read(MAX_BYTES + 1)
        return Found(RoutineFile(STANDARD_INPUT, data, Library(Path(), folders("exercises"))), "routine")
    path, name = _path_of(reference)
    if language is not None:
        path, name = _in_language(path, name, language)
    return Found(RoutineFile(name, _content(path), Library(path.parent, folders("exercises"))), path.stem)


def _path_of(reference: str) -> tuple[Path, str]:
    """The file, and how messages call it."""
    path = Path(reference)
    named = routine_files()
    if path.is_file():
        return path, reference
    if reference in named:
        return named[reference], named[reference].name
    if path.is_dir():
        hint = f"render what is in it: cuecast render {path / '*.yaml'}"
        raise usage(f"{reference} is a folder, not a routine", hint)
    if path.exists():
        raise usage(f"{reference} is not a regular file")
    hint = did_you_mean(reference, [*named, *_neighbours(path)]) or "`cuecast list` shows the routines that are there"
    raise usage(f"there is no routine {reference}", hint)


def _in_language(path: Path, name: str, language: str) -> tuple[Path, str]:
    beside = path.with_name(f"{path.stem}.{language}{path.suffix}")
    if beside.is_file():
        return beside, str(Path(name).with_name(beside.name))
    routine = read(name, _content(path), Library(path.parent, folders("exercises"))).routine
    if routine is not None and routine.language == language:
        return path, name
    raise usage(f"{name} is not there in the language {language}", f"it would be {beside.name}, beside it")


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as fault:
        raise usage(f"can't read {path}: {fault.strerror}") from None


def _neighbours(path: Path) -> Iterator[str]:
    """Files beside what was meant, as they would be typed."""
    folder = path.parent
    if folder.is_dir():
        yield from (str(folder / other.name) for other in folder.glob("*.y*ml"))
