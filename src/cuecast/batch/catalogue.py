"""What a manifest's words mean on this machine: routines by name, path and pattern, and the languages of voices."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from cuecast import api
from cuecast.batch.matrix import Missing
from cuecast.library import Library, RoutineNotFound, RoutineSource, folders
from cuecast.library.routines import LANGUAGE, is_file
from cuecast.model.diagnostics import did_you_mean
from cuecast.options import Options
from cuecast.read.profiles import ProfileError, find_profile, list_profiles
from cuecast.speak.engines import make_engine

_PATTERN = re.compile(r"[*?\[]")
_ROUTINES = (".yaml", ".yml")


class RoutineVariant(Struct, frozen=True):
    """A routine of the catalogue, in its language; `stem` is its name, without the language."""

    source: RoutineSource
    stem: str
    language: str

    @property
    def key(self) -> str:
        """By which the same one is known, however it was named."""
        return os.path.realpath(self.source.path)


class Lookups:
    """Looks things up from the folder of a manifest. No pattern means the manifest itself."""

    def __init__(self, manifest: Path, options: Options) -> None:
        self._options = options
        self._library = Library(None, folders(options.home))
        self._manifest, self._folder = manifest, manifest.parent
        self._language = cache(self._language_of)

    def routines(self, reference: str) -> Sequence[RoutineSource]:
        """What a path, a pattern or a name means. Raises Missing."""
        try:
            if _PATTERN.search(reference):
                return self._matching(reference)
            beside = self._folder / reference
            return [self._find(str(beside) if is_file(beside) else reference)]
        except RoutineNotFound as fault:
            raise Missing(str(fault), fault.hint) from None

    def in_language(self, routine: RoutineSource, language: str | None) -> RoutineVariant:
        """The routine in that language, or as it is. Raises Missing."""
        try:
            found = routine if language is None else api.in_language(routine, replace(self._options, language=language))
        except RoutineNotFound as fault:
            raise Missing(str(fault), fault.hint) from None
        spoken = language or self._language(found)
        stem = found.stem.removesuffix(f".{spoken}")
        return RoutineVariant(found, stem, spoken)

    def originals(self, routines: Sequence[RoutineSource]) -> Sequence[RoutineSource]:
        """Those that are no NAME.de.yaml beside NAME.yaml."""
        paths = {routine.path for routine in routines}

        def is_translation(path: Path) -> bool:
            name, _, language = path.stem.rpartition(".")
            return bool(LANGUAGE.fullmatch(language)) and path.with_name(f"{name}{path.suffix}") in paths

        return [routine for routine in routines if not is_translation(routine.path)]

    def voice_language(self, name: str) -> str | None:
        """The language of a voice; None for one that goes with all. Raises Missing."""
        try:
            profile = find_profile(name, self._library)
        except ProfileError as fault:
            known = [each.name for each in list_profiles(self._library)]
            near = did_you_mean(name, known) or f"there are: {', '.join(known)}"
            raise Missing(str(fault), None if fault.diagnostics else near) from None
        return profile.language if make_engine(profile).audible else None

    def _matching(self, pattern: str) -> list[RoutineSource]:
        if Path(pattern).is_absolute():
            raise RoutineNotFound(
                f"`{pattern}` is an absolute path", "write patterns as seen from the manifest's folder"
            )
        try:
            found = (path for path in self._folder.glob(pattern) if path.suffix in _ROUTINES and is_file(path))
            paths = sorted(path for path in found if not path.samefile(self._manifest))
        except (OSError, ValueError, NotImplementedError) as fault:
            raise RoutineNotFound(f"`{pattern}` is no pattern: {fault}") from None
        if not paths:
            raise RoutineNotFound(f"no routine is called like `{pattern}`", f"it is looked for in {self._folder}")
        return [self._find(str(path)) for path in paths]

    def _find(self, reference: str) -> RoutineSource:
        return api.find_routine(reference, replace(self._options, language=None))

    def _language_of(self, source: RoutineSource) -> str:
        return api.language_of(source, self._options) or "en"  # errors are reported when it is built
