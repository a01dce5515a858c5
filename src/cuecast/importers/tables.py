"""The rows of tables as lines that a person would type: CSV with any separator, Markdown, columns that spaces keep apart."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from cuecast.importers.ir import Draft, clean, line_span, title_of
from cuecast.model.source import Span

_COLUMNS = {
    "name": r"exercises?|(?:exercise )?name|exercise title|move(?:ment)?s?|activity|workout|stretch|what|pose|drill"
    r"|übung(?:en|sname)?|ejercicios?|movimiento|nombre",
    "time": r"time|duration|work(?: time)?|length|on|dauer|zeit|arbeit(?:szeit)?|tiempo|duración|trabajo",
    "hold": r"hold(?: time)?|halten|haltezeit|mantener",
    "sets": r"sets?|rounds?|sätze|runden|series|rondas|vueltas",
    "reps": r"reps?|repetitions?|count|quantity|wdh\.?|wiederholungen|anzahl|repeticiones|cantidad",
    "rest": r"rest(?: time| between sets)?|recovery|off|pausen?(?:zeit)?|break|descanso|pausa",
    "sides": r"sides?|seiten?|lados?",
    "label": r"superset|group|label|gruppe|grupo",
    "start": r"start|from|begin|von|beginn|desde|inicio",
    "end": r"end|to|until|bis|ende|hasta|fin",
    "number": r"#|no\.?|nr\.?|nº|num|order|pos\.?",
    "words": r"(?:exercise )?notes?|comments?|description|instructions?|details?|dos(?:e|age|is)|bemerkung(?:en)?|notiz(?:en)?"
    r"|hinweise?|beschreibung|notas|descripción|observaciones",
    "part": r"days?|week|block|section|part|phase|workout name|title|tag|woche|abschnitt|teil|día|semana|bloque|fase|parte",
    "log": r"date|datum|fecha|start time|end time|workout (?:duration|notes)|set (?:order|index|type)|superset id",
}
"""What the columns hold, by their headings. Of a `log` of past trainings a routine has no use."""

_UNITS = {
    "s": r"(?:in )?(?:seconds?|secs?|s|sekunden|sek\.?|segundos|seg\.?)",
    "min": r"(?:in )?(?:minutes?|mins?|m|minuten|minutos)",
}
_MEASURED = {"time": "{}", "hold": "hold {}", "rest": "rest {}"}
_COUNTED = {"sets": "{} sets", "reps": "{} reps"}
_BOTH_SIDES = frozenset(("both", "each", "beide", "ambos", "2", "l/r", "l+r"))
_NO_REST = frozenset(("none", "no", "keine", "ninguno"))
_BARE = re.compile(r"[\d.,\s–-]+")
_LABEL = re.compile(r"[A-Z](\d{1,2})?")
_ZERO = re.compile(r"[0.,:\s]*")
_TOTAL = re.compile(
    r"(?:in )?(?:total|sum|gesamt|summe|insgesamt|suma)(?: ?(?:time|duration|zeit|dauer|tiempo))?:?", re.IGNORECASE
)
_CLOCK = re.compile(r"(?:hh?|mm?|ss?|min|sec|:)+", re.IGNORECASE)
_MOMENT = re.compile(r"(?:\d{1,2}:)?\d{1,2}:\d\d")
_EXCEL_SEPARATOR = re.compile(r"sep=(.)")
_LINK = re.compile(r"!?\[([^][]*)\]\(([^()\s]*[/.#:][^()\s]*)\)")
_TAG = re.compile(r"<br\s?/?>|</?[a-z][^<>]{0,40}>", re.IGNORECASE)
_QUOTE = re.compile(r"^\s*>\s?")
_BAR = re.compile(r"(?<!\\)\|")
_WIDE = re.compile(r"\s{2,}|\t")
DOUBTFUL = 20
"""A smaller number without a unit may be seconds or minutes."""

MAX_LINES_ABOVE = 8
"""The most lines of a spreadsheet from its first one to its headings."""

MAX_CELL_LINES = 20
"""The most lines of a cell in quotation marks."""


class Row(Struct):
    """A line of the file: its text on one line, and how far it is indented."""

    text: str
    indent: int
    span: Span


class _Column(Struct):
    """What a column holds, the unit of time of its bare numbers, its heading without the unit, and what else is in brackets."""

    kind: str
    unit: str
    heading: str
    more: str = ""


def read_tables(draft: Draft, lines: Sequence[str]) -> Iterator[Row]:
    """All lines, empty ones too; the rows of tables as `Plank, 45s, each side`."""
    table = _Table(draft)
    separator = table.begin(lines)
    is_wide = False
    for number, line in _joined(lines, separator):
        wide = line.expandtabs(4)
        text = table.without_links(_QUOTE.sub("", line), line_span(draft.source, number, line))
        row = Row(clean(text), len(wide) - len(wide.lstrip()), line_span(draft.source, number, line))
        if separator and row.text:
            cells = [] if _EXCEL_SEPARATOR.fullmatch(line) else _cells(text, separator)
        elif line.lstrip().startswith("|"):
            cells = [cell.replace("\\|", "|") for cell in _BAR.split(row.text.strip("|"))]
        elif row.text and ((table.columns and is_wide) or _is_header(_WIDE.split(line.strip()))):
            cells, is_wide = _WIDE.split(text.strip()), True
        else:
            table.columns, is_wide = (table.columns if separator else []), False
            table.is_after_blank = not row.text
            table.has_rows = table.has_rows or bool(row.text)
            yield row
            continue
        yield from table.row([" ".join(_TAG.sub(" ", cell).split()) for cell in cells], row.span, bool(separator))


class _Table:
    """`part` is what the rows so far belong to: a day, a block."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.columns: list[_Column] = []
        self.part = ""
        self.has_rows = self.is_after_blank = False

    def begin(self, lines: Sequence[str]) -> str | None:
        """The separator of a CSV file: its first line has a heading for the names, and others; or it has numbers only."""
        rows = [line for line in lines if line.strip()]
        if rows and (match := _EXCEL_SEPARATOR.fullmatch(rows[0])):
            return match[1]
        first = rows[0] if rows else ""
        for row, below in pairwise((*rows[:MAX_LINES_ABOVE], "")):
            for separator in ("\t", ";", ",", "|") if not row.startswith("|") else ():
                kinds = [_column(cell).kind for cell in _cells(row, separator)]
                is_like_next = len(_cells(below, separator)) == len(kinds)
                is_known = kinds.count("") < len(kinds) - 1 and (row is first or is_like_next)
                is_table = row is first and is_like_next and f"{separator} " not in row
                is_table = is_table and all(cell[:1].isalpha() for cell in _cells(row, separator))
                if len(kinds) > 1 and "name" in kinds and (is_known or is_table):
                    return separator
        for separator in ("\t", ";", ","):
            if kinds := _guessed_kinds([_cells(row, separator) for row in rows[:50]] if len(rows) > 1 else []):
                self.columns = [_Column(kind, "", "") for kind in kinds]
                words = {"name": "the exercise", "time": "its seconds", "rest": "the rest"}
                guess = ", ".join(words.get(kind, kind) for kind in kinds)
                span = line_span(self.draft.source, lines.index(first) + 1, first)
                self.draft.warn(f"these columns have no headings; they are taken for {guess}", span)
                return separator
        return None

    def without_links(self, line: str, span: Span) -> str:
        for link in _LINK.finditer(line):
            self.draft.note(f"the address {link[2]} is left out", span)
        return _LINK.sub(r"\1", line)

    def row(self, cells: Sequence[str], span: Span, has_separator: bool) -> Iterator[Row]:
        """The row as a line; before it the heading of a new part. The first row, and others like it, are headings."""
        filled = [cell for cell in cells if any(map(str.isalnum, cell))]
        is_title = len(filled) == 1 and len(cells) > 2 and self.is_after_blank
        self.is_after_blank = False
        if self.read_headings(cells, span):
            return
        if not has_separator:
            self.columns = self.columns or [_Column("name", "", "")] * len(cells)
        if filled and _TOTAL.fullmatch(filled[0]):
            self.draft.note(f"“{', '.join(filled)}” is left out: the total", span)
        elif filled and (is_title or not self.columns):
            if self.columns:
                self.draft.note(f"“{filled[0]}” is taken for a heading", span)
            yield Row(f"{'## ' if self.columns else ''}{', '.join(filled)}", 0, span)
        elif filled:
            parts = [
                f"{column.heading} {cell}" if cell.isdecimal() else cell
                for column, cell in zip(self.columns, cells, strict=False)
                if column.kind == "part" and any(map(str.isalnum, cell))
            ]
            yield from self.heading(", ".join(parts), span)
            yield Row(self.typed(cells, span), 0, span)
        self.has_rows = True

    def read_headings(self, cells: Sequence[str], span: Span) -> bool:
        """Whether these are the headings of the rows below."""
        columns = [_column(cell) for cell in cells]
        kinds = [column.kind for column in columns if column.heading]
        if "name" not in kinds or (self.columns and (len(kinds) < 2 or "" in kinds)):
            return False
        for column in columns:
            if column.heading == "Duration" and "Workout Name" in cells:  # of the whole training, in the app Strong
                column.kind = "log"
            elif column.heading.lower() == "name" and kinds.count("name") > 1:  # of the plan
                column.kind = "part"
        self.columns = columns
        if left_out := ", ".join(column.heading for column in columns if column.kind == "log"):
            self.draft.note(f"these columns are left out: {left_out}", span)
        return True

    def heading(self, part: str, span: Span) -> Iterator[Row]:
        """The heading of a new part; above the first one of a file, its title."""
        if part and part != self.part:
            self.part = part
            if not self.has_rows:
                yield Row(f"Title: {title_of(self.draft.source.name)}", 0, span)
            yield Row(f"## {part}", 0, span)

    def typed(self, cells: Sequence[str], span: Span) -> str:
        """The cells as one line, the name first; a bare number gets the unit of its column."""
        kinds = [column.kind for column in self.columns]
        first_name = kinds.index("name") if "name" in kinds else -1
        parts: list[str] = []
        clock: list[str] = []
        before: list[str] = []
        others = [_Column("words", "", "")] * len(cells)
        for at, (column, cell) in enumerate(zip([*self.columns, *others], cells, strict=False)):
            is_label = self.columns[0].heading == "" and at == 0 and len(cell) <= 2
            if not any(map(str.isalnum, cell)) or column.kind in ("number", "part", "log") or is_label:
                continue
            if column.kind in ("start", "end") and _MOMENT.fullmatch(cell):
                before.append(cell)
                continue
            if column.kind == "label" and (label := _LABEL.fullmatch(cell)):
                before += [cell] if label[1] else []
                continue
            words = _worded(column, cell)
            if column.kind == "time" and not column.unit and words.removesuffix("s") in map(str, range(1, DOUBTFUL)):
                self.draft.warn(f"“{cell}” has no unit; {cell} seconds are a guess", span, "put your own time in")
            if column.kind == "time" and column.unit and _BARE.fullmatch(cell):
                clock += [words] if words else []
                words = " ".join(clock) if len(clock) == 1 else ""
                if len(clock) > 1:
                    parts = [" ".join(clock) if part == clock[0] else part for part in parts]
            if words:
                parts.insert(0 if at == first_name else len(parts), words)
        return " ".join(filter(None, ("–".join(before), ", ".join(parts))))


def _worded(column: _Column, cell: str) -> str:
    """The cell in words that say what it holds; none for a zero."""
    if column.kind == "sides" and cell.lower() in _BOTH_SIDES:
        return "each side"
    if column.kind == "rest" and cell.lower() in _NO_REST:
        return ""
    form = _MEASURED.get(column.kind, "{}") + (f" {column.more}" if column.more else "")
    if not _BARE.fullmatch(cell) or column.kind in ("name", "words"):
        return form.format(cell)
    if _ZERO.fullmatch(cell):
        return ""
    if column.kind in _MEASURED:
        return form.format(f"{cell} min" if column.unit == "min" else f"{cell}s")
    return form.format(_COUNTED.get(column.kind, f"{column.heading} {{}}".strip()).format(cell))


def _cells(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:  # a cell of more than 128 KiB
        return line.split(separator)


def _joined(lines: Sequence[str], separator: str | None) -> Iterator[tuple[int, str]]:
    """The lines, each with its number; a cell in quotation marks that goes on in the next line is on one line."""
    number = 0
    while number < len(lines):
        number, first = number + 1, number + 1
        line = lines[first - 1]
        opens = separator and re.compile(rf'(?:^|.*{re.escape(separator)})"[^"]*')
        if opens and opens.fullmatch(line):
            end = next((n for n in range(number, min(len(lines), number + MAX_CELL_LINES)) if '"' in lines[n]), None)
            if end is not None:
                line, number = " ".join(lines[first - 1 : end + 1]), end + 1
        yield first, line


def _is_header(cells: Sequence[str]) -> bool:
    """Whether these are the headings of columns that only spaces keep apart."""
    kinds = [_column(cell).kind for cell in cells]
    return len(kinds) > 2 and "name" in kinds and "" not in kinds


def _guessed_kinds(rows: Sequence[Sequence[str]]) -> list[str]:
    """What the columns of a table without headings hold, if they are a name and one or two numbers; else nothing."""
    widths = {len(row) for row in rows}
    if not rows or not widths <= {2, 3} or len(widths) != 1:
        return []
    if any(re.search(r"\d", name) or not clean(name) or not _BARE.fullmatch(numbers[0]) for name, *numbers in rows):
        return []
    if any(cell.strip() and not _BARE.fullmatch(cell) for row in rows for cell in row[2:]):
        return []
    if widths == {3} and all(row[1].strip() in [*"123456"] and row[2].strip() for row in rows):
        return ["name", "sets", "reps"]
    return ["name", "time", "rest"][: widths.pop()]


def _column(heading: str) -> _Column:
    """What a column holds; the unit is in brackets, or its last word."""
    title = " ".join(re.sub(r'["*_]', " ", heading).split()).rstrip(":)")
    words, _, unit = (part.strip() for part in title.partition("("))
    if not unit and (
        match := re.fullmatch(rf"(.*?)(?:^|\s)({_UNITS['s']}|{_UNITS['min']}|kg|lbs|km)", words, re.IGNORECASE)
    ):
        words, unit = (match[1].strip() or "time"), match[2]
    kind = next((name for name, known in _COLUMNS.items() if re.fullmatch(known, words, re.IGNORECASE)), "")
    if (words.lower(), unit) == ("length", "m"):  # metres
        kind, words = "", ""
    time = next((name for name, known in _UNITS.items() if re.fullmatch(known, unit, re.IGNORECASE)), "")
    is_time = kind in _MEASURED and (time or _CLOCK.fullmatch(unit))
    return _Column(kind, time, words, "" if is_time else unit)
