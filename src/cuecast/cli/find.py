"""From what a person typed to a routine's bytes: a path, a name of their own, a packaged name, or standard input."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from msgspec import Struct

from cuecast.cache import DEFAULT_LIMIT
from cuecast.cli.console import STANDARD_INPUT, USAGE, myself, take, usage
from cuecast.files import CACHE_VARIABLE, data_dir, user_cache, user_dir
from cuecast.model.diagnostics import did_you_mean
from cuecast.model.field_types import MAX_BYTES

if TYPE_CHECKING:  # imported where they are needed: a track that is up to date is found out without them
    from cuecast.inputs import InputTracker
    from cuecast.library import Library
    from cuecast.options import BuildFolders, RoutineFile

LIMIT_NAME = "CUECAST_CACHE_MAX"
"""The variable that says how much may stay in the cache: 500M; 0 keeps nothing."""

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


class Found(Struct, frozen=True):
    """A routine: what messages call it, its bytes, its folder, the stem that its track will have, and whether it is one
    of the package's.
    """

    name: str
    data: bytes
    folder: Path
    stem: str
    packaged: bool = False

    @property
    def path(self) -> Path:
        """Its file."""
        return self.folder / Path(self.name).name

    @property
    def file(self) -> RoutineFile:
        """What is to be built, with all that it may refer to."""
        return self.noting(None)

    def noting(self, looks: InputTracker | None) -> RoutineFile:
        """The same; in `looks` is noted which files it refers to."""
        from cuecast.options import RoutineFile

        return RoutineFile(self.name, self.data, library(self.folder, looks))


def places(looks: InputTracker | None = None) -> BuildFolders:
    """Where this user's builds look; `CUECAST_HOME` and `CUECAST_CACHE` move the user's folders."""
    from cuecast.options import BuildFolders

    return BuildFolders(voices=folders("voices"), cache=cache_dir(), cache_limit=cache_limit(), looks=looks)


def folders(kind: str) -> tuple[Path, ...]:
    """The user's folder of `routines`, `exercises`, `voices`, `music` or `tones`, then the package's, if it has one."""
    home = os.environ.get("CUECAST_HOME")
    packaged = data_dir("routines") / kind if kind == "exercises" else data_dir(kind)
    return user_dir(kind, Path(home) if home else None), packaged


def cache_dir() -> Path:
    """Where clips are kept between builds."""
    return user_cache(os.environ.get(CACHE_VARIABLE))


def cache_limit() -> int:
    """How many bytes of them may stay; a wrong `CUECAST_CACHE_MAX` ends the command with exit status 2."""
    told = os.environ.get(LIMIT_NAME)
    if not told:
        return DEFAULT_LIMIT
    from cuecast.cli.sizes import text_to_bytes

    try:
        return text_to_bytes(told)
    except ValueError as fault:
        raise usage(f"{LIMIT_NAME}: {fault}") from None


def routine_files() -> dict[str, Path]:
    """All routines that have a name, the user's before the package's."""
    files: dict[str, Path] = {}
    for folder in folders("routines"):
        for path in _yaml_files(folder):
            files.setdefault(path.stem, path)
    return files


def named_routines() -> list[tuple[str, Path]]:
    """The same in order, but NAME.de.yaml as another file of NAME where that lies beside it."""
    files = routine_files()
    rows = []
    for stem, path in files.items():
        name, _, language = stem.rpartition(".")
        beside = name in files and files[name].parent == path.parent and LANGUAGE.fullmatch(language)
        rows.append((name if beside else stem, path))
    return sorted(rows, key=lambda row: (row[0], row[1].stem))


def completions(incomplete: str) -> list[str]:
    """What begins so and can be rendered: names of routines, and files in that folder."""
    names = [] if os.sep in incomplete else sorted({name for name, _ in named_routines()})
    start, _, _ = incomplete.rpartition(os.sep)
    folder = Path(f"{start}{os.sep}") if os.sep in incomplete else Path()
    files = [str(path) for suffix in ("yaml", "yml") for path in _yaml_files(folder, suffix)]
    return [each for each in (*names, *files) if each.startswith(incomplete)]


def packaged_names() -> frozenset[str]:
    """The names of the routines that come with cuecast."""
    return frozenset(path.stem for path in _yaml_files(folders("routines")[-1]))


def is_named(reference: str) -> bool:
    """Whether it is a routine's file or name."""
    return is_file(Path(reference)) or reference in routine_files()


def is_path(reference: str) -> bool:
    """Whether it must be meant as a path, or is one that can't be looked at."""
    try:
        return os.sep in reference or Path(reference).exists()
    except (OSError, ValueError):
        return True


def library(folder: Path | None, looks: InputTracker | None = None) -> Library:
    """What a routine in that folder may refer to."""
    from cuecast.library import Library

    return Library(folder, folders("exercises"), folders("music")[0], folders("tones")[0], looks)


def find_routines(references: Iterable[str], language: str | None = None) -> list[Found]:
    """Those that are there. Of one that is not it has been said; where none is, the command ends."""
    found = []
    for reference in references:
        try:
            found.append(find_routine(reference, language))
        except typer.Exit:
            continue
    if not found:
        raise typer.Exit(USAGE)
    return found


class NotThere(LookupError):
    """A routine that is not there, or can't be read. `hint` says what was probably meant, or what to do."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


def find_routine(reference: str, language: str | None = None) -> Found:
    """The routine that `reference` means; a wrong one ends the command with exit status 2.

    With `language` it is the file of that language beside it, NAME.de.yaml, or itself where it is in it.
    """
    if reference == "-":
        return Found(STANDARD_INPUT, take(MAX_BYTES), Path(), "routine")
    try:
        found = located(reference)
        return found if language is None else in_language(found, language)
    except NotThere as fault:
        raise usage(str(fault), fault.hint) from None


def located(reference: str) -> Found:
    """The routine of a path, or of a name: the user's own before the package's. Raises NotThere."""
    path = Path(reference)
    if is_file(path):
        return _found(path, False)
    named = routine_files()
    if reference in named:
        return _found(named[reference], named[reference].parent == folders("routines")[-1])
    _refuse_what_is_there(path)
    beside = path.with_name(f"{path.name}.yaml") if path.name else path
    near = f"did you mean `{beside}`?" if is_file(beside) else did_you_mean(reference, [*named, *_neighbours(path)])
    raise NotThere(f"there is no routine {reference}", near or f"`{myself()} list` shows the routines that are there")


def in_language(found: Found, language: str) -> Found:
    """The file of that language beside a routine, NAME.de.yaml, or the one that is in it. Raises NotThere."""
    path = found.path
    name, _, own = path.stem.rpartition(".")
    is_translation = bool(name) and LANGUAGE.fullmatch(own) is not None
    beside = path.with_name(f"{name if is_translation else path.stem}.{language}{path.suffix}")
    if is_file(beside):
        return _found(beside, found.packaged)
    original = path.with_name(f"{name}{path.suffix}")
    for each in (found, *([_found(original, found.packaged)] if is_translation and is_file(original) else [])):
        if language_of(each) == language:
            return each
    raise NotThere(f"{found.name} is not there in the language {language}", f"it would be {beside.name}, beside it")


def language_of(found: Found) -> str | None:
    """The language that a routine is in; None for one with errors."""
    from cuecast.expand.music_override import WithoutMusicFiles
    from cuecast.read import read

    routine = read(found.name, found.data, WithoutMusicFiles(library(found.folder))).routine
    return routine.language if routine else None


def content(path: Path, limit: int) -> bytes:
    """A file's bytes, up to one more than the limit; one that can't be read ends the command with exit status 2."""
    try:
        return _content(path, limit)
    except NotThere as fault:
        raise usage(str(fault)) from None


def is_file(path: Path) -> bool:
    """Whether a file is there that can be looked at."""
    try:
        return path.is_file()
    except (OSError, ValueError):  # no permission to look, a name that is too long or that no file can have
        return False


def _found(path: Path, packaged: bool) -> Found:
    # Messages call the package's own by name, for where that lies helps nobody; the user's by path.
    return Found(path.name if packaged else str(path), _content(path, MAX_BYTES), path.parent, path.stem, packaged)


def _content(path: Path, limit: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(limit + 1)
    except OSError as fault:
        raise NotThere(f"can't read {path}: {fault.strerror}") from None


def _refuse_what_is_there(path: Path) -> None:
    try:
        is_there, is_folder = path.exists(), path.is_dir()
    except OSError as fault:
        raise NotThere(f"can't read {path}: {fault.strerror}") from None
    except ValueError:  # a character that no file's name can have
        return
    if is_folder:
        raise NotThere(
            f"{path} is a folder, not a routine", f"render what is in it: {myself()} render {path / '*.yaml'}"
        )
    if is_there:
        raise NotThere(f"{path} is not a regular file")


def _yaml_files(folder: Path, suffix: str = "yaml") -> list[Path]:
    """The files in a folder; one that can't be looked into holds nothing for us."""
    try:
        return [path for path in sorted(folder.glob(f"*.{suffix}")) if is_file(path)] if folder.is_dir() else []
    except OSError:
        return []


def _neighbours(path: Path) -> Iterator[str]:
    """Files beside what was meant, as they would be typed."""
    folder = path.parent
    yield from (str(folder / other.name) for suffix in ("yaml", "yml") for other in _yaml_files(folder, suffix))
