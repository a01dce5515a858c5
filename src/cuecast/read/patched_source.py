"""A file's lines on their way to YAML, mended in memory so that one fault does not hide the next."""

from __future__ import annotations

from dataclasses import dataclass, field

from msgspec import Struct

from cuecast.model.diagnostics import Diagnostic, error
from cuecast.model.source import Source, Span
from cuecast.read.grammar import ROUTINE_FILE, Grammar

MAX_FAULTS = 2_000
"""The most faults that are told of one routine and its files; whoever has more mends these first."""


class TooManyFaults(Exception):
    """There are as many faults as are told."""


class Meant(Struct, frozen=True):
    """What stands where YAML sees a stand-in: the words as typed, or None where nothing more is to be said of them."""

    words: str | None
    span: Span


@dataclass(slots=True)
class Page:
    """The lines of a source. Rows and columns count from 0; only spans count from 1, and in the file as typed.

    A fault is reported and then mended, always within its line: indented anew, a character inserted, or words that
    YAML would misread covered by a stand-in of the same length. What was moved is remembered, so that spans stay true.
    """

    source: Source
    grammar: Grammar = ROUTINE_FILE
    lines: list[str] = field(init=False)
    faults: list[Diagnostic] = field(default_factory=list)
    shaky: bool = False
    """Whether a mend was a guess at the structure, so that YAML's own complaints may be only its echo."""
    _typed: tuple[str, ...] = field(init=False)
    _moves: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    _meant: dict[tuple[int, int], Meant] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._typed = tuple(self.source.text.splitlines())
        self.lines = list(self._typed)

    @property
    def text(self) -> str:
        """What YAML is to read."""
        return "\n".join(self.lines) + "\n"

    def span(self, row: int, start: int, end: int, end_row: int | None = None) -> Span:
        """The span of columns as typed, clipped to the file; an `end` of -1 is the end of the line."""
        if end_row in (None, row) and row not in self._moves and row < len(self._typed):
            length = len(self._typed[row])
            first = min(start, length)
            after = max(first, min(end, length) if end >= 0 else len(self._typed[row].rstrip()))
            return Span(self.source.name, row + 1, first + 1, row + 1, after + 1)
        last = len(self._typed) - 1
        bottom = min(row if end_row is None else end_row, last)
        row = min(row, last)
        first = min(self._column(row, start), len(self._typed[row]))
        after = (
            min(self._column(bottom, end), len(self._typed[bottom])) if end >= 0 else len(self._typed[bottom].rstrip())
        )
        if bottom == row:
            after = max(after, first)
        return Span(self.source.name, row + 1, first + 1, bottom + 1, after + 1)

    def typed(self, span: Span) -> str:
        """What the file has at a span."""
        if span.line == span.end_line:
            return self._typed[span.line - 1][span.column - 1 : span.end_column - 1]
        first, *more = self._typed[span.line - 1 : span.end_line]
        return "\n".join([first[span.column - 1 :], *more[:-1], more[-1][: span.end_column - 1]])

    def report(self, code: str, message: str, span: Span, hint: str | None = None) -> None:
        """Note a fault. Raises TooManyFaults beyond those that are told."""
        if len(self.faults) >= MAX_FAULTS:
            raise TooManyFaults
        self.faults.append(error(code, message, span, hint))

    def indent(self, row: int) -> int:
        """How many spaces the line begins with."""
        line = self.lines[row]
        return len(line) - len(line.lstrip(" "))

    def is_blank(self, row: int) -> bool:
        """Whether the line says nothing: empty, or a comment alone."""
        body = self.lines[row].lstrip()
        return not body or body[0] == "#"

    def set_indent(self, row: int, width: int) -> None:
        """Indent the line by `width` spaces instead of whatever it begins with."""
        line = self.lines[row]
        body = line.lstrip()
        self._moves.setdefault(row, []).append((0, len(line) - len(body) - width))
        self.lines[row] = " " * width + body

    def insert(self, row: int, column: int, what: str) -> None:
        """Put `what` in at a column."""
        line = self.lines[row]
        self._moves.setdefault(row, []).append((column, -len(what)))
        self.lines[row] = line[:column] + what + line[column:]

    def replace(self, row: int, start: int, end: int, char: str = " ") -> None:
        """Overwrite columns with a character."""
        line = self.lines[row]
        self.lines[row] = line[:start] + char * (end - start) + line[end:]

    def cover(self, row: int, start: int, end: int, words: str | None) -> None:
        """Have YAML see a plain word from `start` to `end`, which means `words`; None is nothing more to be said."""
        self._meant[row, start] = Meant(words, self.span(row, start, end))
        self.replace(row, start, end, "x")

    def meant(self, row: int, column: int) -> Meant | None:
        """What stands at a covered place."""
        return self._meant.get((row, column))

    def _column(self, row: int, column: int) -> int:
        for start, by in reversed(self._moves.get(row, ())):
            if column >= start:
                column = max(start, column + by)
        return column
