"""What a manifest's words mean on this machine: routines by name, path and pattern, and the languages of voices."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from msgspec import Struct

from cuecast.batch.matrix import Missing
from cuecast.cli.find import LANGUAGE, Found, NotThere, folders, in_language, is_file, language_of, located
from cuecast.model.diagnostics import did_you_mean
from cuecast.read.profiles import ProfileError, find_profile, list_profiles
from cuecast.speak.engines import make_engine

_PATTERN = re.compile(r"[*?\[]")
_ROUTINES = (".yaml", ".yml")


class Listed(Struct, frozen=True):
    """A routine of the catalogue, in its language; `stem` is its name, without the language."""

    found: Found
    stem: str
    language: str

    @property
    def key(self) -> str:
        """By which the same one is known, however it was named."""
        return os.path.realpath(self.found.path)


class Lookups:
    """Looks things up from the folder of a manifest. No pattern means the manifest itself."""

    def __init__(self, manifest: Path) -> None:
        self._manifest, self._folder = manifest, manifest.parent
        self._language = cache(self._language_of)

    def routines(self, reference: str) -> Sequence[Found]:
        """What a path, a pattern or a name means. Raises Missing."""
        try:
            if _PATTERN.search(reference):
                return self._matching(reference)
            beside = self._folder / reference
            return [located(str(beside) if is_file(beside) else reference)]
        except NotThere as fault:
            raise Missing(str(fault), fault.hint) from None

    def in_language(self, routine: Found, language: str | None) -> Listed:
        """The routine in that language, or as it is. Raises Missing."""
        try:
            found = routine if language is None else in_language(routine, language)
        except NotThere as fault:
            raise Missing(str(fault), fault.hint) from None
        spoken = language or self._language(found)
        stem = found.stem.removesuffix(f".{spoken}")
        return Listed(found, stem, spoken)

    def originals(self, routines: Sequence[Found]) -> Sequence[Found]:
        """Those that are no NAME.de.yaml beside NAME.yaml."""
        paths = {routine.path for routine in routines}

        def is_translation(path: Path) -> bool:
            name, _, language = path.stem.rpartition(".")
            return bool(LANGUAGE.fullmatch(language)) and path.with_name(f"{name}{path.suffix}") in paths

        return [routine for routine in routines if not is_translation(routine.path)]

    def voice_language(self, name: str) -> str | None:
        """The language of a voice; None for one that goes with all. Raises Missing."""
        try:
            profile = find_profile(name, folders("voices"))
        except ProfileError as fault:
            known = [each.name for each in list_profiles(folders("voices"))]
            near = did_you_mean(name, known) or f"there are: {', '.join(known)}"
            raise Missing(str(fault), None if fault.diagnostics else near) from None
        return profile.language if make_engine(profile).audible else None

    def _matching(self, pattern: str) -> list[Found]:
        if Path(pattern).is_absolute():
            raise NotThere(f"`{pattern}` is an absolute path", "write patterns as seen from the manifest's folder")
        try:
            found = (path for path in self._folder.glob(pattern) if path.suffix in _ROUTINES and is_file(path))
            paths = sorted(path for path in found if not path.samefile(self._manifest))
        except (OSError, ValueError, NotImplementedError) as fault:
            raise NotThere(f"`{pattern}` is no pattern: {fault}") from None
        if not paths:
            raise NotThere(f"no routine is called like `{pattern}`", f"it is looked for in {self._folder}")
        return [located(str(path)) for path in paths]

    def _language_of(self, found: Found) -> str:
        return language_of(found) or "en"  # one with errors: they are told when it is built
