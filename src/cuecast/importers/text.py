"""The text of a foreign file: out of its encoding, a Word document, rich text or a FIT file."""

from __future__ import annotations

import codecs
import re
from importlib import import_module

from cuecast.importers.docx import BadDocument, docx_text
from cuecast.importers.refusals import refusal
from cuecast.model.diagnostics import Diagnostic, error, note, warning
from cuecast.model.source import Source, Span
from cuecast.versions import install_command

MAX_BYTES = 1_000_000
"""The largest text that is imported; a routine cannot be larger either."""

MAX_FILE_BYTES = 20_000_000
"""The largest file that is opened: a document has pictures, too."""

MAX_LINES, MAX_NOTES = 8_000, 250_000
"""The most lines and characters of notes and of workout text."""

_BYTE_ORDER = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16", codecs.BOM_UTF8: "utf-8-sig"}
_DECLARED = re.compile(rb"\s*<\?xml[^>]{0,80}?encoding=[\"']([\w.-]{1,20})[\"']")
_CONTROL = re.compile("[\0-\x08\x0e-\x1f\x7f-\x9f]")
_FONT = re.compile(r"\\f(\d{1,5})(?:(?!\\f\d)[^;])*?\\fcharset(\d{1,3})")
_SAVE_AS_TXT = "save it as plain text: `Save as`, `.txt`"


def read_text(name: str, data: bytes) -> tuple[Source, tuple[Diagnostic, ...]]:
    """The text of a foreign file, and what is to be said of it; an error if it has none."""
    start = Span(name, 1, 1, 1, 1)
    try:
        text, remark = _text(data)
    except BadDocument as fault:
        return Source(name, ""), (error("bad-import", str(fault), start, fault.hint),)
    if len(data if remark is None else text.encode("utf-8", "replace")) > MAX_BYTES:
        return Source(name, ""), (error("bad-import", "this file is larger than 1 MB, the most that is read", start),)
    if not text.strip():
        return Source(name, text), (error("bad-import", "this file is empty", start),)
    if "\0" in text:
        return Source(name, ""), (error("bad-import", "this file is not text", start),)
    if not remark:
        return Source(name, text), ()
    report = warning if "1252" in remark else note
    return Source(name, text), (report("not-carried-over", remark, start),)


def too_long(source: Source) -> tuple[Diagnostic, ...]:
    """An error for notes or workout text of a length that nobody types: each line takes a while to read."""
    if len(source.text) <= MAX_NOTES and source.text.count("\n") <= MAX_LINES:
        return ()
    message = f"this has more than {MAX_LINES:,} lines or {MAX_NOTES:,} characters, the most that is read as notes"
    hint = "cut out the part that is the routine"
    return (error("bad-import", message, Span(source.name, 1, 1, 1, 1), hint),)


def _text(data: bytes) -> tuple[str, str | None]:
    """The text, and a remark on how it is read; None for plain UTF-8. Raises BadDocument."""
    if data.startswith(b"PK\x03\x04"):
        return docx_text(data), ""
    if data.startswith(b"{\\rtf"):
        return _rtf_text(data), ""
    if data[8:12] == b".FIT":
        if len(data) > MAX_BYTES:
            hint = "export the planned workout, not the activity that was recorded"
            raise BadDocument("this FIT file is larger than 1 MB, the most that is read", hint)
        from cuecast.importers.fit import fit_lines

        return fit_lines(data), ""
    return _decoded(data)


def _decoded(data: bytes) -> tuple[str, str | None]:
    """The letters of a text file: UTF-8, else what its first bytes say, else those of Windows."""
    declared = _DECLARED.match(data[:200])
    encoding = next((name for mark, name in _BYTE_ORDER.items() if data.startswith(mark)), "utf-8")
    if encoding == "utf-8" and 4 * data[:2000].count(0) > len(data[:2000]):
        encoding = "utf-16-be" if data[:2000:2].count(0) > data[1:2000:2].count(0) else "utf-16-le"
    for each in filter(None, (declared and declared[1].decode(), encoding)):
        try:
            text = data.decode(each)
        except (LookupError, UnicodeError, ValueError):
            continue
        if not each.startswith("utf-16") or not _CONTROL.search(text):
            return text, "this text is in UTF-16; it is read as that" if each.startswith("utf-16") else None
    text = data.decode("cp1252", "replace")
    if refused := refusal(Source("", ""), data):
        raise BadDocument(refused[0].message, refused[0].hint)
    if "�" in text or _CONTROL.search(text):
        hint = "save it again as UTF-8: most editors ask for the encoding under “Save as”"
        raise BadDocument("the letters of this file can't be read; cuecast reads UTF-8", hint)
    return text, "this text is not UTF-8; it is read as Windows-1252, so look at its accents"


def _rtf_text(data: bytes) -> str:
    """Rich text as plain text. Raises BadDocument without the library for it."""
    try:
        striprtf = import_module("striprtf.striprtf")
    except ImportError:
        hint = f"{install_command('cuecast[rtf]')}, or {_SAVE_AS_TXT}"
        raise BadDocument("this file is rich text (RTF); the library that reads it is not installed", hint) from None
    # The library's patterns take time in proportion to the square of a line, and more: so no link looks like one, and
    # the table of fonts gets the form that they find at once.
    text = data.decode("latin-1").replace("\\field{", "\\field {")
    if fonts := striprtf.font_table_group(text):
        entries = (f"{{\\f{number}\\fcharset{charset} x;}}" for number, charset in _FONT.findall(fonts))
        text = text.replace(fonts, f"{{\\fonttbl{''.join(entries)}}}", 1)
    try:
        return str(striprtf.rtf_to_text(text, errors="ignore"))
    except (ValueError, LookupError, IndexError, RecursionError) as fault:
        raise BadDocument("this rich text (RTF) can't be read", _SAVE_AS_TXT) from fault
