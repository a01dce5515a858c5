"""What to correct where YAML stops or misreads: text without quotes, colons, indentation, brackets.

A correction is reported with `PatchedSource.report`, and its edits are given to the caller, who reads the text again.
"""

from __future__ import annotations

import re
from typing import Any

import yaml
from msgspec import Struct, field

from cuecast.read.flow_text import flow_text_end, is_bracketed_text
from cuecast.read.nodes import Mapping, Node, Sequence
from cuecast.read.patched_source import LINE, Edit, PatchedSource
from cuecast.read.pitfalls import (
    CURLY,
    Pitfall,
    bad_escape,
    bad_escapes,
    comment,
    flow_pitfall,
    is_moment,
    is_rest_empty,
    key_of,
    plain_pitfall,
    quote,
    quoted,
    shown,
)

_BULLETS = "–—−•·*"
_ANCHOR = re.compile(r"&([\w-]+)(?:\s+|$)")
_BLOCK = re.compile(r"[|>](?:[+-]?[1-9]?|[1-9][+-])(?:\s+#.*)?")
_ALIAS = re.compile(r"\*([\w-]+)")
_LOOSE = re.compile(r"([A-Za-z]{2,20}|-?[0-9][0-9hms:]{0,12})(\s*[:=\uff1a]\s*|\s+|$)")

_STAR = re.compile(r"[\[,]\s*(\*[^\s,\]]*)")
"""A file pattern in a list, which YAML takes for a broken alias."""


class Frame(Struct, eq=False):
    """A list or a set of keys that is not complete yet; `key` is its last one."""

    node: Mapping | Sequence
    start: int
    column: int
    is_list: bool
    is_flow: bool
    anchor: str | None
    children: list[Node] = field(default_factory=list)
    key: str | None = None
    first_key: str | None = None
    key_start: int = 0
    key_end: int = 0
    texts: list[tuple[str, int]] = field(default_factory=list)
    """Of keys in braces: those that take text, and where the value begins."""

    @property
    def is_awaiting(self) -> bool:
        """Whether the last key has no value yet."""
        return not self.is_list and len(self.children) % 2 == 1


class Repair:
    """The corrections of one pass over the text. `open` is what is open in it now, from the outside in."""

    def __init__(self, source: PatchedSource, open_: list[Frame], odd_rows: frozenset[int]) -> None:
        self.source = source
        self.grammar = source.grammar
        self.open = open_
        self.closed: list[Frame] = []
        """What was completed after the last value."""
        self.levels: list[Frame] = []
        """What was open after the last value."""
        self.edits: list[Edit] = []
        """Corrections where YAML reads something else than is written."""
        self.is_guess = False
        """Whether a correction guesses the structure, so that YAML's next complaint may only be an echo."""
        self._odd_rows = odd_rows
        self._last_plain: tuple[int, str | None, int] | None = None  # its start, and the key that it is a value of
        self._aliases: frozenset[str] | None = None

    # While YAML reads on: what it silently reads otherwise.

    def takes_text(self) -> bool:
        """Whether what comes next is the value of a key that takes text."""
        return bool(self.open) and self.open[-1].is_awaiting and self.grammar.takes_text(self.open[-1].key)

    def alias(self, start: int) -> None:
        """An alias comes next."""
        self._note_value(start)
        self._last_plain = None

    def before_collection(self, start: int, is_flow: bool) -> None:
        """A list or keys come next."""
        line = self.source.text[start : self.source.content_end(start)]
        in_flow = bool(self.open) and self.open[-1].is_flow
        if is_flow and not in_flow and self.takes_text() and is_bracketed_text(line):
            self.text_value(start)
        self._note_value(start)
        self._last_plain = None

    def after_collection(self, frame: Frame, end: int) -> None:
        """A list or keys are complete."""
        if not frame.is_flow:
            self.closed.append(frame)
            return
        for _, start in frame.texts:
            self._flow_text(start, end)

    def scalar(self, event: Any, start: int, end: int) -> None:
        """A key or a value comes next."""
        frame = self.open[-1] if self.open else None
        text, is_plain = self.source.text, not event.style
        if event.style == '"' and "\\" in text[start:end]:
            self._escapes(start)
        if frame and not frame.is_list and not frame.is_awaiting:
            self._check_column(frame, event.value, start)
            self.closed.clear()
            frame.key, frame.key_start, frame.key_end = event.value, start, end
            if not frame.children:
                frame.first_key = event.value
                frame.column = self.source.column(start) if not frame.is_flow else frame.column
            self._last_plain = (start, None, 0) if is_plain else None
            return
        self._note_value(start)
        self._last_plain = (start, frame.key if frame else None, frame.column if frame else 0) if is_plain else None
        if frame and frame.is_flow:
            return
        loose: list[Edit] = []
        if is_plain and (frame is None or self._begins_line(start, frame)):
            loose = self._line(start) if frame is None else self._loose(start, frame.is_list, self.open)
            self.edits += loose
        elif event.style in ("'", '"') and "\n" in text[start:end]:
            column = frame.column if frame else -1
            if self._deeper_end(start, column) < end:
                self.text_value(start)
        if frame and is_plain and not loose:
            self._plain_value(event, frame, start, end)

    def _check_column(self, frame: Frame, key: str, start: int) -> None:
        """A key in the column of dashes at the margin, which YAML takes for one of the file's own keys."""
        if len(self.open) == 1 and len(self.closed) > 1 and not frame.is_flow:
            step, steps = self.closed[-2:]
            is_of_step = self.grammar.is_key(key) and self.grammar.root.key(key) is None
            if is_of_step and steps.is_list and steps.column == frame.column and not step.is_list and not self.edits:
                self.edits += self._shift(self.source.line_start(start), frame.column, step, "step")

    def text_value(self, start: int) -> None:
        """The value that begins here is text that needs quotes."""
        frame = self.open[-1]
        self.edits += self._text(frame.key, start, frame.column)

    def directive(self, start: int) -> None:
        """A line that begins with `%`."""
        end = self.source.line_end(start)
        self.source.report("unsupported-yaml", "a line can't begin with `%`", start, end, "delete it")

    def second_document(self, start: int) -> None:
        """A second document begins."""
        message = f"a second document begins here; a file holds one {self.grammar.noun}"
        hint = "put it into a file of its own, or delete this line"
        self.source.report("unsupported-yaml", message, start, self.source.content_end(start), hint)

    def _begins_line(self, start: int, frame: Frame) -> bool:
        """Whether a line may lack its colon: an entry of a list, or the first line below a key that has keys."""
        if frame.is_list:
            return True
        below = self.source.line_start(start) > frame.key_start
        return below and not self.grammar.takes_text(frame.key)

    def _note_value(self, start: int) -> None:
        self.closed.clear()
        frame = self.open[-1] if self.open else None
        if frame and frame.is_flow and frame.is_awaiting and frame.key is not None:
            parent = next((f.key for f in reversed(self.open[:-1]) if not f.is_list), None)
            # Beside any word of a lexicon is a short one, and no key tells where it ends.
            if parent not in self.grammar.lexicons and self.grammar.is_nearly_text_key(frame.key):
                frame.texts.append((frame.key, start))

    def _plain_value(self, event: Any, frame: Frame, start: int, end: int) -> None:
        """Text that YAML cuts at a `#`, or that begins with what it takes for an anchor or a tag."""
        text = self.source.text
        name = frame.key if not frame.is_list else self._owner(self.open)
        if text[start : start + 1] in CURLY and not frame.is_list and event.value:
            self.edits += self._text(name, start, frame.column)
            return
        if not self.grammar.takes_text(name) or (frame.is_list and not self.grammar.is_key(name or "")):
            return
        if event.tag is not None or (event.anchor and event.anchor not in self._all_aliases()):
            self.edits += self._text(name, start, frame.column)
        elif text.find("#", end, self.source.line_end(end)) >= 0 and not event.anchor:
            at = (
                start
                if event.value
                else len(text[: self.source.line_end(end)]) - len(text[end : self.source.line_end(end)].lstrip())
            )
            self.edits += self._text(name, at, frame.column)

    def _all_aliases(self) -> frozenset[str]:
        if self._aliases is None:
            self._aliases = frozenset(_ALIAS.findall(self.source.text))
        return self._aliases

    # Where YAML stops.

    def place_of(self, fault: yaml.YAMLError) -> int:
        """Where YAML stops: at the last line with content before its mark."""
        mark = getattr(fault, "problem_mark", None) or getattr(fault, "context_mark", None)
        source = self.source
        at = min(mark.index, len(source.text) - 1) if mark else 0
        while at > 0 and self._is_blank(source.line_start(at)):
            at = source.line_start(at) - 1
        return max(at, 0)

    def after(self, fault: yaml.YAMLError) -> list[Edit]:
        """The correction at the place where YAML stops; nothing if none is known."""
        source, problem = self.source, self.place_of(fault)
        mark = getattr(fault, "context_mark", None)
        scanned = mark.index if mark and str(getattr(fault, "context", "")).find("scalar") >= 0 else None
        if scanned is not None and source.text[scanned] == '"' and (edits := self._bad_escapes(scanned)):
            return edits
        flow = next((n for n, frame in enumerate(self.open) if frame.is_flow), None)
        if flow is not None:
            return self._flow(flow, problem)
        if scanned is not None and source.text[scanned] in "\"'|>" and self.open:
            frame = self.open[-1]
            name = frame.key if frame.is_awaiting else None
            if edits := self._text(name, scanned, frame.column):
                return edits
        if self._last_plain:
            start, name, column = self._last_plain
            edits = self._line(start) if name is None else self._text(name, start, column)
            if edits:
                return edits
        if mark and "simple key" in str(getattr(fault, "context", "")) and (edits := self._line(mark.index)):
            return edits
        return self._line(problem)

    # Escapes.

    def _escapes(self, start: int) -> None:
        self.edits += self._bad_escapes(start)

    def _bad_escapes(self, start: int) -> list[Edit]:
        """A backslash that means nothing, and those behind it in the same text."""
        source = self.source
        found = quoted(source.text, start)
        if found is None or found.bad_escape is None:
            return []
        at = found.bad_escape
        line = source.text[at : source.line_end(at)]
        typed, message, hint = bad_escape(line, 0)
        source.report("syntax", message, at, at + len(typed), hint)
        return [Edit(at + slash, at + slash + 1, "/") for slash in dict.fromkeys([0, *bad_escapes(line, 0)])]

    # Lists and keys in brackets.

    def _flow(self, index: int, problem: int) -> list[Edit]:
        """Text without quotes in brackets, or a bracket that is never closed."""
        source = self.source
        column = self.open[index - 1].column if index else -1
        limit = self._flow_limit(self.open[index].start, column)
        for frame in self.open[index:]:
            texts = list(frame.texts)
            if frame.is_awaiting and frame.key is not None and self.grammar.is_nearly_text_key(frame.key):
                after = re.compile(r"\s*:\s*").match(source.text, frame.key_end)
                if after and (not texts or texts[-1][1] != after.end()):
                    texts.append((frame.key, after.end()))
            for _, start in texts:
                self._flow_text(start, limit)
            if self.edits:
                return self.edits
        if star := _STAR.search(source.text, source.line_start(problem), source.line_end(problem)):
            message, hint = "a word that begins with `*` needs quotes", f"write `'{star[1]}'`"
            source.report("syntax", message, *star.span(1), hint)
            return [Edit(*star.span(1), f"'{star[1]}'")]
        if problem < len(source.text[:limit].rstrip()):
            return []
        start = self.open[-1].start
        bracket = source.text[start]
        close = "}" if bracket == "{" else "]"
        end = len(source.text[:limit].rstrip())
        if hidden := re.compile(r"\s+#").search(source.text, max(start, source.line_start(end)), end):
            end = hidden.start()
        is_one_line = source.line_start(start) == source.line_start(end)
        hint = f"write `{LINE}`" if is_one_line else f"put `{close}` where it ends"
        source.report("syntax", f"the `{bracket}` that opens here is never closed", start, start + 1, hint)
        self.is_guess = True
        return [Edit(end, end, close)]

    def _flow_text(self, start: int, limit: int) -> None:
        source = self.source
        end = flow_text_end(source.text, start, limit, self.grammar)
        if end is None or end == start or (self.edits and self.edits[-1].end > start):
            return
        text = source.text[start:end]
        if pitfall := flow_pitfall(text):
            where = " on one line" if "\n" in text else ""
            source.report(pitfall.code, pitfall.message, start, end, f"write{where} `{LINE}`")
            self.edits.append(Edit(start, end, quote(" ".join(pitfall.text.split()))))

    def _flow_limit(self, start: int, column: int) -> int:
        """The end of the lines that can belong to brackets that open here."""
        source, end = self.source, self.source.line_end(start)
        while end < len(source.text) - 1 and (
            self._is_blank(end + 1)
            or source.indent(end + 1) > column
            or source.text[end + 1 + source.indent(end + 1)] in "}]"
        ):
            end = source.line_end(end + 1)
        return end

    # Text without quotes, on lines of its own.

    def _text(self, name: str | None, start: int, column: int) -> list[Edit]:
        """The quotes that the value of a key needs, if it does: it may go on in lines further in than `column`."""
        is_text = self.grammar.takes_text(name)
        if self._is_complete(start, is_text):
            return []
        pieces = self._pieces(start, column)
        for number, (piece, end) in enumerate(pieces):
            words = self.source.text[piece:end]
            pitfall = plain_pitfall(words if is_text else re.split(r"\s#", words, maxsplit=1)[0], number > 0)
            if pitfall:
                return self._quoted(name, pieces, number, pitfall)
        return []

    def _is_complete(self, start: int, is_text: bool) -> bool:
        """Whether the value is quoted, in brackets, a block of text or an alias already."""
        body = self.source.text[start : self.source.content_end(start)]
        if body[:1] in ("'", '"'):
            found = quoted(body, 0)
            return found is not None and is_rest_empty(body[found.end :])
        if body[:1] in ("[", "{"):
            return not (is_text and is_bracketed_text(body))
        return bool(_BLOCK.fullmatch(body))

    def _quoted(self, name: str | None, pieces: list[tuple[int, int]], number: int, pitfall: Pitfall) -> list[Edit]:
        source = self.source
        texts = [source.text[start:end] for start, end in pieces]
        meant = " ".join([pitfall.text, *texts[1:]] if number == 0 else texts)
        # Behind a key that has keys of its own, as `music: noise: brown`, it is no text either.
        is_key = not self.grammar.takes_text(name) and self.grammar.is_key(meant.partition(": ")[0])
        wants_quotes = self.grammar.takes_quotes(name) and not is_key
        if wants_quotes or pitfall.code in ("unclosed-quote", "curly-quotes"):
            hint = f"write{' on one line' if len(pieces) > 1 else ''} `{LINE}`"
            if pitfall.code == "words-lost" and re.search(r"\s#\s", meant):
                hint += "; if it is a comment, put two spaces before the `#`"
            source.report(pitfall.code, pitfall.message, *pieces[number], hint)
        # Otherwise no text is wanted here: the reader says what is.
        return [Edit(pieces[0][0], pieces[-1][1], quote(meant))]

    def _pieces(self, start: int, column: int) -> list[tuple[int, int]]:
        """The lines of a plain text, each without spaces around it and without a comment beyond doubt."""
        source = self.source
        before = source.text[source.line_start(start) : start]
        gap = before[len(before.rstrip()) :]
        pieces = [self._piece(start, gap)]
        at = source.line_end(start) + 1
        while at < len(source.text):
            begin = at + source.indent(at)
            body = source.text[begin : source.content_end(begin)] if begin < source.line_end(at) else ""
            if body and (begin - at <= column or body[0] == "#" or self._is_entry(body)):
                break
            if body:
                pieces.append(self._piece(begin, ""))
            at = source.line_end(at) + 1
        return pieces

    def _piece(self, start: int, gap: str) -> tuple[int, int]:
        words = self.source.text[start : self.source.content_end(start)]
        end = comment(words, gap)
        return start, start + len((words if end is None else words[:end]).rstrip())

    def _is_entry(self, body: str) -> bool:
        """Whether a line is clearly an entry with a key, not text that goes on."""
        while body[:2] == "- ":
            body = body[2:].lstrip()
        found = key_of(body) if body else None
        return found is not None and self.grammar.is_key(found[0])

    # Lines.

    def _line(self, at: int) -> list[Edit]:
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
        levels = [frame for frame in self.levels if not frame.is_flow and frame.start < start]
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
        return self._text(name, start + len(line) - len(value), column)

    def _follows_end(self, start: int) -> bool:
        before = self.source.text[:start].rstrip()
        return before.endswith("\n...")

    def _without_key(self, at: int, is_item: bool, levels: list[Frame]) -> list[Edit]:
        """A line without `key: `: an entry of a list, text that goes on, or neither."""
        source = self.source
        if edits := self._loose(at, is_item, levels):
            return edits
        column = levels[-1].column if levels else -1
        if is_item or source.text[at] in "?!*&{[":
            owner = self._owner(self.levels) if is_item else None
            return self._text(owner if self.grammar.is_key(owner or "") else None, at, column)
        line, end = source.line_start(at), source.content_end(at)
        previous = source.text[source.line_start(line - 1) : line].strip() if line else ""
        if not self._is_after_junk(line):
            hint = f"{self.grammar.what} begins with a line such as `{self.grammar.start}`"
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

    def _loose(self, at: int, is_item: bool, levels: list[Frame]) -> list[Edit]:
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
        if is_item and (self._owner(levels) in grammar.lists or name[-1:].isdigit() or name[:1] in "-0123456789"):
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

    def _owner(self, levels: list[Frame]) -> str | None:
        """The key that has the list with the line in it."""
        return next((frame.key for frame in reversed(levels) if not frame.is_list), None)

    def _has_more(self, at: int) -> bool:
        """Whether something is below the line, further in."""
        source = self.source
        below = source.line_end(at) + 1
        while below < len(source.text) and self._is_blank(below):
            below = source.line_end(below) + 1
        return below < len(source.text) and source.indent(below) > source.column(at)

    def _is_blank(self, line: int) -> bool:
        """Whether the line has no content: it is empty, or only a comment."""
        body = self.source.text[line + self.source.indent(line) : self.source.line_end(line)].lstrip()
        return not body or body[0] == "#"

    def _deeper_end(self, start: int, column: int) -> int:
        """The end of the lines from here on that are further in than `column`."""
        source, end = self.source, self.source.line_end(start)
        while end < len(source.text) - 1:
            line = source.text[end + 1 : source.line_end(end + 1)]
            if line.strip() and source.indent(end + 1) <= column:
                break
            end = source.line_end(end + 1)
        return end

    # Indentation.

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
                    entry = "step" if self._owner(around) == "steps" else "entry"
                    return self._shift(start, column, inner[0], entry)
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
        return self._shift(start, column, target)

    def _shift(self, start: int, column: int, target: Frame, entry: str | None = None) -> list[Edit]:
        """Report a wrong indent, and move the line with all that belongs to it.

        `entry`: the line is below the dash of this, instead of beside its first key.
        """
        source = self.source
        body = source.text[start + column : source.content_end(start)]
        is_dash = target.is_list
        found = key_of(body[1:].lstrip() or "-") if is_dash else key_of(body)
        name = "this `-`" if is_dash else f"`{shown(found[0])}`" if found else "this line"
        message = f"{name} stands {_spaces(column)} from the left, those it belongs with {_spaces(target.column)}"
        if entry:
            first = shown(target.first_key or "")
            message = f"{name} stands below the dash; it belongs to the {entry} above, in line with `{first}`"
        if source.span(start, start).line not in self._odd_rows:  # that it is a tab is said already
            end = 1 if is_dash else found[1] if found else len(body)
            hint = f"put {_spaces(target.column)} before it"
            source.report("wrong-indent", message, start + column, start + column + end, hint)
        self.is_guess = True
        by = target.column - column
        edits, at, takes_more = [], start, body.endswith(":")
        while at < len(source.text):
            indent = source.indent(at)
            if at > start and not self._is_blank(at):
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
            "an entry of a list stands among keys",
            f"a list stands below its key, such as `{self.grammar.listed}:`",
        )
        if found and is_moment(found[0]):
            message, hint = "a `-` and a space begin an entry of a list", f"write `-{body}`, without the space"
        source.report("syntax", message, start + column, start + column + 1, hint)
        self.is_guess = True
        end = start
        while end < len(source.text) and (
            self._is_blank(end) or _is_dash(source.text[end : source.line_end(end)], column)
        ):
            end = self._drop_end(end, column + 1)
        return [Edit(start, end, "")]

    def _drop_end(self, start: int, column: int) -> int:
        """The start of the line behind this one and those below it that are not left of `column`."""
        source = self.source
        at = source.line_end(start) + 1
        while at < len(source.text) and (self._is_blank(at) or source.indent(at) >= column):
            at = source.line_end(at) + 1
        return min(at, len(source.text))


def _is_dash(line: str, column: int) -> bool:
    return line[column : column + 1] == "-" and (len(line) == column + 1 or line[column + 1].isspace())


def _spaces(count: int) -> str:
    return "1 space" if count == 1 else f"{count} spaces" if count else "no spaces"
