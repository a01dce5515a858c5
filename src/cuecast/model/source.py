"""Where words come from: a file's text, and spans in it."""

from __future__ import annotations

from msgspec import Struct


class Source(Struct, frozen=True):
    """The text of one file, under the name by which messages call it."""

    name: str
    text: str

    def line(self, number: int) -> str:
        """Line `number` (from 1) without its end; empty beyond the last one."""
        lines = self.text.splitlines()
        return lines[number - 1] if 0 < number <= len(lines) else ""


class Span(Struct, frozen=True, order=True):
    """A stretch of a file. Lines and columns count from 1, in characters; the end is exclusive."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class Fix(Struct, frozen=True):
    """A correction that is certain: `text` in place of what stands at `span`."""

    span: Span
    text: str
