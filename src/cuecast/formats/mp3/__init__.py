"""MP3: islands of sound encoded apart, on many threads, with constant silent frames between; gapless; with chapters."""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING, BinaryIO, ClassVar, TypeVar

from cuecast import __version__
from cuecast.formats.mp3.encode import encoder_name
from cuecast.formats.mp3.id3 import tag
from cuecast.formats.mp3.info import INFO_BYTES, Info
from cuecast.formats.mp3.islands import Islands
from cuecast.formats.mp3.pieces import ENCODER_DELAY, frame_count, padding, pieces_of
from cuecast.formats.mp3.stream import Stream
from cuecast.ports import Progress, Tags, Windows
from cuecast.timeline import Timeline

if TYPE_CHECKING:
    from cuecast.cache import Cache

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


class Mp3:
    """MPEG-1 layer III, mono, 48 kHz, VBR. The decoded length is the timeline's, to the sample."""

    name: ClassVar[str] = "mp3"
    suffix: ClassVar[str] = ".mp3"

    def write(
        self,
        timeline: Timeline,
        windows: Windows,
        tags: Tags,
        target: BinaryIO,
        jobs: int,
        progress: Progress,
        cache: Cache | None = None,
    ) -> None:
        """Write the whole track to `target`, a seekable empty file. The bytes depend on neither `jobs` nor `cache`."""
        encoder = encoder_name()
        target.write(tag(timeline, tags, f"cuecast {__version__}, {encoder}"))
        start = target.tell()
        target.write(bytes(INFO_BYTES))
        stream = Stream(target, frame_count(timeline.duration))
        islands = Islands(windows, timeline.duration, cache)
        with closing(_in_order(islands, pieces_of(timeline), jobs)) as results:
            for piece, coded in results:
                stream.write_silence(piece.first)
                stream.write(coded.data, piece.last - piece.first, coded.crc)
                progress(stream.done, stream.total)
        stream.write_silence(stream.total)
        target.seek(start)
        target.write(
            Info(
                encoder,
                stream.total,
                stream.size,
                stream.toc,
                ENCODER_DELAY,
                padding(timeline.duration),
                stream.crc,
            ).encode()
        )
        target.seek(0, io.SEEK_END)
        progress(stream.total, stream.total)


def _in_order(
    function: Callable[[_Item], _Result], items: Iterable[_Item], jobs: int
) -> Generator[_Result, None, None]:
    """The results of `jobs` threads, in the order of the items; few are under way at once: memory stays flat."""
    waiting: deque[Future[_Result]] = deque()
    with ThreadPoolExecutor(max(1, jobs), thread_name_prefix="cuecast-mp3") as pool:
        try:
            for item in items:
                waiting.append(pool.submit(function, item))
                if len(waiting) > 2 * jobs:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
