"""Bytes → text; files that are no text are named."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from cuecast.model.diagnostics import Diagnostic, error
from cuecast.model.limits import MAX_BYTES
from cuecast.model.source import Source, Span
from cuecast.read.grammar import ROUTINE_FILE, Grammar
from cuecast.read.yaml.patched_source import MAX_FAULTS

_AS_UTF8 = "save it again as UTF-8: most editors ask for the encoding under “Save as”"

_SIGNATURES = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16, as some Windows programs save text"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"{\\rtf", "a rich text document"),
    (b"ID3", "an MP3 file"),
    (b"\xff\xfb", "an MP3 file"),
    (b"RIFF", "a sound file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\x1f\x8b", "a compressed file"),
)
_CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\r\f")
# What YAML refuses, and the byte order mark, which is invisible in every editor.
# (The opposite, a class of allowed characters, compiles ten times slower.)
_ODD = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")


class Decoded(NamedTuple):
    """A file's text without byte order mark, and whether it is readable."""

    source: Source
    is_readable: bool
    faults: tuple[Diagnostic, ...] = ()


def decode(name: str, data: bytes, grammar: Grammar = ROUTINE_FILE) -> Decoded:
    """The text of a file; for an unreadable one, as much as can be shown."""
    start = Span(name, 1, 1, 1, 1)
    as_text = f"{grammar.title} is a plain text file; {grammar.new}"
    if len(data) > MAX_BYTES:
        message = f"this file is larger than {MAX_BYTES // 1_000_000} MB, the most that is read"
        return _unreadable(error("too-large", message, start, as_text))
    kind = next((kind for signature, kind in _SIGNATURES if data.startswith(signature)), None)
    if kind is None and b"\0" in data and _looks_like_utf16(data):
        kind = "UTF-16"
    if kind and kind.startswith("UTF"):
        return _unreadable(error("not-utf8", f"this file is {kind}; cuecast reads UTF-8", start, _AS_UTF8))
    if kind:
        return _unreadable(error("not-text", f"this file is {kind}, not {grammar.title}", start, as_text))
    not_text = _unreadable(error("not-text", "this file is not text", start, as_text))
    if len(data) - len(data.translate(None, _CONTROLS)) > max(3, len(data) // 50):
        return not_text
    plain = data.removeprefix(codecs.BOM_UTF8)
    try:
        text = plain.decode("utf-8")
    except UnicodeDecodeError as bad:
        letter = plain[bad.start : bad.start + 1].decode("cp1252", "replace")
        where = f"the first letter that can't be read is here, perhaps `{letter}` in Windows-1252 or Latin-1"
        span = _span(name, plain[: bad.start].decode("utf-8"))
        fault = error("not-utf8", f"this file is not UTF-8; {where}", span, _AS_UTF8)
        return _unreadable(fault, plain.decode("utf-8", "replace"))
    if not text.strip():
        return _unreadable(error("empty-file", "this file is empty", start, grammar.new), text)
    odd = list(_ODD.finditer(text))
    if len(odd) > max(3, len(text) // 20):
        return not_text
    text = _ODD.sub(" ", text)  # by spaces, so that lines and columns stay
    return Decoded(Source(name, text), True, tuple(_odd_characters(name, text, odd[: MAX_FAULTS + 1])))


def _unreadable(fault: Diagnostic, text: str = "") -> Decoded:
    assert fault.span is not None
    return Decoded(Source(fault.span.file, text), False, (fault,))


def _looks_like_utf16(data: bytes) -> bool:
    """Plain Western text in UTF-16 has a zero in nearly every other byte."""
    zeros = sorted((data[0::2].count(0), data[1::2].count(0)))
    half = max(1, len(data) // 2)
    return zeros[0] < 0.1 * half and zeros[1] > 0.7 * half


def _span(name: str, before: str, line: int = 1) -> Span:
    """The span of the character behind a text that begins with a line."""
    rows = (before + "x").splitlines()
    line, column = line + len(rows) - 1, len(rows[-1])
    return Span(name, line, column, line, column + 1)


def _odd_characters(name: str, text: str, odd: list[re.Match[str]]) -> list[Diagnostic]:
    faults: list[Diagnostic] = []
    hint = "delete it; if you can't see it, type the line again"
    line, line_start = 1, 0
    for match in odd:
        span = _span(name, text[line_start : match.start()], line)
        line, line_start = span.line, match.start() + 1 - span.column
        faults.append(error("odd-character", f"an invisible character (U+{ord(match[0]):04X}) is here", span, hint))
    return faults
