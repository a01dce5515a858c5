"""The lay-out of the lines: indentation, list marks, colons; and words that need quotes to be read as they stand.

YAML stops at the first fault, and its words are for programmers. So the lines are looked over before YAML sees them,
the way their author meant them: each fault is reported where it stands, and mended on the page.
"""

from __future__ import annotations

import re

from msgspec import Struct

from cuecast.read.blocks import Values
from cuecast.read.margins import report_margins, straighten
from cuecast.read.patched_source import Page
from cuecast.read.schema.routine import ROUTINE, STEPS
from cuecast.read.tree import MAX_DEPTH
from cuecast.read.words import (
    is_moment,
    is_rest_empty,
    key_of,
    shown,
)

_BULLETS = "–—−•·*"
_ANCHOR = re.compile(r"&[\w-]+(?:\s+|$)")
_LOOSE = re.compile(r"([A-Za-z]{2,20}|-?[0-9][0-9hms:]{0,12})(\s*[:=\uff1a]\s*|\s+|$)")
_MAX_MISPLACED = 100


class Level(Struct):
    """A list or a set of keys that is open: its column, its last and its first key.

    `is_open`: something may stand below the last one.
    """

    column: int
    is_list: bool
    key: str | None = None
    first: str | None = None
    is_open: bool = False


def lay_out(page: Page) -> None:
    """Look over all the lines of the page, report what is wrong with them, and mend them."""
    _Layout(page).walk()


class _Layout:
    """A walk down the page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.grammar = page.grammar
        self.values = Values(page)
        self.levels: list[Level] = []
        self.started = False
        self.ended = False
        self.junk_row = -2
        self.misplaced_rows = 0
        self.odd: dict[int, str] = {}

    def walk(self) -> None:
        """Look over all the lines."""
        self.odd = odd = straighten(self.page)
        row = 0
        while row < len(self.page.lines) and self.misplaced_rows < _MAX_MISPLACED:
            row = self.line(row)
        # Between brackets and quotes the margin means nothing.
        report_margins(self.page, {row: odd[row] for row in odd if row not in self.values.enclosed})

    def line(self, row: int) -> int:
        """Look at the entry that begins on this row; gives the next row."""
        page = self.page
        if page.is_blank(row):
            return row + 1
        line = page.lines[row]
        if line.startswith("%"):
            page.report("unsupported-yaml", "a line can't begin with `%`", page.span(row, 0, len(line)), "delete it")
            page.lines[row] = ""
            return row + 1
        if line.startswith("...") and is_rest_empty(line[3:]):
            self.ended = True
            return row + 1
        marker = line.startswith("---") and is_rest_empty(line[3:])
        if self.ended or (marker and self.started):
            return self.second_document(row)
        self.started = True
        return row + 1 if marker else self.entry(row)

    def second_document(self, row: int) -> int:
        page = self.page
        page.report(
            "unsupported-yaml",
            f"a second document begins here; a file holds one {self.grammar.noun}",
            page.span(row, 0, len(page.lines[row])),
            "put it into a file of its own, or delete this line",
        )
        page.lines[row:] = [""] * (len(page.lines) - row)
        return len(page.lines)

    def entry(self, row: int) -> int:
        page = self.page
        column = page.indent(row)
        if page.lines[row][column] in _BULLETS and page.lines[row][column + 1 : column + 2].isspace():
            typed = page.lines[row][column]
            page.replace(row, column, column + 1, "-")
            page.report(
                "syntax",
                f"an entry of a list begins with `-`, not with `{typed}`",
                page.span(row, column, column + 1),
                f"write `{page.lines[row].strip()}`",
            )
        column = self.settle(row, column)
        if column < 0:
            return row + 1
        in_list = False
        while _is_dash(page.lines[row], column):
            if len(self.levels) > MAX_DEPTH:
                # The tree will say so; and a line of nothing but dashes would take very long.
                return row + 1
            in_list = True
            self.open(column, is_list=True)
            after = page.lines[row][column + 1 :]
            body = after.lstrip()
            start = column + 1 + len(after) - len(body)
            page.replace(row, column + 1, start)
            if not body or body[0] == "#":
                self.levels[-1].is_open = True
                return row + 1
            column = start
        return self.body(row, column, in_list)

    def body(self, row: int, column: int, in_list: bool) -> int:
        """What follows the dashes, if there are any."""
        page = self.page
        body = page.lines[row][column:]
        anchor = _ANCHOR.match(body)
        if anchor:
            if anchor.end() == len(body):
                if self.levels:
                    self.levels[-1].is_open = True
                return row + 1
            body = body[anchor.end() :]
        if body[0] in "{[":
            return self.values.flow(row, column + (anchor.end() if anchor else 0), None, self.depth())
        found = key_of(body)
        above = None if in_list else self.awaiting(column)
        if (
            above
            and above.key
            and (self.grammar.is_text_key(above.key) and not (found and self.grammar.is_key(found[0])))
        ):
            above.is_open = False
            return self.values.value(row, above.column, above.key, column, "")
        if found is None:
            return self.loose(row, column, in_list)
        name, colon = found
        if name[:1] == "-" and self.grammar.is_key(name[1:]) and not name[1:2].isdigit():
            page.report(
                "missing-space",
                "a space is missing after the dash",
                page.span(row, column, column + len(name)),
                f"write `- {body[1:].strip()}`",
            )
            page.insert(row, column + 1, " ")
            return self.entry(row)
        self.open(column, is_list=False)
        level = self.levels[-1]
        level.key = name
        level.first = level.first or name
        start = column + (anchor.end() if anchor else 0) + colon + 1
        next_row, level.is_open = self.values.after_key(row, column, name, start)
        return next_row

    def loose(self, row: int, column: int, in_list: bool) -> int:
        """A line without a key: an item of a list, or a key whose colon or space is missing, or neither."""
        page = self.page
        body = page.lines[row][column:]
        match = _LOOSE.match(body)
        if match and self.is_meant_as_key(match, column, in_list):
            name, between = match[1], match[2]
            end = column + len(name)
            page.lines[row] = page.lines[row][:column] + name.lower() + page.lines[row][end:]
            if "\uff1a" in between:
                page.replace(row, end, end + len(between))
                page.insert(row, end, ":")
                code, message = "missing-colon", f"the colon after `{name}` is a wide one, which is none here"
            elif between.startswith(":"):
                page.insert(row, end + 1, " ")
                code, message = "missing-space", f"a space is missing after `{name}:`"
            else:
                if "=" in between:
                    page.replace(row, end, end + len(between))
                page.insert(row, end, ":")
                code, message = "missing-colon", f"a colon is missing after `{name}`"
            if len(body.rstrip()) > len(name) or self.has_more(row, column):
                fixed = re.sub(r":\s+", ": ", page.lines[row].strip(), count=1)
                page.report(code, message, page.span(row, column, end + 1), f"write `{fixed}`")
            # else it has no value either, and that will be said.
            return self.body(row, column, in_list)
        above = None if in_list else self.awaiting(column)
        if above:
            above.is_open = False
            return self.values.value(row, above.column, above.key, column, "")
        if in_list or body[0] in "?!*&":
            return self.values.item(row, column, self.depth(), self.owner(in_list))
        if self.junk_row != row - 1:
            hint = f"{self.grammar.what} begins with a line such as `{self.grammar.start}`"
            if row and page.lines[row - 1].lstrip().startswith("#"):
                hint = "if it goes on with the text above, take the comment out from between"
            elif self.levels:
                hint = "if it goes on with the text above, indent it further"
            message = "this line is neither `key: value` nor an entry of a list (`- …`)"
            page.report("syntax", message, page.span(row, column, len(page.lines[row].rstrip())), hint)
        self.junk_row = row
        page.shaky = True
        page.lines[row] = ""
        return row + 1

    def is_meant_as_key(self, match: re.Match[str], column: int, in_list: bool) -> bool:
        name, body = match[1], match.string
        owner = self.owner(in_list)
        if not self.grammar.is_key(name) or (
            in_list and (owner in self.grammar.lists or name[-1:].isdigit() or name[:1] in "-0123456789")
        ):
            return False
        above = None if in_list else self.awaiting(column)
        if above and above.key in self.grammar.lists:
            return False
        # A sentence may begin with such a word too; what is no text takes few words, or a list.
        return (
            self.grammar.takes_text(name)
            or ":" in match[2]
            or "\uff1a" in match[2]
            or len(body.split(maxsplit=4)) <= 3
            or body[match.end()] in "[{"
        )

    def has_more(self, row: int, column: int) -> bool:
        """Whether something stands below the line, further in."""
        below = row + 1
        while below < len(self.page.lines) and self.page.is_blank(below):
            below += 1
        return below < len(self.page.lines) and self.page.indent(below) > column

    def settle(self, row: int, column: int) -> int:
        """Find the level that the line belongs to, and bring it there; the line's column, or -1 to pass over it."""
        before = list(self.levels)
        while self.levels and self.levels[-1].column > column:
            self.levels.pop()
        is_list = _is_dash(self.page.lines[row], column)
        top = self.levels[-1] if self.levels else None
        if top is None and not before:
            return column
        popped = len(self.levels) < len(before)
        if top is not None and top.column == column:
            if top.is_list and not is_list and len(self.levels) > 1 and self.levels[-2].column == column:
                if self.is_of_step(row, column):
                    return self.under_dash(row, column, before)
                # A list may stand in the very column of its key; it has ended.
                self.levels.pop()
            elif top.is_list and not is_list and self.is_key_line(row, column):
                return self.under_dash(row, column, before)
            elif is_list and not top.is_list and not top.is_open:
                return self.list_among_keys(row, column)
            return column
        if top is not None and not popped and top.is_open:
            return column
        if is_list and top is not None and not popped and top.key == "rounds":
            # `rounds: 3` with its steps right below: that `steps:` is missing will be said of it as a whole.
            self.drop(row, column)
            return -1
        body = self.page.lines[row][column:]
        if not is_list and key_of(body) is None and not self.grammar.loose.match(body):
            return column
        fitting = [level for level in before if level.is_list == is_list]
        if not fitting:
            return column
        target = min(fitting, key=lambda level: (abs(level.column - column), -level.column))
        self.levels = before[: before.index(target) + 1]
        self.misplaced(row, column, target.column, is_list)
        return target.column

    def is_key_line(self, row: int, column: int) -> bool:
        """Whether the line begins with a key, give or take its colon."""
        body = self.page.lines[row][column:]
        if body[0] == "-" and not body[1:2].isdigit():
            return False
        return key_of(body) is not None or bool(self.grammar.loose.match(body))

    def is_of_step(self, row: int, column: int) -> bool:
        """Whether a line in the column of the routine's own keys begins with one that only steps have."""
        found = key_of(self.page.lines[row][column:])
        owner = self.levels[-2].key if len(self.levels) == 2 else None
        return (
            found is not None
            and owner == "steps"
            and any(p.key(found[0]) for p in STEPS.values())
            and (ROUTINE.key(found[0]) is None)
        )

    def under_dash(self, row: int, column: int, before: list[Level]) -> int:
        """Report a key in the column of the dash above instead of beside the first key behind it, and move it there."""
        inner = before[len(self.levels) :][:1]
        if not inner or inner[0].is_list or not inner[0].key:
            return column
        self.levels.append(inner[0])
        self.misplaced(row, column, inner[0].column, is_list=False, first=inner[0].first)
        return inner[0].column

    def misplaced(self, row: int, column: int, target: int, is_list: bool, first: str | None = None) -> None:
        """Report a wrong indent, and move the line with all that belongs to it.

        `first` is the first key behind the dash that the line should not stand below.
        """
        page = self.page
        body = page.lines[row][column:]
        found = key_of(body[1:].lstrip() or "-") if is_list else key_of(body)
        name = "this `-`" if is_list else f"`{shown(found[0])}`" if found else "this line"
        page.shaky = True
        self.misplaced_rows += 1
        message = f"{name} stands {_spaces(column)} from the left, those it belongs with {_spaces(target)}"
        if first:
            what = "step" if first.casefold() in STEPS else "entry"
            message = f"{name} stands below the dash; it belongs to the {what} above, in line with `{shown(first)}`"
        if row not in self.odd:  # how far a tab reaches is anyone's guess; that it is one will be said
            page.report(
                "wrong-indent",
                message,
                page.span(row, column, column + (1 if is_list else found[1] if found else len(body))),
                f"put {_spaces(target)} before it",
            )
        last = row
        takes_more = page.lines[row].rstrip().endswith(":")
        while last + 1 < len(page.lines) and (
            page.is_blank(last + 1)
            or (page.indent(last + 1) == column and not (first and self.ends_step(last + 1, column)))
            or (page.indent(last + 1) > column and (page.indent(last + 1) != target or (first and takes_more)))
        ):
            last += 1
            if page.indent(last) == column and not page.is_blank(last):
                takes_more = page.lines[last].rstrip().endswith(":")
        for each in range(row, last + 1):
            if page.lines[each].strip():
                page.set_indent(each, max(0, page.indent(each) + target - column))

    def ends_step(self, row: int, column: int) -> bool:
        """Whether a line in the column of a dash is no key of the step behind it."""
        if _is_dash(self.page.lines[row], column):
            return True
        found = key_of(self.page.lines[row][column:])
        return found is not None and ROUTINE.key(found[0]) is not None and column == 0

    def list_among_keys(self, row: int, column: int) -> int:
        """Report a `-` in the column of keys, and pass over the list that it begins."""
        page = self.page
        body = page.lines[row][column + 1 :].strip()
        found = key_of(body) if body else None
        if found and is_moment(found[0]):
            message, hint = "a `-` and a space begin an entry of a list", f"write `-{body}`, without the space"
        else:
            message, hint = (
                "an entry of a list stands among keys",
                f"a list stands below its key, such as `{self.grammar.listed}:`",
            )
        page.report("syntax", message, page.span(row, column, column + 1), hint)
        page.shaky = True
        self.drop(row, column + 1)
        while row < len(page.lines) and (not page.lines[row].strip() or _is_dash(page.lines[row], column)):
            self.drop(row, column + 1)
            row += 1
        return -1

    def drop(self, row: int, column: int) -> None:
        """Pass over the line, and those below as far as they are not left of `column`."""
        page = self.page
        page.lines[row] = ""
        while row + 1 < len(page.lines) and (page.is_blank(row + 1) or page.indent(row + 1) >= column):
            row += 1
            page.lines[row] = ""

    def open(self, column: int, is_list: bool) -> None:
        top = self.levels[-1] if self.levels else None
        if top is None or top.column != column or top.is_list != is_list:
            self.levels.append(Level(column, is_list))

    def awaiting(self, column: int) -> Level | None:
        """The keys whose last one waits for a value further in than it, where `column` is."""
        top = self.levels[-1] if self.levels else None
        return top if top and not top.is_list and top.is_open and top.column < column else None

    def owner(self, in_list: bool) -> str | None:
        """The key that the list belongs to in which the line is."""
        return self.levels[-2].key if in_list and len(self.levels) > 1 else None

    def depth(self) -> int:
        return self.levels[-1].column if self.levels else -1


def _is_dash(line: str, column: int) -> bool:
    return line[column : column + 1] == "-" and (len(line) == column + 1 or line[column + 1].isspace())


def _spaces(count: int) -> str:
    return "1 space" if count == 1 else f"{count} spaces" if count else "no spaces"
