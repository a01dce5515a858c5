"""Routines by name, path and language."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from cuecast.library.folders import Folders
from cuecast.model.diagnostics import did_you_mean
from cuecast.model.limits import MAX_BYTES

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
"""A language in a file's name, as in NAME.de.yaml."""


class RoutineSource(Struct, frozen=True):
    """A routine's text and where it comes from.

    `name` is what messages call it, `stem` what its track is called, `packaged` whether it comes with cuecast.
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


class RoutineNotFound(LookupError):
    """A routine that does not exist or can't be read. `hint` says what was probably meant, or what to do."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


def find_routine(reference: str, folders: Folders) -> RoutineSource:
    """The routine at a path, or of a name: the user's own before the package's. Raises RoutineNotFound."""
    path = Path(reference)
    if is_file(path):
        return load_routine(path, packaged=False)
    files = routine_files(folders)
    if reference in files:
        return load_routine(files[reference], packaged=files[reference].parent == folders.routines[-1])
    _refuse_existing(path)
    beside = path.with_name(f"{path.name}.yaml") if path.name else path
    near = f"did you mean `{beside}`?" if is_file(beside) else did_you_mean(reference, [*files, *_neighbours(path)])
    raise RoutineNotFound(f"there is no routine {reference}", near)


def translation_paths(source: RoutineSource, language: str) -> tuple[Path, Path | None]:
    """Where the routine would lie in that language, and its original if this one is a translation itself."""
    path = source.path
    name, _, suffix = path.stem.rpartition(".")
    is_translation = bool(name) and LANGUAGE.fullmatch(suffix) is not None
    stem = name if is_translation else path.stem
    original = path.with_name(f"{name}{path.suffix}") if is_translation else None
    return path.with_name(f"{stem}.{language}{path.suffix}"), original


def load_routine(path: Path, packaged: bool) -> RoutineSource:
    """The routine in a file. Messages call a packaged one by its name. Raises RoutineNotFound."""
    return RoutineSource(
        path.name if packaged else str(path), read_bytes(path, MAX_BYTES), path.parent, path.stem, packaged
    )


def routine_files(folders: Folders) -> dict[str, Path]:
    """All routines that have a name, the user's before the package's."""
    files: dict[str, Path] = {}
    for folder in folders.routines:
        for path in yaml_files(folder):
            files.setdefault(path.stem, path)
    return files


def named_routines(folders: Folders) -> list[tuple[str, Path]]:
    """The same, sorted. NAME.de.yaml beside NAME.yaml is listed as NAME."""
    files = routine_files(folders)
    rows = []
    for stem, path in files.items():
        name, _, language = stem.rpartition(".")
        is_translation = name in files and files[name].parent == path.parent and LANGUAGE.fullmatch(language)
        rows.append((name if is_translation else stem, path))
    return sorted(rows, key=lambda row: (row[0], row[1].stem))


def read_bytes(path: Path, limit: int) -> bytes:
    """A file's bytes, up to one more than the limit. Raises RoutineNotFound."""
    try:
        with path.open("rb") as file:
            return file.read(limit + 1)
    except OSError as fault:
        raise RoutineNotFound(f"can't read {path}: {fault.strerror}") from None


def is_file(path: Path) -> bool:
    """Whether a readable file is at the path."""
    try:
        return path.is_file()
    except (OSError, ValueError):  # no permission, or a name that no file can have
        return False


def is_path(reference: str) -> bool:
    """Whether a reference can only be a path, or one that can't even be looked at."""
    try:
        return "/" in reference or os.sep in reference or Path(reference).exists()
    except (OSError, ValueError):
        return True


def yaml_files(folder: Path, suffix: str = "yaml") -> list[Path]:
    """The YAML files in a folder; none if it can't be read."""
    try:
        return [path for path in sorted(folder.glob(f"*.{suffix}")) if is_file(path)] if folder.is_dir() else []
    except OSError:
        return []


def _refuse_existing(path: Path) -> None:
    try:
        exists, is_folder = path.exists(), path.is_dir()
    except OSError as fault:
        raise RoutineNotFound(f"can't read {path}: {fault.strerror}") from None
    except ValueError:  # a character that no file name can have
        return
    if is_folder:
        files = path / "*.yaml"
        raise RoutineNotFound(f"{path} is a folder, not a routine", f"render what is in it: cuecast render {files}")
    if exists:
        raise RoutineNotFound(f"{path} is not a regular file")


def _neighbours(path: Path) -> Iterator[str]:
    """The files in the same folder, as they would be typed."""
    folder = path.parent
    yield from (str(folder / other.name) for suffix in ("yaml", "yml") for other in yaml_files(folder, suffix))
