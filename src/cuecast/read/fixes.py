"""Corrections written into a file: comments, layout, line ends and a byte order mark stay as they are."""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from itertools import accumulate

from cuecast.model.source import Fix


def apply_fixes(data: bytes, fixes: Iterable[Fix]) -> tuple[bytes, tuple[Fix, ...]]:
    """The bytes of a UTF-8 file with its corrections, and those that were made: of two that overlap, the first."""
    fixes = set(fixes)
    if not fixes:  # the file may be no text at all
        return data, ()
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    text = data.removeprefix(mark).decode("utf-8")
    starts = [0, *accumulate(map(len, text.splitlines(keepends=True)))]
    parts, made, at = [], [], 0
    for fix in sorted(fixes, key=lambda fix: (fix.span, fix.text)):
        start = starts[fix.span.line - 1] + fix.span.column - 1
        end = starts[fix.span.end_line - 1] + fix.span.end_column - 1
        if at <= start <= end and text[start:end] != fix.text:
            parts += [text[at:start], fix.text]
            made.append(fix)
            at = end
    return mark + "".join([*parts, text[at:]]).encode("utf-8"), tuple(made)
