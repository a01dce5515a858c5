"""`render --split`: a numbered file for each chapter, and a playlist, for players that know no chapters.

Joined, the files are the whole track to the sample: each is encoded from the windows of the whole track's sound.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from cuecast.cache import Cache
from cuecast.errors import SetupError
from cuecast.export import track_format
from cuecast.files import atomic_directory, atomic_write
from cuecast.inputs import InputTracker
from cuecast.model.diagnostics import in_order
from cuecast.model.timeline import BedSegment, Chapter, Event, Interval, Timeline
from cuecast.options import DEFAULT_EMBED, EmbedOptions, Options, PreparedRoutine, ProgressListener, Result, Track
from cuecast.pipeline import cover_of, plan_ready, sound_of
from cuecast.protocols import MixedSound, Progress, Tags
from cuecast.share.naming import numbered

_Timed = TypeVar("_Timed", Interval, Event, BedSegment)

PLAYLIST = ".m3u8"

_MARK = "#CUECAST"
"""The playlist's line by which a later build knows it as ours."""

_OUR_TAG = re.compile(rb"TSSE[\0-\x7f]{4}\0\0\x03cuecast ")
_TAG_BYTES = 1 << 16
"""Where the frame that names the encoder is looked for: it is among the first, behind the titles."""


class Part(Struct, frozen=True):
    """A chapter as a track of its own: its timeline counts from 0. `start` is where it lies in the whole."""

    name: str
    start: int
    timeline: Timeline


def split(
    ready: PreparedRoutine,
    folder: Path,
    options: Options,
    cache: Cache,
    reporter: ProgressListener,
    packaging: EmbedOptions = DEFAULT_EMBED,
    looks: InputTracker | None = None,
) -> Result[Track]:
    """The track as files in `folder`, which is made where it is missing; its parent must be there.

    Files of the same names and what an earlier split left are replaced, nothing else is touched: ours is what both
    our playlist names and we have encoded. Raises SetupError where a file that is not ours is in the way, where
    the voice can't speak or the folder can't be written.
    """
    playlist = folder / f"{folder.name}{PLAYLIST}"
    old = _listed(playlist)
    planned = plan_ready(ready, options, cache, reporter)
    if planned.value is None:
        return Result(None, planned.diagnostics, planned.sources)
    timeline = planned.value.timeline
    parts = list(parts_of(timeline))
    for part in parts:
        _must_be_ours(folder / part.name)
    sound, faults = sound_of(planned.value, cache, reporter, looks)
    diagnostics = in_order((*planned.diagnostics, *faults))
    if sound is None:
        return Result(None, diagnostics, planned.sources)
    cover = cover_of(timeline, packaging, cache)
    size = 0
    told = reporter.stage("encoding")
    with atomic_directory(folder) as stage:
        for number, part in enumerate(parts, 1):
            tags = partial(Tags, part.timeline.title, album=timeline.title, track=(number, len(parts)), cover=cover)
            heard = _Shifted(sound, part.start)
            with atomic_write(stage / part.name) as out:
                share = _share(told, part, timeline.duration)
                track_format("mp3").write(part.timeline, heard, tags, out, options.jobs, share, cache)
                size += out.tell()
        with atomic_write(stage / playlist.name) as out:
            out.write(_playlist(timeline, parts).encode("utf-8", "replace"))
        for name in [part.name for part in parts] + [playlist.name]:
            (stage / name).replace(folder / name)
        for name in old - {part.name for part in parts}:
            if _is_ours(folder / name):
                (folder / name).unlink(missing_ok=True)
    cache.tidy()
    files = tuple(folder / part.name for part in parts)
    return Result(Track(playlist, timeline, size, parts=files), diagnostics, planned.sources)


def parts_of(timeline: Timeline, suffix: str = ".mp3") -> Iterator[Part]:
    """A part for each chapter, in order; the whole track where it has none."""
    chapters = timeline.chapters or (Chapter(0, timeline.duration, timeline.title),)
    for number, chapter in enumerate(chapters, 1):
        yield Part(numbered(number, len(chapters), chapter.title, suffix), chapter.start, _cut(timeline, chapter))


def _cut(timeline: Timeline, chapter: Chapter) -> Timeline:
    """What of the timeline lies in a chapter. What sounds across its borders is cut there, as the samples are."""
    start, end = chapter.start, chapter.end
    bed = _within(timeline.bed, start, end)
    if timeline.bed and not bed:  # a track is stereo as a whole: players stumble where files differ
        bed = (replace(timeline.bed[0], start=0, end=0),)
    return replace(
        timeline,
        title=chapter.title,
        duration=end - start,
        intervals=_within(timeline.intervals, start, end),
        events=_within(timeline.events, start, end),
        chapters=(),
        bed=bed,
    )


def _within(items: Sequence[_Timed], start: int, end: int) -> tuple[_Timed, ...]:
    return tuple(
        replace(item, start=max(item.start, start) - start, end=min(item.end, end) - start)
        for item in items
        if item.start < end and item.end > start
    )


class _Shifted:
    """The sound of the whole track, from some moment on."""

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


def _share(told: Progress, part: Part, duration: int) -> Progress:
    """Of all the work that which a part is."""

    def progress(done: int, total: int) -> None:
        told(part.start + part.timeline.duration * done // max(1, total), duration)

    return progress


def _playlist(timeline: Timeline, parts: Sequence[Part]) -> str:
    lines = ["#EXTM3U", _MARK, f"#PLAYLIST:{_one_line(timeline.title)}"]
    for part in parts:
        lines += [f"#EXTINF:{part.timeline.duration // 1_000},{_one_line(part.timeline.title)}", part.name]
    return "\n".join(lines) + "\n"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _listed(playlist: Path) -> set[str]:
    """The files that an earlier split of ours has made here. Raises SetupError where somebody else's list is."""
    try:
        lines = playlist.read_text(encoding="utf-8", errors="replace").splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return set()
    except OSError as fault:
        raise SetupError(f"cannot read {playlist}: {fault.strerror}", "choose another folder (-o PATH)") from fault
    if _MARK not in lines[:2]:
        raise _in_the_way(playlist)
    return {line for line in lines if re.fullmatch(r"\d{2,} [^/\\]+\.mp3", line)}


def _must_be_ours(path: Path) -> None:
    if (path.exists() or path.is_symlink()) and not _is_ours(path):
        raise _in_the_way(path)


def _is_ours(path: Path) -> bool:
    """Whether it is a regular file that says that cuecast has made it."""
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
