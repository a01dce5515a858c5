"""Voices by name: the profiles in the user's folder `voices` and in the packaged one. Data, never code."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec.structs import replace

from cuecast.errors import FileRefused
from cuecast.library import Library
from cuecast.model.diagnostics import Diagnostic, Severity, did_you_mean
from cuecast.model.limits import MAX_BYTES
from cuecast.model.source import Source
from cuecast.model.voice import Profile
from cuecast.plugins import ENGINES, engine_keys, engines_with
from cuecast.read import read_profile

NAME_RULE = "small letters and digits, - and _ after the first, 64 at most"
"""The rule for the name of a voice: the same in a routine, on the command line and as a file."""

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")

MAX_LIKE = 10
"""The longest chain of voices that are each built on the next with `like`."""


class ProfileError(Exception):
    """A voice that does not exist or can't be used. The message says where and what to do, on one line.

    `diagnostics` are the faults of its file and of those that it is built on, `sources` their texts; both are empty if
    there is no file.
    """

    def __init__(
        self, message: str, diagnostics: tuple[Diagnostic, ...] = (), sources: tuple[Source, ...] = ()
    ) -> None:
        super().__init__(message)
        self.diagnostics = diagnostics
        self.sources = sources

    def lines(self, limit: int = 5) -> tuple[str, ...]:
        """One line for each fault, at most `limit` and a line that counts the others."""
        faults = [_one_line(d) for d in self.diagnostics if d.severity is Severity.ERROR] or [str(self)]
        more = (f"and {len(faults) - limit} more",) if len(faults) > limit else ()
        return (*faults[:limit], *more)


def is_name(name: str) -> bool:
    """Whether a voice can have this name."""
    return _NAME.fullmatch(name) is not None


def normalise_name(words: str) -> str | None:
    """The valid name closest to `words`: `anna` for `Anna`; None if nothing is left of them."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", words[:200]) if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9_-]+", "-", plain.casefold()).strip("-_")[:64] or None


def find_profile(name: str, library: Library) -> Profile:
    """The voice in the file `name`.yaml of the first folder of voices that has it.

    Raises ProfileError if none has, or if the file has errors.
    """
    if not is_name(name):
        valid = normalise_name(name) if name in _paths(library) else None
        rename = f"; rename {name}.yaml to {valid}.yaml" if valid else ""
        raise ProfileError(f"{name[:80]!r} is not the name of a voice: {NAME_RULE}{rename}")
    path = _find(name, library, library.folders.voices)
    if path is None:
        raise ProfileError(f"there is no voice called {name}")
    return _read(path, library, ())


def list_profiles(library: Library, containing: str = "") -> tuple[Profile, ...]:
    """All voices, sorted by name, or those whose own file contains a word. Files with errors are left out."""
    return tuple(profile for _, profile in _read_all(library, containing) if isinstance(profile, Profile))


def faulty_profiles(library: Library) -> tuple[tuple[str, ProfileError], ...]:
    """The names of the files with errors, each with its fault."""
    return tuple((name, fault) for name, fault in _read_all(library) if isinstance(fault, ProfileError))


def _read_all(library: Library, containing: str = "") -> Iterator[tuple[str, Profile | ProfileError]]:
    for name, path in sorted(_paths(library).items()):
        library.record(path)
        try:
            if containing.encode() in _content(path):
                yield name, _read(path, library, ())
        except ProfileError as fault:
            yield name, fault


def _paths(library: Library) -> dict[str, Path]:
    """The file of each voice."""
    paths: dict[str, Path] = {}
    for folder in library.folders.voices:
        library.record(folder)
        for path in sorted(folder.glob("*.yaml")) if folder.is_dir() else ():
            paths.setdefault(path.stem, path)
    return paths


def _find(name: str, library: Library, folders: Sequence[Path]) -> Path | None:
    for folder in folders:
        path = folder / f"{name}.yaml"
        library.record(path)
        if path.is_file():
            return path
    return None


def _read(path: Path, library: Library, above: tuple[Path, ...]) -> Profile:
    """The profile in a file. `above` are the files that are built on it, the first one asked for first.

    Raises ProfileError.
    """
    if not is_name(path.stem):
        valid = normalise_name(path.stem)
        rename = f"rename it to {valid}.yaml" if valid else "rename it"
        raise ProfileError(f"{path}: a voice is named as its file: {NAME_RULE}; {rename}")
    base_errors: list[ProfileError] = []

    def load_base(names: Sequence[str]) -> Profile:
        bases = (load_one(name) for name in names)
        if len(names) == 1:
            return next(bases)
        base = next((base for base in bases if can_speak(base)), None) or load_one(names[-1])
        return replace(base, choices=tuple(names), chosen=base.name)

    def load_one(name: str) -> Profile:
        try:
            return _read(_find_base(name, path, library, above), library, (*above, path))
        except ProfileError as fault:
            base_errors.append(fault)
            place = fault.sources[0].name if fault.sources else str(fault)
            raise FileRefused("unknown-voice", f"the voice `{name}` has errors itself", f"see {place}") from fault

    profile, diagnostics, sources, _ = read_profile(str(path), _content(path), engine_keys, load_base, engines_with)
    if profile is None:
        message = str(base_errors[0]) if base_errors else _first(diagnostics)
        for cause in base_errors:
            diagnostics, sources = (*diagnostics, *cause.diagnostics), (*sources, *cause.sources)
        raise ProfileError(message, diagnostics, sources)
    return replace(profile, folder=path.parent)


def can_speak(profile: Profile) -> bool:
    """Whether the engine of a voice can start on this machine. Nothing is loaded."""
    try:
        ENGINES.load(profile.engine)(profile).check()
    except Exception:  # an engine is anybody's code; the build says why the last one can't speak
        return False
    return True


def _content(path: Path) -> bytes:
    """The bytes of a file, up to one more than the limit. Raises ProfileError."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as fault:
        raise ProfileError(f"{path}: {fault.strerror}") from fault


def _find_base(name: str, path: Path, library: Library, above: tuple[Path, ...]) -> Path:
    """The file of the voice that the one in `path` is built on. Raises FileRefused."""
    folders = library.folders.voices
    if name == path.stem:
        # A user's `coach` that is like `coach` means the packaged one.
        used = {each.parent for each in (*above, path) if each.stem == name}
        folders = tuple(folder for folder in folders if folder not in used)
    found = _find(name, library, folders) if is_name(name) else None
    if found is None:
        others = sorted(_paths(library).keys() - {path.stem})
        hint = did_you_mean(name, others) or f"there are: {', '.join(others)}"
        raise FileRefused("unknown-voice", f"there is no other voice called `{name}`", hint)
    if found in (*above, path) or len(above) >= MAX_LIKE:
        chain = " → ".join(each.stem for each in (*above, path, found))
        raise FileRefused("like-loop", f"these voices are built on each other: {chain}", "take one `like` out")
    return found


def _first(diagnostics: Sequence[Diagnostic]) -> str:
    """The first error, with its place."""
    errors = [d for d in diagnostics if d.severity is Severity.ERROR]
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return f"{_one_line(errors[0])}{more}"


def _one_line(fault: Diagnostic) -> str:
    place = f"{fault.span}: " if fault.span else ""
    hint = f"; {'; '.join(fault.hint.splitlines())}" if fault.hint else ""
    return f"{place}{fault.message}{hint}"
