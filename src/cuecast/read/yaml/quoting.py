"""Text that needs quotes: on lines of its own, inside braces, and with escapes that mean nothing."""

from __future__ import annotations

import re

from cuecast.read.yaml.flow_text import flow_text_end, is_bracketed_text
from cuecast.read.yaml.patched_source import LINE, Edit, PatchedSource
from cuecast.read.yaml.pitfalls import (
    Pitfall,
    bad_escape,
    bad_escapes,
    comment,
    flow_pitfall,
    is_rest_empty,
    key_of,
    plain_pitfall,
    quote,
    quoted,
)

_BLOCK = re.compile(r"[|>](?:[+-]?[1-9]?|[1-9][+-])(?:\s+#.*)?")


class Quoting:
    """Reports text that needs quotes, and gives the edits that add them."""

    def __init__(self, source: PatchedSource) -> None:
        self.source = source
        self.grammar = source.grammar

    def bad_escapes(self, start: int) -> list[Edit]:
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

    def flow_text(self, start: int, limit: int) -> list[Edit]:
        """The quotes that text inside braces needs, if it does."""
        source = self.source
        end = flow_text_end(source.text, start, limit, self.grammar)
        if end is None or end == start:
            return []
        text = source.text[start:end]
        if pitfall := flow_pitfall(text):
            where = " on one line" if "\n" in text else ""
            source.report(pitfall.code, pitfall.message, start, end, f"write{where} `{LINE}`")
            return [Edit(start, end, quote(" ".join(pitfall.text.split())))]
        return []

    def text(self, name: str | None, start: int, column: int) -> list[Edit]:
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
            return not (is_text and is_bracketed_text(body)) and not _closes_early(body)
        return bool(_BLOCK.fullmatch(body))

    def _quoted(self, name: str | None, pieces: list[tuple[int, int]], number: int, pitfall: Pitfall) -> list[Edit]:
        source = self.source
        texts = [source.text[start:end] for start, end in pieces]
        text = " ".join([pitfall.text, *texts[1:]] if number == 0 else texts)
        # Behind a key that has keys of its own, as `music: noise: brown`, it is no text either.
        is_key = not self.grammar.takes_text(name) and self.grammar.is_key(text.partition(": ")[0])
        wants_quotes = self.grammar.takes_quotes(name) and not is_key
        if wants_quotes or pitfall.code in ("unclosed-quote", "curly-quotes"):
            hint = f"write{' on one line' if len(pieces) > 1 else ''} `{LINE}`"
            if pitfall.code == "words-lost" and re.search(r"\s#\s", text):
                hint += "; if it is a comment, put two spaces before the `#`"
            source.report(pitfall.code, pitfall.message, *pieces[number], hint)
        # Otherwise no text is wanted here: the reader says what is.
        return [Edit(pieces[0][0], pieces[-1][1], quote(text))]

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


def _closes_early(body: str) -> bool:
    """Whether something follows the bracket that closes the first one."""
    depth = 0
    for at, char in enumerate(body):
        depth += (char in "[{") - (char in "]}")
        if depth == 0:
            return not is_rest_empty(body[at + 1 :])
    return False
