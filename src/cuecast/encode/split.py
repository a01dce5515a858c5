"""`render --split`: a numbered MP3 for each chapter, and a playlist, for players that do not know chapters.

Joined, the files are the whole track to the sample: each is encoded from windows of the whole track's sound.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from cuecast.encode import track_format
from cuecast.errors import SetupError
from cuecast.files import atomic_directory, atomic_write
from cuecast.model.tags import Tags
from cuecast.model.timeline import BedSegment, Chapter, Event, Interval, Timeline
from cuecast.protocols import MixedSound, TrackRequest

_Timed = TypeVar("_Timed", Interval, Event, BedSegment)

PLAYLIST = ".m3u8"

_PLAYLIST_MARK = "#CUECAST"
"""A line of our playlists: a later build recognises them by it."""

_OUR_TAG = re.compile(rb"TSSE[\0-\x7f]{4}\0\0[\0\x03]cuecast ")
_TAG_BYTES = 1 << 16
"""The encoder's name is within these first bytes of a track."""

_MAX_TITLE_BYTES = 100
"""Bytes of a title in a file name, in UTF-8. With number and suffix it stays far below the file systems' 255."""

_FORBIDDEN = str.maketrans({"/": "-", "\\": "-", ":": "-", "|": "-", '"': "'", "<": "(", ">": ")", "?": "", "*": ""})


class TrackPart(Struct, frozen=True):
    """A chapter as a track of its own. Its timeline counts from 0; `start` is its place in the whole track (ms)."""

    name: str
    start: int
    timeline: Timeline


class SplitTrack:
    """A track as a folder of files. Raises SetupError if a file is in the way that cuecast did not make.

    `write` gives each file the picture and the ID3 version of the `tags`, replaces files of the same names, removes what an earlier split wrote, and touches nothing else.
    """

    def __init__(self, folder: Path, timeline: Timeline) -> None:
        self.playlist = folder / f"{folder.name}{PLAYLIST}"
        self._folder, self._timeline = folder, timeline
        self._parts = split_at_chapters(timeline)
        self._previous = _listed_files(self.playlist)
        for path in self.files:
            if (path.exists() or path.is_symlink()) and not _is_ours(path):
                raise _in_the_way(path)

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that have the sound, in order."""
        return tuple(self._folder / part.name for part in self._parts)

    def write(self, track: TrackRequest) -> int:
        """Write all files or none; the folder is created if needed. Returns their size in bytes."""
        size, tags = 0, track.tags()
        names = {part.name for part in self._parts}
        with atomic_directory(self._folder) as stage:
            for number, part in enumerate(self._parts, 1):
                size += self._write_part(number, part, stage, track, tags)
            with atomic_write(stage / self.playlist.name) as out:
                out.write(_playlist(self._timeline, self._parts).encode("utf-8", "replace"))
            for name in (*names, self.playlist.name):
                (stage / name).replace(self._folder / name)
            for name in self._previous - names:
                if _is_ours(self._folder / name):
                    (self._folder / name).unlink(missing_ok=True)
        return size

    def _write_part(self, number: int, part: TrackPart, stage: Path, track: TrackRequest, tags: Tags) -> int:
        own = {"title": part.timeline.title, "album": self._timeline.title, "track": (number, len(self._parts))}
        part_tags = partial(replace, tags, **own, comment=None, source=None)

        def part_progress(done: int, total: int) -> None:
            track.progress(part.start + part.timeline.duration * done // max(1, total), self._timeline.duration)

        shifted = _ShiftedSound(track.sound, part.start)
        request = TrackRequest(part.timeline, shifted, part_tags, track.jobs, part_progress, track.cache)
        with atomic_write(stage / part.name) as out:
            track_format("mp3").write(request, out)
            return out.tell()


def split_at_chapters(timeline: Timeline, suffix: str = ".mp3") -> list[TrackPart]:
    """A part for each chapter, in order; the whole track if it has no chapters."""
    chapters = timeline.chapters or (Chapter(0, timeline.duration, timeline.title),)
    return [
        TrackPart(numbered_name(number, len(chapters), chapter.title, suffix), chapter.start, _cut(timeline, chapter))
        for number, chapter in enumerate(chapters, 1)
    ]


def numbered_name(number: int, count: int, title: str, suffix: str) -> str:
    """`01 Calves, left.mp3`: a unique file name that sorts in order and that every system accepts.

    It has no character that Linux, macOS, Windows or a phone's memory card forbids. The number in front keeps it
    different from the names that Windows reserves for devices.
    """
    digits = max(2, len(str(count)))
    return f"{number:0{digits}} {_portable(title) or 'Chapter'}{suffix}"


def _portable(title: str) -> str:
    text = unicodedata.normalize("NFC", title).translate(_FORBIDDEN)
    # Leave out what is invisible: control characters, direction marks, surrogates, unassigned code points.
    visible = "".join(" " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c)[0] != "C")
    short = re.sub(" +", " ", visible).encode()[:_MAX_TITLE_BYTES].decode(errors="ignore")
    return short.strip(" .")


def _cut(timeline: Timeline, chapter: Chapter) -> Timeline:
    """The part of the timeline inside a chapter. Events across its borders are cut there, as the samples are."""
    start, end = chapter.start, chapter.end
    bed = _inside(timeline.bed, start, end)
    if timeline.bed and not bed:  # keep every part stereo: some players stumble when files of an album differ
        bed = (replace(timeline.bed[0], start=0, end=0),)
    return replace(
        timeline,
        title=chapter.title,
        duration=end - start,
        intervals=_inside(timeline.intervals, start, end),
        events=_inside(timeline.events, start, end),
        chapters=(),
        bed=bed,
    )


def _inside(items: Sequence[_Timed], start: int, end: int) -> tuple[_Timed, ...]:
    return tuple(
        replace(item, start=max(item.start, start) - start, end=min(item.end, end) - start)
        for item in items
        if item.start < end and item.end > start
    )


class _ShiftedSound:
    """The sound of the whole track, counted from `start` (ms)."""

    def __init__(self, sound: MixedSound, start: int) -> None:
        self._sound = sound
        self._start = start

    @property
    def channels(self) -> int:
        return self._sound.channels

    def __call__(self, start: int, end: int) -> bytes:
        return self._sound(start + self._start, end + self._start)

    def recipe(self, start: int, end: int) -> list[object] | None:
        return self._sound.recipe(start + self._start, end + self._start)


def _playlist(timeline: Timeline, parts: Sequence[TrackPart]) -> str:
    lines = ["#EXTM3U", _PLAYLIST_MARK, f"#PLAYLIST:{_one_line(timeline.title)}"]
    for part in parts:
        lines += [f"#EXTINF:{part.timeline.duration // 1_000},{_one_line(part.timeline.title)}", part.name]
    return "\n".join(lines) + "\n"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _listed_files(playlist: Path) -> set[str]:
    """The files that an earlier split of ours wrote here. Raises SetupError if the playlist is not ours."""
    try:
        lines = playlist.read_text(encoding="utf-8", errors="replace").splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return set()
    except OSError as fault:
        raise SetupError(f"cannot read {playlist}: {fault.strerror}", "choose another folder (-o PATH)") from fault
    if _PLAYLIST_MARK not in lines[:2]:
        raise _in_the_way(playlist)
    return {line for line in lines if re.fullmatch(r"\d{2,} [^/\\]+\.mp3", line)}


def _is_ours(path: Path) -> bool:
    """Whether it is a regular file whose tag says that cuecast made it."""
    try:
        if path.is_symlink() or not path.is_file():
            return False
        with path.open("rb") as file:
            return _OUR_TAG.search(file.read(_TAG_BYTES)) is not None
    except OSError:
        return False


def _in_the_way(path: Path) -> SetupError:
    return SetupError(
        f"{path} is there, and cuecast did not make it: nothing was written",
        "move it away, or choose another folder (-o)",
    )
