"""Importers: from other formats to the text of a routine. A new one is a file here and a line in the table.

Each is imported when it is first used. They are asked in the table's order, those of third parties before `notes`,
which takes any text.
"""

from __future__ import annotations

import codecs
from importlib import import_module
from typing import TYPE_CHECKING, cast

from cuecast.errors import SetupError
from cuecast.model.diagnostics import Diagnostic, did_you_mean, error
from cuecast.model.source import Source, Span
from cuecast.protocols import Imported, Importer

if TYPE_CHECKING:
    from importlib.metadata import EntryPoints

GROUP = "cuecast.importers"
"""The entry points of third parties: `NAME = "package.module:Class"`."""

IMPORTERS = {
    "zwo": "cuecast.importers.zwo:Zwo",
    "intervals": "cuecast.importers.intervals:Intervals",
    "notes": "cuecast.importers.notes:Notes",
}

MAX_BYTES = 1_000_000
"""The largest file that is imported; no routine may be larger either."""


class UnknownImporter(LookupError):
    """A name that no importer has. `hint` says which was probably meant, or which there are."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(f"there is no format `{name}` to import")
        self.hint = did_you_mean(name, known) or f"there are: {', '.join(known)}"


def convert(name: str, data: bytes, told: str | None = None) -> Imported:
    """The routine in a file of that name and content; `told` is the format, None to find out.

    Raises UnknownImporter for a `told` that is none, and SetupError for a plug-in that is broken.
    """
    importer = importer_for(name, data, told)
    source, faults = decode(name, data)
    return Imported("", faults) if faults else importer.convert(source)


def importer_for(name: str, data: bytes, told: str | None = None) -> Importer:
    """The importer that is `told`, else the first that recognises the file. Raises as `convert` does."""
    if told is not None:
        return _load(told)
    text = decode(name, data)[0].text
    *special, fallback = IMPORTERS
    for candidate in (*special, *sorted(_plug_ins().names - IMPORTERS.keys())):
        try:
            importer = _load(candidate)
        except SetupError:
            continue  # nobody asked for the broken one
        if importer.recognises(name, text):
            return importer
    return _load(fallback)


def importer_names() -> tuple[str, ...]:
    """The names of all importers: the built-in ones first."""
    return (*IMPORTERS, *sorted(_plug_ins().names - IMPORTERS.keys()))


def decode(name: str, data: bytes) -> tuple[Source, tuple[Diagnostic, ...]]:
    """The text of a foreign file, as far as it can be read, and why it can't."""
    start = Span(name, 1, 1, 1, 1)
    if len(data) > MAX_BYTES:
        return Source(name, ""), (error("bad-import", "this file is larger than 1 MB, the most that is read", start),)
    encoding = "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        hint = "save it again as UTF-8: most editors ask for the encoding under “Save as”"
        fault = error("bad-import", "the letters of this file can't be read; cuecast reads UTF-8", start, hint)
        return Source(name, data.decode(encoding, "replace")), (fault,)
    if not text.strip():
        return Source(name, text), (error("bad-import", "this file is empty", start),)
    if "\0" in text:
        return Source(name, ""), (error("bad-import", "this file is not text", start),)
    return Source(name, text), ()


def _load(name: str) -> Importer:
    if name in IMPORTERS:
        module, _, attribute = IMPORTERS[name].partition(":")
        return cast(Importer, getattr(import_module(module), attribute)())
    for point in _plug_ins().select(name=name):
        try:
            return cast(Importer, point.load()())
        except Exception as fault:  # somebody else's code: whatever it raises must not look like a fault of ours
            package = point.dist.name if point.dist else point.value
            message = f"the importer `{name}` of {package} does not load: {fault}"
            raise SetupError(message, f"update or remove {package}") from fault
    raise UnknownImporter(name, importer_names())


def _plug_ins() -> EntryPoints:
    # Imported late, as in `cuecast.export`.
    from importlib.metadata import entry_points

    return entry_points(group=GROUP)
