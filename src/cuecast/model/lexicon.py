"""Words of a lexicon in a text: whole words, in any case, the longest match first."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, Generic, NamedTuple, Protocol, TypeVar


class _Entry(Protocol):
    @property
    def word(self) -> str: ...


Entry = TypeVar("Entry", bound=_Entry)


class LexiconMatcher(Generic[Entry]):
    """Finds the words of a lexicon in texts, in time that depends on the text alone."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        """If two entries have the same word, the first one counts."""
        # A trie: each node maps the next token to a node, and None to the entry that ends there.
        self._root: dict[str | None, Any] = {}
        for entry in entries:
            node = self._root
            for token in _tokens(entry.word.strip()):
                node = node.setdefault(token.key, {})
            if node is not self._root:
                node.setdefault(None, entry)

    def split(self, text: str) -> Iterator[tuple[str, Entry | None]]:
        """The text in parts, each with the entry whose word it is; joined, the parts are the text again."""
        tokens = _tokens(text) if self._root else []
        start = at = 0
        while at < len(tokens):
            length, entry = self._longest(tokens, at)
            if entry is None:
                at += 1
                continue
            if at > start:
                yield _text(tokens[start:at]), None
            yield _text(tokens[at : at + length]), entry
            start = at = at + length
        rest = _text(tokens[start:]) if self._root else text
        if rest or not text:
            yield rest, None

    def _longest(self, tokens: list[_Token], at: int) -> tuple[int, Entry | None]:
        """The longest entry that begins at token `at`, and its number of tokens."""
        node, length = self._root, 0
        longest: Entry | None = None
        for index in range(at, len(tokens)):
            if tokens[index].key not in node:
                break
            node = node[tokens[index].key]
            if None in node:
                length, longest = index + 1 - at, node[None]
        return length, longest


class _Token(NamedTuple):
    """A word, a run of space, or one other character; `key` is the same for all ways to write it."""

    text: str
    key: str


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    for kind, group in groupby(text, _kind):
        run = "".join(group)
        if kind == "word":
            tokens.append(_Token(run, unicodedata.normalize("NFC", unicodedata.normalize("NFC", run).casefold())))
        elif kind == "space":
            tokens.append(_Token(run, " "))
        else:
            tokens += [_Token(char, char) for char in run]
    return tokens


def _kind(char: str) -> str:
    # Combining marks belong to their letters; the joiners of Persian and Indic scripts belong to their words.
    if char.isalnum() or char in "_\u200c\u200d" or unicodedata.category(char)[0] == "M":
        return "word"
    return "space" if char.isspace() else "other"


def _text(tokens: list[_Token]) -> str:
    return "".join(token.text for token in tokens)
