"""A manifest as its author wrote it: which tracks a catalogue has. Every value has its span."""

from __future__ import annotations

from msgspec import Struct

from cuecast.model.source import Span

AS_WRITTEN = "as written"
"""The length that leaves it to the routine."""

AXES = ("routine", "language", "voice", "level", "length", "format")
"""What tracks of a catalogue differ in, the one that changes most slowly first."""


class ManifestText(Struct, frozen=True):
    """A value as it is typed, and where."""

    text: str
    span: Span


class Exclusion(Struct, frozen=True):
    """Tracks that are left out: those that meet all `criteria`, each an axis with its values."""

    criteria: tuple[tuple[str, tuple[ManifestText, ...]], ...]
    span: Span


class Manifest(Struct, frozen=True):
    """The values of each axis; none where the routine itself says it. `output` is where a track goes.

    `routines` are names, paths as seen from the manifest, and patterns of such paths.
    """

    routines: tuple[ManifestText, ...]
    languages: tuple[ManifestText, ...] = ()
    voices: tuple[ManifestText, ...] = ()
    levels: tuple[ManifestText, ...] = ()
    lengths: tuple[ManifestText, ...] = ()
    formats: tuple[ManifestText, ...] = ()
    exclude: tuple[Exclusion, ...] = ()
    output: ManifestText | None = None
