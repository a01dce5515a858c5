"""The files that a routine may name: those in its own folder, and the exercises of the library."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path, PurePath

from cuecast.diagnostics import did_you_mean, nearest
from cuecast.kinds import MAX_BYTES
from cuecast.ports import Opened, Refused

ENGLISH = "en"
"""The language whose exercises have no language in their file's name."""

_SUFFIX = ".yaml"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_LANGUAGE = re.compile(r"[A-Za-z0-9-]{2,20}")
_MOST_NEIGHBOURS = 1_000
_LANGUAGES = {
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "it": "Italian",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
}


class Library:
    """A routine's folder and the folders of exercises: an `Opener` that opens nothing else.

    Links are followed first, so that what counts is where a file really is.
    """

    def __init__(self, folder: Path | None, exercises: Sequence[Path] = ()) -> None:
        """`folder` is the routine's (None: it can include nothing); `exercises` are looked into in their order."""
        self._folder = None if folder is None else Path(os.path.realpath(folder))
        self._exercises = tuple(Path(os.path.realpath(each)) for each in exercises)
        self._included: dict[str, Path] = {}
        self._routine: str | None = None

    def include(self, path: str, from_file: str) -> Opened:
        """The file at `path`, relative to the folder of `from_file`. Raises Refused.

        `from_file` is the name of what was opened here before, else the routine's own name, as it was typed.
        """
        if self._folder is None:
            raise Refused("outside-folder", f"`{path}` can't be included: this routine has no folder")
        if from_file not in self._included:
            self._routine = from_file
            self._included[from_file] = Path(os.path.realpath(self._folder / PurePath(from_file).name))
        base = self._folder if from_file == self._routine else self._included[from_file].parent
        if "\0" in path:
            raise Refused("missing-file", "there is no file of this name")
        real = Path(os.path.realpath(base / path))
        if not real.is_relative_to(self._folder):
            raise Refused(
                "outside-folder",
                f"`{path}` lies outside the routine's folder",
                "put the file into the folder of the routine, or a folder in it",
            )
        data = _content(real, path, lambda: _near(base, path))
        name = self._name(real)
        self._included.setdefault(name, real)
        return Opened(name, data)

    def exercise(self, name: str, language: str) -> Opened:
        """The exercise of that name in that language, from the first folder that has it. Raises Refused."""
        if _NAME.fullmatch(name) and _LANGUAGE.fullmatch(language):
            for folder in self._exercises:
                for file in _file_names(name, language):
                    real = Path(os.path.realpath(folder / file))
                    if not os.path.lexists(folder / file):
                        continue
                    if not real.is_relative_to(folder):
                        raise Refused("outside-folder", f"`{file}` is a link that leads out of the library's folder")
                    return Opened(f"exercises/{file}", _content(real, file, lambda: None))
        raise self._unknown(name, language)

    def exercises(self, language: str) -> list[tuple[str, Path]]:
        """The names of all exercises in a language, in order, each with its file."""
        found: dict[str, Path] = {}
        for folder in self._exercises:
            for path in sorted(folder.glob(f"*{_SUFFIX}")) if folder.is_dir() else ():
                name, _, written = path.name.removesuffix(_SUFFIX).partition(".")
                if _NAME.fullmatch(name) and path.is_file() and path.name in _file_names(name, language):
                    kept = found.get(name)
                    is_nearer = kept is not None and kept.parent == folder and written == language
                    found[name] = path if kept is None or is_nearer else kept
        return sorted(found.items())

    def _unknown(self, name: str, language: str) -> Refused:
        primary = language.partition("-")[0]
        if primary != ENGLISH and any(name == each for each, _ in self.exercises(ENGLISH)):
            spoken = _LANGUAGES.get(primary, f"`{language}`")
            return Refused(
                "unknown-exercise",
                f"`{name}` is not there in {spoken} yet",
                f"write it out as an `exercise`, or translate it into `{name}.{primary}{_SUFFIX}` in your own folder",
            )
        known = [each for each, _ in self.exercises(language)]
        hint = did_you_mean(name, known) or "`cuecast list exercises` shows those that are there"
        return Refused("unknown-exercise", f"there is no exercise `{name}` in the library", hint)

    def _name(self, real: Path) -> str:
        """What messages call an included file: its path as seen from where the routine was."""
        routine = self._routine or ""
        if self._folder is None or real == self._included[routine]:
            return routine
        return str(PurePath(routine).parent / real.relative_to(self._folder))


def _file_names(name: str, language: str) -> tuple[str, ...]:
    """What an exercise's file may be called, the nearest first."""
    primary = language.partition("-")[0]
    plain = (f"{name}{_SUFFIX}",) if primary == ENGLISH else ()
    return tuple(dict.fromkeys((f"{name}.{language}{_SUFFIX}", f"{name}.{primary}{_SUFFIX}", *plain)))


def _content(real: Path, typed: str, near: Callable[[], str | None]) -> bytes:
    """The bytes of a regular file, up to one more than are ever read. Raises Refused."""
    try:
        # What is no file must not be waited for: a pipe would never open.
        handle = os.open(real, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (FileNotFoundError, NotADirectoryError):
        raise Refused("missing-file", f"there is no file `{typed}`", near()) from None
    except OSError as fault:
        if real.exists() and not real.is_file():
            raise _not_a_file(real, typed) from None
        raise Refused("missing-file", f"`{typed}` can't be read: {fault.strerror or fault}") from None
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise _not_a_file(real, typed)
        with os.fdopen(handle, "rb", closefd=False) as file:
            return file.read(MAX_BYTES + 1)
    finally:
        os.close(handle)


def _not_a_file(real: Path, typed: str) -> Refused:
    if real.is_dir():
        return Refused("not-a-file", f"`{typed}` is a folder, not a file", "name a file in it")
    return Refused("not-a-file", f"`{typed}` is not a regular file")


def _near(base: Path, typed: str) -> str | None:
    """A file in the same folder that was probably meant, as it would be typed."""
    if "\\" in typed:
        return "write `{}`".format(typed.replace("\\", "/"))
    path = PurePath(typed)
    near = nearest(path.name, islice(_neighbours(base / path.parent), _MOST_NEIGHBOURS))
    return f"did you mean `{path.parent / near}`?" if near else None


def _neighbours(folder: Path) -> Iterator[str]:
    if folder.is_dir():
        yield from (path.name for path in folder.iterdir() if path.suffix in (".yaml", ".yml"))
