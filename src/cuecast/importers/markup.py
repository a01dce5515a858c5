"""XML from strangers: elements with their spans. Document types are refused, so there are no entities to expand.

Read with expat itself, because ElementTree does not give line numbers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.parsers import expat

from msgspec import Struct, field

from cuecast.importers.ir import clean
from cuecast.model.source import Source, Span

MAX_DEPTH = 20
_LONE_AND = re.compile(r"&(?!#?\w{1,10};)")
_CDATA = re.compile(r"(<!\[CDATA\[|\]\]>)")


class BadMarkup(Exception):
    """A file that is not XML, or XML that is not read. `span` says where."""

    def __init__(self, message: str, span: Span, hint: str | None = None) -> None:
        super().__init__(message)
        self.span, self.hint = span, hint


class Element(Struct):
    """An element: its name as typed; its attributes by their names in lower case."""

    name: str
    span: Span
    attributes: Mapping[str, str]
    children: list[Element] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All text that stands directly in it."""
        return "".join(self.texts)

    @property
    def tag(self) -> str:
        """The name in lower case."""
        return self.name.lower()

    def get(self, key: str) -> str:
        """An attribute; empty if there is none."""
        return self.attributes.get(key, "")

    def first(self, tag: str) -> Element | None:
        """The first child of that tag."""
        return next((child for child in self.children if child.tag == tag), None)


def parse(source: Source) -> Element:
    """The root element. Raises BadMarkup."""
    reader = _Reader(source)
    try:
        reader.parser.Parse(_escaped(source.text.lstrip()).encode("utf-8", "replace"), True)
    except expat.ExpatError as fault:
        place = reader.place(fault.lineno, fault.offset)
        problem = expat.errors.messages.get(fault.code, "it ends too early")
        raise BadMarkup(f"this file is not whole: {problem}", place, "export it again from where it comes") from fault
    if reader.root is None:
        raise BadMarkup("there is nothing in this file", reader.place(1, 0))
    return reader.root


def _escaped(text: str) -> str:
    """The text with `&amp;` for each `&` that people type without, outside of CDATA."""
    parts = _CDATA.split(text)
    return "".join(
        part if at > 1 and parts[at - 1].startswith("<") else _LONE_AND.sub("&amp;", part)
        for at, part in enumerate(parts)
    )


class _Reader:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.skipped = source.text[: len(source.text) - len(source.text.lstrip())].count("\n")
        self.root: Element | None = None
        self.open: list[Element] = []
        # The text is encoded here, whatever its first line claims.
        self.parser = expat.ParserCreate("utf-8")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.data
        self.parser.StartDoctypeDeclHandler = self.doctype

    def place(self, line: int, column: int, length: int = 0) -> Span:
        line = max(1, line) + self.skipped
        return Span(self.source.name, line, column + 1, line, column + 1 + length)

    def here(self, length: int = 0) -> Span:
        return self.place(self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber, length)

    def doctype(self, *_: object) -> None:
        hint = "delete the line with <!DOCTYPE; a workout needs none"
        raise BadMarkup("this file defines a document type, which is not read", self.here(), hint)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self.open) >= MAX_DEPTH:
            raise BadMarkup(f"elements stand in more than {MAX_DEPTH} others", self.here())
        element = Element(
            clean(name), self.here(len(name) + 1), {key.lower(): value for key, value in attributes.items()}
        )
        if self.open:
            self.open[-1].children.append(element)
        elif self.root is None:
            self.root = element
        self.open.append(element)

    def end(self, _: str) -> None:
        self.open.pop()

    def data(self, text: str) -> None:
        if self.open:
            self.open[-1].texts.append(text)
