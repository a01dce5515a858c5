"""MP3: segments of sound encoded on many threads, with constant silent frames between them; gapless; with chapters."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO, ClassVar

from cuecast import __version__
from cuecast.encode.mp3.cached import SegmentEncoder
from cuecast.encode.mp3.crc import Crc16
from cuecast.encode.mp3.cut import ENCODER_DELAY, frame_count, padding, segments_of
from cuecast.encode.mp3.frames import mode_of
from cuecast.encode.mp3.info import Info
from cuecast.encode.mp3.lame import encoder_name
from cuecast.encode.mp3.parallel import encode_in_order
from cuecast.model.progress import Progress
from cuecast.model.tags import Tags
from cuecast.model.timeline import Timeline
from cuecast.protocols import MixedSound
from cuecast.tags.id3 import encode_tag

if TYPE_CHECKING:
    from cuecast.cache import Cache

_SILENT_FRAMES_AT_ONCE = 4_096


class Mp3:
    """MPEG-1 layer III, 48 kHz, constant bit rate, mono or joint stereo. The decoded length is exact to the sample."""

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
        mode, total = mode_of(windows.channels), frame_count(timeline.duration)
        crc = Crc16()
        done = 0

        def append(data: bytes) -> None:
            target.write(data)
            crc.update(data)

        def append_silence(until: int) -> None:
            for at in range(done, until, _SILENT_FRAMES_AT_ONCE):
                append(mode.silent_frame * min(until - at, _SILENT_FRAMES_AT_ONCE))

        encoder = SegmentEncoder(windows, timeline.duration, cache)
        with encode_in_order(encoder, segments_of(timeline), jobs) as segments:
            target.write(encode_tag(timeline, tags(), f"cuecast {__version__}, {encoder_name()}"))
            start = target.tell()
            target.write(bytes(mode.frame_bytes))
            for segment, data in segments:
                append_silence(segment.first)
                append(data)
                done = segment.last
                progress(done, total)
        append_silence(total)
        info = Info(mode, encoder_name(), total, ENCODER_DELAY, padding(timeline.duration), crc.value)
        target.seek(start)
        target.write(info.encode())
        target.seek(0, io.SEEK_END)
        progress(total, total)
