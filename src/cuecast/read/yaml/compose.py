"""YAML text → nodes. Where YAML stops, or reads something else than its author wrote, the text is corrected and read again.

Each correction is reported, so that several faults of a file are shown at once. This takes the parser's events instead
of PyYAML's `compose`, which drops all that was read before a fault and nests without a limit.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property
from typing import Any

import yaml

from cuecast.model.source import Span
from cuecast.read.yaml.nodes import Frame, Mapping, Node, Scalar, Sequence, Unreadable, owner
from cuecast.read.yaml.patched_source import Edit, PatchedSource, TooManyFaults
from cuecast.read.yaml.quoting import is_bracketed_text, quote_in_braces, quote_value
from cuecast.read.yaml.repair import Value, blank_line, mend_colon, mend_fault

MAX_DEPTH = 46
"""How deep lists and keys may be nested: enough for a list of cues within twenty nested `rounds`."""

MAX_REREAD = 2_000_000
"""Characters that are read again after corrections: hundreds of passes for a usual file, a few for a very large one."""

_MAX_TRIES = 3
"""Corrections at one place."""

_ALIAS = re.compile(r"\*([\w-]+)")
_ANCHOR = re.compile(r"&\S+\s*")
_ODD_MARGIN = re.compile(r"^ *[^\S\n ][^\S\n]*(?=[^\s#])", re.MULTILINE)
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def compose(source: PatchedSource) -> Node | None:
    """The file's nodes; None if it has none. Raises TooManyFaults."""
    left, has_margins = MAX_REREAD, False
    tries: Counter[Span] = Counter()
    while True:
        reading = _Reading(source)
        fault = reading.run()
        edits = [] if has_margins else _odd_margins(source, bool(fault))
        if edits:
            has_margins = source.is_guess = True
        else:
            edits = reading.edits or (reading.mend(fault) if fault else [])
        tries.update(source.span(edit.start, edit.start) for edit in edits[:1])
        if fault and (not edits or max(tries.values()) > _MAX_TRIES):
            edits = blank_line(source, fault)
        if not edits:
            return None if fault else reading.root
        source.replace(edits)
        left -= len(source.text)
        if left < 0:
            raise TooManyFaults


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


class _Reading:
    """One pass over the text, until YAML stops or the text needs corrections that are in `edits`."""

    def __init__(self, source: PatchedSource) -> None:
        self.source = source
        self.root: Node | None = None
        self.edits: list[Edit] = []
        """Corrections where YAML silently reads something else."""
        self._open: list[Frame] = []
        self._closed: list[Frame] = []  # what was completed after the last value
        self._last: Value | None = None  # the last value or key, if it has no quotes
        self._anchors: dict[str, Node | None] = {}  # None inside of it
        self._documents = 0

    def run(self) -> Exception | None:
        """Read all that can be read; gives YAML's complaint, if it has one."""
        loader = _Loader(self.source.text)
        try:
            while loader.check_event() and self._take(loader.get_event()):
                pass
            return None
        except yaml.YAMLError as fault:
            return fault
        except ValueError:  # from the loader without C
            return _bad_escape(self.source.text, loader.get_mark().index)
        finally:
            loader.dispose()

    def mend(self, fault: Exception) -> list[Edit]:
        """The correction at the place where YAML stops; nothing if none is known."""
        return mend_fault(self.source, fault, [*self._open, *reversed(self._closed)], self._last)

    def _take(self, event: Any) -> bool:
        """Take one event in; False stops."""
        match event:
            case yaml.DocumentStartEvent():
                return self._document(event)
            case yaml.ScalarEvent():
                self._scalar(event)
            case yaml.AliasEvent():
                self._alias(event)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                return self._start(event)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                return self._end(event)
        return True

    def _document(self, event: Any) -> bool:
        self._documents += 1
        start = event.start_mark.index
        if event.version or event.tags:
            message = "a line can't begin with `%`"
            self.source.report("unsupported-yaml", message, start, self.source.line_end(start), "delete it")
        if self._documents > 1:
            message = "a second document begins here; a file holds only one"
            hint = "put it into a file of its own, or delete this line"
            self.source.report("unsupported-yaml", message, start, self.source.content_end(start), hint)
        return self._documents == 1

    @property
    def _takes_text(self) -> bool:
        """Whether the next value is that of a key that takes text."""
        return bool(self._open) and self._open[-1].is_awaiting and self.source.grammar.takes_text(self._open[-1].key)

    @property
    def _is_in_flow(self) -> bool:
        return bool(self._open) and self._open[-1].is_flow

    @cached_property
    def _aliases(self) -> frozenset[str]:
        return frozenset(_ALIAS.findall(self.source.text))

    def _quote(self, start: int) -> None:
        """Put the text that begins here in quotes."""
        self.edits += quote_value(self.source, owner(self._open), start, self._open[-1].column)

    def _add(self, node: Node, anchor: str | None) -> None:
        if anchor:
            self._anchors[anchor] = node
        if self._open:
            self._open[-1].children.append(node)
        else:
            self.root = node

    def _start(self, event: Any) -> bool:
        source, start, is_flow = self.source, event.start_mark.index, bool(event.flow_style)
        self._closed.clear()
        line = source.text[start : source.content_end(start)]
        if is_flow and self._takes_text and not self._is_in_flow and is_bracketed_text(line):
            self._quote(start)
        if len(self._open) >= MAX_DEPTH:
            return self._too_deep(start)
        self._report_tag(event)
        kind = Sequence if isinstance(event, yaml.SequenceStartEvent) else Mapping
        node = kind(source.span(start, start + len(line)))
        self._open.append(Frame(node, start, event.start_mark.column, is_flow, event.anchor))
        self._last = None
        if event.anchor:
            self._anchors[event.anchor] = None
        return True

    def _end(self, event: Any) -> bool:
        frame = self._open.pop()
        node, children, end = frame.node, frame.children, event.end_mark.index
        if frame.is_flow:
            span = self.source.span(frame.start, end)
            if span.line == span.end_line:
                node.span = span  # what is behind the bracket is none of the value
            if not self._is_in_flow and owner(self._open) not in self.source.grammar.lexicons:
                self.edits += quote_in_braces(self.source, frame.start, end)
        else:
            self._closed.append(frame)
        node.height = 1 + max((c.height for c in children if isinstance(c, Mapping | Sequence)), default=0)
        if node.height > MAX_DEPTH:  # through aliases
            return self._too_deep(frame.start)
        if isinstance(node, Mapping):
            node.pairs = list(zip(children[::2], children[1::2], strict=True))
        else:
            node.items = children
        self._add(node, frame.anchor)
        return True

    def _scalar(self, event: Any) -> None:
        source, start, end = self.source, event.start_mark.index, event.end_mark.index
        text: str = event.value
        if not text.isascii() and re.search("[\ud800-\udfff]", text):
            raise _bad_escape(source.text, end - 1)  # the loader without C takes half characters
        frame = self._open[-1] if self._open else None
        self._closed.clear()
        if not self._takes_text or self._is_in_flow:
            self._report_tag(event)
        if event.style in ("|", ">"):
            end = len(source.text[start:end].rstrip()) + start
        if frame and not frame.is_list and not frame.is_awaiting:
            if not frame.children and not frame.is_flow:
                frame.column = source.column(start)
            frame.key, frame.key_start = text, start
            self._last = None if event.style else Value(start, None, 0)
        else:
            self._last = (
                None if event.style else Value(start, frame.key if frame else None, frame.column if frame else 0)
            )
            if frame and not frame.is_flow:
                self._check_value(event, frame, start, end)
        anchor = _ANCHOR.match(source.text, start) if event.anchor else None
        span = source.span(anchor.end() if anchor else start, end)
        node = Scalar(text, span, source.typed(start, end), not event.style)
        self._add(node, event.anchor)

    def _check_value(self, event: Any, frame: Frame, start: int, end: int) -> None:
        """Quote text that YAML cuts at a `#`, or takes for an anchor or a tag; and quotes that only a later line closes."""
        source, grammar, name = self.source, self.source.grammar, owner(self._open)
        if event.style:
            if event.style in "'\"" and source.block_end(start, frame.column) < end:
                self._quote(start)
        elif grammar.takes_text(name) and (not frame.is_list or grammar.is_key(name or "")):
            hash_ = source.text.find("#", end, source.line_end(end))
            if not event.value and hash_ >= 0 and not event.tag:
                self._quote(hash_)
            elif event.tag or hash_ >= 0 or (event.anchor and event.anchor not in self._aliases):
                self._quote(start)

        elif source.line_start(start) > frame.key_start and not frame.is_list and not grammar.takes_text(name):
            self.edits += mend_colon(source, start, is_item=False)

    def _alias(self, event: Any) -> None:
        name, start, end = event.anchor, event.start_mark.index, event.end_mark.index
        self._closed.clear()
        node = self._anchors.get(name)
        if node is None and self._takes_text:
            self._quote(start)
        elif node is None and name in self._anchors:
            self.source.report("bad-alias", f"`*{name}` is inside of what it repeats", start, end)
        elif node is None:
            hint = f"put the text in quotes, if it is one: `'*{name}'`"
            self.source.report("bad-alias", f"nothing above is marked `&{name}`", start, end, hint)
        self._last = None
        self._add(node or Unreadable(self.source.span(start, end)), None)

    def _report_tag(self, event: Any) -> None:
        if event.tag is not None:
            start = event.start_mark.index
            length = len(self.source.text[start : self.source.line_end(start)].split(maxsplit=1)[0])
            message = "a word that begins with `!` has no meaning here"
            hint = "delete it, or put the text in quotes, if it is one"
            self.source.report("unsupported-yaml", message, start, start + length, hint)

    def _too_deep(self, start: int) -> bool:
        if not self.edits:
            hint = "at most twenty `rounds` can be nested"
            end = max(start, self.source.content_end(start))
            self.source.report("too-deep", "lists are nested too deep here", start, end, hint)
            self.root = None
        return False


def _bad_escape(text: str, end: int) -> yaml.MarkedYAMLError:
    """The error of the loader with C for an escape that is no character: the last one before `end`."""
    quote, slash = (yaml.Mark("", text.rfind(char, 0, end), 0, 0, "", 0) for char in ('"', "\\"))
    return yaml.MarkedYAMLError("while scanning a scalar", quote, "no such escape", slash)
