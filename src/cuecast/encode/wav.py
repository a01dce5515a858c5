"""WAV, with tags (`LIST INFO`) and chapters (cue points with labels, as editors show them).

Above 4 GB, which is 12 hours of mono, it is an RF64 (EBU Tech 3306), whose sizes have 64 bits.
"""

from __future__ import annotations

from typing import BinaryIO, ClassVar

from cuecast import __version__
from cuecast.model.clip import SAMPLE_BYTES, SAMPLE_RATE, SAMPLES_PER_MS
from cuecast.model.tags import Tags
from cuecast.model.timeline import Timeline
from cuecast.protocols import TrackRequest

_PCM = 1
_UNKNOWN = 0xFFFF_FFFF
"""An RF64 has this in place of 32-bit sizes."""


class Wav:
    """PCM, 16 bits, 48 kHz, mono or stereo."""

    name: ClassVar[str] = "wav"
    suffix: ClassVar[str] = ".wav"

    def write(self, track: TrackRequest, target: BinaryIO) -> None:
        """Write the whole track to `target`, an empty file."""
        samples = track.timeline.duration * SAMPLES_PER_MS
        cues = _cues(track.timeline)
        target.write(encode_header(samples, track.sound.channels, _info(track.tags()), len(cues)))
        for _, pcm in track.seconds():
            target.write(pcm)
        target.write(cues)


def encode_header(samples: int, channels: int, info: bytes, trailing: int) -> bytes:
    """Everything before the samples; `trailing` is the number of bytes behind them."""
    frame = channels * SAMPLE_BYTES
    form = b"".join(
        (_le(_PCM, 2), _le(channels, 2), _le(SAMPLE_RATE), _le(SAMPLE_RATE * frame), _le(frame, 2), _le(16, 2))
    )
    size = samples * frame  # even, as samples have two bytes
    before = _chunk(b"fmt ", form) + info
    whole = 4 + len(before) + 8 + size + trailing
    if whole <= _UNKNOWN:
        return b"RIFF" + _le(whole) + b"WAVE" + before + b"data" + _le(size)
    sizes = _chunk(b"ds64", b"".join((_le(whole + 36, 8), _le(size, 8), _le(samples, 8), _le(0))))
    return b"RF64" + _le(_UNKNOWN) + b"WAVE" + sizes + before + b"data" + _le(_UNKNOWN)


def _info(tags: Tags) -> bytes:
    """The tags, in UTF-8. The format does not define an encoding, and most programs assume that one."""
    texts = {
        b"INAM": tags.title,
        b"IART": tags.artist,
        b"IPRD": tags.album,
        b"IGNR": tags.genre,
        b"ICMT": tags.comment,
        b"ITRK": str(tags.track[0]) if tags.track else None,
        b"ISFT": f"cuecast {__version__}",
    }
    return _chunk(b"LIST", b"INFO" + b"".join(_chunk(name, _text(text)) for name, text in texts.items() if text))


def _cues(timeline: Timeline) -> bytes:
    """A cue point at the start of each chapter, and the names of them."""
    if not timeline.chapters:
        return b""
    points, labels = [_le(len(timeline.chapters))], [b"adtl"]
    for number, chapter in enumerate(timeline.chapters, 1):
        at = _le(chapter.start * SAMPLES_PER_MS)
        points.append(_le(number) + at + b"data" + _le(0) + _le(0) + at)
        labels.append(_chunk(b"labl", _le(number) + _text(chapter.title)))
    return _chunk(b"cue ", b"".join(points)) + _chunk(b"LIST", b"".join(labels))


def _chunk(name: bytes, data: bytes) -> bytes:
    return name + _le(len(data)) + data + b"\0" * (len(data) % 2)


def _text(text: str) -> bytes:
    return text.replace("\0", " ").encode("utf-8", "replace") + b"\0"


def _le(number: int, size: int = 4) -> bytes:
    return number.to_bytes(size, "little")
