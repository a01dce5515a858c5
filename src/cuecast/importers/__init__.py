"""Importers: from other formats to the text of a routine. A new one is a file here and a line in the table.

They are asked in the table's order, those of other packages before `notes`, which takes any text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from cuecast.errors import SetupError
from cuecast.importers.refusals import refusal
from cuecast.importers.text import MAX_FILE_BYTES, read_text
from cuecast.model.diagnostics import has_errors, in_order
from cuecast.plugins import PluginTable
from cuecast.protocols import Imported, Importer

if TYPE_CHECKING:
    from cuecast.library import Folders
    from cuecast.model.duration import DurationRange

__all__ = ["IMPORTERS", "MAX_FILE_BYTES", "convert", "importer_for", "read_text"]

IMPORTERS = PluginTable(
    "importer",
    "cuecast.importers",
    {
        "zwo": "cuecast.importers.zwo:Zwo",
        "plan": "cuecast.importers.plan:Plan",
        "fit": "cuecast.importers.fit:Fit",
        "erg": "cuecast.importers.erg:Erg",
        "apps": "cuecast.importers.apps:Apps",
        "intervals": "cuecast.importers.intervals:Intervals",
        "notes": "cuecast.importers.notes:Notes",
    },
    ("name", "suffixes", "recognises", "convert"),
)


def convert(
    name: str,
    data: bytes,
    format_name: str | None = None,
    work: DurationRange | None = None,
    where: Folders | None = None,
) -> Imported:
    """The routine in a file of that name and content; with `format_name` None the importer is found by content.
    `work` is the length of exercises in notes that have none; `where` are the folders with the library of exercises.

    Raises UnknownPlugin for an unknown `format_name`, and SetupError for a plug-in that can't be used or fails.
    """
    source, remarks = read_text(name, data)
    if has_errors(remarks):
        return Imported("", remarks)
    importer = _importer(name, source.text, format_name)
    if importer.name == "notes" and (refused := refusal(source, data)):
        return Imported("", refused)
    if importer.name == "notes":
        from cuecast.importers.notes import Notes

        importer = Notes(work, where)
    with IMPORTERS.errors_of(importer.name):
        imported = importer.convert(source)
        return Imported(imported.yaml, in_order((*remarks, *imported.diagnostics)))


def importer_for(name: str, data: bytes, format_name: str | None = None) -> Importer:
    """The importer called `format_name`, else the first that recognises the file. Raises as `convert` does."""
    return _importer(name, read_text(name, data)[0].text, format_name)


def _importer(name: str, text: str, format_name: str | None) -> Importer:
    if format_name is not None:
        return _load(format_name)
    for candidate in (each for each in IMPORTERS.names() if each != "notes"):
        try:
            importer = _load(candidate)
            with IMPORTERS.errors_of(candidate):
                if importer.recognises(name, text):
                    return importer
        except SetupError:
            continue  # nobody asked for the broken one
    return _load("notes")


def _load(name: str) -> Importer:
    return cast(Importer, IMPORTERS.make(name))
