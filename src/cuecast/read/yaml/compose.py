"""YAML text → nodes. Where YAML stops, or reads something else than its author wrote, the text is corrected and read again.

Each correction is reported, so that several faults of a file are shown at once. This takes the parser's events instead
of PyYAML's `compose`, which drops all that was read before a fault.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import yaml

from cuecast.model.source import Span
from cuecast.read.yaml.lines import report_directive, report_second_document
from cuecast.read.yaml.nodes import Frame, Mapping, Node, Scalar, Sequence, Unreadable
from cuecast.read.yaml.patched_source import Edit, PatchedSource, TooManyFaults
from cuecast.read.yaml.repair import Repair

MAX_DEPTH = 46
"""How deep lists and keys may be nested: enough for a list of cues within twenty nested `rounds`."""

_MAX_REREAD = 2_000_000
"""Characters that are read again after corrections: hundreds of passes for a usual file, a few for a very large one."""

_MAX_TRIES = 3
"""Corrections at one place."""

_ANCHOR = re.compile(r"&\S+\s*")
_ODD_MARGIN = re.compile(r"^ *[^\S\n ][^\S\n]*(?=[^\s#])", re.MULTILINE)
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def compose(source: PatchedSource) -> Node | None:
    """The file's nodes as far as it can be read; None if it has none. Raises TooManyFaults."""
    left, has_margins = _MAX_REREAD, False
    tries: Counter[Span] = Counter()
    while True:
        composer = _Composer(source)
        fault = composer.run()
        edits = [] if has_margins else _odd_margins(source, bool(fault))
        if edits:
            has_margins = source.is_guess = True
        else:
            edits = composer.repair.edits or (composer.repair.after(fault) if fault else [])
        tries.update(source.span(edit.start, edit.start) for edit in edits[:1])
        if not edits or max(tries.values()) > _MAX_TRIES:
            break
        source.replace(edits)
        left -= len(source.text)
        if left < 0:
            raise TooManyFaults
    if fault and not source.is_guess:
        start, end = source.content(composer.repair.place_of(fault))
        hint = "check its brackets, its commas and its indentation; put words with `:` or `#` in quotes"
        source.report("syntax", "something in this line can't be read", start, end, hint)
    return composer.finish()


def _odd_margins(source: PatchedSource, has_fault: bool) -> list[Edit]:
    """The edits for tabs in the margin, if YAML stops, and for spaces of another kind; reported as one fault.

    JSON may have them, but the loader without C stops there, too.
    """
    is_json = source.text.lstrip()[:1] == "{"
    odd = [match for match in _ODD_MARGIN.finditer(source.text) if has_fault or is_json or "\t" not in match[0]]
    if odd and not is_json:
        kind = "a tab" if "\t" in odd[0][0] else "a space of another kind"
        others = f", and {len(odd) - 1} more below" if len(odd) > 1 else ""
        hint = "indent with spaces only, two for each level"
        source.report("tabs", f"this line is indented with {kind}{others}", *odd[0].span(), hint)
    return [Edit(*match.span(), " " * (len(match[0]) + match[0].count("\t"))) for match in odd]


class _Composer:
    """One pass over the text."""

    def __init__(self, source: PatchedSource) -> None:
        self.source = source
        self._root: Node | None = None
        self._open: list[Frame] = []
        self.repair = Repair(source, self._open)
        self._anchors: dict[str, Node | None] = {}
        """The value of each anchor; None inside of it."""
        self._documents = 0

    def run(self) -> yaml.YAMLError | None:
        """Read all that can be read; gives YAML's complaint, if it has one."""
        loader = _Loader(self.source.text)
        try:
            while loader.check_event() and self._take(loader.get_event()):
                pass
            return None
        except yaml.YAMLError as fault:
            return fault
        except ValueError:  # an escape that is no character, in the loader without C
            start = self.source.text.rfind('"', 0, loader.get_mark().index)
            return yaml.MarkedYAMLError("while scanning a scalar", yaml.Mark("", start, 0, 0, "", 0))
        finally:
            loader.dispose()

    def finish(self) -> Node | None:
        """The file's nodes, as far as they were read."""
        while self._open:
            self._close(None)
        root = self._root
        return None if isinstance(root, Scalar) and root.is_plain and not root.words else root

    def _take(self, event: Any) -> bool:
        """Take one event in; False stops."""
        match event:
            case yaml.DocumentStartEvent():
                return self._document(event)
            case yaml.ScalarEvent():
                self._add(self._scalar(event), event.anchor)
            case yaml.AliasEvent():
                self._add(self._alias(event), None)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                return self._start(event)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                return self._close(event)
        return True

    def _document(self, event: Any) -> bool:
        self._documents += 1
        if event.version or event.tags:
            report_directive(self.source, event.start_mark.index)
        if self._documents > 1:
            report_second_document(self.source, event.start_mark.index)
        return self._documents == 1

    def _start(self, event: Any) -> bool:
        source, start = self.source, event.start_mark.index
        end = max(start, source.content_end(start))
        self.repair.collection(start, bool(event.flow_style))
        if len(self._open) >= MAX_DEPTH:
            if not self.repair.edits:
                self._report_too_deep(start, end)
            return False
        self._report_tag(event)
        kind = Sequence if isinstance(event, yaml.SequenceStartEvent) else Mapping
        node = kind(source.span(start, end))
        self._open.append(Frame(node, start, event.start_mark.column, bool(event.flow_style), event.anchor))
        if event.anchor:
            self._anchors[event.anchor] = None
        return True

    def _add(self, node: Node, anchor: str | None) -> None:
        if anchor:
            self._anchors[anchor] = node
        if self._open:
            self._open[-1].children.append(node)
        else:
            self._root = node

    def _close(self, event: Any) -> bool:
        """Complete a list or keys; without an event, as far as they were read."""
        frame = self._open.pop()
        node, children = frame.node, frame.children
        if event is not None:
            self.repair.completed(frame, event.end_mark.index)
        if event is not None and frame.is_flow:
            span = self.source.span(frame.start, event.end_mark.index)
            if span.line == span.end_line:
                node.span = span  # what is behind the bracket is none of the value
        node.height = 1 + max((c.height for c in children if isinstance(c, Mapping | Sequence)), default=0)
        node.is_cut = event is None
        is_too_deep = node.height > MAX_DEPTH and not node.is_cut  # through aliases
        if is_too_deep:
            self._report_too_deep(frame.start, frame.start)
            children, node.height, node.is_cut = [], 1, True
        if isinstance(node, Mapping):
            node.pairs = list(zip(children[::2], children[1::2], strict=False))
        else:
            node.items = children
        self._add(node, frame.anchor)
        return not is_too_deep

    def _scalar(self, event: Any) -> Node:
        source, start, end = self.source, event.start_mark.index, event.end_mark.index
        if not self.repair.takes_text() or self._open[-1].is_flow:
            self._report_tag(event)
        text: str = event.value
        if event.style in ("|", ">"):
            end = len(source.text[start:end].rstrip()) + start
        self.repair.scalar(event, start, end)
        if event.anchor and (marked := _ANCHOR.match(source.text, start)):
            start = marked.end()
        span = source.span(start, end)
        if not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
            # Only an escape can bring such a thing in, and only past one of the two loaders. It is reported already.
            return Unreadable(span)
        return Scalar(text, span, source.typed(start, end), not event.style)

    def _alias(self, event: Any) -> Node:
        name, start, end = event.anchor, event.start_mark.index, event.end_mark.index
        if node := self._anchors.get(name):
            self.repair.collection(start)
            return node
        if self.repair.takes_text():
            self.repair.text_value(start)
        elif name in self._anchors:
            self.source.report("bad-alias", f"`*{name}` is inside of what it repeats", start, end)
        else:
            hint = f"put the text in quotes, if it is one: `'*{name}'`"
            self.source.report("bad-alias", f"nothing above is marked `&{name}`", start, end, hint)
        return Unreadable(self.source.span(start, end))

    def _report_tag(self, event: Any) -> None:
        if event.tag is not None:
            start = event.start_mark.index
            length = len(self.source.text[start : self.source.line_end(start)].split(maxsplit=1)[0])
            message = "a word that begins with `!` has no meaning here"
            hint = "delete it, or put the text in quotes, if it is one"
            self.source.report("unsupported-yaml", message, start, start + length, hint)

    def _report_too_deep(self, start: int, end: int) -> None:
        hint = "at most twenty `rounds` can be nested"
        self.source.report("too-deep", "lists are nested too deep here", start, end, hint)
