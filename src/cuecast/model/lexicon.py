"""Words of a lexicon in a text: whole, in any case, the longest first."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Generic, NamedTuple, Protocol, TypeVar


class _Worded(Protocol):
    @property
    def word(self) -> str: ...


Entry = TypeVar("Entry", bound=_Worded)
Part = tuple[str, Entry | None]
"""A stretch of a text, and the entry whose word it is."""


class _Node(Generic[Entry]):
    """The words that begin in one way: an entry that ends here, and how others go on."""

    __slots__ = ("entry", "following")

    def __init__(self) -> None:
        self.entry: Entry | None = None
        self.following: dict[str, _Node[Entry]] = {}


class LexiconMatcher(Generic[Entry]):
    """The words of a lexicon, made ready to be found in many texts, each in time that grows with the text alone."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        """Of two entries for one word the first counts."""
        self._root: _Node[Entry] = _Node()
        for entry in entries:
            node = self._root
            for token in _tokens(entry.word.strip()):
                node = node.following.setdefault(token.key, _Node())
            if node is not self._root and node.entry is None:
                node.entry = entry

    def parts(self, text: str) -> Iterator[Part[Entry]]:
        """The text in parts, which joined are the text: those that are words of the lexicon, with their entries."""
        if not self._root.following:
            yield text, None
            return
        tokens = _tokens(text)
        plain, at = "", 0
        while at < len(tokens):
            length, entry = self._longest(tokens, at)
            if entry is None:
                plain += tokens[at].text
                at += 1
                continue
            if plain:
                yield plain, None
            plain = ""
            yield "".join(token.text for token in tokens[at : at + length]), entry
            at += length
        if plain or not text:
            yield plain, None

    def _longest(self, tokens: list[_Token], at: int) -> tuple[int, Entry | None]:
        """How many tokens from `at` on are a word of the lexicon, the longest there is, and its entry."""
        node, length = self._root, 0
        found: Entry | None = None
        for count, index in enumerate(range(at, len(tokens)), 1):
            following = node.following.get(tokens[index].key)
            if following is None:
                break
            node = following
            if node.entry is not None:
                length, found = count, node.entry
        return length, found


class _Token(NamedTuple):
    """A word, a stretch of space, or one other character; `key` is the same for all ways to write it."""

    text: str
    key: str


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    for kind, group in groupby(text, _kind):
        run = "".join(group)
        if kind == "word":
            found.append(_Token(run, unicodedata.normalize("NFC", unicodedata.normalize("NFC", run).casefold())))
        elif kind == "space":
            found.append(_Token(run, " "))
        else:
            found += [_Token(char, char) for char in run]
    return found


def _kind(char: str) -> str:
    # Marks belong to their letters, and the joiners of Persian and of India's scripts to their words.
    if char.isalnum() or char in "_\u200c\u200d" or unicodedata.category(char)[0] == "M":
        return "word"
    return "space" if char.isspace() else "other"
