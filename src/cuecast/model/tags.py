"""What a track says of itself, besides its sound."""

from __future__ import annotations

from msgspec import Struct


class Picture(Struct, frozen=True):
    """A picture as players take it: `image/png` or `image/jpeg`."""

    mime: str
    data: bytes


class Tags(Struct, frozen=True):
    """The tags of a track."""

    title: str
    artist: str = "cuecast"
    album: str = "cuecast"
    genre: str = "Speech"
    comment: str | None = None
    cover: Picture | None = None
    track: tuple[int, int] | None = None
    """Number and count on the album; None for a track that stands alone."""
    id3: str = "2.4"
    """The version of an MP3's tag: 2.4 or 2.3."""
    source: bytes | None = None
    """The routine itself, as a track carries it (`cuecast.tags.bundle`)."""
