"""What an MP3 or M4A says of itself, whoever made it: for features that show or play a finished track."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from cuecast.model.timeline import Chapter, Interval
from cuecast.tags.mp3_length import length_ms
from cuecast.tags.reader import Tag, read_tag
from cuecast.tags.timeline_frame import DESCRIPTION, NoTimelineError, SpokenText, TrackMetadata, read_timeline

MP3, M4A = "audio/mpeg", "audio/mp4"

_TOLERANCE_MS = 2_000
"""If the sound's length differs more from the timeline's, the timeline belongs to another sound."""


class TrackFile(Struct, frozen=True):
    """A track's tag and length. All text is as a stranger wrote it. Times in ms.

    `intervals` and `captions` are empty if cuecast did not make it; `problems` says what could not be read, for people.
    """

    media_type: str
    title: str
    language: str
    comment: str
    duration: int
    intervals: tuple[Interval, ...]
    chapters: tuple[Chapter, ...]
    captions: tuple[SpokenText, ...]
    pictures: tuple[bytes, ...]
    problems: tuple[str, ...]


def read_track_file(path: Path) -> TrackFile | None:
    """Read an MP3 or M4A; return None if the file is neither. Raises OSError."""
    with path.open("rb") as file:
        if file.read(8)[4:] == b"ftyp":
            return _read_m4a(path)
        tag = read_tag(file) or Tag()
        duration = length_ms(file, tag.size)
    if not duration:
        return None
    problems = list(tag.problems)
    data = _timeline(tag, duration, problems)
    comments = (each.text for each in tag.comments if not each.description)
    return TrackFile(
        media_type=MP3,
        title=tag.texts.get("TIT2") or (data and data.title) or path.stem,
        language=data.language if data else "en",
        comment=next(comments, ""),
        duration=data.duration if data else duration,
        intervals=data.intervals if data else (),
        chapters=(data and data.chapters) or tuple(tag.chapters),
        captions=data.spoken if data else (),
        pictures=tuple(each.data for each in sorted(tag.pictures, key=lambda each: each.kind != 3)),
        problems=tuple(problems),
    )


def _read_m4a(path: Path) -> TrackFile | None:
    """Read an M4A, which has chapters but no timeline."""
    from mutagen import MutagenError
    from mutagen.mp4 import MP4

    try:
        file = MP4(path)
    except MutagenError:
        return None
    tags: Mapping[str, Any] = file.tags or {}
    info: Any = file.info
    duration = round(info.length * 1_000)
    starts = [round(each.start * 1_000) for each in file.chapters or ()]
    titles = [str(each.title) for each in file.chapters or ()]
    return TrackFile(
        media_type=M4A,
        title=next(iter(tags.get("\xa9nam", ())), "") or path.stem,
        language="en",
        comment=next(iter(tags.get("\xa9cmt", ())), ""),
        duration=duration,
        intervals=(),
        chapters=tuple(map(Chapter, starts, [*starts[1:], duration], titles)),
        captions=(),
        pictures=tuple(map(bytes, tags.get("covr", ()))),
        problems=(),
    )


def _timeline(tag: Tag, duration: int, problems: list[str]) -> TrackMetadata | None:
    attached = tag.attachments.get(DESCRIPTION)
    if attached is None:
        return None
    try:
        data = read_timeline(attached)
    except NoTimelineError as fault:
        problems.append(str(fault))
        return None
    if abs(data.duration - duration) > _TOLERANCE_MS:
        problems.append("its timeline is as long as another sound: was it cut after it was made?")
        return None
    return data
