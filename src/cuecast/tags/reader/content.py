"""The frames' contents: bytes in, values out."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from cuecast.tags.reader.fields import Broken, Budget, Fields
from cuecast.tags.reader.model import (
    Attachment,
    Contents,
    Frame,
    Mark,
    Other,
    Picture,
    Text,
    TimedWords,
    Words,
)

Inner = Callable[[bytes], tuple[Frame, ...]]
"""Reads the frames that stand inside another one."""

_MILLISECONDS = 2


def content(id: str, data: bytes, inner: Inner, budget: Budget) -> Frame:
    """The value of a frame. Raises Broken where it is not of the form that its id says, Spent beyond the budget."""
    fields = Fields(data, budget)
    if reader := _READERS.get(id):
        return reader(id, fields, inner)
    if id.startswith("T"):
        return _text(id, fields, inner)
    if id.startswith("W"):
        return Text(id, (fields.latin(),))
    return Other(id, data)


def _text(id: str, fields: Fields, inner: Inner) -> Frame:
    fields.encoding()
    return Text(id, fields.texts())


def _own_text(id: str, fields: Fields, inner: Inner) -> Frame:
    fields.encoding()
    description = fields.text()
    return Text(id, fields.texts(), description)


def _own_link(id: str, fields: Fields, inner: Inner) -> Frame:
    fields.encoding()
    description = fields.text()
    return Text(id, (fields.latin(),), description)


def _words(id: str, fields: Fields, inner: Inner) -> Frame:
    fields.encoding()
    language = _language(fields)
    description = fields.text()
    return Words(id, language, description, fields.text())


def _timed(id: str, fields: Fields, inner: Inner) -> Frame:
    fields.encoding()
    language = _language(fields)
    unit, kind = fields.number(), fields.number()
    found = TimedWords(language, fields.text(), kind, (), unit != _MILLISECONDS)
    lines = []
    while fields.left:
        text = fields.text()
        lines.append((fields.number(4), text))
    return found if found.in_frames else replace(found, lines=tuple(lines))


def _picture(id: str, fields: Fields, inner: Inner) -> Frame:
    fields.encoding()
    mime, kind = fields.latin(), fields.number()
    return Picture(mime, kind, fields.text(), fields.rest())


def _attachment(id: str, fields: Fields, inner: Inner) -> Frame:
    fields.encoding()
    mime, name, description = fields.latin(), fields.text(), fields.text()
    return Attachment(mime, name, description, fields.rest())


def _mark(id: str, fields: Fields, inner: Inner) -> Frame:
    element, start, end = fields.latin(), fields.number(4), fields.number(4)
    fields.bytes_(8)  # the same in bytes of the file, which nobody needs
    return Mark(element, start, end, inner(fields.rest()))


def _contents(id: str, fields: Fields, inner: Inner) -> Frame:
    element, flags, count = fields.latin(), fields.number(), fields.number()
    children = []
    for _ in range(count):
        if not fields.left:
            raise Broken
        children.append(fields.latin())
    return Contents(element, bool(flags & 2), bool(flags & 1), tuple(children), inner(fields.rest()))


def _language(fields: Fields) -> str:
    return fields.bytes_(3).decode("latin-1").rstrip("\0 ")


_READERS: dict[str, Callable[[str, Fields, Inner], Frame]] = {
    "TXXX": _own_text,
    "WXXX": _own_link,
    "COMM": _words,
    "USLT": _words,
    "SYLT": _timed,
    "APIC": _picture,
    "GEOB": _attachment,
    "CHAP": _mark,
    "CTOC": _contents,
}
