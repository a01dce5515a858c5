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

_BOMS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16, as some Windows programs save text"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
_SIGNATURES = (
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
    fault = _not_a_text(name, data, grammar)
    if fault:
        return Decoded(Source(name, ""), False, (fault,))
    plain = data.removeprefix(codecs.BOM_UTF8)
    try:
        text = plain.decode("utf-8")
    except UnicodeDecodeError as bad:
        return Decoded(Source(name, plain.decode("utf-8", "replace")), False, (_not_utf8(name, plain, bad.start),))
    if not text.strip():
        empty = error("empty-file", "this file is empty", Span(name, 1, 1, 1, 1), grammar.new)
        return Decoded(Source(name, text), False, (empty,))
    return _without_odd_characters(name, text, grammar)


def _not_a_text(name: str, data: bytes, grammar: Grammar) -> Diagnostic | None:
    """What the file is, if its first bytes show that it is not text in UTF-8."""
    start = Span(name, 1, 1, 1, 1)
    as_text = _as_text(grammar)
    if len(data) > MAX_BYTES:
        limit = f"{MAX_BYTES // 1_000_000} MB"
        return error("too-large", f"this file is larger than {limit}, the most that is read", start, as_text)
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return error("not-utf8", f"this file is {encoding}; cuecast reads UTF-8", start, _AS_UTF8)
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            return error("not-text", f"this file is {kind}, not {grammar.title}", start, as_text)
    if b"\0" in data and _looks_like_utf16(data):
        return error("not-utf8", "this file is UTF-16; cuecast reads UTF-8", start, _AS_UTF8)
    controls = len(data) - len(data.translate(None, _CONTROLS))
    if controls > max(3, len(data) // 50):
        return error("not-text", "this file is not text", start, as_text)
    return None


def _as_text(grammar: Grammar) -> str:
    return f"{grammar.title} is a plain text file; start one with `{grammar.command}`"


def _looks_like_utf16(data: bytes) -> bool:
    """Plain Western text in UTF-16 has a zero in nearly every other byte."""
    half = max(1, len(data) // 2)
    return (
        max(data[0::2].count(0), data[1::2].count(0)) > 0.7 * half
        and min(data[0::2].count(0), data[1::2].count(0)) < 0.1 * half
    )


def _not_utf8(name: str, data: bytes, at: int) -> Diagnostic:
    before = data[:at].decode("utf-8").splitlines(keepends=True) or [""]
    ended = before[-1].splitlines() != [before[-1]] and before[-1] != ""
    line, column = (len(before) + 1, 1) if ended else (len(before), len(before[-1]) + 1)
    letter = data[at : at + 1].decode("cp1252", "replace")
    return error(
        "not-utf8",
        f"this file is not UTF-8; the first letter that can't be read is here, perhaps `{letter}` "
        "in Windows-1252 or Latin-1",
        Span(name, line, column, line, column + 1),
        _AS_UTF8,
    )


def _without_odd_characters(name: str, text: str, grammar: Grammar) -> Decoded:
    matches = list(_ODD.finditer(text))
    if len(matches) > max(3, len(text) // 20):
        fault = error("not-text", "this file is not text", Span(name, 1, 1, 1, 1), _as_text(grammar))
        return Decoded(Source(name, ""), False, (fault,))
    # Replaced by spaces, so that lines and columns stay.
    clean = _ODD.sub(" ", text)
    faults = []
    line, at = 1, 0
    for match in matches[: MAX_FAULTS + 1]:
        before = (clean[at : match.start()] + "x").splitlines()
        line, at = line + len(before) - 1, match.start() + 1 - len(before[-1])
        column = len(before[-1])
        faults.append(
            error(
                "odd-character",
                f"an invisible character (U+{ord(match[0]):04X}) is here",
                Span(name, line, column, line, column + 1),
                "delete it; if you can't see it, type the line again",
            )
        )
    return Decoded(Source(name, clean), True, tuple(faults))
