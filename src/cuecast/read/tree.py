"""From the page to a tree of nodes, each with its place: raw words, no values, nothing lost on the way."""

from __future__ import annotations

import re
from typing import Any

import yaml
from msgspec import Struct, field
from msgspec.structs import replace

from cuecast.model.source import Span
from cuecast.read.patched_source import Page

MAX_DEPTH = 46
"""How deep lists and keys may stand in each other: enough for a list of cues within twenty nested `rounds`."""

_ANCHOR = re.compile(r"&\S+\s*")
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Scalar(Struct, eq=False):
    """Words. `raw` is what is typed, quotes and all; `is_plain` says that there are no quotes."""

    words: str
    span: Span
    raw: str
    is_plain: bool


class Mapping(Struct, eq=False):
    """Keys and their values, in order, doubles and all. `is_cut` says that there may be more than could be read."""

    span: Span
    pairs: list[tuple[Node, Node]] = field(default_factory=list)
    is_cut: bool = False
    height: int = 1


class Sequence(Struct, eq=False):
    """A list."""

    span: Span
    items: list[Node] = field(default_factory=list)
    is_cut: bool = False
    height: int = 1


class Broken(Struct, eq=False):
    """Something of which all has been said."""

    span: Span


Node = Scalar | Mapping | Sequence | Broken


def parse(page: Page) -> Node | None:
    """The page's tree, as far as it can be read; None for a page that says nothing. Faults go to the page."""
    return _Builder(page).build()


_STAR = re.compile(r"[\[,]\s*(\*[^\s,\]]*)")
"""What is meant as a pattern in a list, where YAML sees an alias that it can't read."""


class _Builder:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.root: Node | None = None
        self.open: list[tuple[Mapping | Sequence, list[Node], str | None]] = []
        self.anchors: dict[str, Node] = {}
        self.pending: set[str] = set()

    def build(self) -> Node | None:
        loader = _Loader(self.page.text)
        try:
            while loader.check_event():
                event = loader.get_event()
                if isinstance(event, yaml.DocumentEndEvent) or not self.take(event):
                    break
        except yaml.MarkedYAMLError as fault:
            self.complain(fault)
        except (yaml.YAMLError, ValueError):
            # Whatever else a scanner stumbles over; the lay-out has named all that is known.
            self.complain(None)
        finally:
            loader.dispose()
        while self.open:
            self.close(is_cut=True)
        return self.root

    def take(self, event: Any) -> bool:
        """Take one event in; False stops."""
        match event:
            case yaml.ScalarEvent():
                self.add(self.scalar(event), event.anchor)
            case yaml.AliasEvent():
                self.add(self.alias(event), None)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                if len(self.open) >= MAX_DEPTH:
                    self.too_deep(self.opening(event))
                    return False
                node: Mapping | Sequence = (
                    Mapping(self.opening(event))
                    if isinstance(event, yaml.MappingStartEvent)
                    else Sequence(self.opening(event))
                )
                self.tag(event)
                self.open.append((node, [], event.anchor))
                if event.anchor:
                    self.pending.add(event.anchor)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                return self.close(is_cut=False, end=event)
        return True

    def add(self, node: Node, anchor: str | None) -> None:
        if anchor:
            self.anchors[anchor] = node
        if self.open:
            self.open[-1][1].append(node)
        else:
            self.root = node

    def close(self, is_cut: bool, end: Any = None) -> bool:
        node, children, anchor = self.open.pop()
        if end is not None and end.end_mark.index > end.start_mark.index and end.end_mark.line + 1 == node.span.line:
            # A bracket, on the line where its other half is: what is behind it is none of the value.
            after = self.page.span(end.end_mark.line, end.end_mark.column, end.end_mark.column).column
            node.span = replace(node.span, end_column=after)
        node.height = 1 + max((c.height for c in children if isinstance(c, Mapping | Sequence)), default=0)
        node.is_cut = is_cut
        if isinstance(node, Mapping):
            node.pairs = list(zip(children[::2], children[1::2], strict=False))
        else:
            node.items = children
        if anchor:
            self.pending.discard(anchor)
        self.add(node, anchor)
        if node.height > MAX_DEPTH and not is_cut:
            self.too_deep(node.span)
            node.is_cut = True
            if isinstance(node, Mapping):
                node.pairs = []
            else:
                node.items = []
            node.height = 1
            return False
        return True

    def scalar(self, event: Any) -> Node:
        self.tag(event)
        start, end = event.start_mark, event.end_mark
        column = start.column
        if event.anchor:
            marked = _ANCHOR.match(self.page.lines[start.line], column)
            column = marked.end() if marked else column
        meant = self.page.meant(start.line, column)
        if meant is not None:
            span = meant.span
            return Broken(span) if meant.words is None else Scalar(meant.words, span, self.page.typed(span), True)
        words: str = event.value
        end_row, end_column = end.line, end.column
        if event.style in ("|", ">") and end_column == 0:
            end_row, end_column = self.last_row(start.line, end.line), -1
        span = self.page.span(start.line, column, end_column, end_row)
        if not words.isascii() and any("\ud800" <= char <= "\udfff" for char in words):
            # Only an escape can smuggle such a thing in, and only past one of the two loaders.
            self.page.report("odd-character", "half a character stands here", span, "write the character itself")
            return Broken(span)
        return Scalar(words, span, self.page.typed(span), not event.style)

    def last_row(self, start: int, stop: int) -> int:
        """The last row before `stop` with something on it."""
        while stop - 1 > start and not self.page.lines[stop - 1].strip():
            stop -= 1
        return stop - 1

    def alias(self, event: Any) -> Node:
        name = event.anchor
        if name in self.anchors and name not in self.pending:
            return self.anchors[name]
        span = self.span(event)
        if name in self.pending:
            self.page.report("bad-alias", f"`*{name}` stands inside of what it stands for", span)
        else:
            self.page.report(
                "bad-alias",
                f"nothing above is marked `&{name}`",
                span,
                f"put the text in quotes, if it is one: `'*{name}'`",
            )
        return Broken(span)

    def tag(self, event: Any) -> None:
        if event.tag is not None:
            start = event.start_mark
            line = self.page.lines[start.line][start.column :]
            length = len(line.split(maxsplit=1)[0]) if line.strip() else 0
            self.page.report(
                "unsupported-yaml",
                "a word that begins with `!` has no meaning here",
                self.page.span(start.line, start.column, start.column + length),
                "delete it, or put the text in quotes, if it is one",
            )

    def too_deep(self, span: Span) -> None:
        self.page.report("too-deep", "lists stand too deep in each other here", span, self.page.grammar.deepest)

    def complain(self, fault: yaml.MarkedYAMLError | None) -> None:
        """Say of a line that the lay-out found no fault with that YAML can't read it."""
        if self.page.shaky:
            return
        mark = fault and (fault.problem_mark or fault.context_mark)
        row = min(mark.line, len(self.page.lines) - 1) if mark else 0
        while row > 0 and self.page.is_blank(row):
            row -= 1
        line = self.page.lines[row].rstrip()
        if star := _STAR.search(line):  # a pattern of files
            span = self.page.span(row, *star.span(1))
            self.page.report("syntax", "a word that begins with `*` needs quotes", span, f"write `'{star[1]}'`")
            return
        self.page.report(
            "syntax",
            "something in this line can't be read",
            self.page.span(row, self.page.indent(row), len(line)),
            "check its brackets, its commas and its indentation; put words with `:` or `#` in quotes",
        )

    def span(self, event: Any) -> Span:
        start, end = event.start_mark, event.end_mark
        if start.line == end.line:
            return self.page.span(start.line, start.column, end.column)
        return self.page.span(start.line, start.column, len(self.page.lines[start.line].rstrip()))

    def opening(self, event: Any) -> Span:
        """Where a list or keys begin: up to the end of the first line."""
        start = event.start_mark
        row = min(start.line, len(self.page.lines) - 1)
        return self.page.span(row, start.column, max(start.column, len(self.page.lines[row].rstrip())))
