"""What stands after a key: where it ends, and which words in it YAML would misread."""

from __future__ import annotations

import re

from cuecast.read.flow import Flow, Unclear, Unclosed, is_flow_text, scan_flow
from cuecast.read.patched_source import Page
from cuecast.read.words import (
    Trap,
    bad_escape,
    bad_escapes,
    comment,
    is_rest_empty,
    key_of,
    plain_trap,
    quote,
    quoted,
)

_BLOCK = re.compile(r"[|>](?:[+-]?[1-9]?|[1-9][+-])(?:\s+#.*)?")
_ANCHOR = re.compile(r"&([\w-]+)(?:\s+|$)")
_ALIAS = re.compile(r"\*([\w-]+)(?:\s+#.*)?")
_MAX_ROWS = 400


class Values:
    """Looks over the values on a page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.grammar = page.grammar
        text = page.source.text
        self.anchors = frozenset(re.findall(r"&([\w-]+)", text))
        self.enclosed: set[int] = set()
        self.aliases = frozenset(re.findall(r"\*([\w-]+)", text))

    def after_key(self, row: int, column: int, name: str, start: int) -> tuple[int, bool]:
        """Look at what follows the colon before `start`, of a key in `column`.

        Gives the next row, and whether the value is yet to come, in lines further in.
        """
        page = self.page
        line = page.lines[row].rstrip()
        body = line[start:].lstrip()
        gap = line[start : len(line) - len(body)]
        page.replace(row, start, start + len(gap))
        start += len(gap)
        if not body:
            return row + 1, True
        if body[0] == "#":
            hidden = (
                self.grammar.takes_text(name) and comment(body, gap) is None and not self.is_deeper(row + 1, column)
            )
            if hidden:
                self.plain(row, column, name, start, body, gap)
            return row + 1, not hidden
        anchor = _ANCHOR.match(body)
        if anchor and (anchor[1] in self.aliases or not self.grammar.takes_text(name)):
            if is_rest_empty(body[anchor.end() :]) or body[anchor.end() :].startswith("#"):
                return row + 1, True
            return self.value(row, column, name, start + anchor.end(), gap), False
        return self.value(row, column, name, start, gap), False

    def item(self, row: int, column: int, parent: int, owner: str | None) -> int:
        """An item without a key, of the list below the key `owner`; it may be words where that takes them."""
        return self.value(
            row,
            parent,
            owner if self.grammar.takes_text(owner) and self.grammar.is_key(owner or "") else None,
            column,
            "",
        )

    def value(self, row: int, column: int, name: str | None, start: int, gap: str) -> int:
        """A value that begins at `start`; lines further in than `column` may go on with it."""
        page = self.page
        body = page.lines[row][start:].rstrip()
        first = body[0]
        text = self.grammar.takes_text(name)
        if _BLOCK.fullmatch(body):
            return self.deeper_rows(row, column)
        if first in "\"'":
            return self.quoted(row, column, name, start, body, gap)
        if first in "{[" and not (text and is_flow_text(body)):
            return self.flow(row, start, name, column)
        alias = _ALIAS.fullmatch(body)
        if alias and alias[1] in self.anchors:
            return row + 1
        if first == "!" and not text:
            return row + 1
        return self.plain(row, column, name, start, body, gap)

    def quoted(self, row: int, column: int, name: str | None, start: int, body: str, gap: str) -> int:
        """Words between quotes, on one line or several. Gives the next row."""
        page = self.page
        found = quoted(body, 0)
        end_row = row
        if found is None:
            stop = min(self.deeper_rows(row, column), row + _MAX_ROWS)
            joined = "\n".join([body, *page.lines[row + 1 : stop]])
            found = quoted(joined, 0)
            if found is not None:
                end_row = row + joined.count("\n", 0, found.end)
                rest = joined[found.end :].partition("\n")[0]
                if not is_rest_empty(rest):
                    found = None
            if found is not None and found.bad_escape is not None:
                at_row = row + joined.count("\n", 0, found.bad_escape)
                line_start = joined.rfind("\n", 0, found.bad_escape) + 1
                self.bad_escape(at_row, found.bad_escape - line_start + (start if at_row == row else 0))
        elif not is_rest_empty(body[found.end :]):
            found = None
        elif found.bad_escape is not None:
            self.bad_escape(row, start + found.bad_escape)
        if found is None:
            return self.plain(row, column, name, start, body, gap)
        self.enclosed.update(range(row + 1, end_row + 1))
        return end_row + 1

    def flow(self, row: int, start: int, name: str | None, column: int) -> int:
        """A list in `[ ]` or keys in `{ }`. Gives the next row."""
        page = self.page
        text = page.lines[row]
        try:
            try:
                flow = scan_flow(text, start, name, self.grammar, is_all=False)
            except Unclosed:
                text = "\n".join(page.lines[row : self.flow_rows(row, column)])
                flow = scan_flow(text, start, name, self.grammar, is_all=True)
        except Unclosed as fault:
            stop = row + text.count("\n") + 1
            self.unclosed(row, stop, text, start, fault.start)
            return stop
        except Unclear:
            return self.flow_rows(row, column)
        if not is_rest_empty(text[flow.end :].partition("\n")[0]):
            return self.plain(row, column, name, start, page.lines[row][start:].rstrip(), "")
        stop = row + text.count("\n", 0, flow.end) + 1
        self.enclosed.update(range(row + 1, stop))
        for each in range(row, stop):
            page.lines[each] = page.lines[each].replace("\t", " ")
        for at in flow.bad_escapes:
            self.bad_escape(row + text.count("\n", 0, at), _column(text, at))
        self.misread(row, text, flow)
        return stop

    def misread(self, row: int, text: str, flow: Flow) -> None:
        """Report the words of a flow that need quotes, each with a line that has all its quotes in place."""
        page = self.page
        fixed = text
        for start, end, trap in reversed(flow.misread):
            fixed = fixed[:start] + quote(" ".join(trap.meant.split())) + fixed[end:]
        lines = fixed.split("\n")
        joined = 0  # lines that are no more, because words that went over several are quoted on one
        for start, end, trap in flow.misread:
            first = row + text.count("\n", 0, start)
            parts = text[start:end].split("\n")
            column = _column(text, start)
            span = page.span(first, column, _column(text, end), first + len(parts) - 1)
            hint = f"write `{lines[first - row - joined].strip()}`"
            joined += len(parts) - 1
            if len(parts) > 1:
                hint = f"write it on one line: `{quote(' '.join(trap.meant.split()))}`"
            page.report(trap.code, trap.message, span, hint)
            page.cover(first, column, column + len(parts[0].rstrip()), " ".join(trap.meant.split()))
            for each, part in enumerate(parts[1:], first + 1):
                page.replace(each, 0, len(part))

    def unclosed(self, row: int, stop: int, text: str, start: int, opened: int) -> None:
        """Report a bracket without its other half, and pass over all that it may have meant to hold."""
        page = self.page
        at_row, at = row + text.count("\n", 0, opened), _column(text, opened)
        bracket = text[opened]
        close = "}" if bracket == "{" else "]"
        line = page.lines[at_row].rstrip()
        page.shaky = True
        page.report(
            "syntax",
            f"the `{bracket}` that opens here is never closed",
            page.span(at_row, at, at + 1),
            f"write `{line.strip()}{close}`" if stop == row + 1 else f"put `{close}` where it ends",
        )
        page.cover(row, start, len(page.lines[row].rstrip()), None)
        for each in range(row + 1, stop):
            page.lines[each] = ""

    def plain(self, row: int, column: int, name: str | None, start: int, body: str, gap: str) -> int:
        """Words without quotes, that may go on in the rows below. Gives the next row."""
        page = self.page
        stop = self.text_rows(row, column)
        pieces = [(row, start, _without_comment(body, gap))]
        for each in range(row + 1, stop):
            line = page.lines[each].strip()
            if line:
                pieces.append((each, page.indent(each), _without_comment(line, "")))
        for each in range(row, stop):
            page.lines[each] = page.lines[each].replace("\t", " ")
        for number, (each, at, words) in enumerate(pieces):
            trap = plain_trap(words if self.grammar.takes_text(name) else _before_hash(words), continued=number > 0)
            if trap:
                self.trap(pieces, each, at, trap, name)
                break
        return stop

    def trap(self, pieces: list[tuple[int, int, str]], row: int, at: int, trap: Trap, name: str | None) -> None:
        """Report words that need quotes, and cover the whole text that they are in."""
        page = self.page
        (first, start, words), *more = pieces
        meant = trap.meant if row == first else words
        meant = " ".join([meant, *(piece for _, _, piece in more)])
        # Behind a key that takes keys of its own, as `music: noise: brown`, it was no text either.
        is_key = not self.grammar.takes_text(name) and self.grammar.is_key(meant.partition(": ")[0])
        wants_quotes = self.grammar.takes_quotes(name) and not is_key
        if wants_quotes or trap.code in ("unclosed-quote", "curly-quotes"):
            line = page.lines[first]
            rest = "" if more else line[start + len(words) :]
            fixed = (line[:start] + quote(meant) + rest).strip()
            length = next(len(piece) for each, _, piece in pieces if each == row)
            where = " on one line" if more else ""
            hint = f"write{where} `{fixed}`"
            if trap.code == "words-lost" and re.search(r"\s#\s", meant):
                hint += "; if it is a comment, put two spaces before the `#`"
            page.report(trap.code, trap.message, page.span(row, at, at + length), hint)
        # else no text is wanted here, and quotes would not mend it: what is wanted instead will be said.
        page.cover(first, start, start + len(words), meant)
        for each, _, _ in more:
            page.lines[each] = ""

    def bad_escape(self, row: int, at: int) -> None:
        """Report a backslash that means nothing, and take it and those behind it out of YAML's sight."""
        page = self.page
        typed, message, hint = bad_escape(page.lines[row], at)
        page.report("syntax", message, page.span(row, at, at + len(typed)), hint)
        for slash in [at, *bad_escapes(page.lines[row], at)]:
            page.replace(row, slash, slash + 1, "/")

    def deeper_rows(self, row: int, column: int) -> int:
        """The first row below that is not further in than `column`."""
        page = self.page
        stop = row + 1
        while stop < len(page.lines) and (not page.lines[stop].strip() or page.indent(stop) > column):
            stop += 1
        return stop

    def flow_rows(self, row: int, column: int) -> int:
        """The first row below that can't belong to brackets that open here."""
        page = self.page
        stop = row + 1
        while stop < len(page.lines) and (
            page.is_blank(stop) or page.indent(stop) > column or page.lines[stop].lstrip()[0] in "}]"
        ):
            stop += 1
        return stop if column < 0 else min(stop, row + _MAX_ROWS)

    def text_rows(self, row: int, column: int) -> int:
        """The first row below that does not go on with a plain text: not further in, a comment, or clearly an entry."""
        page = self.page
        stop = row + 1
        while stop < len(page.lines):
            body = page.lines[stop].strip()
            if body and (page.indent(stop) <= column or body[0] == "#" or self.is_entry(body)):
                break
            stop += 1
        while stop > row + 1 and not page.lines[stop - 1].strip():
            stop -= 1
        return stop

    def is_entry(self, body: str) -> bool:
        """Whether a line is clearly an entry with a key, not words that go on."""
        while body[:2] == "- ":
            body = body[2:].lstrip()
        found = key_of(body) if body else None
        return found is not None and self.grammar.is_key(found[0])

    def is_deeper(self, row: int, column: int) -> bool:
        """Whether the next line that says something is further in than `column`."""
        page = self.page
        while row < len(page.lines) and page.is_blank(row):
            row += 1
        return row < len(page.lines) and page.indent(row) > column


def _column(text: str, at: int) -> int:
    return at - (text.rfind("\n", 0, at) + 1)


def _without_comment(words: str, gap: str) -> str:
    after = comment(words, gap)
    return (words if after is None else words[:after]).rstrip()


def _before_hash(words: str) -> str:
    return re.split(r"\s#", words, maxsplit=1)[0]
