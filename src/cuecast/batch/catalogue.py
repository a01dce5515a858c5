"""What the words of a manifest mean on this machine: routines by name, path and pattern, and voices."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache, cached_property
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from cuecast import api
from cuecast.errors import SetupError
from cuecast.library import Library, RoutineNotFound, RoutineSource, folders
from cuecast.library.patterns import IS_ROUTINE, describe_left_out, is_pattern, match_routines
from cuecast.library.routines import LANGUAGE, is_file
from cuecast.model.diagnostics import did_you_mean
from cuecast.options import Options
from cuecast.read.profiles import ProfileError, find_profile, list_profiles
from cuecast.speak.engines import make_engine


class RoutineVariant(Struct, frozen=True):
    """A routine in one language. `stem` is its name without the language."""

    source: RoutineSource
    stem: str
    language: str

    @property
    def key(self) -> str:
        """The same for the same file, whatever the manifest calls it."""
        return os.path.realpath(self.source.path)


class Catalogue:
    """The routines and voices that a manifest can name."""

    def __init__(self, manifest: Path, options: Options) -> None:
        self._options = replace(options, language=None)
        self._library = Library(None, folders(options.home))
        self._manifest, self._folder = manifest, manifest.parent
        self.left_out: dict[str, str] = {}
        """Of each pattern that matches other files than routines: which."""
        self._language = cache(lambda source: api.language_of(source, options) or "en")  # its build reports errors

    def routines(self, reference: str, originals: bool = False) -> Sequence[RoutineVariant]:
        """The routines that a path, a pattern or a name means.

        With `originals`, NAME.de.yaml beside NAME.yaml is left out. Raises RoutineNotFound.
        """
        if not is_pattern(reference):
            path = self._folder / reference
            return [self._variant(api.find_routine(path if is_file(path) else reference, self._options))]
        paths = self._matching(reference)
        if originals:
            paths = [path for path in paths if not _is_translation(path, paths)]
        return [self._variant(api.find_routine(path, self._options)) for path in paths]

    def translate(self, routine: RoutineVariant, language: str) -> RoutineVariant:
        """The routine in that language. Raises RoutineNotFound."""
        return self._variant(api.in_language(routine.source, replace(self._options, language=language)), language)

    def voice_language(self, name: str) -> str | None:
        """The language of a voice; None for a silent one, which suits all. Raises SetupError."""
        try:
            profile = find_profile(name, self._library)
        except ProfileError as error:
            hint = did_you_mean(name, self._voices) or f"there are: {', '.join(self._voices)}"
            raise SetupError(str(error), None if error.diagnostics else hint) from None
        return profile.language if make_engine(profile).audible else None

    @cached_property
    def _voices(self) -> tuple[str, ...]:
        return tuple(profile.name for profile in list_profiles(self._library))

    def _variant(self, source: RoutineSource, language: str | None = None) -> RoutineVariant:
        language = language or self._language(source)
        return RoutineVariant(source, source.stem.removesuffix(f".{language}"), language)

    def _matching(self, pattern: str) -> list[Path]:
        """The routines that match, and a note of the other files. The manifest is neither."""
        if Path(pattern).is_absolute():
            hint = "write patterns relative to the manifest's folder"
            raise RoutineNotFound(f"`{pattern}` is an absolute path", hint)
        paths, others = match_routines(self._folder, pattern)
        names = [path.relative_to(self._folder).as_posix() for path in others if not path.samefile(self._manifest)]
        if names:
            self.left_out[pattern] = describe_left_out(names)
        if not paths:
            hint = f"{self.left_out[pattern]}; {IS_ROUTINE}" if names else f"looked for it in {self._folder}"
            raise RoutineNotFound(f"no routine matches `{pattern}`", hint)
        return paths


def _is_translation(path: Path, others: Sequence[Path]) -> bool:
    name, _, language = path.stem.rpartition(".")
    return bool(LANGUAGE.fullmatch(language)) and path.with_name(f"{name}{path.suffix}") in others
