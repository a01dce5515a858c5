"""Diagnostics and routines as text, for the expected files."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from enum import Enum
from pathlib import Path
from typing import Any

from msgspec import Struct

from cuecast.model.diagnostics import Diagnostic, has_errors
from cuecast.model.routine import Field, Text
from cuecast.model.source import Source, Span
from cuecast.read import ReadResult

HERE = Path(__file__).parent
CODES = re.findall(r"^## ([a-z0-9-]+)$", (HERE.parents[1] / "docs" / "diagnostics.md").read_text("utf-8"), re.MULTILINE)
"""All diagnostic codes: those with a paragraph in the docs."""


def show_diagnostics(result: ReadResult[Any]) -> str:
    """Each diagnostic with the line that it is about, marked."""
    sources = {source.name: source for source in result.sources}
    assert len(sources) == len(result.sources)
    return "\n".join(line for d in result.diagnostics for line in _diagnostic_lines(d, sources, result)) + "\n"


def _diagnostic_lines(d: Diagnostic, sources: Mapping[str, Source], result: ReadResult[Any]) -> Iterator[str]:
    span = d.span
    assert span is not None
    source = sources[span.file]
    where = "" if source is result.sources[0] else f"{span.file}:"
    line = source.line(span.line).replace("\t", "→")
    end = span.end_column if span.end_line == span.line else len(line) + 1
    yield f"{where}{span.line}:{span.column} {d.severity} {d.code}: {d.message}"
    yield f"    {line}"
    yield "    " + " " * (span.column - 1) + "^" * max(1, end - span.column)
    if d.hint:
        yield f"    {d.hint}"


def agree(path: Path, got: str) -> None:
    """Assert that a text is as expected: in the file beside `path`, which `CUECAST_ACCEPT=1` writes anew."""
    expected = path.with_suffix(".expected")
    if os.environ.get("CUECAST_ACCEPT"):
        expected.write_text(got, encoding="utf-8")
    assert got == expected.read_text(encoding="utf-8")


def agree_on_faults(path: Path, result: ReadResult[Any]) -> None:
    """Assert that a file has errors, and those that are expected, each once."""
    assert result.value is None
    assert has_errors(result.diagnostics)
    agree(path, show_diagnostics(result))
    places = [(d.code, d.span, d.message) for d in result.diagnostics]
    assert len(places) == len(set(places))


def check_places(result: ReadResult[Any]) -> None:
    """Assert that there is a value or an error, and each diagnostic is at a place of its file."""
    assert (result.value is None) == has_errors(result.diagnostics)
    sources = {source.name: source.text.splitlines() or [""] for source in result.sources}
    for d in result.diagnostics:
        assert d.span is not None
        span = d.span
        lines = sources[span.file]
        assert (span.line, span.column) <= (span.end_line, span.end_column)
        assert 1 <= span.line <= span.end_line <= len(lines)
        assert 1 <= span.column <= len(lines[span.line - 1]) + 1
        assert 1 <= span.end_column <= len(lines[span.end_line - 1]) + 1
        assert d.message
        assert "\n" not in d.message + (d.hint or "")


def show_value(value: object, indent: str = "") -> str:
    """A value as a tree of lines: what is not the default, with the place of all that has one."""
    return "\n".join(_lines(value, indent)) + "\n"


def _lines(value: object, indent: str) -> Iterator[str]:
    assert isinstance(value, Struct)
    yield f"{indent}{type(value).__name__}{_place(getattr(value, 'span', None))}"
    names, defaults = value.__struct_fields__, value.__struct_defaults__
    usual = dict(zip(names[len(names) - len(defaults) :], defaults, strict=True))
    for name in names:
        part = getattr(value, name)
        if (
            name in ("source", "span", "mark", "pcm")
            or (name in usual and part == usual[name])
            or (part is None and name == "work")
        ):
            continue
        if isinstance(part, tuple) and part and all(isinstance(p, Struct) and not isinstance(p, Text) for p in part):
            yield f"{indent}  {name}:"
            for item in part:
                yield from _lines(item, indent + "    ")
        elif isinstance(part, Struct) and not isinstance(part, Text | Span):
            yield f"{indent}  {name}:"
            yield from _lines(part, indent + "    ")
        else:
            yield f"{indent}  {name}: {_short(part)}"


def _short(value: object) -> str:
    match value:
        case Text():
            parts = [f"<{p.name}{_place(p.span)}>" if isinstance(p, Field) else repr(p) for p in value.parts]
            return " ".join(parts) + _place(value.span)
        case Span():
            return _place(value).strip()
        case Enum():
            return str(value)
        case Path():
            return value.relative_to(HERE).as_posix()
        case frozenset():
            return ", ".join(sorted(str(v) for v in value))
        case tuple():
            return ", ".join(_short(v) for v in value)
    return repr(value)


def _place(span: Span | None) -> str:
    return f" @{span.line}:{span.column}-{span.end_line}:{span.end_column}" if span else ""
