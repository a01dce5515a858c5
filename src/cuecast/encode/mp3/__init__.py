"""MP3: segments of sound encoded on many threads, with constant silent frames between them; gapless; with chapters."""

from __future__ import annotations

import io
from typing import BinaryIO, ClassVar

from cuecast import __version__
from cuecast.encode.mp3.cached import SegmentEncoder
from cuecast.encode.mp3.crc import Crc16
from cuecast.encode.mp3.cut import ENCODER_DELAY, frame_count, padding, segments_of
from cuecast.encode.mp3.frames import mode_of
from cuecast.encode.mp3.info import Info
from cuecast.encode.mp3.lame import encoder_name
from cuecast.encode.mp3.parallel import encode_in_order
from cuecast.protocols import TrackRequest
from cuecast.tags.id3 import encode_tag

_SILENT_FRAMES_AT_ONCE = 4_096


class Mp3:
    """MPEG-1 layer III, 48 kHz, constant bit rate, mono or joint stereo. The decoded length is exact to the sample."""

    name: ClassVar[str] = "mp3"
    suffix: ClassVar[str] = ".mp3"

    def write(self, track: TrackRequest, target: BinaryIO) -> None:
        """Write the whole track to `target`, a seekable empty file."""
        timeline, sound = track.timeline, track.sound
        mode, total = mode_of(sound.channels), frame_count(timeline.duration)
        crc = Crc16()
        done = 0

        def append(data: bytes) -> None:
            target.write(data)
            crc.update(data)

        def append_silence(until: int) -> None:
            for at in range(done, until, _SILENT_FRAMES_AT_ONCE):
                append(mode.silent_frame * min(until - at, _SILENT_FRAMES_AT_ONCE))

        encoder = SegmentEncoder(sound, timeline.duration, track.cache)
        with encode_in_order(encoder, segments_of(timeline), track.jobs) as segments:
            target.write(encode_tag(timeline, track.tags(), f"cuecast {__version__}, {encoder_name()}"))
            start = target.tell()
            target.write(bytes(mode.frame_bytes))
            for segment, data in segments:
                append_silence(segment.first)
                append(data)
                done = segment.last
                track.progress(done, total)
        append_silence(total)
        info = Info(mode, encoder_name(), total, ENCODER_DELAY, padding(timeline.duration), crc.value)
        target.seek(start)
        target.write(info.encode())
        target.seek(0, io.SEEK_END)
        track.progress(total, total)
