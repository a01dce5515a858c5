"""The stage `read`: from the bytes of a file to the routine as its author wrote it, and all that is wrong with it.

    bytes ─decode─▶ text ─lay-out─▶ page ─parse─▶ tree ─build─▶ Routine

It opens no file: the bytes come in, from wherever. Every fault is found in one go, each once, and no bytes whatever
make an exception.
"""

from __future__ import annotations

from typing import NamedTuple

from cuecast.diagnostics import Diagnostic, error, has_errors, in_order
from cuecast.read.decode import MAX_BYTES, decode
from cuecast.read.layout import lay_out
from cuecast.read.page import Page
from cuecast.read.steps import read_routine
from cuecast.read.tree import parse
from cuecast.routine import Routine
from cuecast.source import Source, Span

__all__ = ["MAX_BYTES", "ReadResult", "read"]


class ReadResult(NamedTuple):
    """A routine, None where there are errors; what there is to say; and the texts that it is said of."""

    routine: Routine | None
    diagnostics: tuple[Diagnostic, ...]
    sources: tuple[Source, ...]


def read(name: str, data: bytes) -> ReadResult:
    """Read a routine. `name` is what messages call the file; its last part without suffix is the routine's name."""
    source, is_readable, told = decode(name, data)
    if not is_readable:
        return ReadResult(None, in_order(told), (source,))
    page = Page(source)
    lay_out(page)
    root = parse(page)
    faults = [*told, *page.faults]
    routine = None
    if root is not None:
        routine, found = read_routine(root, source)
        faults += found
    elif not faults:
        hint = "`cuecast new NAME` writes a routine to start from"
        faults.append(error("empty-file", "there is nothing in this file but comments", Span(name, 1, 1, 1, 1), hint))
    return ReadResult(None if has_errors(faults) else routine, in_order(faults), (source,))
