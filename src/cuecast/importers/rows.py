"""The lines of a file of notes; tables and the time stamps of a video are rewritten as lines that a person would type."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from cuecast.importers.ir import Draft, clean, line_span
from cuecast.model.duration import ms_to_clock
from cuecast.model.source import Source

_COLUMNS = {
    "name": r"exercise|name|movement|activity|übung|ejercicio|stretch|what",
    "seconds": r"seconds?|secs?|s|sekunden|sek|segundos",
    "minutes": r"minutes?|mins?|minuten|minutos",
    "time": r"time|duration|work|length|hold|dauer|zeit|tiempo|duración",
    "sets": r"sets?|rounds?|sätze|series",
    "reps": r"reps?|repetitions?|wdh|wiederholungen|repeticiones",
    "rest": r"rest|pause|break|descanso|pausa",
}
_CELLS = {"seconds": "{}s", "minutes": "{} min", "sets": "{} sets", "reps": "{} reps", "rest": "rest {}"}
_STAMP = re.compile(r"\s*[(\[]?((?:\d{1,2}:)?\d{1,2}:[0-5]\d)[)\]]?\s*(?:[-–—:]\s*)?([^\W\d].*)")
_LEAST_STAMPS = 3


class Row(Struct):
    """A line: its number in the file, its text on one line, and how far it is indented."""

    number: int
    text: str
    indent: int


def read_rows(draft: Draft) -> list[Row]:
    """All lines of the source, empty ones too."""
    rows = [_row(number, line) for number, line in enumerate(draft.source.text.splitlines(), 1)]
    return _from_stamps(draft, list(_from_tables(rows, draft.source)))


def _row(number: int, line: str) -> Row:
    wide = line.expandtabs(4)
    return Row(number, clean(line), len(wide) - len(wide.lstrip()))


def _from_tables(rows: Sequence[Row], source: Source) -> Iterator[Row]:
    """The rows of Markdown tables and of CSV as lines: `Plank, 45s, each side`."""
    header: list[str] | None = None
    separator = _separator(source)
    for row in rows:
        if separator and row.text:
            cells = next(csv.reader([source.text.splitlines()[row.number - 1]], delimiter=separator))
        elif row.text.startswith("|"):
            cells = row.text.strip("|").split("|")
        else:
            header = None
            yield row
            continue
        cells = [cell.strip() for cell in cells]
        if header is None:
            header = [_column(cell) for cell in cells]
            if "name" in header:
                continue
            header = ["name"] * len(cells)
        if any(re.search(r"\w", cell) for cell in cells):
            yield Row(row.number, _typed(header, cells), 0)


def _separator(source: Source) -> str | None:
    """The separator of a CSV file: its first line has a heading for the names."""
    first = next((line for line in source.text.splitlines() if line.strip()), "")
    for separator in ("\t", ";", ","):
        columns = [_column(cell) for cell in first.split(separator)]
        if len(columns) > 1 and columns.count("") < len(columns) - 1 and "name" in columns:
            return separator
    return None


def _column(heading: str) -> str:
    heading = heading.strip(' "*_').partition("(")[0].strip()
    return next((name for name, words in _COLUMNS.items() if re.fullmatch(words, heading, re.IGNORECASE)), "")


def _typed(header: Sequence[str], cells: Sequence[str]) -> str:
    """The cells as one line; a bare number gets the unit of its column."""
    parts = []
    for column, cell in zip([*header, *[""] * len(cells)], cells, strict=False):
        if not any(map(str.isalnum, cell)):
            continue
        if column in _CELLS and (column == "rest" or cell.isdigit()):
            cell = _CELLS[column].format(cell)
        elif column == "time" and cell.isdigit():
            cell = f"{cell}s"
        parts.append(cell)
    return ", ".join(parts)


def _from_stamps(draft: Draft, rows: list[Row]) -> list[Row]:
    """Time stamps of a video are moments: each exercise lasts until the next one begins."""
    stamps = [(row, match) for row in rows if (match := _STAMP.fullmatch(row.text))]
    seconds = [_seconds(match[1]) for _, match in stamps]
    if len(stamps) < _LEAST_STAMPS or seconds[0] or any(a >= b for a, b in pairwise(seconds)):
        return rows
    first = stamps[0][0]
    draft.warn(
        f"these are time stamps: each exercise lasts from its own to the next one, to {ms_to_clock(seconds[-1] * 1000)}",
        line_span(draft.source, first.number, first.text),
        "put your own time into the last one, which has no end",
    )
    lengths = [b - a for a, b in pairwise(seconds)]
    for (row, match), length in zip(stamps, [*lengths, lengths[-1]], strict=True):
        row.text = f"{match[2]} {length}s"
    return rows


def _seconds(clock: str) -> int:
    seconds = 0
    for part in clock.split(":"):
        seconds = seconds * 60 + int(part)
    return seconds
