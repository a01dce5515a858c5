"""Diagnostics for people, for programs and for GitHub."""

from __future__ import annotations

import json
import os
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from typing import TextIO

from msgspec.structs import replace

from cuecast.cli.console import use_colour, write_stderr
from cuecast.model.diagnostics import Diagnostic, Severity
from cuecast.model.source import Source, Span

MAX_SHOWN = 100
"""Diagnostics that a person is shown at once; `check --format json` has all of them."""

_COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.NOTE: "36"}
_MAX_COLUMNS = 100
_BEFORE = 30
"""Columns of a long line that are shown before the fault."""
_CUT = "…"
_GITHUB = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def print_report(diagnostics: Sequence[Diagnostic], sources: Sequence[Source], quiet: bool) -> None:
    """Print diagnostics on standard error; if quiet, only the errors."""
    wanted = _filter(diagnostics, quiet)
    if wanted:
        write_stderr(_limited(wanted, sources, sys.stderr))


def format_report(diagnostics: Sequence[Diagnostic], sources: Sequence[Source], format_: str, quiet: bool) -> str:
    """The report of `check` as `text`, `json` or `github`; if quiet, only the errors."""
    wanted = _filter(diagnostics, quiet)
    match format_:
        case "json":
            return json.dumps([to_json(d) for d in wanted], ensure_ascii=False, indent=2) + "\n"
        case "github":
            return "".join(_command(d) for d in wanted)
        case _:
            return _limited(wanted, sources, sys.stdout)


def warnings_as_errors(diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """The same diagnostics, each warning as an error."""
    return [replace(d, severity=Severity.ERROR) if d.severity is Severity.WARNING else d for d in diagnostics]


def _filter(diagnostics: Sequence[Diagnostic], quiet: bool) -> list[Diagnostic]:
    return [d for d in diagnostics if not quiet or d.severity is Severity.ERROR]


def _limited(diagnostics: Sequence[Diagnostic], sources: Sequence[Source], stream: TextIO | None) -> str:
    """As text, no more of them than a person wants to see at once."""
    text = as_text(diagnostics[:MAX_SHOWN], sources, use_colour(stream))
    more = len(diagnostics) - MAX_SHOWN
    return text + (f"\n… and {more:,} more\n" if more > 0 else "")


def as_text(diagnostics: Sequence[Diagnostic], sources: Sequence[Source], colour: bool = False) -> str:
    """Each with its place, the line it stands in, a caret and a hint."""
    lines = {source.name: source.text.splitlines() for source in sources}
    return "\n".join(_block(d, _line(d, lines), colour) for d in diagnostics)


def summary(diagnostics: Sequence[Diagnostic]) -> str:
    """`2 errors, 1 warning`; empty if there are none."""
    counts = [(severity, sum(d.severity is severity for d in diagnostics)) for severity in Severity]
    return ", ".join(f"{n} {severity}{'s' if n > 1 else ''}" for severity, n in counts if n)


def _line(d: Diagnostic, lines: Mapping[str, Sequence[str]]) -> str:
    """The line it stands in."""
    if d.span is None:
        return ""
    of_file = lines.get(d.span.file, ())
    return of_file[d.span.line - 1] if d.span.line <= len(of_file) else ""


def _visible(text: str) -> str:
    """The text, control characters made visible: a routine from a stranger must not steer a terminal."""
    return "".join(c if c.isprintable() else " " if c == "\t" else "\N{REPLACEMENT CHARACTER}" for c in text)


def _block(d: Diagnostic, text: str, colour: bool) -> str:
    def paint(code: str, words: str) -> str:
        return f"\x1b[{code}m{words}\x1b[0m" if colour else words

    where = f"{d.span}: " if d.span else ""
    lines = [f"{paint('1', where)}{paint(_COLOURS[d.severity], d.severity)}[{d.code}]: {d.message}"]
    if d.span and text:
        gutter = f"{d.span.line:5} | "
        shown, start, end = _window(text, d.span.column - 1, _end(d.span, text))
        carets = " " * _width(shown[:start]) + "^" * max(1, _width(shown[start:end]))
        lines.append(gutter + shown)
        lines.append(" " * (len(gutter) - 2) + "| " + paint(_COLOURS[d.severity], carets))
    if d.hint:
        first, *more = d.hint.splitlines()
        lines.append(f"      {paint('1', 'try')}: {first}")
        lines += [f"           {line}" for line in more]
    return "\n".join(lines) + "\n"


def _end(span: Span, text: str) -> int:
    """Where the span ends on its first line."""
    return span.end_column - 1 if span.end_line == span.line else len(text)


def _window(text: str, start: int, end: int) -> tuple[str, int, int]:
    """As much of a long line as a screen has room for, round the span or its beginning; and the span in it."""
    if len(text) <= _MAX_COLUMNS:
        return _visible(text), start, end
    first = max(0, min(start - _BEFORE, len(text) - _MAX_COLUMNS))
    last = min(len(text), first + _MAX_COLUMNS)
    before, after = _CUT if first else "", _CUT if last < len(text) else ""
    shown = before + _visible(text[first + len(before) : last - len(after)]) + after
    return shown, start - first, min(end - first, len(shown))


def _width(text: str) -> int:
    """Columns that a terminal needs: wide letters take two, combining marks none."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def to_json(d: Diagnostic) -> dict[str, object]:
    """A diagnostic as JSON values."""
    span = d.span
    return {
        "severity": d.severity.value,
        "code": d.code,
        "message": d.message,
        "hint": d.hint,
        "file": span.file if span else None,
        "line": span.line if span else None,
        "column": span.column if span else None,
        "end_line": span.end_line if span else None,
        "end_column": span.end_column if span else None,
    }


def _command(d: Diagnostic) -> str:
    message = _escape(d.message + (f"\n{d.hint}" if d.hint else ""))
    if not d.span:
        return f"::{_GITHUB[d.severity]} title={d.code}::{message}\n"
    file = _escape(d.span.file.replace(os.sep, "/")).replace(",", "%2C").replace(":", "%3A")
    place = f"file={file},line={d.span.line},col={d.span.column}"
    return f"::{_GITHUB[d.severity]} {place},title={d.code}::{message}\n"


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
