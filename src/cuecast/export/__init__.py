"""Timeline → text and pictures. A new format is a file here and a line in the table, or another package's entry point."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from cuecast.plugins import PluginTable
from cuecast.protocols import PictureFormat, TextFormat

if TYPE_CHECKING:
    from cuecast.model.timeline import Timeline

FORMATS = PluginTable(
    "format",
    "cuecast.exports",
    {
        "table": "cuecast.export.table:Table",
        "json": "cuecast.export.json:Json",
        "lrc": "cuecast.export.lrc:Lrc",
        "vtt": "cuecast.export.vtt:Vtt",
        "vtt-chapters": "cuecast.export.vtt:ChaptersVtt",
        "chapters": "cuecast.export.chapters:Chapters",
        "audacity": "cuecast.export.audacity:Audacity",
        "csv": "cuecast.export.csv:Csv",
        "ffmetadata": "cuecast.export.ffmetadata:FfMetadata",
        "html": "cuecast.export.html:Html",
        "svg": "cuecast.export.svg:Svg",
        "png": "cuecast.export.png:Png",
    },
    ("name", "dump|draw"),
)


def export_format(name: str) -> TextFormat | PictureFormat:
    """The format called `name`. Raises UnknownPlugin, and SetupError if it can't be used."""
    export_format: TextFormat | PictureFormat = FORMATS.make(name)
    return export_format


def format_by_suffix(path: Path) -> str | None:
    """The name of the format whose files end like `path`; None if there is none.

    The longest suffix of a built-in format wins, then the longest of another package's that can be used. Of built-in
    formats that share their last part (`.json`), the first one wins.
    """
    builtin = {extension_of(export_format(name)): name for name in FORMATS.builtin}
    if found := _longest(builtin, path):
        return found
    names = (plugin.name for plugin in FORMATS.others() if plugin.problem is None)
    if found := _longest({extension_of(export_format(name)).lower(): name for name in names}, path):
        return found
    last = path.suffix.lower()
    return next((name for suffix, name in builtin.items() if last and Path(suffix).suffix == last), None)


def _longest(suffixes: Mapping[str, str], path: Path) -> str | None:
    matches = [suffix for suffix in suffixes if path.name.lower().endswith(suffix)]
    return suffixes[max(matches, key=len)] if matches else None


def to_bytes(export_format: TextFormat | PictureFormat, timeline: Timeline) -> bytes:
    """The timeline as the whole file in that format: text in UTF-8. Raises SetupError if another package's format fails."""
    with FORMATS.errors_of(export_format.name):
        if hasattr(export_format, "draw"):
            return bytes(export_format.draw(timeline))
        return export_format.dump(timeline).encode("utf-8", "replace")


def extension_of(export_format: TextFormat | PictureFormat) -> str:
    """The end of its files' names, with a dot."""
    suffix = str(getattr(export_format, "suffix", "") or export_format.name)
    return suffix if suffix.startswith(".") else f".{suffix}"


def sidecar_path(track: Path, export_format: TextFormat | PictureFormat) -> Path:
    """The path of a file in that format beside a track: it has the track's name."""
    return track.with_name(track.stem + extension_of(export_format))
