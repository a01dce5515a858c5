"""What an MP3 says of itself, whoever made it: for features that show or play a finished track."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from cuecast.model.timeline import Chapter, Interval
from cuecast.tags.mp3_length import length_ms
from cuecast.tags.reader import Tag, read_tag
from cuecast.tags.timeline_frame import DESCRIPTION, NoTimelineError, SpokenText, TrackMetadata, read_timeline

_TOLERANCE_MS = 2_000
"""If the sound's length differs more from the timeline's, the timeline belongs to another sound."""


class TrackFile(Struct, frozen=True):
    """A track's tag and length. All text is as a stranger wrote it. Times in ms.

    `intervals` and `captions` are empty if cuecast did not make it; `problems` says what could not be read, for people.
    """

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
    """Read an MP3; return None if there is no MP3 sound in the file. Raises OSError."""
    with path.open("rb") as file:
        tag = read_tag(file) or Tag()
        duration = length_ms(file, tag.size)
    if not duration:
        return None
    problems = list(tag.problems)
    data = _timeline(tag, duration, problems)
    comments = (each.text for each in tag.comments if not each.description)
    return TrackFile(
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
