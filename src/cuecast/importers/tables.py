"""The rows of tables as lines that a person would type: CSV with any separator, Markdown, columns that spaces keep apart."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, zip_longest

from msgspec import Struct

from cuecast.importers.columns import BARE, Column, column_of, columns_of, guessed_kinds, is_header, worded
from cuecast.importers.counts import MEASURES
from cuecast.importers.ir import Draft, clean, line_span, title_of
from cuecast.importers.tokens import of_kind, scan
from cuecast.model.source import Span

_TOTAL = re.compile(
    r"(?:in )?(?:total|sum|gesamt|summe|insgesamt|suma)(?: ?(?:time|duration|zeit|dauer|tiempo))?:?", re.IGNORECASE
)
_MOMENT = re.compile(r"(?:\d{1,2}:)?\d{1,2}:\d\d")
_LABEL = re.compile(r"[A-Z](\d{1,2})?")
_EXCEL_SEPARATOR = re.compile(r"sep=(.)")
_LINK = re.compile(r"!?\[([^][]*)\]\(([^()\s]*[/.#:][^()\s]*)\)")
_TAG = re.compile(r"<br\s?/?>|</?[a-z][^<>]{0,40}>", re.IGNORECASE)
_QUOTE = re.compile(r"^\s*>(?!>)\s?")
_BAR = re.compile(r"(?<!\\)\|")
_WIDE = re.compile(r"\s{2,}|\t")
_RULER = re.compile(r"\s*(?:[-=_*~#–—•.]\s?){4,}\s*")
_BORDER = re.compile(r"\s*[+|][-=+:|\s]{3,}\s*")
_FIELDS = re.compile(r"(?:^|\s{2,}|\t)[^\W\d][^:\s]{1,14}(?: [^:\s]{1,10})?:\s*\S")
_ROW_NUMBER = re.compile(
    r"^\W{0,2}(?:\d{1,2}\s?[.):–-]?|[A-Z][.)]|[A-Z](?=\s+[A-Z]))\s+(?=[^\W\d])|^\d{1,2}[.)](?=[^\W\d])"
)
_DOSE_COLUMN = re.compile(
    r"([^\s\d:](?:[^:]|:(?!\s))*?)(?:\s{3,}|\t+)((?:[x×]\s?)?\d.*|(?:hold|halten|mant)\w*\s.*)", re.IGNORECASE
)
"""A line of a name and a dose, far apart."""

_VERB = re.compile(r"repeat|complete|perform|distance|repetir|wiederholen", re.IGNORECASE)
WORDS_OF_PROSE = 5
"""A table with a cell of so many words is one of a hand-out."""

DOUBTFUL = 20
"""A smaller number without a unit may be seconds or minutes."""

MAX_LINES_ABOVE = 8
"""The most lines of a spreadsheet from its first one to its headings."""

MAX_CELL_LINES = 20
"""The most lines of a cell in quotation marks."""


class Row(Struct):
    """A line of the file: its text on one line, and how far it is indented.

    `cells` are those beside the name in a table of a hand-out, `fields` the parts of a line that has several
    (`Reps: 3   Sets: 1`).
    """

    text: str
    indent: int
    span: Span
    cells: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    is_ruler: bool = False


def read_tables(draft: Draft, lines: Sequence[str]) -> list[Row]:
    """All lines, empty ones too; the rows of tables as `Plank, 45s, each side`, those of a hand-out with their cells."""
    table = _Table(draft)
    separator, begin = table.begin(lines)
    rows: list[Row] = []
    for number, line in _joined(lines, separator):
        wide = line.expandtabs(4)
        span = line_span(draft.source, number, line)
        around = (*lines[max(0, number - 2) : number - 1], *lines[number : number + 1])
        is_quoted = any(map(_QUOTE.match, around))
        text = table.without_links(_QUOTE.sub("", line) if is_quoted else line, span)
        row = Row(clean(text), len(wide) - len(wide.lstrip()), span, is_ruler=_RULER.fullmatch(line) is not None)
        cells = table.cells_of(text, wide, separator if number >= begin else None) if row.text else None
        if cells is not None:
            table.row(rows, [" ".join(_TAG.sub(" ", cell).split()) for cell in cells], span, bool(separator))
            continue
        table.end(bool(separator), row, is_border=_BORDER.fullmatch(line) is not None)
        _split_parts(row, wide.strip())
        rows.append(row)
    table.finish()
    return rows


def _split_parts(row: Row, line: str) -> None:
    """Take apart a line of several fields, or of a name and a dose, that spaces keep apart."""
    if len(_FIELDS.findall(line)) > 1 and (parts := _WIDE.split(line))[1:]:
        row.fields = tuple(map(clean, parts))
    match = _DOSE_COLUMN.fullmatch(line)
    if (
        match
        and not column_of(match[1]).kind
        and not _VERB.fullmatch(match[1])
        and of_kind(scan(match[2][:100]), *MEASURES)
    ):
        row.text, row.cells = clean(match[1]), (clean(match[2]),)


class _Table:
    """`part` is what the rows so far belong to: a day, a block. `starts` are the places of columns that spaces keep apart,
    `typed_rows` the rows so far with their cells, `last` the cells of the last one."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.columns: list[Column] = []
        self.part = ""
        self.has_rows = self.is_after_blank = self.is_handout = False
        self.starts: list[int] = []
        self.typed_rows: list[tuple[Row, list[str]]] = []
        self.last: list[str] = []

    def cells_of(self, text: str, wide: str, separator: str | None) -> list[str] | None:
        """The cells of a line; None if it is no row of a table."""
        if separator:
            if separator not in text and (self.is_handout or separator in "|\t"):
                return None
            return [] if _EXCEL_SEPARATOR.fullmatch(text) else _cells(text, separator)
        if text.lstrip().startswith("|"):
            return [cell.replace("\\|", "|") for cell in _BAR.split(text.strip().strip("|"))]
        columns = _WIDE.split(text.strip())
        if is_header(columns):
            self.columns, self.is_handout = [], True
            self.starts = [match.start() for match in re.finditer(r"(?:(?<=\s\s)|(?<=^\s)|^)\S", wide)]
            return columns
        return self.sliced(wide, columns) if self.starts else None

    def sliced(self, line: str, columns: list[str]) -> list[str] | None:
        """The cells of a line by the places of the columns; None if it is no row of the table."""
        if len(columns) == len(self.columns) and line[:1].strip():
            return columns
        if any(line[start - 1 : start].strip() for start in self.starts[1:]):
            return None
        ends = [*self.starts[1:], len(line)]
        cells = [line[start:end].strip() for start, end in zip(self.starts, ends, strict=True)]
        return cells if sum(map(bool, cells)) > 1 or (not cells[0] and self.last) else None

    def end(self, has_separator: bool, row: Row, *, is_border: bool) -> None:
        """A line that is no row of the table ends it, unless spaces or a separator keep the columns apart."""
        self.is_handout |= is_border and bool(self.columns)
        self.last = []
        if not (is_border or has_separator or self.starts):
            self.columns = []
        self.is_after_blank = not row.text
        self.has_rows = self.has_rows or bool(row.text)

    def finish(self) -> None:
        """Write the rows: cells with prose, or such that go on below, are those of a hand-out."""
        self.is_handout |= any(
            len(cell.split()) >= WORDS_OF_PROSE for _, cells in self.typed_rows for cell in cells[1:]
        )
        for row, (name, *cells) in self.typed_rows:
            row.text = _ROW_NUMBER.sub("", name) if self.is_handout else ", ".join((name, *cells))
            row.cells = tuple(cells) if self.is_handout else ()

    def begin(self, lines: Sequence[str]) -> tuple[str | None, int]:
        """The separator of a table and its first line, the first one for a CSV file: it has a heading for the names, and
        others; or it has numbers only."""
        rows = [line for line in lines if line.strip()]
        if rows and (match := _EXCEL_SEPARATOR.fullmatch(rows[0])):
            return match[1], 0
        first = rows[0] if rows else ""
        for row, below in pairwise((*rows[:MAX_LINES_ABOVE], "")):
            for separator in ("\t", ";", ",", "|") if not row.startswith("|") else ():
                kinds = [column_of(cell).kind for cell in _cells(row, separator)]
                is_like_next = len(_cells(below, separator)) == len(kinds)
                is_known = kinds.count("") < len(kinds) - 1 and (row is first or is_like_next)
                is_table = row is first and is_like_next and f"{separator} " not in row
                is_table = is_table and all(cell[:1].isalpha() for cell in _cells(row, separator))
                if len(kinds) > 1 and "name" in kinds and (is_known or is_table):
                    return separator, 0
        for separator in ("\t", ";", ","):
            if kinds := guessed_kinds([_cells(row, separator) for row in rows[:50]] if len(rows) > 1 else []):
                self.columns = [Column(kind, "", "") for kind in kinds]
                words = {"name": "the exercise", "time": "its seconds", "rest": "the rest"}
                guess = ", ".join(words.get(kind, kind) for kind in kinds)
                span = line_span(self.draft.source, lines.index(first) + 1, first)
                self.draft.warn(f"these columns have no headings; they are taken for {guess}", span)
                return separator, 0
        for number, line in enumerate(lines, 1):
            for separator in ("\t", "|") if line[:1] != "|" else ():
                if separator in line and is_header(line.split(separator)):
                    self.is_handout = True
                    return separator, number
        return None, 0

    def without_links(self, line: str, span: Span) -> str:
        for link in _LINK.finditer(line):
            self.draft.note(f"the address {link[2]} is left out", span)
        return _LINK.sub(r"\1", line)

    def row(self, rows: list[Row], cells: Sequence[str], span: Span, has_separator: bool) -> None:
        """Add the row; before it the heading of a new part. The first row, and others like it, are headings."""
        filled = [cell for cell in cells if any(map(str.isalnum, cell))]
        is_title = len(filled) == 1 and len(cells) > 2 and self.is_after_blank and not self.is_handout
        self.is_after_blank = False
        if self.read_headings(cells, span):
            return
        if not has_separator:
            self.columns = self.columns or [Column("name", "", "")] * len(cells)
        if filled and _TOTAL.fullmatch(filled[0]):
            self.draft.note(f"“{', '.join(filled)}” is left out: the total", span)
        elif filled and (is_title or not self.columns):
            if self.columns:
                self.draft.note(f"“{filled[0]}” is taken for a heading", span)
            rows.append(Row(f"{'## ' if self.columns else ''}{', '.join(filled)}", 0, span))
        elif filled:
            parts = [
                f"{column.heading} {cell}" if cell.isdecimal() else cell
                for column, cell in zip(self.columns, cells, strict=False)
                if column.kind == "part" and any(map(str.isalnum, cell))
            ]
            rows += self.heading(", ".join(parts), span)
            self.add(rows, list(cells), span)
        self.has_rows = True

    def add(self, rows: list[Row], cells: list[str], span: Span) -> None:
        """Add a row; one without a name goes on with the row above."""
        kinds = [column.kind for column in self.columns]
        at = kinds.index("name") if kinds.count("name") == 1 else -1
        if at >= 0 and self.last and not any(map(str.isalnum, "".join(cells[at : at + 1]))):
            cells = [f"{above} {cell}".strip() for above, cell in zip_longest(self.last, cells, fillvalue="")]
            rows.pop()
            span = self.typed_rows.pop()[0].span
            self.is_handout = True
        self.last = cells
        row, parts = Row("", 0, span), self.typed(cells, span)
        rows.append(row)
        if at < 0:
            row.text = ", ".join(parts)
        elif parts:
            self.typed_rows.append((row, parts))

    def read_headings(self, cells: Sequence[str], span: Span) -> bool:
        """Whether these are the headings of the rows below."""
        columns = columns_of(cells)
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

    def typed(self, cells: Sequence[str], span: Span) -> list[str]:
        """The cells that say something, the name first; a bare number gets the unit of its column."""
        kinds = [column.kind for column in self.columns]
        first_name = kinds.index("name") if "name" in kinds else -1
        parts: list[str] = []
        clock: list[str] = []
        before: list[str] = []
        others = [Column("words", "", "")] * len(cells)
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
            words = worded(column, cell)
            if column.kind == "time" and not column.unit and words.removesuffix("s") in map(str, range(1, DOUBTFUL)):
                self.draft.warn(f"“{cell}” has no unit; {cell} seconds are a guess", span, "put your own time in")
            if column.kind == "time" and column.unit and BARE.fullmatch(cell):
                clock += [words] if words else []
                words = " ".join(clock) if len(clock) == 1 else ""
                if len(clock) > 1:
                    parts = [" ".join(clock) if part == clock[0] else part for part in parts]
            if words:
                parts.insert(0 if at == first_name else len(parts), words)
        return [" ".join(["–".join(before), *parts[:1]]), *parts[1:]] if before else parts


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
