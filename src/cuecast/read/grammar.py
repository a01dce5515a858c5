"""The kinds of files: their keys, and the words for messages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from cuecast.model import field_types as types
from cuecast.model.diagnostics import nearest
from cuecast.model.keys import Key, KeySet
from cuecast.read.schema.manifest import MANIFEST, MANIFESTS
from cuecast.read.schema.routine import ROUTINE, ROUTINES, VOICES
from cuecast.read.schema.voice import PROFILE
from cuecast.read.yaml.pitfalls import is_moment

_TEXTS = (
    types.TEXT,
    types.WORDS,
    types.CREDITS,
    types.PATH,
    types.FILE,
    types.SPELLING,
    types.MUSIC_FILE,
    types.MUSIC_FOLDER,
    types.TONE_FILE,
    types.OUTPUT,
)
_PATHS = (types.MUSIC, types.MUSIC_HERE, types.ROUTINES)
_MANY = (types.ROUTINES, types.LANGUAGES, types.VOICES, types.LEVELS, types.LENGTHS, types.FORMATS)
_LISTS = (types.SIDES, types.ANNOUNCE, types.MOMENTS, types.PACE, types.PROGRAM, types.ALTERNATIVES, *_MANY)


@dataclass(frozen=True, slots=True)
class Grammar:
    """The keys of a kind of file, wherever they belong in it, and words for messages.

    `title` is what messages call the file, `first_line` a line that it begins with, `command` writes one to start from, if one does,
    `deepest` says how deep its keys may stand in each other; `shared` is the key that saves writing others again,
    `listed` one that takes a list. `is_open`: it may have other keys, which take whatever they take.
    """

    title: str
    first_line: str
    command: str
    deepest: str
    shared: str
    listed: str
    root: KeySet
    keys: tuple[Key, ...]
    has_moments: bool = False
    is_open: bool = False
    known: frozenset[str] = field(init=False)
    texts: frozenset[str] = field(init=False)
    paths: frozenset[str] = field(init=False)
    """Keys that take a path or keys, but no text to be spoken."""
    lists: frozenset[str] = field(init=False)
    lexicons: frozenset[str] = field(init=False)
    loose: re.Pattern[str] = field(init=False)
    """A key at the start of a line, with or without its colon."""

    def __post_init__(self) -> None:
        put = object.__setattr__  # frozen, and these follow from the keys
        put(self, "known", frozenset(key.name for key in self.keys))
        put(self, "texts", frozenset(key.name for key in self.keys if key.type in _TEXTS))
        put(self, "paths", frozenset(key.name for key in self.keys if key.type in _PATHS))
        put(self, "lists", frozenset(key.name for key in self.keys if key.type in _LISTS))
        put(self, "lexicons", frozenset(key.name for key in self.keys if key.type is types.LEXICON))
        put(self, "loose", re.compile(rf"(?:{'|'.join(map(re.escape, sorted(self.known)))})[ :=]", re.IGNORECASE))

    @property
    def new(self) -> str:
        """How to start a file of this kind."""
        if not self.command:
            return f"{self.title} begins with a line such as `{self.first_line}`"
        return f"`{self.command}` writes {self.title} to start from"

    @property
    def noun(self) -> str:
        """The title without its article."""
        return self.title.partition(" ")[2]

    def is_key(self, name: str) -> bool:
        """Whether it is a key, or a moment if these are keys here; case is ignored."""
        return name.casefold() in self.known or (self.has_moments and is_moment(name))

    def takes_text(self, name: str | None) -> bool:
        """Whether text can follow this key. It can follow an unknown one."""
        if name is None or self.is_open:
            return name is not None and name.casefold() in self.texts
        return name.casefold() in self.texts or name.casefold() not in self.known

    def takes_quotes(self, name: str | None) -> bool:
        """Whether the value of this key may need quotes: text, or a path."""
        return self.takes_text(name) or (name is not None and name.casefold() in self.paths)

    def is_text_key(self, name: str) -> bool:
        """Whether text follows this key, and never keys."""
        return name.casefold() in self.texts or (self.has_moments and is_moment(name))

    def is_nearly_text_key(self, name: str) -> bool:
        """As `is_text_key`, with typing errors allowed."""
        return self.is_text_key(name) or (not self.is_key(name) and nearest(name, self.known) in self.texts)

    def is_nearly_key(self, name: str) -> bool:
        """As `is_key`, with typing errors allowed."""
        return self.is_key(name) or (" " not in name and nearest(name, self.known) is not None)


ROUTINE_FILE = Grammar(
    "a routine",
    "title: My routine",
    "cuecast new NAME",
    "at most twenty `rounds` can be nested",
    "defaults",
    "steps",
    ROUTINE,
    tuple(key for key_set in ROUTINES for key in key_set.keys),
    has_moments=True,
)
"""A routine, or an exercise of the library."""

MANIFEST_FILE = Grammar(
    "a manifest",
    "routines: [runners-rollout]",
    "",
    "a manifest needs no more than a list in `exclude`",
    "exclude",
    "routines",
    MANIFEST,
    tuple(key for key_set in MANIFESTS for key in key_set.keys),
)
"""A manifest for `cuecast batch`."""


def voice_file(engine_keys: Iterable[Key] = (), is_open: bool = False) -> Grammar:
    """A voice, with the additional keys of its engine."""
    return Grammar(
        "a voice",
        "engine: pyttsx3",
        "cuecast voices new NAME",
        "a voice needs no more than a list below a key",
        "like",
        "darwin",
        PROFILE,
        (*(key for key_set in VOICES for key in key_set.keys), *engine_keys),
        is_open=is_open,
    )
