"""Voices by name: the profiles in the user's folder `voices` and in the packaged one. Data, never code."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec.structs import replace

from cuecast.errors import FileRefused
from cuecast.inputs import InputTracker
from cuecast.model.diagnostics import Diagnostic, Severity, did_you_mean
from cuecast.model.field_types import MAX_BYTES
from cuecast.model.source import Source
from cuecast.plugins import engine_keys, engines_with
from cuecast.protocols import Profile
from cuecast.read import read_profile

LARGEST = MAX_BYTES
"""Bytes of a profile's file at most."""

NAMED = "small letters and digits, - and _ after the first, 64 at most"
"""What a voice is called, the same everywhere: in a routine, on the command line, as a file."""

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")

MAX_LIKE = 10
"""The most voices that one is built on, each on the next."""


class ProfileError(Exception):
    """A profile that is not there or can't be used. The message says where and what to do, on one line.

    `lines` says the same of each fault, a line each, and no more lines than a person wants to see at once.

    `diagnostics` are all faults of its file (and of those that it is built on), `sources` the texts that they are of;
    both empty where there is no file.
    """

    def __init__(
        self, message: str, diagnostics: tuple[Diagnostic, ...] = (), sources: tuple[Source, ...] = ()
    ) -> None:
        super().__init__(message)
        self.diagnostics = diagnostics
        self.sources = sources

    def lines(self, most: int = 5) -> tuple[str, ...]:
        """A line a fault, at most so many."""
        told = [_on_one_line(d) for d in self.diagnostics if d.severity is Severity.ERROR] or [str(self)]
        more = f"and {len(told) - most} more" if len(told) > most else None
        return tuple(filter(None, (*told[:most], more)))


def is_name(name: str) -> bool:
    """Whether a voice can be called so."""
    return _NAME.fullmatch(name) is not None


def normalise_name(words: str) -> str | None:
    """The name that was probably meant by words that are none: `anna` by `Anna`; None where none is near."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", words[:200]) if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9_-]+", "-", plain.casefold()).strip("-_")[:64] or None


def find_profile(name: str, folders: Sequence[Path], looks: InputTracker | None = None) -> Profile:
    """The voice `name`: the file `name`.yaml in the first of `folders` that has it.

    In `looks` is noted which files were read, and which were not there.

    Raises ProfileError where none has, or where the file is faulty.
    """
    if not is_name(name):
        there = {*_paths(folders)}
        rename = f"; rename {name}.yaml to {meant}.yaml" if name in there and (meant := normalise_name(name)) else ""
        raise ProfileError(f"{name[:80]!r} is no name of a voice: {NAMED}{rename}")
    path = _path_of(name, folders, looks)
    if path is None:
        raise ProfileError(f"there is no voice called {name}")
    return _read(path, folders, (), looks)


def list_profiles(folders: Sequence[Path], looks: InputTracker | None = None, word: str = "") -> tuple[Profile, ...]:
    """All voices, by name, or those with a `word` in their own file; of two with one name the first folder's.

    Faulty files are left out: `faulty_profiles` tells of them. In `looks` is noted what was looked at.
    """
    return tuple(profile for _, profile in _read_all(folders, looks, word) if isinstance(profile, Profile))


def faulty_profiles(folders: Sequence[Path]) -> tuple[tuple[str, ProfileError], ...]:
    """The names of the files that `list_profiles` leaves out, each with what is wrong with it, and where."""
    return tuple((name, fault) for name, fault in _read_all(folders) if isinstance(fault, ProfileError))


def _read_all(
    folders: Sequence[Path], looks: InputTracker | None = None, word: str = ""
) -> Iterator[tuple[str, Profile | ProfileError]]:
    for name, path in sorted(_paths(folders, looks).items()):
        try:
            _note(path, looks)
            if word.encode() in _content(path):
                yield name, _read(path, folders, (), looks)
        except ProfileError as fault:
            yield name, fault


def _paths(folders: Sequence[Path], looks: InputTracker | None = None) -> Mapping[str, Path]:
    """The file of each voice."""
    paths: dict[str, Path] = {}
    for folder in folders:
        _note(folder, looks)
        if folder.is_dir():
            for path in sorted(folder.glob("*.yaml")):
                paths.setdefault(path.stem, path)
    return paths


def _path_of(name: str, folders: Sequence[Path], looks: InputTracker | None = None) -> Path | None:
    for folder in folders:
        path = folder / f"{name}.yaml"
        _note(path, looks)
        if path.is_file():
            return path
    return None


def _note(path: Path, looks: InputTracker | None) -> None:
    if looks is not None:
        looks.at(path)


def _read(path: Path, folders: Sequence[Path], before: tuple[Path, ...], looks: InputTracker | None = None) -> Profile:
    """The profile in a file. `before` are those that are built on it, from the one that was asked for inwards.

    Raises ProfileError where it is faulty.
    """
    if not is_name(path.stem):
        meant = normalise_name(path.stem)
        rename = f"rename it to {meant}.yaml" if meant else "rename it"
        raise ProfileError(f"{path}: a voice is called as its file: {NAMED}; {rename}")
    data = _content(path)
    below: list[ProfileError] = []

    def like(name: str) -> Profile:
        try:
            return _read(_base(name, path, folders, before, looks), folders, (*before, path), looks)
        except ProfileError as fault:
            below.append(fault)
            where = fault.sources[0].name if fault.sources else str(fault)
            raise FileRefused("unknown-voice", f"the voice `{name}` can't be used itself", f"see {where}") from fault

    profile, diagnostics, sources = read_profile(str(path), data, engine_keys, like, engines_with)
    if profile is None:
        message = str(below[0]) if below else _first(diagnostics)  # where it began
        for cause in below:
            diagnostics, sources = (*diagnostics, *cause.diagnostics), (*sources, *cause.sources)
        raise ProfileError(message, diagnostics, sources)
    return replace(profile, folder=path.parent)


def _content(path: Path) -> bytes:
    """What is in a file, or so much of it that it is too much. Raises ProfileError where it can't be read."""
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as fault:
        raise ProfileError(f"{path}: {fault.strerror}") from fault


def _base(
    name: str, path: Path, folders: Sequence[Path], before: tuple[Path, ...], looks: InputTracker | None = None
) -> Path:
    """The file of the voice that the one in `path` is built on. Raises Refused."""
    if name == path.stem:
        # One's own `coach` that is like `coach` means the one that it stands before.
        folders = [folder for folder in folders if folder not in {each.parent for each in (*before, path)}]
    found = _path_of(name, folders, looks) if is_name(name) else None
    if found is None:
        others = sorted({*_paths(folders)} - {path.stem})
        hint = did_you_mean(name, others) or f"there are: {', '.join(others)}"
        raise FileRefused("unknown-voice", f"there is no other voice called `{name}`", hint)
    if found in (*before, path) or len(before) >= MAX_LIKE:
        way = " → ".join(each.stem for each in (*before, path, found))
        raise FileRefused("like-loop", f"these voices are built on each other: {way}", "take one `like` out")
    return found


def _first(diagnostics: Sequence[Diagnostic]) -> str:
    """The first fault, with its place."""
    faults = [d for d in diagnostics if d.severity is Severity.ERROR]
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    return f"{_on_one_line(faults[0])}{more}"


def _on_one_line(fault: Diagnostic) -> str:
    place = f"{fault.span}: " if fault.span else ""
    hint = f"; {'; '.join(fault.hint.splitlines())}" if fault.hint else ""
    return f"{place}{fault.message}{hint}"
