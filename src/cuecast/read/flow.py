"""Lists and keys inside `[ ]` and `{ }`: where they end, and which words in them YAML would misread.

YAML cuts plain words here at every comma and brace. People write sentences, so a text is taken to go on until the
next key that the language knows.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from cuecast.read.grammar import Grammar
from cuecast.read.words import Trap, flow_trap, is_rest_empty, quoted

_MAX_DEPTH = 64
_SPACE = re.compile(r"(?:\s|(?<=\s)#[^\n]{0,500})*")
_KEY = re.compile(r"""[^\s,{}\[\]"'#:&*!|>%@`][^,{}\[\]#:\n]{0,40}?|-?[0-9][0-9:hms]{0,12}?""")
_NEXT_KEY = re.compile(
    rf",{_SPACE.pattern}(?:({_KEY.pattern})|\"([^\"\n]{{0,40}})\"|'([^'\n]{{0,40}})')\s{{0,9}}:(?=\s|$)"
)
_CLOSER = re.compile(rf",?{_SPACE.pattern}[}}\]]")
_AFTER_QUOTED = re.compile(rf"{_SPACE.pattern}(?:[,}}]|$)")
_ALIAS = re.compile(r"\*[\w-]+\s*[,}\]]")
_FIELD = re.compile(r"\{\s*\w*\s*\}")
_PLAIN_END = re.compile(r"[,{}\[\]\n]|:(?=[\s,\[\]{}]|$)|(?<=\s)#")


class Misread(NamedTuple):
    """Words from `start` to `end` that need quotes."""

    start: int
    end: int
    trap: Trap


class Flow(NamedTuple):
    """What was found: where it ends, what would be misread, and the backslashes that mean nothing."""

    end: int
    misread: tuple[Misread, ...]
    bad_escapes: tuple[int, ...]


class Unclosed(Exception):
    """The end came before the closing bracket of the one that opened at `start`."""

    def __init__(self, start: int) -> None:
        super().__init__(start)
        self.start = start


class Unclear(Exception):
    """Something that this module leaves to YAML to judge."""


def scan_flow(text: str, start: int, key: str | None, grammar: Grammar, is_all: bool) -> Flow:
    """Read what opens at `start`, the value of `key`. Raises Unclosed, or Unclear.

    `is_all`: a quote that is not closed in the text is none, but a part of words. Else it may be closed further down.
    """
    scanner = _Scanner(text, grammar, is_all)
    scanner.at = start
    scanner.collection(key, 0)
    return Flow(scanner.at, tuple(scanner.misread), tuple(scanner.bad_escapes))


class _Scanner:
    def __init__(self, text: str, grammar: Grammar, is_all: bool) -> None:
        self.text = text
        self.grammar = grammar
        self.is_all = is_all
        self.at = 0
        self.misread: list[Misread] = []
        self.bad_escapes: list[int] = []

    def collection(self, key: str | None, depth: int) -> None:
        if depth > _MAX_DEPTH:
            raise Unclear
        opened = self.at
        close = "}" if self.text[opened] == "{" else "]"
        self.at += 1
        while True:
            self.space()
            char = self.char(opened)
            if char == close:
                self.at += 1
                return
            if char == ",":
                raise Unclear
            if close == "}":
                self.pair(key, opened, depth)
            else:
                self.value(key, opened, depth, text=False)
            self.space()
            char = self.char(opened)
            if char == ",":
                self.at += 1
            elif char != close:
                raise Unclear

    def pair(self, key: str | None, opened: int, depth: int) -> None:
        if self.text[self.at] in "\"'":
            start = self.at
            self.quoted()
            name = self.text[start + 1 : self.at - 1]
        else:
            name = self.plain()
        self.space()
        if self.char(opened) != ":":
            return
        self.at += 1
        self.space()
        if self.char(opened) not in ",}":
            # Beside any word of a lexicon stands a short one, and no key tells where it ends.
            text = key not in self.grammar.lexicons and self.grammar.is_nearly_text_key(name)
            self.value(name, opened, depth, text=text)

    def value(self, key: str | None, opened: int, depth: int, text: bool) -> None:
        start = self.at
        char = self.text[start]
        if char in "\"'":
            if quoted(self.text, start):
                self.quoted()
                if not text or _AFTER_QUOTED.match(self.text, self.at):
                    return
                self.at = start
            elif not self.is_all:
                raise Unclosed(opened)
            elif not text:
                raise Unclear
        elif char == "*" and _ALIAS.match(self.text, start):
            self.plain()
            return
        elif char in "[{" and not (text and self.is_words()):
            self.collection(key, depth + 1)
            return
        if text:
            self.words(opened)
        else:
            self.plain()

    def words(self, opened: int) -> None:
        """A text, as far as its author meant it."""
        start, text = self.at, self.text
        doubled = 0
        while True:
            char = self.char(opened)
            if text.startswith("{{", self.at):
                doubled += 1
                self.at += 1
            elif doubled and text.startswith("}}", self.at):
                doubled -= 1
                self.at += 1
            elif char == "{" and text.find("}", self.at, self.at + 30) > 0:
                self.at = text.find("}", self.at)
            elif char == "}" or (char in ",\n" and self.ends_here()):
                break
            self.at += 1
        end = self.at - (len(text[start : self.at]) - len(text[start : self.at].rstrip()))
        trap = flow_trap(text[start:end])
        if trap:
            self.misread.append(Misread(start, end, trap))

    def is_words(self) -> bool:
        """Whether the bracket here begins a sentence, as in `{side} leg`, not a list or keys."""
        if self.text[self.at] == "{":
            return bool(_FIELD.match(self.text, self.at))
        end = self.text.find("]", self.at)
        return end < 0 or not _AFTER_QUOTED.match(self.text, end + 1)

    def ends_here(self) -> bool:
        if self.text[self.at] == "\n":
            return bool(_CLOSER.match(self.text, self.at))
        match = _NEXT_KEY.match(self.text, self.at)
        if match and self.grammar.is_nearly_key((match[1] or match[2] or match[3] or "").strip()):
            return True
        return bool(_CLOSER.match(self.text, self.at))

    def plain(self) -> str:
        start = self.at
        if self.text[start] in "\"'`@%":
            raise Unclear
        match = _PLAIN_END.search(self.text, start)
        if match is not None and match.start() == start:
            raise Unclear
        self.at = match.start() if match else len(self.text)
        return self.text[start : self.at].strip()

    def quoted(self) -> None:
        found = quoted(self.text, self.at)
        if found is None:
            raise Unclear
        if found.bad_escape is not None:
            self.bad_escapes.append(found.bad_escape)
        self.at = found.end

    def space(self) -> None:
        match = _SPACE.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def char(self, opened: int) -> str:
        if self.at >= len(self.text):
            raise Unclosed(opened)
        return self.text[self.at]


def is_flow_text(text: str) -> bool:
    """Whether a text after a key on a line of its own, which begins with a bracket, is words and no list or keys."""
    body = text.rstrip()
    if body[0] == "{":
        return not re.match(r"\{\s*[^{}:,]+:\s", body) or not is_rest_empty(body[body.rfind("}") + 1 :])
    return body[-1] != "]"
