"""The one object that reads files for a build, and records what it read or looked for."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path, PurePath

from cuecast.errors import FileRefused
from cuecast.files import data_dir
from cuecast.library.folders import Folders
from cuecast.library.inputs import InputTracker, StateLookup
from cuecast.library.music_files import better_hint, find_recording, find_recordings
from cuecast.library.other_names import known_as
from cuecast.model.custom_tone import MAX_FILE
from cuecast.model.diagnostics import did_you_mean, nearest
from cuecast.model.limits import MAX_BYTES, SOUND_SUFFIXES
from cuecast.model.music import Recording
from cuecast.protocols import LoadedFile

ENGLISH = "en"
"""The language whose exercise files have no language in their name."""

_SUFFIX = ".yaml"
_ROUTINE_SUFFIXES = (".yaml", ".yml")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_LANGUAGE = re.compile(r"[A-Za-z0-9-]{2,20}")
_MAX_NEIGHBOURS = 1_000
_INSIDE = "put the file into the folder of the routine, or a folder in it; or name a folder above both: `--root DIR`"
_NOT_FILES = frozenset({errno.ENXIO, errno.EISDIR, errno.ENODEV})  # what opening a socket or a device raises
_LANGUAGE_NAMES = {
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
    """A routine's folder, or one above it, and the library's folders: a `FileLoader` that opens nothing else.

    Links are resolved first: a file counts as lying where it really is. Only the user's own folder of music may have
    links that lead out of it, because no routine can put one there.
    """

    def __init__(
        self,
        folder: Path | None,
        folders: Folders | None = None,
        *,
        root: Path | None = None,
        other_music: bool = False,
        states: StateLookup | None = None,
    ) -> None:
        """`folder` is the routine's; None: it can include nothing. If it lies below `root`, files of all of that can be
        included. With `other_music` the routine's own music is
        replaced by other music, so its files need not exist. `states` caches file states for many builds.
        """
        self.folders = folders or Folders()
        self._tracker = InputTracker(states)
        self._folder = None if folder is None else Path(os.path.realpath(folder))
        self._root = self._folder
        if root is not None and self._folder is not None and self._folder.is_relative_to(os.path.realpath(root)):
            self._root = Path(os.path.realpath(root))
        self._other_music = other_music
        self._included: dict[str, Path] = {}
        self._routine: str | None = None
        self._music: dict[Path, None] = {}

    @property
    def music_files(self) -> tuple[Path, ...]:
        """The music files that may be played, in the order in which they were found."""
        return tuple(self._music)

    @property
    def inputs(self) -> Mapping[str, str]:
        """The state of each path that was read or looked for, by absolute path (`library.inputs`)."""
        return self._tracker.recorded

    def record(self, path: Path) -> None:
        """Record a path that is about to be read by other means, such as music."""
        self._tracker.record(path)

    def include(self, path: str, from_file: str) -> LoadedFile:
        """The file at `path`, relative to the folder of `from_file`. Raises FileRefused.

        `from_file` is the name of a file that was loaded here before, or the routine's own name as it was typed.
        """
        if self._folder is None:
            raise FileRefused("outside-folder", f"`{path}` can't be included: this routine has no folder")
        real = self._inside(self._folder, path, from_file)
        data = _read(real, path, lambda: _similar_file(real, path, _ROUTINE_SUFFIXES))
        name = self._display_name(real)
        self._included.setdefault(name, real)
        return LoadedFile(name, data)

    def tone(self, path: str, from_file: str) -> LoadedFile:
        """The sound at `path`: beside `from_file`, else in the user's folder of tones, else the package's. Raises FileRefused."""
        hint = None
        if self._folder is not None:
            real = self._inside(self._folder, path, from_file)
            if os.path.lexists(real):
                return LoadedFile(path, _read(real, path, lambda: None, MAX_FILE))
            hint = _similar_file(real, path, SOUND_SUFFIXES)
        for folder in map(os.path.realpath, (*self.folders.of("tones"), data_dir("routines") / "tones")):
            tones = Path(folder)
            real = _resolve(tones, path)
            if not real.is_relative_to(tones):
                raise FileRefused("outside-folder", f"`{path}` lies outside your folder of tones")
            self.record(tones / path)
            if os.path.lexists(real):
                return LoadedFile(path, _read(real, path, lambda: None, MAX_FILE))
            hint = hint or _similar_file(real, path, SOUND_SUFFIXES)
        if hint is None and self.folders.tones is not None:
            hint = f"put it beside the routine, or into {os.path.realpath(self.folders.tones)}"
        raise FileRefused("missing-file", f"there is no file `{path}`", hint)

    def exercise(self, name: str, language: str) -> LoadedFile:
        """The library's exercise in that language: the user's own before the package's. Raises FileRefused."""
        if _NAME.fullmatch(name) and _LANGUAGE.fullmatch(language):
            for folder in map(os.path.realpath, self.folders.exercises):
                for file in _file_names(name, language):
                    path = Path(folder, file)
                    self.record(path)
                    if not os.path.lexists(path):
                        continue
                    real = Path(os.path.realpath(path))
                    if not real.is_relative_to(folder):
                        raise FileRefused(
                            "outside-folder", f"`{file}` is a link that leads out of the library's folder"
                        )
                    return LoadedFile(f"exercises/{file}", _read(real, file, lambda: None))
        raise self._unknown_exercise(name, language)

    def exercises(self, language: str) -> list[tuple[str, Path]]:
        """The names of all exercises in a language, sorted, each with its file."""
        found: dict[str, Path] = {}
        for folder in self.folders.exercises:
            for path in sorted(folder.glob(f"*{_SUFFIX}")) if folder.is_dir() else ():
                name, _, written = path.name.removesuffix(_SUFFIX).partition(".")
                if _NAME.fullmatch(name) and path.is_file() and path.name in _file_names(name, language):
                    known = found.get(name)
                    is_closer = known is not None and known.parent == folder and written == language
                    found[name] = path if known is None or is_closer else known
        return sorted(found.items())

    def music(self, path: str, from_file: str, folder: bool) -> tuple[Recording, ...]:
        """The sound file at `path`, or those of the folder there: in the routine's folder, else in the user's folder
        of music. Raises FileRefused.
        """
        if self._other_music:
            return (Recording(path, Path(path)),)
        refused: FileRefused | None = None
        for base, root in self._music_folders(from_file):
            try:
                place = base / path if root else Path(os.path.normpath(base / path))
                real = Path(os.path.realpath(place))
                is_inside = real.is_relative_to(root) if root else place.is_relative_to(os.path.normpath(base))
                exists = os.path.lexists(place)
            except ValueError:  # a character that no file name can have
                raise FileRefused("missing-music", "there is no file of this name") from None
            if path.startswith("~") or not is_inside:
                refused = refused or self._music_outside(path)
                continue
            self.record(place)
            try:
                return self._found_music(find_recordings(real, path, root) if folder else (find_recording(real, path),))
            except FileRefused as fault:
                if exists:
                    raise
                refused = better_hint(refused, fault)
        raise refused or self._music_outside(path)

    def chosen_music(self, path: str) -> tuple[Recording, ...]:
        """The music that a caller chose: the file or folder at `path`, seen from the current folder, else from the
        user's folder of music. Raises FileRefused.
        """
        refused: FileRefused | None = None
        places = [base / path for base in (Path(), self.folders.music) if base is not None]
        for place in places:  # one that appears at the first place would be played instead
            self.record(place)
        for place in places:
            try:
                real = Path(os.path.realpath(place))
                is_folder = os.path.isdir(real)  # noqa: PTH112  Path.is_dir raises if a name is too long
                return self._found_music(
                    find_recordings(real, path, None) if is_folder else (find_recording(real, path),)
                )
            except ValueError:
                raise FileRefused("missing-music", "there is no file of this name") from None
            except FileRefused as fault:
                if os.path.lexists(place):
                    raise
                refused = better_hint(refused, fault)
        assert refused is not None
        raise refused

    def _inside(self, folder: Path, path: str, from_file: str) -> Path:
        """Where `path` leads, seen from `from_file`; it must lie below the root. Raises FileRefused."""
        base = self._base(folder, from_file)
        real = _resolve(base, path)
        if self._root is None or not real.is_relative_to(self._root):
            raise FileRefused("outside-folder", f"`{path}` lies outside {self._root_name}", _INSIDE)
        self.record(base / path)
        return real

    def _base(self, folder: Path, from_file: str) -> Path:
        """The folder that a file's paths are relative to. A file that was not loaded here is the routine itself."""
        if from_file not in self._included:
            self._routine = from_file
            self._included[from_file] = Path(os.path.realpath(folder / PurePath(from_file).name))
        return folder if from_file == self._routine else self._included[from_file].parent

    def _display_name(self, real: Path) -> str:
        """What messages call an included file: its path as seen from the place of the routine."""
        routine = self._routine or ""
        if self._folder is None or real == self._included[routine]:
            return routine
        return os.path.normpath(PurePath(routine).parent / os.path.relpath(real, self._folder))

    @property
    def _root_name(self) -> str:
        return "the routine's folder" if self._root == self._folder else f"the folder {self._root}"

    def _music_folders(self, from_file: str) -> Iterator[tuple[Path, Path | None]]:
        """The folders in which music is searched, each with the folder that links may not lead out of."""
        if self._folder is not None:
            yield self._base(self._folder, from_file), self._root
        if self.folders.music is not None and self.folders.music.is_dir():
            yield self.folders.music, None

    def _found_music(self, recordings: tuple[Recording, ...]) -> tuple[Recording, ...]:
        self._music |= dict.fromkeys(recording.path for recording in recordings)
        return recordings

    def _music_outside(self, path: str) -> FileRefused:
        own = ", or into your own folder `music`," if self.folders.music else ""
        hint = f"put it into the folder of the routine{own} and write its name as it is seen from there"
        return FileRefused("outside-folder", f"`{path}` lies outside {self._root_name}", hint)

    def _unknown_exercise(self, name: str, language: str) -> FileRefused:
        primary = language.partition("-")[0]
        if primary != ENGLISH and any(name == known for known, _ in self.exercises(ENGLISH)):
            language_name = _LANGUAGE_NAMES.get(primary, f"`{language}`")
            return FileRefused(
                "unknown-exercise",
                f"`{name}` does not exist in {language_name} yet",
                f"write it out as an `exercise`, or translate it into `{name}.{primary}{_SUFFIX}` in your own folder",
            )
        known = [each for each, _ in self.exercises(language)]
        hint = known_as(name, known) or did_you_mean(name, known) or "`cuecast list exercises` shows all of them"
        return FileRefused("unknown-exercise", f"there is no exercise `{name}` in the library", hint)


def _file_names(name: str, language: str) -> tuple[str, ...]:
    """What the file of an exercise may be called, the closest language first."""
    primary = language.partition("-")[0]
    plain = (f"{name}{_SUFFIX}",) if primary == ENGLISH else ()
    return tuple(dict.fromkeys((f"{name}.{language}{_SUFFIX}", f"{name}.{primary}{_SUFFIX}", *plain)))


def _resolve(base: Path, path: str) -> Path:
    """Where a path leads, links resolved. Raises FileRefused."""
    try:
        return Path(os.path.realpath(base / path))
    except ValueError:  # a character that no file name can have
        raise FileRefused("missing-file", "there is no file of this name") from None


def _read(real: Path, typed: str, hint: Callable[[], str | None], limit: int = MAX_BYTES) -> bytes:
    """The bytes of a regular file, up to one more than the limit. Raises FileRefused."""
    try:
        # O_NONBLOCK: opening a pipe would wait for its writer.
        handle = os.open(real, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (FileNotFoundError, NotADirectoryError):
        raise FileRefused("missing-file", f"there is no file `{typed}`", hint()) from None
    except OSError as fault:
        if fault.errno in _NOT_FILES or (fault.errno == errno.EACCES and real.is_dir()):  # EACCES: Windows
            raise _not_a_file(real, typed) from None
        raise FileRefused("missing-file", f"`{typed}` can't be read: {fault.strerror or fault}") from None
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise _not_a_file(real, typed)
        with os.fdopen(handle, "rb", closefd=False) as file:
            return file.read(limit + 1)
    finally:
        os.close(handle)


def _not_a_file(real: Path, typed: str) -> FileRefused:
    if real.is_dir():
        return FileRefused("not-a-file", f"`{typed}` is a folder, not a file", "name a file in it")
    return FileRefused("not-a-file", f"`{typed}` is not a regular file")


def _similar_file(real: Path, typed: str, suffixes: tuple[str, ...]) -> str | None:
    """A hint that names a file in the same folder with a similar name."""
    if "\\" in typed:
        return "write `{}`".format(typed.replace("\\", "/"))
    path = PurePath(typed)
    names: dict[str, str] = {}
    with contextlib.suppress(OSError):
        files = (each.name for each in real.parent.iterdir() if each.suffix.lower() in suffixes)
        names = {PurePath(name).stem: name for name in islice(files, _MAX_NEIGHBOURS)}
    near = nearest(path.stem, names)
    return f"did you mean `{path.parent / names[near]}`?" if near else None
