"""What to correct where YAML stops, or silently reads something else than its author wrote.

A correction is reported to the source at once; its edits are given to the caller, who reads the text again.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

from cuecast.read.yaml.lines import mend_line, mend_loose_key, owner, shift
from cuecast.read.yaml.nodes import Frame
from cuecast.read.yaml.patched_source import LINE, Edit, PatchedSource
from cuecast.read.yaml.pitfalls import CURLY
from cuecast.read.yaml.quoting import is_bracketed_text, mend_escapes, quote_in_braces, quote_value

_ALIAS = re.compile(r"\*([\w-]+)")
_COLON = re.compile(r"\s*:\s*")
_STAR = re.compile(r"[\[,]\s*(\*[^\s,\]]*)")
"""A file pattern in a list, which YAML takes for a broken alias."""


class Repair:
    """The corrections of one pass over the text. `open` is what is open in it now, from the outside in."""

    def __init__(self, source: PatchedSource, open_: list[Frame]) -> None:
        self.source = source
        self.grammar = source.grammar
        self.edits: list[Edit] = []
        """Corrections where YAML silently reads something else."""
        self._open = open_
        self._closed: list[Frame] = []  # what was completed after the last value
        self._last_plain: tuple[int, str | None, int] | None = None  # its start, its key and the key's column
        self._aliases: frozenset[str] | None = None

    # While YAML reads on.

    def takes_text(self) -> bool:
        """Whether the next value is that of a key that takes text."""
        return bool(self._open) and self._open[-1].is_awaiting and self.grammar.takes_text(self._open[-1].key)

    def collection(self, start: int, is_flow: bool = False) -> None:
        """A list, keys or an alias come next."""
        line = self.source.text[start : self.source.content_end(start)]
        in_flow = bool(self._open) and self._open[-1].is_flow
        if is_flow and not in_flow and self.takes_text() and is_bracketed_text(line):
            self.text_value(start)
        self._note_value(start)
        self._last_plain = None

    def completed(self, frame: Frame, end: int) -> None:
        """A list or keys are complete."""
        if not frame.is_flow:
            self._closed.append(frame)
        for start in frame.texts:
            if not self.edits or self.edits[-1].end <= start:
                self.edits += quote_in_braces(self.source, start, end)

    def scalar(self, event: Any, start: int, end: int) -> None:
        """A key or a value comes next."""
        source, frame, is_plain = self.source, self._open[-1] if self._open else None, not event.style
        if event.style == '"' and "\\" in source.text[start:end]:
            self.edits += mend_escapes(source, start)
        if frame and not frame.is_list and not frame.is_awaiting:
            self._key(frame, event.value, start, end)
            self._last_plain = (start, None, 0) if is_plain else None
            return
        self._note_value(start)
        self._last_plain = (start, frame.key if frame else None, frame.column if frame else 0) if is_plain else None
        if frame is None:
            self.edits += mend_line(source, start, []) if is_plain and event.value else []
        elif frame.is_flow:
            return
        elif is_plain:
            is_below = source.line_start(start) > frame.key_start and not self.grammar.takes_text(frame.key)
            if frame.is_list or is_below:
                self.edits += (loose := mend_loose_key(source, start, frame.is_list, self._open))
                if loose:
                    return
            self.edits += self._plain_value(event, frame, start, end)
        elif event.style in "'\"" and source.block_end(start, frame.column) < end:
            self.text_value(start)

    def text_value(self, start: int) -> None:
        """The value that begins here is text that needs quotes."""
        self.edits += quote_value(self.source, self._open[-1].key, start, self._open[-1].column)

    def _key(self, frame: Frame, key: str, start: int, end: int) -> None:
        if len(self._open) == 1 and len(self._closed) > 1 and not frame.is_flow and not self.edits:
            # A key of a step in the column of the dashes: YAML takes it for one of the file's own keys.
            step, steps = self._closed[-2:]
            is_of_step = self.grammar.is_key(key) and self.grammar.root.key(key) is None
            if is_of_step and steps.is_list and steps.column == frame.column and not step.is_list:
                self.edits += shift(self.source, self.source.line_start(start), frame.column, step)
        self._closed.clear()
        if not frame.children and not frame.is_flow:
            frame.column = self.source.column(start)
        frame.key, frame.key_start, frame.key_end = key, start, end

    def _note_value(self, start: int) -> None:
        self._closed.clear()
        frame = self._open[-1] if self._open else None
        if frame and frame.is_flow and frame.is_awaiting and frame.key is not None:
            # Beside any word of a lexicon is a short one, and no key tells where it ends.
            is_of_lexicon = owner(self._open[:-1]) in self.grammar.lexicons
            if not is_of_lexicon and self.grammar.is_nearly_text_key(frame.key):
                frame.texts.append(start)

    def _plain_value(self, event: Any, frame: Frame, start: int, end: int) -> list[Edit]:
        """Text that YAML cuts at a `#`, or that begins with a curly quote, or with what YAML takes for an anchor or a tag."""
        source = self.source
        name = owner(self._open) if frame.is_list else frame.key
        is_curly = bool(event.value) and source.text[start] in CURLY and not frame.is_list
        if not is_curly and (
            not self.grammar.takes_text(name) or (frame.is_list and not self.grammar.is_key(name or ""))
        ):
            return []
        if self._aliases is None and event.anchor:
            self._aliases = frozenset(_ALIAS.findall(source.text))
        hash_ = source.text.find("#", end, source.line_end(end))
        is_anchor = event.anchor and event.anchor not in (self._aliases or ())
        if not event.value and hash_ >= 0 and not event.tag:
            start = hash_
        elif not (is_curly or event.tag or is_anchor or hash_ >= 0):
            return []
        return quote_value(source, name, start, frame.column)

    # Where YAML stops.

    def place_of(self, fault: yaml.YAMLError) -> int:
        """Where YAML stops: at the last line with content before its mark."""
        mark = getattr(fault, "problem_mark", None) or getattr(fault, "context_mark", None)
        text = self.source.text
        at: int = min(mark.index, len(text) - 1) if mark else 0
        while at > 0 and re.match(r"\s*(?:#|$)", text[self.source.line_start(at) : self.source.line_end(at)]):
            at = self.source.line_start(at) - 1
        return max(at, 0)

    def after(self, fault: yaml.YAMLError) -> list[Edit]:
        """The correction at the place where YAML stops; nothing if none is known.

        The fault may begin further up: where YAML began to read a scalar or a key, or with the last plain value.
        """
        problem, source = self.place_of(fault), self.source
        levels = [*self._open, *reversed(self._closed)]
        context, mark = str(getattr(fault, "context", "")), getattr(fault, "context_mark", None)
        start = mark.index if mark and ("scanning" in context or "scalar" in context) else -1
        first = source.text[start] if start >= 0 else ""
        if first == '"' and (edits := mend_escapes(source, start)):
            return edits
        if any(frame.is_flow for frame in self._open):
            return self._flow(problem)
        if first and first in "\"'|>" and self._open:
            name = self._open[-1].key if self._open[-1].is_awaiting else None
            if edits := quote_value(source, name, start, self._open[-1].column):
                return edits
        if self._last_plain:
            last, name, column = self._last_plain
            if edits := quote_value(source, name, last, column) if name else mend_line(source, last, levels):
                return edits
        if "simple key" in context and (edits := mend_line(source, start, levels)):
            return edits
        return mend_line(source, problem, levels)

    def _flow(self, problem: int) -> list[Edit]:
        """Text without quotes in brackets, or a bracket that is never closed."""
        source = self.source
        index = next(n for n, frame in enumerate(self._open) if frame.is_flow)
        limit = source.block_end(self._open[index].start, self._open[index - 1].column if index else -1)
        for frame in self._open[index:]:
            if frame is self._open[-1] and frame.is_awaiting:
                colon = _COLON.match(source.text, frame.key_end)
                self._note_value(colon.end() if colon else frame.key_end)
            for start in frame.texts:
                if edits := quote_in_braces(source, start, limit):
                    return edits
        if star := _STAR.search(source.text, source.line_start(problem), source.line_end(problem)):
            message, hint = "a word that begins with `*` needs quotes", f"write `'{star[1]}'`"
            source.report("syntax", message, *star.span(1), hint)
            return [Edit(*star.span(1), f"'{star[1]}'")]
        end = len(source.text[:limit].rstrip())
        region = source.text[self._open[index].start : end]
        is_open = sum(region.count(char) for char in "[{") > sum(region.count(char) for char in "]}")
        return self._close_bracket(self._open[-1].start, end) if is_open or problem >= end else []

    def _close_bracket(self, start: int, end: int) -> list[Edit]:
        source = self.source
        bracket = source.text[start]
        close = "}" if bracket == "{" else "]"
        if comment := re.compile(r"\s+#").search(source.text, max(start, source.line_start(end)), end):
            end = comment.start()
        is_one_line = source.line_start(start) == source.line_start(end)
        hint = f"write `{LINE}`" if is_one_line else f"put `{close}` where it ends"
        source.report("syntax", f"the `{bracket}` that opens here is never closed", start, start + 1, hint)
        source.is_guess = True
        return [Edit(end, end, close)]
