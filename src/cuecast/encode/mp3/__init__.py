"""MP3: pieces of sound encoded apart, on many threads, with constant silent frames between; gapless; with chapters."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO, ClassVar

from cuecast import __version__
from cuecast.encode.mp3.encode import encoder_name
from cuecast.encode.mp3.frames import mode_of
from cuecast.encode.mp3.parallel import encoded
from cuecast.encode.mp3.pieces import ENCODER_DELAY, frame_count, padding, pieces_of
from cuecast.encode.mp3.segments import Islands
from cuecast.encode.mp3.writer import Stream
from cuecast.encode.mp3.xing import INFO_BYTES, Info
from cuecast.model.timeline import Timeline
from cuecast.protocols import MixedSound, Progress, Tags
from cuecast.tags.id3 import tag

if TYPE_CHECKING:
    from cuecast.cache import Cache


class Mp3:
    """MPEG-1 layer III, mono or joint stereo, 48 kHz, VBR. The decoded length is the timeline's, to the sample."""

    name: ClassVar[str] = "mp3"
    suffix: ClassVar[str] = ".mp3"

    def write(
        self,
        timeline: Timeline,
        windows: MixedSound,
        tags: Callable[[], Tags],
        target: BinaryIO,
        jobs: int,
        progress: Progress,
        cache: Cache | None = None,
    ) -> None:
        """Write the whole track to `target`, a seekable empty file. The bytes depend on neither `jobs` nor `cache`."""
        encoder, mode = encoder_name(), mode_of(windows.channels)
        with encoded(Islands(windows, timeline.duration, cache), pieces_of(timeline), jobs) as pieces:
            target.write(tag(timeline, tags(), f"cuecast {__version__}, {encoder}"))
            start = target.tell()
            target.write(bytes(INFO_BYTES))
            stream = Stream(target, frame_count(timeline.duration), mode)
            for piece, coded in pieces:
                stream.write_silence(piece.first)
                stream.write(coded.data, piece.frames, coded.crc)
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
