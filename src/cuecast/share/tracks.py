"""Reads a track to share. Its tag comes from a stranger: all text is cleaned and shortened here, once."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from pathlib import Path

from msgspec import Struct

from cuecast.model.diagnostics import Diagnostic, error, warning
from cuecast.model.timeline import Chapter, Interval
from cuecast.tags.reader import read_tag
from cuecast.tags.reader.model import Picture, Tag, Words
from cuecast.tags.reader.sound import length_ms
from cuecast.tags.timeline_frame import DESCRIPTION, NoTimelineError, SpokenText, TrackMetadata, read_embedded

MAX_TITLE = 200
_MAX_TEXT = 1_000
_MAX_NAME_BYTES = 100
_MAX_COVER_BYTES = 5_000_000
_TOLERANCE_MS = 2_000
"""If the sound's length differs more from the timeline's, the timeline belongs to another sound."""

_JOINERS = "\u200c\u200d"
_RESERVED = re.compile(r"(index|con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_PICTURES = {b"\x89PNG\r\n": ("png", "image/png"), b"\xff\xd8\xff": ("jpg", "image/jpeg")}


class Cover(Struct, frozen=True):
    """A track's picture as a file of the folder."""

    name: str
    media_type: str
    data: bytes


class SharedTrack(Struct, frozen=True):
    """What the pages need of a track. Times in ms. `intervals` is empty if cuecast did not make it."""

    name: str
    source: Path
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
    def exercises(self) -> int:
        """The number of different exercises."""
        return len({each.exercise for each in self.intervals if each.kind == "work"})


def read_track(path: Path) -> tuple[SharedTrack | None, list[Diagnostic]]:
    """Return the track in a file, and what is wrong with it; None if it is not an MP3. Raises OSError."""
    shown = clean(str(path), MAX_TITLE)
    with path.open("rb") as file:
        tag = read_tag(file) or Tag("", 0, ())
        duration = length_ms(file, tag.size)
        if not duration:
            hint = "share what `cuecast render` made, or another MP3"
            return None, [error("not-a-track", f"{shown}: there is no MP3 sound in it", None, hint)]
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = file.tell()
    problems = list(tag.problems)
    data = _timeline(tag, duration, problems)
    duration = data.duration if data else duration
    name = file_name(path)
    comments = [each.text for each in tag.all(Words) if each.id == "COMM" and not each.description]
    track = SharedTrack(
        name=name,
        source=path,
        size=size,
        digest=digest,
        title=clean(tag.text("TIT2") or (data and data.title) or path.stem, MAX_TITLE) or name,
        language=_language(data.language if data else ""),
        summary=clean(comments[0], _MAX_TEXT) if comments else "",
        duration=duration,
        intervals=tuple(map(_clean_interval, data.intervals)) if data else (),
        chapters=_clean_chapters((data and data.chapters) or tag.chapters(), duration),
        captions=tuple(SpokenText(s.start, s.end, clean(s.text, _MAX_TEXT)) for s in data.said) if data else (),
        cover=_cover(tag, name),
    )
    hint = "the sound is shared as it is; `cuecast render` makes a whole track"
    return track, [warning("broken-tag", f"{shown}: {problem}", None, hint) for problem in problems]


def file_name(path: Path) -> str:
    """Return the name of the track's files: that of the MP3, without characters that some host or disk can't take."""
    stem = unicodedata.normalize("NFC", path.stem)
    safe = "".join(c if c.isalnum() or c in " -_.,()'!" else "-" for c in stem)
    short = safe.encode("utf-8", "ignore")[:_MAX_NAME_BYTES].decode("utf-8", "ignore").strip(" .-")
    return f"{short}-track" if _RESERVED.fullmatch(short) else short or "track"


def clean(text: str, limit: int) -> str:
    """Return the text on one line, cut at `limit`, without characters that control terminals or are invalid in XML."""
    plain = "".join(c if c.isprintable() or c in _JOINERS else " " for c in text[: 4 * limit])
    short = " ".join(plain.split())
    return short if len(short) <= limit else short[: limit - 1] + "…"


def _timeline(tag: Tag, duration: int, problems: list[str]) -> TrackMetadata | None:
    frame = tag.attachment(DESCRIPTION)
    if frame is None:
        return None
    try:
        data = read_embedded(frame.data)
    except NoTimelineError as fault:
        problems.append(str(fault))
        return None
    if abs(data.duration - duration) > _TOLERANCE_MS:
        problems.append("its timeline is as long as another sound: was it cut after it was made?")
        return None
    return data


def _clean_chapters(chapters: tuple[Chapter, ...], duration: int) -> tuple[Chapter, ...]:
    return tuple(
        Chapter(each.start, min(each.end, duration), clean(each.title, MAX_TITLE))
        for each in chapters
        if each.start < duration
    )


def _clean_interval(each: Interval) -> Interval:
    name = clean(each.exercise, MAX_TITLE) if each.exercise else None
    return Interval(each.start, each.end, each.kind, name, each.side, each.round, each.rounds)


def _language(tag: str) -> str:
    return tag if re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}", tag) else "en"


def _cover(tag: Tag, name: str) -> Cover | None:
    """Return the front cover, if it begins as a PNG or JPEG does."""
    for picture in sorted(tag.all(Picture), key=lambda each: each.kind != 3):
        for magic, (suffix, media_type) in _PICTURES.items():
            if picture.data.startswith(magic) and len(picture.data) <= _MAX_COVER_BYTES:
                return Cover(f"{name}.{suffix}", media_type, picture.data)
    return None
