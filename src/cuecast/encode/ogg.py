"""Ogg Vorbis, encoded by libsndfile, because FFmpeg's own encoder is worse; FFmpeg adds chapters, tags and picture."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import Any, BinaryIO

from cuecast.encode.libav import LibavFormat, import_av
from cuecast.model.clip import SAMPLE_RATE, SAMPLES_PER_MS
from cuecast.protocols import TrackRequest

_COMPRESSION_LEVEL = 0.6
"""Vorbis quality 4 of 10."""


class Ogg(LibavFormat):
    """Ogg Vorbis."""

    name, suffix = "ogg", ".ogg"
    container, has_chapter_comments = "ogg", True

    def write(self, track: TrackRequest, target: BinaryIO) -> None:
        """Write the whole track to `target`, a seekable empty file."""
        av = import_av()
        with tempfile.TemporaryFile(prefix="cuecast-") as bare:
            _encode(track, bare)
            bare.seek(0)
            with (
                av.open(bare, "r", format="ogg") as encoded,
                av.open(target, "w", format="ogg", options={"fflags": "+bitexact"}) as out,
            ):
                source = encoded.streams.audio[0]
                stream = out.add_stream_from_template(source)
                stream.metadata.clear()
                self.add_metadata(av, out, track.timeline, track.tags())
                for packet in _retimed(encoded.demux(source), track.timeline.duration * SAMPLES_PER_MS):
                    packet.stream = stream
                    out.mux(packet)


def _encode(track: TrackRequest, target: BinaryIO) -> None:
    import soundfile

    channels = track.sound.channels
    with soundfile.SoundFile(
        target, "w", SAMPLE_RATE, channels, "VORBIS", format="OGG", compression_level=_COMPRESSION_LEVEL
    ) as sound:
        for _, pcm in track.seconds():
            sound.buffer_write(pcm, "int16")


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
