"""Which voices eSpeak NG has, told from its data's files in a few milliseconds: the library is not loaded."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

from msgspec import Struct

from cuecast.errors import EngineUnavailable
from cuecast.protocols import Profile
from cuecast.speak.engines.system_voices import ANY, not_there

_LONGEST = 55
"""Characters of a voice's name that eSpeak takes."""


class EspeakVoice(Struct, frozen=True):
    """A language's voice with a variant (the timbre): `identifier` is its path, which names no other one."""

    identifier: str
    steady: bool
    """Whether its sound has no memory of what it said before."""

    @property
    def name(self) -> str:
        """What `espeak-ng -v` takes for it."""
        path, plus, variant = self.identifier.partition("+")
        return f"{path.rpartition('/')[2].lower()}{plus}{variant}"

    @property
    def language(self) -> str:
        """The tag of the language whose sounds it has."""
        return self.name.partition("+")[0]


class EspeakVoices:
    """The voices in a folder `espeak-ng-data`."""

    def __init__(self, data: Path) -> None:
        self._data = data

    def choose(self, profile: Profile, candidates: Sequence[str]) -> EspeakVoice:
        """The first of the candidates that is there; where none is named, the voice of the profile's language.

        A candidate is a voice's name, its file's name or its language, in any case, with `+VARIANT` or without;
        `any`, also with a variant, is the profile's language.

        Raises EngineUnavailable, which says what was looked for and what there is instead.
        """
        for candidate in candidates or (ANY,):
            base, _, variant = candidate.partition("+")
            path = self._language(profile.language) if base in (ANY, "") else self._named(base)
            timbre = self._variants.get(variant.casefold()) if variant else None
            if path is not None and (timbre is not None or not variant):
                identifier = f"{path}+{timbre}" if timbre else path
                if len(identifier) <= _LONGEST:
                    return EspeakVoice(identifier, timbre is not None and self._is_steady(timbre))
        raise self._not_there(profile, candidates)

    def _named(self, name: str) -> str | None:
        """The voice's path: by its file, by its name, by its language."""
        name = name.casefold()
        for path in self._files:
            if name in (path.casefold(), path.rpartition("/")[2].casefold()):
                return path
        return next((path for path, told in self._told.items() if told[0] == name), None) or self._tagged(name)

    def _language(self, tag: str) -> str | None:
        """The voice for a language tag, or for what is left of it without its last parts: de-AT is de."""
        while tag:
            if path := self._named(tag):
                return path
            tag = tag.rpartition("-")[0]
        return None

    def _tagged(self, tag: str) -> str | None:
        ranked = [(told[1][tag], path) for path, told in self._told.items() if tag in told[1]]
        return min(ranked)[1] if ranked else None

    @cached_property
    def _files(self) -> tuple[str, ...]:
        root = self._data / "lang"
        found = (Path(folder, name) for folder, _, names in os.walk(root) for name in names)
        return tuple(sorted(path.relative_to(root).as_posix() for path in found))

    @cached_property
    def _variants(self) -> dict[str, str]:
        folder = self._data / "voices" / "!v"
        return {path.name.casefold(): path.name for path in folder.iterdir()} if folder.is_dir() else {}

    @cached_property
    def _told(self) -> dict[str, tuple[str, dict[str, int]]]:
        """What each voice's file says: its name, and its languages with their rank (the lower the better)."""
        return {path: _told(self._data / "lang" / path) for path in self._files}

    def _is_steady(self, variant: str) -> bool:
        # Measured with all variants of 1.52: the others' pitch flutters, their noise and echo go on from utterance to
        # utterance, and nothing resets that. These have eSpeak's sixth Klatt synthesiser, which has none of it.
        return any(words[:2] == ["klatt", "6"] for words in _lines(self._data / "voices" / "!v" / variant))

    def _not_there(self, profile: Profile, candidates: Sequence[str]) -> EngineUnavailable:
        stems = [path.rpartition("/")[2].lower() for path in self._files]
        known = stems + [
            f"{stem}+{variant}" for stem in self._asked(candidates, stems) for variant in self._variants.values()
        ]
        base = profile.language.partition("-")[0]
        fitting = [stem for stem in stems if stem.partition("-")[0] == base]
        return not_there("espeak", profile.language, candidates, known, fitting)

    def _asked(self, candidates: Sequence[str], stems: Sequence[str]) -> Iterator[str]:
        """The languages that candidates with a variant begin with, where they are right so far."""
        for candidate in candidates:
            base, plus, _ = candidate.partition("+")
            if plus and base.casefold() in stems:
                yield base


def _told(path: Path) -> tuple[str, dict[str, int]]:
    name, tags = "", {}
    for words in _lines(path):
        if words[0] == "name":
            name = " ".join(words[1:]).casefold()
        elif words[0] == "language" and len(words) > 1:
            tags[words[1].casefold()] = int(words[2]) if len(words) > 2 and words[2].isdigit() else 5
    return name, tags


def _lines(path: Path) -> Iterator[list[str]]:
    for line in path.read_text("utf-8", "replace").splitlines():
        if words := line.split():
            yield words
