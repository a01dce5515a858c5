"""A track to share. Its tag comes from a stranger: all text is cleaned and shortened here, once."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from cuecast.model.diagnostics import Diagnostic, error, warning
from cuecast.model.timeline import Chapter, Interval
from cuecast.tags.timeline_frame import SpokenText
from cuecast.tags.track_file import M4A, MP3, read_track_file

SUFFIXES = {MP3: ".mp3", M4A: ".m4a"}
MAX_TITLE = 200
_MAX_TEXT = 1_000
_MAX_NAME_BYTES = 100
_MAX_COVER_BYTES = 5_000_000

_JOINERS = "\u200c\u200d"
_RESERVED = re.compile(r"(index|con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}")
_PICTURES = {b"\x89PNG\r\n": "png", b"\xff\xd8\xff": "jpg"}


_MAX_TAG_BYTES = 1 << 20
_TYPED_PICTURE = re.compile(rb"(APIC.{6}[\0\3]image/)(png|jpe?g)\0(.)", re.DOTALL | re.IGNORECASE)
"""The head of a picture's frame with a Latin-1 or UTF-8 description, up to its kind (such as front cover)."""


class FileCopy(Struct, frozen=True):
    """The content of a file, with other bytes at its start."""

    source: Path
    start: bytes = b""

    def chunks(self) -> Iterator[bytes]:
        """Yield all bytes. Raises OSError."""
        with self.source.open("rb") as file:
            file.seek(len(self.start))
            yield self.start
            while chunk := file.read(1 << 20):
                yield chunk


class Cover(Struct, frozen=True):
    """A track's picture as a file of the folder."""

    name: str
    data: bytes


class SharedTrack(Struct, frozen=True):
    """What the pages need of a track. Times in ms. `intervals` is empty if cuecast did not make it."""

    name: str
    content: FileCopy
    media_type: str
    size: int
    digest: str
    title: str
    language: str
    summary: str
    duration: int
    intervals: tuple[Interval, ...]
    chapters: tuple[Chapter, ...]
    captions: tuple[SpokenText, ...]
    cover: Cover | None

    @property
    def file(self) -> str:
        """The name of the sound's file."""
        return self.name + SUFFIXES[self.media_type]

    @property
    def exercises(self) -> int:
        """The number of different exercises."""
        return len({each.exercise for each in self.intervals if each.kind == "work"})


def read_track(path: Path) -> tuple[SharedTrack | None, list[Diagnostic]]:
    """Return the track in a file, and what is wrong with it; None if it has no sound. Raises OSError."""
    shown, name = clean(str(path), MAX_TITLE), file_name(path)
    track = read_track_file(path)
    if track is None:
        hint = "share what `cuecast render` made, or another MP3 or M4A"
        return None, [error("not-a-track", f"{shown}: there is no MP3 or M4A sound in it", None, hint)]
    content = FileCopy(path, _with_untyped_pictures(path) if track.media_type == MP3 else b"")
    digest = hashlib.sha256()
    for chunk in content.chunks():
        digest.update(chunk)
    shared = SharedTrack(
        name=name,
        content=content,
        media_type=track.media_type,
        size=path.stat().st_size,
        digest=digest.hexdigest(),
        title=clean(track.title, MAX_TITLE) or name,
        language=track.language if _LANGUAGE.fullmatch(track.language) else "en",
        summary=clean(track.comment, _MAX_TEXT),
        duration=track.duration,
        intervals=tuple(replace(i, exercise=i.exercise and clean(i.exercise, MAX_TITLE)) for i in track.intervals),
        chapters=tuple(
            Chapter(each.start, min(each.end, track.duration), clean(each.title, MAX_TITLE))
            for each in track.chapters
            if each.start < track.duration
        ),
        captions=tuple(replace(each, text=clean(each.text, _MAX_TEXT)) for each in track.captions),
        cover=_find_cover(track.pictures, name),
    )
    hint = "the sound is shared as it is; `cuecast render` makes a whole track"
    return shared, [warning("broken-tag", f"{shown}: {problem}", None, hint) for problem in track.problems]


def file_name(path: Path) -> str:
    """Return the name of the track's files: the source's, without characters that some host or disk can't take."""
    stem = unicodedata.normalize("NFC", path.stem)
    safe = "".join(c if c.isalnum() or c in " -_.,()'!" else "-" for c in stem)
    short = safe.encode("utf-8", "ignore")[:_MAX_NAME_BYTES].decode("utf-8", "ignore").strip(" .-")
    return f"{short}-track" if _RESERVED.fullmatch(short) else short or "track"


def clean(text: str, limit: int) -> str:
    """Return the text on one line, cut at `limit`, without characters that control terminals or are invalid in XML."""
    plain = "".join(c if c.isprintable() or c in _JOINERS else " " for c in text[: 4 * limit])
    short = " ".join(plain.split())
    return short if len(short) <= limit else short[: limit - 1] + "…"


def _with_untyped_pictures(path: Path) -> bytes:
    """Return the start of an MP3, up to its last picture, with the type `image/`, which in ID3 is any picture.

    Chromium looks for the size of a picture of a type that it knows in a minute of sound before it plays: 1 MB under
    music. Players look into the picture itself, those that use FFmpeg excepted. The type's name becomes the beginning
    of the description, so that no byte moves.
    """
    with path.open("rb") as file:
        data = file.read(_MAX_TAG_BYTES)
    end = max((match.end() for match in _TYPED_PICTURE.finditer(data)), default=0)
    return _TYPED_PICTURE.sub(rb"\1\0\3\2", data[:end])


def _find_cover(pictures: Iterable[bytes], name: str) -> Cover | None:
    """Return the first picture that begins as a PNG or JPEG does."""
    for data in pictures:
        for magic, suffix in _PICTURES.items():
            if data.startswith(magic) and len(data) <= _MAX_COVER_BYTES:
                return Cover(f"{name}.{suffix}", data)
    return None
