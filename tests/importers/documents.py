"""Files of other programs, as small as they can be: Word documents, and workouts in FIT."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_ITEM = '<w:numPr><w:ilvl w:val="0"/></w:numPr>'
_HEADING = '<w:pStyle w:val="Heading1"/>'


def docx(body: str, encoding: str = "utf-8") -> bytes:
    """A Word document with this body."""
    return docx_of_xml(f"<w:document {_W}><w:body>{body}</w:body></w:document>".encode(encoding))


def docx_of_xml(xml: bytes) -> bytes:
    """A Word document whose text is this."""
    return zipped("word/document.xml", xml)


def zipped(name: str, data: bytes = b"") -> bytes:
    """An archive of one file."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, data)
    return file.getvalue()


def docx_of(text: str) -> bytes:
    """A Word document of headings (`# `), list items (`- `), the rows of tables (`| `) and paragraphs."""
    return docx("".join(map(_element, text.splitlines())))


def _element(line: str) -> str:
    if line.startswith("|"):
        cells = "".join(f"<w:tc>{_paragraph(cell.strip())}</w:tc>" for cell in line.strip("|").split("|"))
        return f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>"
    properties = {"# ": _HEADING, "- ": _ITEM}.get(line[:2], "")
    return _paragraph(line[2:] if properties else line, properties)


def _paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


_FIELDS = {
    26: {"wkt_name": (8, 0x07)},
    27: {"wkt_step_name": (0, 0x07), "duration_type": (1, 0x00), "duration_value": (2, 0x86), "target_type": (3, 0x00),
         "target_value": (4, 0x86), "low": (5, 0x86), "high": (6, 0x86), "intensity": (7, 0x00), "category": (10, 0x84)},
}  # fmt: skip
"""The messages `workout` and `workout_step` of a FIT file: the number and the base type of each field."""


def fit(messages: Sequence[tuple[int, Mapping[str, str | int]]]) -> bytes:
    """A FIT file of these messages; `duration_value` of a time is in milliseconds."""
    records = b""
    for number, values in messages:
        data = {name: _value(_FIELDS[number][name][1], value) for name, value in values.items()}
        records += struct.pack("<BBBHB", 0x40, 0, 0, number, len(data))
        for name, packed in data.items():
            field, base = _FIELDS[number][name]
            records += struct.pack("BBB", field, len(packed), base)
        records += b"\0" + b"".join(data.values())
    return struct.pack("<BBHI4sH", 14, 0x10, 2132, len(records), b".FIT", 0) + records + b"\0\0"


def _value(base: int, value: str | int) -> bytes:
    if isinstance(value, str):
        return value.encode() + b"\0"
    return struct.pack({0x86: "<I", 0x84: "<H"}.get(base, "B"), value)
