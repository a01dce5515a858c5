"""Lines that YAML can't read: colons, dashes and indentation."""

from __future__ import annotations

import re

from cuecast.read.yaml.nodes import Frame
from cuecast.read.yaml.patched_source import LINE, Edit, PatchedSource
from cuecast.read.yaml.pitfalls import is_moment, key_of, shown
from cuecast.read.yaml.quoting import Quoting

_BULLETS = "–—−•·*"
_ANCHOR = re.compile(r"&([\w-]+)(?:\s+|$)")
_LOOSE = re.compile(r"([A-Za-z]{2,20}|-?[0-9][0-9hms:]{0,12})(\s*[:=\uff1a]\s*|\s+|$)")


class Lines:
    """Reports what is wrong with a line, and gives the edits that correct it.

    `levels` are the lists and keys that are open before the line, from the outside in.
    """

    def __init__(self, source: PatchedSource, odd_rows: frozenset[int]) -> None:
        self.source = source
        self.grammar = source.grammar
        self.is_guess = False
        """Whether a correction guesses the structure, so that YAML's next complaint may only be an echo."""
        self._quoting = Quoting(source)
        self._odd_rows = odd_rows

    def directive(self, start: int) -> None:
        """A line that begins with `%`."""
        end = self.source.line_end(start)
        self.source.report("unsupported-yaml", "a line can't begin with `%`", start, end, "delete it")

    def second_document(self, start: int) -> None:
        """A second document begins."""
        message = f"a second document begins here; a file holds one {self.grammar.noun}"
        hint = "put it into a file of its own, or delete this line"
        self.source.report("unsupported-yaml", message, start, self.source.content_end(start), hint)

    def line(self, at: int, levels: list[Frame]) -> list[Edit]:
        """The correction of the line around a place."""
        source = self.source
        start = source.line_start(at)
        column = source.indent(start)
        line = source.text[start : source.line_end(start)]
        if not line.strip() or line[column] == "#":
            return []
        if line[0] == "%":
            self.directive(start)
            return [Edit(start, source.line_end(start), "")]
        if (line.startswith("---") and not line[3:].strip()) or self._follows_end(start):
            self.second_document(start)
            return [Edit(start, len(source.text), "")]
        if line[column] in _BULLETS and line[column + 1 : column + 2].isspace():
            message = f"an entry of a list begins with `-`, not with `{line[column]}`"
            source.report("syntax", message, start + column, start + column + 1, f"write `{LINE}`")
            return [Edit(start + column, start + column + 1, "-")]
        levels = [frame for frame in levels if not frame.is_flow and frame.start < start]
        edits = self._indentation(start, column, levels)
        if edits is not None:
            return edits
        is_item = False
        while _is_dash(line, column):
            is_item = True
            body = line[column + 1 :].lstrip()
            if not body or body[0] == "#":
                return []
            gap = len(line) - len(body)
            if line[column + 1 : gap].strip(" "):
                return [Edit(start + column + 1, start + gap, " ")]
            column = gap
        if anchor := _ANCHOR.match(line, column):
            column = min(anchor.end(), len(line) - 1)
        found = key_of(line[column:])
        if found is None:
            return self._without_key(start + column, is_item, levels)
        name, colon = found
        if name[:1] == "-" and self.grammar.is_key(name[1:]) and not name[1:2].isdigit():
            at = start + column
            source.report("missing-space", "a space is missing after the dash", at, at + len(name), f"write `{LINE}`")
            return [Edit(at + 1, at + 1, " ")]
        value = line[column + colon + 1 :].lstrip()
        if not value or value[0] == "#":
            return []
        return self._quoting.text(name, start + len(line) - len(value), column)

    def _follows_end(self, start: int) -> bool:
        before = self.source.text[:start].rstrip()
        return before.endswith("\n...")

    def _without_key(self, at: int, is_item: bool, levels: list[Frame]) -> list[Edit]:
        """A line without `key: `: an entry of a list, text that goes on, or neither."""
        source = self.source
        if edits := self.loose(at, is_item, levels):
            return edits
        column = levels[-1].column if levels else -1
        if is_item or source.text[at] in "?!*&{[":
            owner = self.owner(levels) if is_item else None
            return self._quoting.text(owner if self.grammar.is_key(owner or "") else None, at, column)
        line, end = source.line_start(at), source.content_end(at)
        previous = source.text[source.line_start(line - 1) : line].strip() if line else ""
        if not self._is_after_junk(line):
            hint = f"{self.grammar.title} begins with a line such as `{self.grammar.first_line}`"
            if previous.startswith("#"):
                hint = "if it goes on with the text above, take the comment out from between"
            elif levels:
                hint = "if it goes on with the text above, indent it further"
            message = "this line is neither `key: value` nor an entry of a list (`- …`)"
            source.report("syntax", message, at, end, hint)
        self.is_guess = True
        return [Edit(line, source.line_end(line), "#")]

    def _is_after_junk(self, line: int) -> bool:
        """Whether the line above was such a line, too: they are one fault."""
        return line > 1 and self.source.text[self.source.line_start(line - 1) : line] == "#\n"

    def loose(self, at: int, is_item: bool, levels: list[Frame]) -> list[Edit]:
        """A key without its colon, or without the space behind it."""
        source = self.source
        body = source.text[at : source.content_end(at)]
        match = _LOOSE.match(body)
        if not match or not self._is_meant_as_key(match, is_item, levels):
            return []
        name, between = match[1], match[2]
        end = at + len(name)
        if "\uff1a" in between:
            code, message = "missing-colon", f"the colon after `{name}` is a wide one, which is none here"
        elif between.startswith(":"):
            if len(between) > 1 or match.end() == len(body):
                return []
            code, message = "missing-space", f"a space is missing after `{name}:`"
            end += 1
        else:
            code, message = "missing-colon", f"a colon is missing after `{name}`"
        if len(body) > len(name) or self._has_more(at):
            source.report(code, message, at, end, f"write `{LINE}`")
        # Otherwise it has no value either, and the reader says so.
        edits = [Edit(at + len(name), at + match.end(), ": " if len(body) > match.end() else ":")]
        return [Edit(at, at + len(name), name.lower()), *edits] if name != name.lower() else edits

    def _is_meant_as_key(self, match: re.Match[str], is_item: bool, levels: list[Frame]) -> bool:
        name, body, grammar = match[1], match.string, self.grammar
        if not grammar.is_key(name):
            return False
        if is_item and (self.owner(levels) in grammar.lists or name[-1:].isdigit() or name[:1] in "-0123456789"):
            return False
        above = levels[-1] if levels and not is_item else None
        if above and above.is_awaiting and above.key in grammar.lists:
            return False
        # A sentence may begin with such a word too; a value that is no text has few words, or is a list.
        return (
            grammar.takes_text(name)
            or ":" in match[2]
            or "\uff1a" in match[2]
            or len(body.split(maxsplit=4)) <= 3
            or body[match.end()] in "[{"
        )

    def owner(self, levels: list[Frame]) -> str | None:
        """The key that has the list with the line in it."""
        return next((frame.key for frame in reversed(levels) if not frame.is_list), None)

    def _has_more(self, at: int) -> bool:
        """Whether something is below the line, further in."""
        source = self.source
        below = source.line_end(at) + 1
        while below < len(source.text) and source.is_blank(below):
            below = source.line_end(below) + 1
        return below < len(source.text) and source.indent(below) > source.column(at)

    def _indentation(self, start: int, column: int, levels: list[Frame]) -> list[Edit] | None:
        """The correction of a line that is in the column of none of its kind; None if it is where it belongs."""
        source = self.source
        line = source.text[start : source.line_end(start)]
        is_dash = _is_dash(line, column)
        around = [frame for frame in levels if frame.column <= column]
        top = around[-1] if around else None
        is_inside = len(around) == len(levels)
        if not levels or (top and is_inside and top.is_awaiting and top.column < column):
            return None
        body = line[column:]
        is_key = (body[0] != "-" or body[1:2].isdigit()) and bool(key_of(body) or self.grammar.loose.match(body))
        if top and top.column == column:
            if top.is_list and not is_dash and is_key:
                if len(around) > 1 and around[-2].column == column:
                    return None  # a list may be in the column of its key; it has ended
                inner = levels[len(around) :][:1]
                if inner and not inner[0].is_list and inner[0].key:
                    entry = "step" if self.owner(around) == "steps" else "entry"
                    return self.shift(start, column, inner[0], entry)
            elif is_dash and not top.is_list and not top.is_awaiting:
                return self._list_among_keys(start, column)
            return None
        if is_dash and top and is_inside and top.key == "rounds":
            # `rounds: 3` with its steps right below: that `steps:` is missing is said of it as a whole.
            return [Edit(start, self._drop_end(start, column), "")]
        if not is_dash and not is_key:
            return None
        fitting = [frame for frame in levels if frame.is_list == is_dash]
        if not fitting:
            return None
        target = min(fitting, key=lambda frame: (abs(frame.column - column), -frame.column))
        return self.shift(start, column, target)

    def shift(self, start: int, column: int, target: Frame, entry: str | None = None) -> list[Edit]:
        """Report a wrong indent, and move the line with all that belongs to it.

        `entry`: the line is below the dash of this, instead of beside its first key.
        """
        source = self.source
        body = source.text[start + column : source.content_end(start)]
        is_dash = target.is_list
        found = key_of(body[1:].lstrip() or "-") if is_dash else key_of(body)
        name = "this `-`" if is_dash else f"`{shown(found[0])}`" if found else "this line"
        message = f"{name} is indented by {_spaces(column)}, those it belongs with by {_spaces(target.column)}"
        if entry:
            first = shown(target.first_key or "")
            message = f"{name} is below the dash; it belongs to the {entry} above, in line with `{first}`"
        if source.span(start, start).line not in self._odd_rows:  # that it is a tab is said already
            end = 1 if is_dash else found[1] if found else len(body)
            hint = f"put {_spaces(target.column)} before it"
            source.report("wrong-indent", message, start + column, start + column + end, hint)
        self.is_guess = True
        by = target.column - column
        edits, at, takes_more = [], start, body.endswith(":")
        while at < len(source.text):
            indent = source.indent(at)
            if at > start and not source.is_blank(at):
                is_sibling = indent == column and not (entry and self._ends_step(at, column))
                is_below = indent > column and (indent != target.column or bool(entry and takes_more))
                if not is_sibling and not is_below:
                    break
                if is_sibling:
                    takes_more = source.text[at : source.content_end(at)].endswith(":")
            if source.text[at + indent : at + indent + 1] != "\n":
                edits.append(Edit(at, at + indent, " " * max(0, indent + by)))
            at = source.line_end(at) + 1
        return edits

    def _ends_step(self, line: int, column: int) -> bool:
        """Whether a line in the column of a dash is no key of the step behind it."""
        body = self.source.text[line + column : self.source.line_end(line)]
        if _is_dash(body, 0):
            return True
        found = key_of(body)
        return found is not None and column == 0 and self.grammar.root.key(found[0]) is not None

    def _list_among_keys(self, start: int, column: int) -> list[Edit]:
        """Report a `-` in the column of keys, and pass over the list that it begins."""
        source = self.source
        body = source.text[start + column + 1 : source.content_end(start)].strip()
        found = key_of(body) if body else None
        message, hint = (
            "an entry of a list is among keys",
            f"a list belongs below its key, such as `{self.grammar.listed}:`",
        )
        if found and is_moment(found[0]):
            message, hint = "a `-` and a space begin an entry of a list", f"write `-{body}`, without the space"
        source.report("syntax", message, start + column, start + column + 1, hint)
        self.is_guess = True
        end = start
        while end < len(source.text) and (
            source.is_blank(end) or _is_dash(source.text[end : source.line_end(end)], column)
        ):
            end = self._drop_end(end, column + 1)
        return [Edit(start, end, "")]

    def _drop_end(self, start: int, column: int) -> int:
        """The start of the line behind this one and those below it that are not left of `column`."""
        source = self.source
        at = source.line_end(start) + 1
        while at < len(source.text) and (source.is_blank(at) or source.indent(at) >= column):
            at = source.line_end(at) + 1
        return min(at, len(source.text))


def _is_dash(line: str, column: int) -> bool:
    return line[column : column + 1] == "-" and (len(line) == column + 1 or line[column + 1].isspace())


def _spaces(count: int) -> str:
    return "1 space" if count == 1 else f"{count} spaces" if count else "no spaces"
