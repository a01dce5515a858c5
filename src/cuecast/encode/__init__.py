"""PCM → sound files. A new track format is a file here and a line in the table, or another package's entry point."""

from __future__ import annotations

from typing import BinaryIO

from cuecast.plugins import PluginTable
from cuecast.protocols import TrackFormat, TrackRequest

FORMATS = PluginTable(
    "format",
    "cuecast.formats",
    {
        "mp3": "cuecast.encode.mp3:Mp3",
        "wav": "cuecast.encode.wav:Wav",
        "flac": "cuecast.encode.libav:Flac",
        "ogg": "cuecast.encode.ogg:Ogg",
        "opus": "cuecast.encode.libav:Opus",
        "m4a": "cuecast.encode.libav:M4a",
    },
    ("name", "suffix", "write"),
)


def track_format(name: str) -> TrackFormat:
    """The track format called `name`.

    Raises UnknownPlugin, and SetupError if it can't be used or if a library that it needs is missing.
    """
    track_format: TrackFormat = FORMATS.make(name)
    if hasattr(track_format, "check"):
        track_format.check()
    return track_format


def write_track(track_format: TrackFormat, request: TrackRequest, target: BinaryIO) -> None:
    """Write a whole track. Raises SetupError if the format is of another package and fails."""
    with FORMATS.errors_of(track_format.name):
        track_format.write(request, target)


def track_suffixes() -> dict[str, str]:
    """The name of the track format for each file name suffix: the built-in ones, then other packages' that can be used."""
    suffixes = {f".{name}": name for name in FORMATS.builtin}
    for plugin in FORMATS.others():
        if plugin.problem is None:
            suffixes.setdefault(str(FORMATS.load(plugin.name).suffix).lower(), plugin.name)
    return suffixes


def format_by_suffix(suffix: str) -> str | None:
    """The name of the format whose tracks end so. Other packages are asked for one that is not built in."""
    name = suffix.lower().removeprefix(".")
    return name if name in FORMATS.builtin else track_suffixes().get(suffix.lower())
