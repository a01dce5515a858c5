"""eSpeak NG's voices, read from its data in a few milliseconds. The library lists none of their variants."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

from msgspec import Struct

from cuecast.errors import EngineUnavailable
from cuecast.speak.engines.system_voices import ANY, missing_voice

_MAX_NAME = 55
"""Characters of a voice's name that eSpeak takes."""


class EspeakVoice(Struct, frozen=True):
    """A language's voice, perhaps with a variant (its timbre). `identifier` is its path."""

    identifier: str
    is_stateless: bool
    """Whether its sound is independent of earlier utterances."""

    @property
    def name(self) -> str:
        """What `espeak-ng -v` takes for it."""
        path, plus, variant = self.identifier.partition("+")
        return f"{path.rpartition('/')[2].lower()}{plus}{variant}"

    @property
    def language(self) -> str:
        """Its language tag."""
        return self.name.partition("+")[0]


def pick_espeak_voice(data: Path, language: str, names: Sequence[str]) -> EspeakVoice:
    """The voice with the first of the names that there is; without names, that of the language.

    A name is the voice's, its file's or its language's, in any case, with `+VARIANT` or without; `any` is the language.
    `data` is the folder `espeak-ng-data`.

    Raises EngineUnavailable with what was looked for and what there is.
    """
    voices = _Voices(data)
    for name in names or (ANY,):
        base, _, variant = name.partition("+")
        path = voices.for_language(language) if base in (ANY, "") else voices.called(base)
        file = voices.variants.get(variant.casefold())
        if path is not None and (file is not None or not variant):
            identifier = f"{path}+{file}" if file else path
            if len(identifier) <= _MAX_NAME:
                return EspeakVoice(identifier, file is not None and voices.is_stateless(file))
    raise voices.missing(language, names)


class _Voices:
    def __init__(self, data: Path) -> None:
        self._data = data

    def called(self, name: str) -> str | None:
        """A voice's path, by its file, by its name or by its language."""
        name = name.casefold()
        for path in self._files:
            if name in (path.casefold(), path.rpartition("/")[2].casefold()):
                return path
        named = (path for path, (own_name, _) in self._headers.items() if own_name == name)
        ranked = sorted((tags[name], path) for path, (_, tags) in self._headers.items() if name in tags)
        return next(named, None) or (ranked[0][1] if ranked else None)

    def for_language(self, tag: str) -> str | None:
        """The voice for a language tag, or for the tag without its last parts: `de` for de-AT."""
        while tag:
            if path := self.called(tag):
                return path
            tag = tag.rpartition("-")[0]
        return None

    @cached_property
    def variants(self) -> dict[str, str]:
        """The file names of the variants, by their names in lower case."""
        folder = self._data / "voices" / "!v"
        return {path.name.casefold(): path.name for path in folder.iterdir()} if folder.is_dir() else {}

    def is_stateless(self, variant: str) -> bool:
        """Whether a variant uses eSpeak's sixth Klatt synthesiser.

        Measured with all variants of 1.52: the pitch of the others flutters, and their noise and echo go on from one
        utterance to the next; nothing resets that.
        """
        return any(words[:2] == ["klatt", "6"] for words in _read_lines(self._data / "voices" / "!v" / variant))

    def missing(self, language: str, names: Sequence[str]) -> EngineUnavailable:
        """The error if there is none of the names."""
        known = [path.rpartition("/")[2].lower() for path in self._files]
        speaking = [name for name in known if name.partition("-")[0] == language.partition("-")[0]]
        for name in names:  # for a suggestion, if only the variant is wrong
            base, plus, _ = name.partition("+")
            if plus and base.casefold() in known:
                known += [f"{base.casefold()}+{variant}" for variant in self.variants.values()]
        return missing_voice("espeak", language, names, known, speaking)

    @cached_property
    def _files(self) -> tuple[str, ...]:
        root = self._data / "lang"
        files = (Path(folder, name) for folder, _, names in os.walk(root) for name in names)
        return tuple(sorted(path.relative_to(root).as_posix() for path in files))

    @cached_property
    def _headers(self) -> dict[str, tuple[str, dict[str, int]]]:
        """From each voice's file: its name, and its languages with their rank (the lower the better)."""
        return {path: _read_header(self._data / "lang" / path) for path in self._files}


def _read_header(path: Path) -> tuple[str, dict[str, int]]:
    name, tags = "", {}
    for words in _read_lines(path):
        if words[0] == "name":
            name = " ".join(words[1:]).casefold()
        elif words[0] == "language" and len(words) > 1:
            tags[words[1].casefold()] = int(words[2]) if len(words) > 2 and words[2].isdigit() else 5
    return name, tags


def _read_lines(path: Path) -> Iterator[list[str]]:
    for line in path.read_text("utf-8", "replace").splitlines():
        if words := line.split():
            yield words
