"""Importers: from other formats to the text of a routine. A new one is a file here and a line in the table.

They are asked in the table's order, those of other packages before `notes`, which takes any text.
"""

from __future__ import annotations

import codecs
import re
from typing import cast

from cuecast.errors import SetupError
from cuecast.model.diagnostics import Diagnostic, error
from cuecast.model.source import Source, Span
from cuecast.plugins import PluginTable
from cuecast.protocols import Imported, Importer

IMPORTERS = PluginTable(
    "importer",
    "cuecast.importers",
    {
        "zwo": "cuecast.importers.zwo:Zwo",
        "intervals": "cuecast.importers.intervals:Intervals",
        "notes": "cuecast.importers.notes:Notes",
    },
)

MAX_BYTES = 1_000_000
"""The largest file that is imported; a routine cannot be larger either."""

_SAVE_AS_TEXT = "open it, copy the list of exercises, and save it as plain text"
_NOT_IMPORTED = (
    (rb"%PDF-", "a PDF", _SAVE_AS_TEXT),
    (rb"\{\\rtf", "rich text (RTF)", "save it as plain text: `Save as`, `.txt`"),
    (rb"PK\x03\x04", "a Word or other office file", "save it as plain text: `Save as`, `.txt`"),
    (rb"\xd0\xcf\x11\xe0", "an office file from before 2007", "save it as plain text: `Save as`, `.txt`"),
    (rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html)", "a web page (HTML)", _SAVE_AS_TEXT),
    (rb"(?:\xef\xbb\xbf)?\s*[{\[]\s*[\"{\[]", "JSON, and not of an app that cuecast knows", _SAVE_AS_TEXT),
)
"""The first bytes of files that no importer reads, what they are, and what to do."""


def convert(name: str, data: bytes, format_name: str | None = None) -> Imported:
    """The routine in a file of that name and content; with `format_name` None the importer is found by content.

    Raises UnknownPlugin for an unknown `format_name`, and SetupError for a plug-in that does not load.
    """
    importer = importer_for(name, data, format_name)
    source, diagnostics = decode(name, data)
    if not diagnostics and importer.name == "notes":
        diagnostics = _refusal(source, data)
    return Imported("", diagnostics) if diagnostics else importer.convert(source)


def importer_for(name: str, data: bytes, format_name: str | None = None) -> Importer:
    """The importer called `format_name`, else the first that recognises the file. Raises as `convert` does."""
    if format_name is not None:
        return _load(format_name)
    text = decode(name, data)[0].text
    for candidate in (each for each in IMPORTERS.names() if each != "notes"):
        try:
            importer = _load(candidate)
        except SetupError:
            continue  # nobody asked for the broken one
        if importer.recognises(name, text):
            return importer
    return _load("notes")


def decode(name: str, data: bytes) -> tuple[Source, tuple[Diagnostic, ...]]:
    """The text of a foreign file, as far as it can be read, and why it can't."""
    start = Span(name, 1, 1, 1, 1)
    if len(data) > MAX_BYTES:
        return Source(name, ""), (error("bad-import", "this file is larger than 1 MB, the most that is read", start),)
    encoding = "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        source = Source(name, data.decode(encoding, "replace"))
        hint = "save it again as UTF-8: most editors ask for the encoding under “Save as”"
        fault = error("bad-import", "the letters of this file can't be read; cuecast reads UTF-8", start, hint)
        return source, _refusal(source, data) or (fault,)
    if not text.strip():
        return Source(name, text), (error("bad-import", "this file is empty", start),)
    if "\0" in text:
        return Source(name, ""), (error("bad-import", "this file is not text", start),)
    return Source(name, text), ()


def _refusal(source: Source, data: bytes) -> tuple[Diagnostic, ...]:
    """An error for a file of a kind that is known and that no importer reads."""
    start = Span(source.name, 1, 1, 1, 1)
    for pattern, kind, hint in _NOT_IMPORTED:
        if re.match(pattern, data, re.IGNORECASE):
            return (error("bad-import", f"this file is {kind}, which is not imported", start, hint),)
    if match := re.match(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<([A-Za-z][\w:.-]*)[\s/>]", source.text, re.DOTALL):
        message = f"this file is XML (<{match[1]}>) that no importer knows"
        return (error("bad-import", message, start, _SAVE_AS_TEXT),)
    return ()


def _load(name: str) -> Importer:
    return cast(Importer, IMPORTERS.load(name)())
