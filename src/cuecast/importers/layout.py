"""The layout of a hand-out: which of its lines begin an exercise, and which lines below belong to each.

People mark the beginnings alike: all with numbers, with one bullet, in capitals, between rulers, as short lines above a
text. So the beginnings are those lines of one shape under which most doses stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct, field

from cuecast.importers.line_kinds import LineKind, is_sentence, read_body
from cuecast.importers.shapes import BOLD, FIELD, LEAD, MANY_WORDS, Rows, Start, is_nameless, is_part, shapes_of
from cuecast.importers.tables import Row
from cuecast.importers.tokens import normalise

LEAST_ITEMS = 3
"""So many beginnings of one shape make a layout."""


class Item(Struct):
    """An exercise of a hand-out: the row of its name, without number, bullet and marks (`head`), and the rows below it.

    It has the rows from `at` to `stop`, of which some may be empty.
    """

    at: int
    stop: int
    row: Row
    head: str
    body: list[Row] = field(default_factory=list)


class Layout(Struct):
    """The items by the index of their row, and which rows belong to one."""

    items: dict[int, Item]
    inside: set[int]


def find_layout(rows: Sequence[Row], default_at: int | None) -> Layout | None:
    """The layout, if it is one with lines below the names. Below the row `default_at` an exercise may have no dose."""
    read = Rows(rows)
    if any(row.cells for row in rows):
        starts = [Start(at, row.text) for at, row in enumerate(rows) if row.cells]
        return _layout(read, starts, default_at)
    shapes: dict[str, list[Start]] = {}
    for at in range(len(rows)):
        for shape, start in shapes_of(read, at):
            shapes.setdefault(shape, []).append(start)
    found = [
        (_worth(read, starts, shape, default_at), layout)
        for shape, all_starts in shapes.items()
        if len(starts := _likely(read, all_starts, shape, default_at)) >= LEAST_ITEMS
        and (layout := _layout(read, starts, default_at))
    ]
    worth, layout = max(found, key=lambda each: each[0], default=(0, None))
    return layout if worth > 0 else None


def _likely(read: Rows, starts: list[Start], shape: str, default_at: int | None) -> list[Start]:
    """The starts without those before the first and after the last that has a dose; numbers count on."""
    if shape in ("number", "letter"):
        return _counting(starts)
    if shape == "title":
        places = {start.at for start in starts}
        starts = [start for start in starts if start.at + 1 not in places]
    if shape == "station":
        return starts
    parts = [start for start in starts if is_part(start.words)]
    if 2 * len(parts) < len(starts):
        starts = [start for start in starts if start not in parts]
    ends = [*(start.at for start in starts[1:]), len(read.rows)]
    with_dose = [
        i for i, (start, end) in enumerate(zip(starts, ends, strict=True)) if _block(read, start.at, end, default_at)[1]
    ]
    first = next((i for i, start in enumerate(starts) if default_at is not None and start.at > default_at), len(starts))
    last = len(starts) - 1 if default_at is not None and shape.startswith("bullet") else -1
    return starts[min([first, *with_dose]) : max([last, *with_dose]) + 1]


def _counting(starts: Iterable[Start]) -> list[Start]:
    """The longest run of numbers that count on by one; others may stand between."""
    runs: dict[int, list[Start]] = {}
    for start in starts:
        runs[start.number] = [*runs.pop(start.number - 1, []), start]
    return max(runs.values(), key=len)


def _worth(read: Rows, starts: list[Start], shape: str, default_at: int | None) -> float:
    """How well the shape explains the doses: those that it has, less the starts without one and the exercises that it misses."""
    layout = _layout(read, starts, default_at)
    if layout is None:
        return 0
    items = layout.items.values()
    missed = sum(at not in layout.items and read.is_exercise(at) for at in range(len(read.rows)))
    doses = sum(any(map(read.has_dose, range(item.at, item.stop))) for item in items)
    without = 0 if default_at is not None or shape in ("number", "letter") else len(layout.items) - doses
    if default_at is not None and shape.startswith("bullet"):
        without += sum(is_sentence(item.head) and not LEAD.match(item.head) and not item.body for item in items)
    below = sum(
        1
        for item in items
        if item.body
        or item.row.cells
        or len(item.head.split()) > MANY_WORDS
        or (LEAD.match(item.head) and not read.is_exercise(item.at))
    )
    nameless = sum(is_nameless(item.head) for item in items) if below else 0
    return len(layout.items) - 1.7 * without - missed - 2 * nameless if 2 * below >= len(layout.items) else 0


def _layout(read: Rows, starts: Sequence[Start], default_at: int | None) -> Layout | None:
    items: dict[int, Item] = {}
    inside: set[int] = set()
    ends = [*(start.at for start in starts[1:]), len(read.rows)]
    for start, end in zip(starts, ends, strict=True):
        stop, _ = _block(read, start.at, end, default_at)
        body = [row for row in read.rows[start.at + 1 : stop] if row.text]
        if body and all(row.text[0] == "(" and row.text[-1] == ")" for row in body):
            continue  # the heading of a part, with a word about it
        items[start.at] = Item(start.at, stop, read.rows[start.at], start.words, body)
        inside.update(range(start.at, stop))
    return Layout(items, inside) if items else None


def _block(read: Rows, first: int, end: int, default_at: int | None) -> tuple[int, bool]:
    """Where the rows of the item that begins at `first` end, and whether they say a dose.

    After an empty line only an item goes on that has no dose yet.
    """
    has_dose = bool(read.rows[first].cells) or read.has_dose(first)
    at = first + 1
    while at < end:
        if read.rows[at].is_ruler:
            break
        if not read.rows[at].text:
            following = next((i for i in range(at, end) if read.rows[i].text), end)
            if (
                following == end
                or has_dose
                or (default_at is not None and at > first + 1)
                or _is_other(read, following, end)
            ):
                break
            at = following
        elif (
            (read.is_heading(at) and at > first + 1 and (read.is_break(at + 1) or at + 1 == end))
            or (at > first + 1 and has_dose and is_part(read.rows[at].text) and not is_part(read.rows[first].text))
            or BOLD.match(read.rows[at].text)
        ):
            break
        has_dose |= read.has_dose(at)
        at += 1
    return at, has_dose


def _is_other(read: Rows, at: int, end: int) -> bool:
    """Whether a row after an empty line is of something else than the item above."""
    text = normalise(read.rows[at].text[:300]).strip("*_ ")
    line = read_body(read.rows[at], text)
    others = (LineKind.LEFT_OUT, LineKind.ROUNDS, LineKind.HEADING)
    is_part = read.is_heading(at) or BOLD.match(read.rows[at].text) is not None
    return not FIELD.match(read.rows[at].text) and (is_part or line.kind in others)
