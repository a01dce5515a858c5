"""Ogg Vorbis, encoded by libsndfile, because FFmpeg's own encoder is worse; FFmpeg adds chapters, tags and picture."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

from cuecast.encode.libav import LibavFormat, blocks, import_av
from cuecast.model.clip import SAMPLE_RATE, SAMPLES_PER_MS
from cuecast.model.progress import Progress
from cuecast.model.tags import Tags
from cuecast.model.timeline import Timeline
from cuecast.protocols import MixedSound

if TYPE_CHECKING:
    from cuecast.cache import Cache

_COMPRESSION_LEVEL = 0.6
"""Vorbis quality 4 of 10."""


class Ogg(LibavFormat):
    """Ogg Vorbis."""

    name, suffix = "ogg", ".ogg"
    container, has_chapter_comments = "ogg", True

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
        av = import_av()
        with tempfile.TemporaryFile(prefix="cuecast-") as bare:
            _encode(timeline, windows, bare, progress)
            bare.seek(0)
            with (
                av.open(bare, "r", format="ogg") as encoded,
                av.open(target, "w", format="ogg", options={"fflags": "+bitexact"}) as out,
            ):
                source = encoded.streams.audio[0]
                stream = out.add_stream_from_template(source)
                stream.metadata.clear()
                self.add_metadata(av, out, timeline, tags())
                for packet in _retimed(encoded.demux(source), timeline.duration * SAMPLES_PER_MS):
                    packet.stream = stream
                    out.mux(packet)


def _encode(timeline: Timeline, windows: MixedSound, target: BinaryIO, progress: Progress) -> None:
    import soundfile

    with soundfile.SoundFile(
        target, "w", SAMPLE_RATE, windows.channels, "VORBIS", format="OGG", compression_level=_COMPRESSION_LEVEL
    ) as sound:
        for start, end in blocks(timeline):
            sound.buffer_write(windows(start, end), "int16")
            progress(end, timeline.duration)


def _retimed(packets: Iterator[Any], samples: int) -> Iterator[Any]:
    """The packets with the times of the first and the last sample, which FFmpeg gets wrong in a file of one page.

    The first packet gives no sound: it ends where the sound begins.
    """
    offset, last = None, None
    for packet in packets:
        if packet.pts is None:  # the end of the file
            continue
        if offset is None:
            offset = -packet.duration - packet.pts
        packet.pts = packet.dts = packet.pts + offset
        if last is not None:
            yield last
        last = packet
    if last is not None:
        last.duration = samples - last.pts
        yield last
