"""The kinds of files: their keys, and the words for messages."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from cuecast.model import field_types as types
from cuecast.model.diagnostics import nearest
from cuecast.model.keys import Key, KeySet
from cuecast.read.schema import MANIFESTS, ROUTINES, VOICES
from cuecast.read.yaml.pitfalls import is_moment


class Grammar:
    """The keys of a kind of file, wherever they belong in it, and words for messages.

    The first of `key_sets` are the file's own keys. `command` writes such a file. `has_moments`: moments are keys, too.
    `is_open`: it can have other keys, with any values.
    """

    def __init__(
        self,
        key_sets: tuple[KeySet, ...],
        command: str | None = None,
        more_keys: Iterable[Key] = (),
        has_moments: bool = False,
        is_open: bool = False,
    ) -> None:
        self.root = key_sets[0]
        self.title = self.root.title
        self.has_moments, self.is_open = has_moments, is_open
        keys = [*(key for key_set in key_sets for key in key_set.keys), *more_keys]
        self.known = frozenset(key.name for key in keys)
        self.texts = frozenset(key.name for key in keys if key.type.is_text)
        self.lexicons = frozenset(key.name for key in keys if key.type is types.LEXICON)
        first = next(key for key in self.root.keys if key.required)
        self.begins = f"{self.title} begins with a line such as `{first.example}`"
        self.new = f"`{command}` writes {self.title} to start from" if command else self.begins
        """How to start a file of this kind."""
        self._paths = frozenset(key.name for key in keys if key.type.is_path)

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
        return self.takes_text(name) or (name is not None and name.casefold() in self._paths)

    def is_text_key(self, name: str) -> bool:
        """Whether text follows this key, and never keys."""
        return name.casefold() in self.texts or (self.has_moments and is_moment(name))

    def is_nearly_text_key(self, name: str) -> bool:
        """As `is_text_key`, with typing errors allowed."""
        return self.is_text_key(name) or (not self.is_key(name) and nearest(name, self.known) in self.texts)

    def is_nearly_key(self, name: str) -> bool:
        """As `is_key`, with typing errors allowed."""
        return self.is_key(name) or (" " not in name and nearest(name, self.known) is not None)


_ROUTINE_WITHOUT_LIKE = replace(ROUTINES[0], keys=tuple(key for key in ROUTINES[0].keys if key.name != "like"))
"""`like` is a usual word where a text goes on in its next line, so a line that begins with it is no sign of a key."""

ROUTINE_FILE = Grammar((_ROUTINE_WITHOUT_LIKE, *ROUTINES[1:]), "cuecast new NAME", has_moments=True)
"""A routine, or an exercise of the library."""

MANIFEST_FILE = Grammar(MANIFESTS)
"""A manifest for `cuecast batch`."""


def voice_file(engine_keys: Iterable[Key] = (), is_open: bool = False) -> Grammar:
    """A voice, with the additional keys of its engine."""
    return Grammar(VOICES, "cuecast voices new NAME", engine_keys, is_open=is_open)
