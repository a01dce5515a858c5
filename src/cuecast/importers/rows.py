"""The lines of a file of notes; tables and the time stamps of a video are rewritten as lines that a person would type."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from cuecast.importers.ir import Draft, clean, line_span
from cuecast.model.duration import ms_to_clock
from cuecast.model.source import Span

_COLUMNS = {
    "name": r"exercises?|name|move(?:ment)?s?|activity|workout|übung(?:en)?|ejercicios?|stretch|what",
    "seconds": r"seconds?|secs?|s|sekunden|sek\.?|segundos",
    "minutes": r"minutes?|mins?|m|minuten|minutos",
    "time": r"time|duration|work|length|dauer|zeit|tiempo|duración",
    "hold": r"hold|halten|mantener",
    "sets": r"sets?|rounds?|sätze|series",
    "reps": r"reps?|repetitions?|wdh\.?|wiederholungen|repeticiones",
    "rest": r"rest|pause|break|descanso|pausa",
    "sides": r"sides?|seiten?|lados?",
    "number": r"#|no\.?|nr\.?|nº|num",
}
_UNITS = {"seconds": "{}s", "minutes": "{} min", "time": "{}s", "sets": "{} sets", "reps": "{} reps"}
_WITH_WORD = {"rest": "rest {}", "hold": "hold {}"}
_BOTH_SIDES = frozenset(("both", "each", "beide", "ambos", "2", "l/r", "l+r"))
_CLOCK = r"((?:\d{1,2}:)?\d{1,2}:[0-5]\d)"
_STAMP = re.compile(rf"[(\[]?{_CLOCK}(?:\s?[-–—]\s?{_CLOCK})?[)\]]?\s*(?:[-–—:|]\s*)?([^\W\d].*)")
_STAMP_BEHIND = re.compile(rf"([^\W\d].*?)\s*[-–—:]?\s*[(\[]{_CLOCK}(?:\s?[-–—]\s?{_CLOCK})?[)\]]")
_END = re.compile(r"(?:the )?(?:end|finish|done|outro|ende|schluss|fin|final)\W*", re.IGNORECASE)
_WIDE = re.compile(r"\s{2,}|\t")
_LEAST_STAMPS = 3


class Row(Struct):
    """A line of the file: its text on one line, and how far it is indented."""

    text: str
    indent: int
    span: Span


class _Stamp(Struct):
    row: Row
    name: str
    start: int
    end: int | None


def read_rows(draft: Draft) -> list[Row]:
    """All lines of the source, empty ones too."""
    return _from_stamps(draft, list(_from_tables(draft, draft.source.text.splitlines())))


def _cells(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:  # a cell of more than 128 KiB
        return line.split(separator)


def _from_tables(draft: Draft, lines: Sequence[str]) -> Iterator[Row]:
    """All lines; the rows of Markdown tables and of CSV as `Plank, 45s, each side`."""
    header: list[str] | None = None
    is_wide = False
    separator = _separator(next((line for line in lines if line.strip()), ""))
    for number, line in enumerate(lines, 1):
        wide = line.expandtabs(4)
        row = Row(clean(line), len(wide) - len(wide.lstrip()), line_span(draft.source, number, line))
        if separator and row.text:
            cells = _cells(line, separator)
        elif line.lstrip().startswith("|"):
            cells = row.text.strip("|").split("|")
        elif row.text and ((header and is_wide) or _is_header(_WIDE.split(line.strip()))):
            cells, is_wide = _WIDE.split(line.strip()), True
        else:
            header, is_wide = (header if separator else None), False
            yield row
            continue
        cells = [cell.strip() for cell in cells]
        if header is None:
            header = [_column(cell) for cell in cells]
            if "name" in header:
                continue
            header = ["name"] * len(cells)
        if any(map(str.isalnum, "".join(cells))):
            yield Row(_typed(header, cells), 0, row.span)


def _is_header(cells: Sequence[str]) -> bool:
    """Whether these are the headings of columns that only spaces keep apart."""
    columns = [_column(cell) for cell in cells]
    return len(columns) > 2 and "name" in columns and "" not in columns


def _separator(first: str) -> str | None:
    """The separator of a CSV file: its first line has a heading for the names, and others."""
    for separator in ("\t", ";", ",", "|"):
        columns = [_column(cell) for cell in first.split(separator)]
        if len(columns) > 1 and columns.count("") < len(columns) - 1 and "name" in columns and first[:1] != "|":
            return separator
    return None


def _column(heading: str) -> str:
    """What a column holds; the unit in brackets says more than the word before it."""
    words, _, unit = heading.strip(' "*_)').partition("(")
    kinds = [
        next((name for name, known in _COLUMNS.items() if re.fullmatch(known, each.strip(" *_"), re.IGNORECASE)), "")
        for each in (words, unit)
    ]
    return kinds[1] if kinds[0] == "time" and kinds[1] else kinds[0]


def _typed(header: Sequence[str], cells: Sequence[str]) -> str:
    """The cells as one line, the name first; a bare number gets the unit of its column."""
    parts: list[str] = []
    first_name = header.index("name") if "name" in header else -1
    for at, (column, cell) in enumerate(zip([*header, *[""] * len(cells)], cells, strict=False)):
        if not any(map(str.isalnum, cell)) or column == "number":
            continue
        if column in _UNITS and re.fullmatch(r"[\d.,\s–-]+", cell):
            cell = _UNITS[column].format(cell)
        if column == "sides" and cell.lower() in _BOTH_SIDES:
            cell = "each side"
        cell = _WITH_WORD.get(column, "{}").format(cell)
        parts.insert(0 if at == first_name else len(parts), cell)
    return ", ".join(parts)


def _from_stamps(draft: Draft, rows: list[Row]) -> list[Row]:
    """Time stamps of a video are moments: each exercise lasts until the next one begins."""
    stamps = [stamp for row in rows if (stamp := _stamp(row))]
    if len(stamps) < _LEAST_STAMPS or stamps[0].start or any(a.start >= b.start for a, b in pairwise(stamps)):
        return rows
    last = stamps[-1]
    lengths = [b.start - a.start for a, b in pairwise(stamps)]
    lengths.append(last.end - last.start if last.end and last.end > last.start else lengths[-1])
    hint = None if last.end else "put your own time into the last one, which has no end"
    for stamp, length in zip(stamps, lengths, strict=True):
        stamp.row.text = f"{stamp.name} {length}s"
    if _END.fullmatch(last.name):
        hint, last.row.text = None, ""
        draft.note(f"“{last.name}” is left out: there the last exercise ends", last.row.span)
    message = (
        f"these are time stamps: each exercise lasts from its own to the next one, to {ms_to_clock(last.start * 1000)}"
    )
    draft.warn(message, stamps[0].row.span, hint)
    return rows


def _stamp(row: Row) -> _Stamp | None:
    if match := _STAMP.fullmatch(row.text):
        start, end, name = match.groups()
    elif match := _STAMP_BEHIND.fullmatch(row.text):
        name, start, end = match.groups()
    else:
        return None
    return _Stamp(row, name, _seconds(start), _seconds(end) if end else None)


def _seconds(clock: str) -> int:
    seconds = 0
    for part in clock.split(":"):
        seconds = seconds * 60 + int(part)
    return seconds
