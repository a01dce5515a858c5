"""FLAC, Opus and M4A, by FFmpeg's libraries (PyAV), with the chapters, tags and picture that each can hold.

The sound is mixed a second at a time, so memory does not grow with the track. It is encoded in order on one thread,
without clock or chance: the same track gives the same bytes.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator, Mapping
from fractions import Fraction
from types import ModuleType
from typing import Any, BinaryIO, ClassVar

from cuecast import __version__
from cuecast.errors import SetupError
from cuecast.model.clip import SAMPLE_BYTES, SAMPLE_RATE, SAMPLES_PER_MS
from cuecast.model.tags import Picture, Tags
from cuecast.model.timeline import Timeline
from cuecast.protocols import TrackRequest
from cuecast.versions import install_command

_FRONT_COVER = 3


class LibavFormat:
    """What the formats have in common."""

    name: ClassVar[str]
    suffix: ClassVar[str]
    container: ClassVar[str]
    codec: ClassVar[str]
    kbits: ClassVar[tuple[int, int]] = (0, 0)
    """Bit rate of mono and of stereo; 0 if the codec does not use one."""
    has_picture_stream: ClassVar[bool] = False
    """Whether the picture is a stream of its own; else it is a comment."""
    has_chapter_comments: ClassVar[bool] = False
    """Whether chapters are comments; else the container holds them."""
    options: ClassVar[Mapping[str, str]] = {}

    def check(self) -> None:
        """Raise SetupError if PyAV is not installed."""
        import_av()

    def write(self, track: TrackRequest, target: BinaryIO) -> None:
        """Write the whole track to `target`, a seekable empty file."""
        av = import_av()
        with av.open(target, "w", format=self.container, options={"fflags": "+bitexact", **self.options}) as out:
            sound = out.add_stream(self.codec, rate=SAMPLE_RATE, options={"flags": "+bitexact", "threads": "1"})
            sound.layout = _layout(track)
            if kbits := self.kbits[track.sound.channels - 1]:
                sound.bit_rate = kbits * 1_000
            cover = self.add_metadata(av, out, track.timeline, track.tags())
            for frame in _frames(av, track):
                if cover is not None:  # the first packet of any stream writes the header, which needs all streams
                    out.mux(cover)
                    cover = None
                out.mux(sound.encode(frame))
            out.mux(sound.encode(None))

    def add_metadata(self, av: ModuleType, out: Any, timeline: Timeline, tags: Tags) -> Any:
        """Set tags, chapters and picture of an open container. Returns the packet of the picture, if it has a stream."""
        out.metadata.update(_metadata(timeline, tags))
        if self.has_chapter_comments:
            out.metadata.update(_chapter_comments(timeline))
        elif timeline.chapters:
            out.set_chapters(list(_chapters(timeline)))
        if tags.cover is None:
            return None
        if self.has_picture_stream:
            return _picture_packet(av, out, tags.cover)
        out.metadata["METADATA_BLOCK_PICTURE"] = base64.b64encode(_picture_block(tags.cover)).decode("ascii")
        return None


class Flac(LibavFormat):
    """Free Lossless Audio Codec."""

    name, suffix = "flac", ".flac"
    container, codec, has_picture_stream, has_chapter_comments = "flac", "flac", True, True


class Opus(LibavFormat):
    """Ogg Opus."""

    name, suffix = "opus", ".opus"
    container, codec, kbits = "opus", "libopus", (48, 96)


class M4a(LibavFormat):
    """AAC in MPEG-4. With chapters, Apple's programs call it an audio book."""

    name, suffix = "m4a", ".m4a"
    container, codec, kbits, has_picture_stream = "mp4", "aac", (96, 160), True
    options: ClassVar[Mapping[str, str]] = {"brand": "M4A "}


def import_av() -> ModuleType:
    """PyAV. Raises SetupError if it is not installed."""
    try:
        import av
    except ImportError:
        raise SetupError("this format needs PyAV, which is not installed", install_command("cuecast[m4a]")) from None
    av.logging.set_level(None)
    module: ModuleType = av
    return module


def _metadata(timeline: Timeline, tags: Tags) -> dict[str, str]:
    texts = {
        "title": tags.title,
        "artist": tags.artist,
        "album": tags.album,
        "genre": tags.genre,
        "comment": tags.comment,
        "track": "{}/{}".format(*tags.track) if tags.track else None,
        "language": timeline.language,
        "encoded_by": f"cuecast {__version__}",
    }
    return {name: _encodable(text) for name, text in texts.items() if text}


def _chapters(timeline: Timeline) -> Iterator[dict[str, object]]:
    for number, chapter in enumerate(timeline.chapters):
        yield {
            "id": number,
            "start": chapter.start,
            "end": chapter.end,
            "time_base": Fraction(1, 1_000),
            "metadata": {"title": _encodable(chapter.title)},
        }


def _chapter_comments(timeline: Timeline) -> dict[str, str]:
    """Chapters as players of Ogg and FLAC read them from comments: a time and a name for each."""
    comments = {}
    for number, chapter in enumerate(timeline.chapters):
        seconds, ms = divmod(chapter.start, 1_000)
        comments[f"CHAPTER{number:03}"] = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{ms:03}"
        comments[f"CHAPTER{number:03}NAME"] = _encodable(chapter.title)
    return comments


def _layout(track: TrackRequest) -> str:
    return "mono" if track.sound.channels == 1 else "stereo"


def _frames(av: ModuleType, track: TrackRequest) -> Iterator[Any]:
    """The sound as frames of a second."""
    for start, pcm in track.seconds():
        samples = len(pcm) // SAMPLE_BYTES // track.sound.channels
        frame = av.AudioFrame(format="s16", layout=_layout(track), samples=samples)
        # The plane may be longer than the samples, and must be filled.
        frame.planes[0].update(pcm.ljust(frame.planes[0].buffer_size, b"\0"))
        frame.sample_rate = SAMPLE_RATE
        frame.time_base = Fraction(1, SAMPLE_RATE)
        frame.pts = start * SAMPLES_PER_MS
        yield frame


def _picture_packet(av: ModuleType, out: Any, cover: Picture) -> Any:
    width, height = _pixels(cover)
    stream = out.add_mux_stream("png" if cover.mime == "image/png" else "mjpeg", width=width, height=height)
    stream.disposition = av.stream.Disposition.attached_pic
    stream.metadata["comment"] = "Cover (front)"
    packet = av.Packet(cover.data)
    packet.stream, packet.pts, packet.dts, packet.is_keyframe = stream, 0, 0, True
    return packet


def _picture_block(cover: Picture) -> bytes:
    """The picture as FLAC's block, which Vorbis comments hold in base64."""
    mime, (width, height) = cover.mime.encode("ascii"), _pixels(cover)
    parts = (_FRONT_COVER, len(mime), mime, 0, width, height, 24, 0, len(cover.data), cover.data)
    return b"".join(part if isinstance(part, bytes) else part.to_bytes(4, "big") for part in parts)


def _pixels(cover: Picture) -> tuple[int, int]:
    from PIL import Image

    with Image.open(io.BytesIO(cover.data)) as image:
        return image.size


def _encodable(text: str) -> str:
    return text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")
