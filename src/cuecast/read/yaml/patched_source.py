"""A file's text with corrections written into it, which still knows where each character stood when it was typed."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from msgspec.structs import replace

from cuecast.model.diagnostics import Diagnostic, error
from cuecast.model.source import Fix, Source, Span
from cuecast.read.grammar import ROUTINE_FILE, Grammar

MAX_FAULTS = 2_000
"""Diagnostics of one routine and its files; the rest are cut off."""

LINE = "{line}"
"""In a hint: the corrected line."""


_SHOWN_BEFORE, _SHOWN_AFTER = 200, 1_200
"""Characters of a corrected line that a hint shows, from its fault on: a longer line has many faults."""


class TooManyFaults(Exception):
    """There are more faults than are reported."""


class Edit(NamedTuple):
    """`text` in place of the characters from `start` to `end`."""

    start: int
    end: int
    text: str


class Line(NamedTuple):
    """A line: where it begins, how many spaces it begins with, and its content, which is empty for a comment."""

    start: int
    indent: int
    body: str


class PatchedSource:
    """The text for the YAML parser. Places are offsets into `text`, line breaks are `\\n`; spans are those as typed."""

    def __init__(self, source: Source, grammar: Grammar = ROUTINE_FILE) -> None:
        self.grammar = grammar
        self.name = source.name
        self.is_guess = False
        """Whether a correction guesses the structure, so that YAML's next complaint may only be an echo."""
        self.is_cut = False
        """Whether a line was taken out that can't be read, so that a missing key may only be an echo."""
        lines = source.text.splitlines()
        self._typed = self.text = "\n".join(lines) + "\n"
        self._line_starts = [0]
        for line in lines[:-1]:
            self._line_starts.append(self._line_starts[-1] + len(line) + 1)
        self._origin: array[int] = array("L", [*range(len(self._typed)), len(self._typed) - 1])
        """For each character of `text`, where it was typed; a correction counts as typed at its start."""
        self.fixes: list[Fix] = []
        """Corrections that are certain: quotes where YAML needs them."""
        self._faults: dict[tuple[str, Span], tuple[Diagnostic, int]] = {}

    def span(self, start: int, end: int) -> Span:
        """The span as typed."""
        first, last = self._typed_offset(start), self._typed_offset(max(start, end))
        line, end_line = bisect_right(self._line_starts, first), bisect_right(self._line_starts, last)
        column, end_column = first - self._line_starts[line - 1] + 1, last - self._line_starts[end_line - 1] + 1
        return Span(self.name, line, column, end_line, end_column)

    def typed(self, start: int, end: int) -> str:
        """The text as typed."""
        return self._typed[self._typed_offset(start) : self._typed_offset(end)]

    def report(self, code: str, message: str, start: int, end: int, hint: str | None = None) -> None:
        """Add a diagnostic, once for its place and code. Raises TooManyFaults."""
        span = self.span(start, end)
        if len(self._faults) >= MAX_FAULTS:
            raise TooManyFaults
        self._faults.setdefault((code, span), (error(code, message, span, hint), self._typed_offset(start)))

    def replace(self, edits: Iterable[Edit]) -> None:
        """Write corrections into the text. One that overlaps the one before it is skipped."""
        text, origin, at = [], array("L"), 0
        for start, end, new in sorted(edits):
            if start >= at:
                if not self.is_guess and _only_quotes(self.text[start:end], new):
                    self.fixes.append(Fix(self.span(start, end), new))
                text += [self.text[at:start], new]
                origin.extend(self._origin[at:start])
                origin.extend([self._origin[start]] * len(new))
                at = end
        text.append(self.text[at:])
        origin.extend(self._origin[at:])
        self.text, self._origin = "".join(text), origin

    def diagnostics(self) -> list[Diagnostic]:
        """All that was reported. Hints show the lines with all corrections in place."""
        return [replace(fault, hint=self._with_line(fault.hint, at)) for fault, at in self._faults.values()]

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

    def content(self, at: int) -> tuple[int, int]:
        """Where the content of the line begins and ends."""
        start, end = self.line_start(at), self.content_end(at)
        return end - len(self.text[start:end].lstrip()), end

    def column(self, at: int) -> int:
        """How far from the left."""
        return at - self.line_start(at)

    def lines(self, at: int) -> Iterator[Line]:
        """The lines from the one that begins at `at`."""
        while at < len(self.text):
            end = self.line_end(at)
            line = self.text[at:end]
            body = line.strip()
            yield Line(at, len(line) - len(line.lstrip(" ")), "" if body[:1] == "#" else body)
            at = end + 1

    def block_end(self, at: int, column: int) -> int:
        """The end of the lines from here on that are further in than `column`, blank ones and closing brackets too."""
        end = self.line_end(at)
        for line in self.lines(end + 1):
            if line.body and line.indent <= column and line.body[0] not in "]}":
                break
            end = self.line_end(line.start)
        return end

    def _typed_offset(self, at: int) -> int:
        return self._origin[at] if at < len(self._origin) else self._origin[-1]

    def _with_line(self, hint: str | None, typed: int) -> str | None:
        if hint is None or LINE not in hint:
            return hint
        at = bisect_left(self._origin, typed)
        start, end = self.line_start(at), self.line_end(at)
        line = self.text[max(start, at - _SHOWN_BEFORE) : min(end, at + _SHOWN_AFTER)].strip()
        line = f"{'… ' if at - _SHOWN_BEFORE > start else ''}{line}{' …' if at + _SHOWN_AFTER < end else ''}"
        return None if line == "#" else hint.replace(LINE, line, 1)  # the line may be taken out by now


def _only_quotes(old: str, new: str) -> bool:
    """Whether a correction changes nothing but quotes and the escapes that they need."""
    bare = str.maketrans("", "", "\"'\\")
    return new.translate(bare) == old.translate(bare) and new != old
