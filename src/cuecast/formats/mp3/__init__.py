"""MP3: pieces of sound encoded apart, on many threads, with constant silent frames between; gapless; with chapters."""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING, BinaryIO, ClassVar

from cuecast import __version__
from cuecast.formats.mp3.encode import encoder_name
from cuecast.formats.mp3.frames import mode_of
from cuecast.formats.mp3.id3 import tag
from cuecast.formats.mp3.info import INFO_BYTES, Info
from cuecast.formats.mp3.islands import Coded, Islands
from cuecast.formats.mp3.pieces import ENCODER_DELAY, Piece, frame_count, padding, pieces_of
from cuecast.formats.mp3.stream import Stream
from cuecast.ports import Progress, Tags, Windows
from cuecast.timeline import Timeline

if TYPE_CHECKING:
    from cuecast.cache import Cache

_AHEAD = 8
"""Pieces a thread that may be done or under way behind the one that is to be written next. With fewer, all that is
found in the cache waits behind one long piece, and threads with it."""


class Mp3:
    """MPEG-1 layer III, mono or joint stereo, 48 kHz, VBR. The decoded length is the timeline's, to the sample."""

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
        encoder, mode = encoder_name(), mode_of(windows.channels)
        target.write(tag(timeline, tags, f"cuecast {__version__}, {encoder}"))
        start = target.tell()
        target.write(bytes(INFO_BYTES))
        stream = Stream(target, frame_count(timeline.duration), mode)
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
                mode,
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


def _in_order(islands: Islands, pieces: Iterable[Piece], jobs: int) -> Generator[tuple[Piece, Coded], None, None]:
    """The pieces with their frames, in order, encoded by `jobs` threads; few are under way at once: memory stays flat.

    What is in the cache is taken from there at once: to hand it to a thread and back would cost more than to read it.
    """
    waiting: deque[tuple[Piece, Coded | Future[Coded]]] = deque()
    with ThreadPoolExecutor(max(1, jobs), thread_name_prefix="cuecast-mp3") as pool:
        try:
            for piece in pieces:
                key = islands.key(piece)
                waiting.append((piece, islands.kept(key) or pool.submit(islands.coded, piece, key)))
                if len(waiting) > _AHEAD * jobs:
                    yield _awaited(*waiting.popleft())
            while waiting:
                yield _awaited(*waiting.popleft())
        finally:
            for _, future in waiting:
                if isinstance(future, Future):
                    future.cancel()


def _awaited(piece: Piece, coded: Coded | Future[Coded]) -> tuple[Piece, Coded]:
    return piece, coded.result() if isinstance(coded, Future) else coded
