"""A file's text with corrections written into it, which still knows where each character stood when it was typed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from typing import NamedTuple

from msgspec.structs import replace

from cuecast.model.diagnostics import Diagnostic, error
from cuecast.model.source import Source, Span
from cuecast.read.grammar import ROUTINE_FILE, Grammar

MAX_FAULTS = 2_000
"""Diagnostics of one routine and its files; the rest are cut off."""

LINE = "{line}"
"""In a hint: the corrected line."""


class TooManyFaults(Exception):
    """There are more faults than are reported."""


class Edit(NamedTuple):
    """`text` in place of the characters from `start` to `end`."""

    start: int
    end: int
    text: str


class _Piece(NamedTuple):
    """Characters from `start` on; the first one stood at `typed`. Those of an inserted piece all count as `typed`."""

    start: int
    typed: int
    is_inserted: bool


class PatchedSource:
    """The text for the YAML parser. Places are offsets into `text`, line breaks are `\\n`; spans are those as typed."""

    def __init__(self, source: Source, grammar: Grammar = ROUTINE_FILE) -> None:
        self.grammar = grammar
        self.name = source.name
        lines = source.text.splitlines()
        self._typed = self.text = "\n".join(lines) + "\n"
        self._lines = [0]
        for line in lines[:-1]:
            self._lines.append(self._lines[-1] + len(line) + 1)
        self._pieces = [_Piece(0, 0, False)]
        self._starts = [0]
        self._faults: dict[tuple[str, Span], tuple[Diagnostic, int]] = {}

    def span(self, start: int, end: int) -> Span:
        """The span as typed."""
        first = self._typed_offset(start)
        last = max(first, self._typed_offset(end))
        line, end_line = bisect_right(self._lines, first), bisect_right(self._lines, last)
        return Span(self.name, line, first - self._lines[line - 1] + 1, end_line, last - self._lines[end_line - 1] + 1)

    def typed(self, start: int, end: int) -> str:
        """The text as typed."""
        return self._typed[self._typed_offset(start) : self._typed_offset(end)]

    def report(self, code: str, message: str, start: int, end: int, hint: str | None = None) -> None:
        """Add a diagnostic, once for its place and code. Raises TooManyFaults."""
        fault = error(code, message, self.span(start, end), hint)
        assert fault.span is not None
        if len(self._faults) >= MAX_FAULTS:
            raise TooManyFaults
        self._faults.setdefault((code, fault.span), (fault, self._typed_offset(start)))

    def report_typed(self, code: str, message: str, start: int, end: int, hint: str) -> None:
        """Add a diagnostic for a place that is given as it was typed."""
        line = bisect_right(self._lines, start)
        column = start - self._lines[line - 1] + 1
        span = Span(self.name, line, column, line, column + end - start)
        self._faults[code, span] = error(code, message, span, hint), start

    def replace(self, edits: Iterable[Edit]) -> None:
        """Write corrections into the text. One that overlaps the one before it is skipped."""
        text: list[str] = []
        pieces: list[_Piece] = []
        at = length = 0
        for start, end, new in [*sorted(edits), Edit(len(self.text), len(self.text), "")]:
            if start < at:
                continue
            pieces += self._pieces_between(at, start, length - at)
            text += [self.text[at:start], new]
            length += start - at
            if new:
                pieces.append(_Piece(length, self._typed_offset(start), True))
            length += len(new)
            at = end
        self.text, self._pieces = "".join(text), pieces or [_Piece(0, 0, False)]
        self._starts = [piece.start for piece in self._pieces]

    def diagnostics(self) -> list[Diagnostic]:
        """All that was reported. Hints show the lines with all corrections in place."""
        return [
            replace(fault, hint=fault.hint.replace(LINE, self._corrected_line(at), 1))
            if fault.hint and LINE in fault.hint
            else fault
            for fault, at in self._faults.values()
        ]

    @property
    def has_faults(self) -> bool:
        """Whether anything was reported."""
        return bool(self._faults)

    def line_start(self, at: int) -> int:
        """Where the line begins."""
        return self.text.rfind("\n", 0, at) + 1

    def line_end(self, at: int) -> int:
        """Where the line ends, before its line break."""
        end = self.text.find("\n", at)
        return len(self.text) if end < 0 else end

    def content_end(self, at: int) -> int:
        """Where the line's content ends, before spaces at its end."""
        start = self.line_start(at)
        return start + len(self.text[start : self.line_end(at)].rstrip())

    def column(self, at: int) -> int:
        """How far from the left."""
        return at - self.line_start(at)

    def indent(self, line_start: int) -> int:
        """How many spaces the line begins with."""
        at = line_start
        while self.text[at : at + 1] == " ":
            at += 1
        return at - line_start

    def is_blank(self, line_start: int) -> bool:
        """Whether the line has no content: it is empty, or only a comment."""
        body = self.text[line_start + self.indent(line_start) : self.line_end(line_start)].lstrip()
        return not body or body[0] == "#"

    def _typed_offset(self, at: int) -> int:
        piece = self._pieces[bisect_right(self._starts, at) - 1]
        return piece.typed if piece.is_inserted else min(piece.typed + at - piece.start, len(self._typed) - 1)

    def _pieces_between(self, start: int, end: int, shift: int) -> Iterable[_Piece]:
        if start == end:
            return
        index = bisect_right(self._starts, start) - 1
        for piece in self._pieces[index : bisect_right(self._starts, end - 1)]:
            begin = max(piece.start, start)
            typed = piece.typed if piece.is_inserted else piece.typed + begin - piece.start
            yield _Piece(begin + shift, typed, piece.is_inserted)

    def _corrected_line(self, typed: int) -> str:
        index = bisect_right(self._pieces, typed, key=lambda piece: piece.typed) - 1
        piece = self._pieces[max(0, index)]
        at = piece.start if piece.is_inserted else piece.start + typed - piece.typed
        return self.text[self.line_start(at) : self.line_end(at)].strip()
