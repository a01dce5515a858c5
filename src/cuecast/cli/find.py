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
from cuecast.pipeline import Places
from cuecast.read import MAX_BYTES

STANDARD_INPUT = "<stdin>"
"""What messages call a routine that was piped in."""


@dataclass(frozen=True, slots=True)
class Found:
    """A routine's bytes, the name for messages, and the stem that its track will have."""

    name: str
    stem: str
    data: bytes


def places() -> Places:
    """Where this user's builds look; `CUECAST_HOME` and `CUECAST_CACHE` move the user's folders."""
    return Places(voices=folders("voices"), cache=cache_dir())


def folders(kind: str) -> tuple[Path, ...]:
    """The user's folder of `routines` or `voices`, then the package's."""
    home = os.environ.get("CUECAST_HOME")
    return user_dir(kind, Path(home) if home else None), data_dir(kind)


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


def find_routine(reference: str) -> Found:
    """The routine that `reference` means; a wrong one ends the command with exit status 2."""
    if reference == "-":
        return Found(STANDARD_INPUT, "routine", sys.stdin.buffer.read(MAX_BYTES + 1))
    path = Path(reference)
    named = routine_files()
    if path.is_file():
        return Found(reference, path.stem, _content(path))
    if reference in named:
        return Found(named[reference].name, reference, _content(named[reference]))
    if path.is_dir():
        raise usage(
            f"{reference} is a folder, not a routine", f"render what is in it: cuecast render {path / '*.yaml'}"
        )
    if path.exists():
        raise usage(f"{reference} is not a regular file")
    hint = did_you_mean(reference, [*named, *_neighbours(path)]) or "`cuecast list` shows the routines that are there"
    raise usage(f"there is no routine {reference}", hint)


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
