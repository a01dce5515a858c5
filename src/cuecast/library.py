"""The files that a routine may name: in its folder, in the library, in the user's own folders of music and tones."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path, PurePath

from cuecast.errors import FileRefused
from cuecast.inputs import InputTracker
from cuecast.model.custom_tone import MAX_FILE
from cuecast.model.diagnostics import did_you_mean, nearest
from cuecast.model.field_types import MAX_BYTES
from cuecast.model.music import Recording
from cuecast.music_files import likelier, recording, recordings
from cuecast.protocols import LoadedFile

ENGLISH = "en"
"""The language whose exercises have no language in their file's name."""

_SUFFIX = ".yaml"
_ROUTINES = (".yaml", ".yml")
_SOUNDS = (".wav", ".WAV")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_LANGUAGE = re.compile(r"[A-Za-z0-9-]{2,20}")
_MOST_NEIGHBOURS = 1_000
_NOT_FILES = frozenset({errno.ENXIO, errno.EISDIR, errno.ENODEV})  # what opening a socket or the like says
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
    """A routine's folder, the folders of exercises, of music and of tones: an `Opener` that opens nothing else.

    Links are followed first, so that what counts is where a file really is. Only in their own folder of music may the
    user have links to wherever they keep it: no routine can put one there.
    """

    def __init__(
        self,
        folder: Path | None,
        exercises: Sequence[Path] = (),
        music: Path | None = None,
        tones: Path | None = None,
        looks: InputTracker | None = None,
    ) -> None:
        """`folder` is the routine's (None: it can include nothing); `exercises` are looked into in their order.

        `music` and `tones` are the user's own folders, which need not exist. In `looks` is noted whatever
        is opened or named, and what was not there.
        """
        self._looks = looks
        self._folder = None if folder is None else Path(os.path.realpath(folder))
        self._exercises = tuple(Path(os.path.realpath(each)) for each in exercises)
        self._music = music
        self._tones = None if tones is None else Path(os.path.realpath(tones))
        self._included: dict[str, Path] = {}
        self._routine: str | None = None

    def include(self, path: str, from_file: str) -> LoadedFile:
        """The file at `path`, relative to the folder of `from_file`. Raises Refused.

        `from_file` is the name of what was opened here before, else the routine's own name, as it was typed.
        """
        if self._folder is None:
            raise FileRefused("outside-folder", f"`{path}` can't be included: this routine has no folder")
        real = self._inside(self._folder, path, from_file)
        data = _content(real, path, lambda: _near(real, path, _ROUTINES))
        name = self._name(real)
        self._included.setdefault(name, real)
        return LoadedFile(name, data)

    def tone(self, path: str, from_file: str) -> LoadedFile:
        """The sound at `path`, relative to the folder of `from_file`, else to that of tones. Raises Refused."""
        near = None
        if self._folder is not None:
            real = self._inside(self._folder, path, from_file)
            if os.path.lexists(real):
                return LoadedFile(path, _content(real, path, lambda: None, MAX_FILE))
            near = _near(real, path, _SOUNDS)
        if self._tones is not None:
            own = _real(self._tones, path)
            if not own.is_relative_to(self._tones):
                raise FileRefused("outside-folder", f"`{path}` lies outside your folder of tones")
            self._note(self._tones / path)
            if os.path.lexists(own):
                return LoadedFile(path, _content(own, path, lambda: None, MAX_FILE))
            near = near or _near(own, path, _SOUNDS) or f"put it beside the routine, or into {self._tones}"
        raise FileRefused("missing-file", f"there is no file `{path}`", near)

    def _inside(self, folder: Path, path: str, from_file: str) -> Path:
        """Where `path` leads to, seen from `from_file`; within the routine's folder. Raises Refused."""
        base = self._base(folder, from_file)
        real = _real(base, path)
        if not real.is_relative_to(folder):
            raise FileRefused(
                "outside-folder",
                f"`{path}` lies outside the routine's folder",
                "put the file into the folder of the routine, or a folder in it",
            )
        self._note(base / path)
        return real

    def exercise(self, name: str, language: str) -> LoadedFile:
        """The exercise of that name in that language, from the first folder that has it. Raises Refused."""
        if _NAME.fullmatch(name) and _LANGUAGE.fullmatch(language):
            for folder in self._exercises:
                for file in _file_names(name, language):
                    self._note(folder / file)
                    real = Path(os.path.realpath(folder / file))
                    if not os.path.lexists(folder / file):
                        continue
                    if not real.is_relative_to(folder):
                        raise FileRefused(
                            "outside-folder", f"`{file}` is a link that leads out of the library's folder"
                        )
                    return LoadedFile(f"exercises/{file}", _content(real, file, lambda: None))
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

    def music(self, path: str, from_file: str, folder: bool) -> tuple[Recording, ...]:
        """The sound file at `path`, or those of the folder there: in the routine's folder, else in the user's own of
        music. Raises Refused.
        """
        refused: FileRefused | None = None
        for base, root in self._music_places(from_file):
            is_inside = not path.startswith("~")
            try:
                where = base / path if root else Path(os.path.normpath(base / path))
                real = Path(os.path.realpath(where))
                is_inside = is_inside and (real.is_relative_to(root) if root else _is_below(where, base))
                is_there = os.path.lexists(where)
            except ValueError:  # a character that no file's name can have
                raise FileRefused("missing-music", "there is no file of this name") from None
            if not is_inside:
                refused = refused or self._music_outside(path)
                continue
            self._note(where)
            try:
                return recordings(real, path, root) if folder else (recording(real, path),)
            except FileRefused as fault:
                if is_there:
                    raise
                refused = likelier(refused, fault)
        raise refused or self._music_outside(path)

    def _music_places(self, from_file: str) -> Iterator[tuple[Path, Path | None]]:
        """Where music is looked for: from where, and the folder that it may not lie outside of, links resolved."""
        if self._folder is not None:
            yield self._base(self._folder, from_file), self._folder
        if self._music is not None and self._music.is_dir():
            yield self._music, None

    def _music_outside(self, path: str) -> FileRefused:
        own = ", or into your own folder `music`," if self._music else ""
        hint = f"put it into the folder of the routine{own} and write its name as it is seen from there"
        return FileRefused("outside-folder", f"`{path}` lies outside the routine's folder", hint)

    def _base(self, folder: Path, from_file: str) -> Path:
        """The folder from which a file's paths are seen; one that was not opened here is the routine's own."""
        if from_file not in self._included:
            self._routine = from_file
            self._included[from_file] = Path(os.path.realpath(folder / PurePath(from_file).name))
        return folder if from_file == self._routine else self._included[from_file].parent

    def _note(self, path: Path) -> None:
        if self._looks is not None:
            self._looks.at(path)

    def _unknown(self, name: str, language: str) -> FileRefused:
        primary = language.partition("-")[0]
        if primary != ENGLISH and any(name == each for each, _ in self.exercises(ENGLISH)):
            spoken = _LANGUAGES.get(primary, f"`{language}`")
            return FileRefused(
                "unknown-exercise",
                f"`{name}` is not there in {spoken} yet",
                f"write it out as an `exercise`, or translate it into `{name}.{primary}{_SUFFIX}` in your own folder",
            )
        known = [each for each, _ in self.exercises(language)]
        hint = did_you_mean(name, known) or "`cuecast list exercises` shows those that are there"
        return FileRefused("unknown-exercise", f"there is no exercise `{name}` in the library", hint)

    def _name(self, real: Path) -> str:
        """What messages call an included file: its path as seen from where the routine was."""
        routine = self._routine or ""
        if self._folder is None or real == self._included[routine]:
            return routine
        return str(PurePath(routine).parent / real.relative_to(self._folder))


def _is_below(path: Path, folder: Path) -> bool:
    """Whether a path without steps upwards lies in a folder by its own words, wherever links in it lead."""
    return path.is_relative_to(os.path.normpath(folder))


def _file_names(name: str, language: str) -> tuple[str, ...]:
    """What an exercise's file may be called, the nearest first."""
    primary = language.partition("-")[0]
    plain = (f"{name}{_SUFFIX}",) if primary == ENGLISH else ()
    return tuple(dict.fromkeys((f"{name}.{language}{_SUFFIX}", f"{name}.{primary}{_SUFFIX}", *plain)))


def _real(base: Path, path: str) -> Path:
    """Where a path leads to, links followed. Raises Refused."""
    try:
        return Path(os.path.realpath(base / path))
    except ValueError:  # a character that no file's name can have
        raise FileRefused("missing-file", "there is no file of this name") from None


def _content(real: Path, typed: str, near: Callable[[], str | None], most: int = MAX_BYTES) -> bytes:
    """The bytes of a regular file, up to one more than are ever read. Raises Refused."""
    try:
        # What is no file must not be waited for: a pipe would never open.
        handle = os.open(real, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (FileNotFoundError, NotADirectoryError):
        raise FileRefused("missing-file", f"there is no file `{typed}`", near()) from None
    except OSError as fault:
        if fault.errno in _NOT_FILES or (fault.errno == errno.EACCES and real.is_dir()):  # what Windows says
            raise _not_a_file(real, typed) from None
        raise FileRefused("missing-file", f"`{typed}` can't be read: {fault.strerror or fault}") from None
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise _not_a_file(real, typed)
        with os.fdopen(handle, "rb", closefd=False) as file:
            return file.read(most + 1)
    finally:
        os.close(handle)


def _not_a_file(real: Path, typed: str) -> FileRefused:
    if real.is_dir():
        return FileRefused("not-a-file", f"`{typed}` is a folder, not a file", "name a file in it")
    return FileRefused("not-a-file", f"`{typed}` is not a regular file")


def _near(real: Path, typed: str, suffixes: tuple[str, ...]) -> str | None:
    """A file in the same folder that was probably meant, as it would be typed."""
    if "\\" in typed:
        return "write `{}`".format(typed.replace("\\", "/"))
    path = PurePath(typed)
    names = {PurePath(name).stem: name for name in islice(_neighbours(real.parent, suffixes), _MOST_NEIGHBOURS)}
    near = nearest(path.stem, names)
    return f"did you mean `{path.parent / names[near]}`?" if near else None


def _neighbours(folder: Path, suffixes: tuple[str, ...]) -> Iterator[str]:
    with contextlib.suppress(OSError):
        yield from (path.name for path in folder.iterdir() if path.suffix in suffixes)
