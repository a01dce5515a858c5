"""The text of a Word document: paragraphs as lines, list items with a dash, tables with bars."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

MAX_XML = 20_000_000
"""The largest document that is unpacked."""

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DUPLICATE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BREAKS = {f"{_W}tab": " ", f"{_W}br": "\n", f"{_W}cr": "\n"}

_NAME_AND_DOSE = re.compile(r"[^\d\n]+\n\W*\d")
"""A paragraph of several lines that is one exercise: the lines below its name are indented."""

_KINDS = {
    "xl/": "an Excel workbook",
    "ppt/": "a PowerPoint presentation",
    "META-INF/container.xml": "an e-book (EPUB)",
    "content.xml": "an OpenDocument file (LibreOffice)",
    "Index/": "a document of Pages or Numbers",
}
"""What archives are, by the start of a file's name in them."""


class BadDocument(Exception):
    """A file that has no text, or none that can be read. `hint` says what to do."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


def docx_text(data: bytes) -> str:
    """The text of a `.docx`. Raises BadDocument."""
    names: list[str] = []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            member = archive.getinfo("word/document.xml")
            xml = archive.read(member) if member.file_size <= MAX_XML else b"<!DOCTYPE"
    except (KeyError, zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as fault:
        hint = "save it as `.docx`, or as plain text: `Save as`, `.txt`"
        raise BadDocument(f"this file is {_kind(names)}, and not a whole Word document", hint) from fault
    try:
        # A document type could define entities without end; Word writes none, and no other encoding than UTF-8.
        is_ours = b"<!DOCTYPE" not in xml and b"\0" not in xml
        body = ElementTree.fromstring(xml).find(f"{_W}body") if is_ours else None
    except ElementTree.ParseError:
        body = None
    if body is None:
        raise BadDocument("this Word document can't be read", "open it in Word, and save it again")
    return "\n".join(_lines(body))


def _kind(names: list[str]) -> str:
    """What a zip archive with these files is."""
    first = (kind for name, kind in _KINDS.items() if any(each.startswith(name) for each in names))
    return next(first, "a zip archive" if names else "an office file or an archive")


def _lines(body: ElementTree.Element) -> Iterator[str]:
    for element in _children(body):
        if element.tag == f"{_W}p":
            words = _words(element)
            yield _mark(element) + (words.replace("\n", "\n  ") if _NAME_AND_DOSE.match(words) else words)
        elif element.tag == f"{_W}tbl":
            for row in _children(element):
                cells = [" ".join(_words(cell).split()) for cell in _children(row) if cell.tag == f"{_W}tc"]
                if row.tag == f"{_W}tr":
                    yield "| " + " | ".join(cells) + " |"
            yield ""


def _children(parent: ElementTree.Element) -> Iterator[ElementTree.Element]:
    """The elements in another; in place of content controls what they hold. Without recursion: a stranger's nest is deep."""
    stack = [*reversed(parent)]
    while stack:
        element = stack.pop()
        if element.tag in (f"{_W}sdt", f"{_W}sdtContent"):
            stack.extend(reversed(element))
        else:
            yield element


def _mark(paragraph: ElementTree.Element) -> str:
    """The dash of a list item, the sharp of a heading."""
    properties = paragraph.find(f"{_W}pPr")
    if properties is None:
        return ""
    if (level := properties.find(f"{_W}numPr/{_W}ilvl")) is not None:
        depth = level.get(f"{_W}val", "0")
        return "  " * (int(depth) if depth in [*"12345678"] else 0) + "- "
    style = properties.find(f"{_W}pStyle")
    return "# " if style is not None and style.get(f"{_W}val", "").startswith("Heading") else ""


def _words(element: ElementTree.Element) -> str:
    words: list[str] = []
    stack: list[ElementTree.Element | str] = [element]
    while stack:
        each = stack.pop()
        if isinstance(each, str):
            words.append(each)
        elif each.tag == f"{_W}t":
            words.append(each.text or "")
        else:
            words.append(_BREAKS.get(each.tag, ""))
            stack += [" "] if each.tag == f"{_W}p" else []
            stack.extend(child for child in reversed(each) if child.tag != _DUPLICATE)
    return "".join(words)
