"""FLAC, Ogg Vorbis, Opus and M4A, by FFmpeg's libraries (PyAV), with the chapters, tags and picture that each has.

The sound is asked for a second at a time, so memory does not grow with the track; it is encoded in order on one thread,
and nothing is told of time or chance: the same track gives the same bytes.
"""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from types import ModuleType
from typing import TYPE_CHECKING, Any, BinaryIO, ClassVar

from cuecast import __version__
from cuecast.errors import SetupError
from cuecast.model.clip import SAMPLE_RATE, SAMPLES_PER_MS
from cuecast.model.timeline import Timeline
from cuecast.protocols import MixedSound, Picture, Progress, Tags

if TYPE_CHECKING:
    from cuecast.cache import Cache

_BLOCK_MS = 1_000
_FRONT = 3
_VORBIS_LEVEL = 0.6  # quality 4 of 10: about what our MP3 has


class _Libav:
    """What the formats have in common."""

    name: ClassVar[str]
    suffix: ClassVar[str]
    container: ClassVar[str]
    codec: ClassVar[str]
    kbits: ClassVar[tuple[int, int]] = (0, 0)
    """For mono and for stereo; 0 where the codec has no use for it."""
    picture_stream: ClassVar[bool] = False
    """Whether the picture is a stream of its own; else it is a comment."""
    chapter_comments: ClassVar[bool] = False
    """Whether chapters are comments that we write; else the container has them."""
    options: ClassVar[Mapping[str, str]] = {}

    def check(self) -> None:
        """Raises SetupError where what it needs is not installed."""
        _av()

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
        av = _av()
        with av.open(target, "w", format=self.container, options={"fflags": "+bitexact", **self.options}) as out:
            sound = out.add_stream(self.codec, rate=SAMPLE_RATE, options={"flags": "+bitexact", "threads": "1"})
            sound.layout = _layout(windows)
            if kbits := self.kbits[windows.channels - 1]:
                sound.bit_rate = kbits * 1_000
            front = self._tell(av, out, timeline, tags())
            for frame in _frames(av, timeline, windows, progress):
                if front is not None:  # no packet goes before the header, which begins with the first of any stream
                    out.mux(front)
                    front = None
                out.mux(sound.encode(frame))
            out.mux(sound.encode(None))
        progress(timeline.duration, timeline.duration)

    def _tell(self, av: ModuleType, out: Any, timeline: Timeline, tags: Tags) -> Any:
        """All that goes into the header; the picture, where it is a packet."""
        out.metadata.update(_metadata(timeline, tags))
        if self.chapter_comments:
            out.metadata.update(_chapter_comments(timeline))
        elif timeline.chapters:
            out.set_chapters(list(_chapters(timeline)))
        return self._picture(av, out, tags.cover) if tags.cover else None

    def _picture(self, av: ModuleType, out: Any, cover: Picture) -> Any:
        if not self.picture_stream:
            out.metadata["METADATA_BLOCK_PICTURE"] = base64.b64encode(_block(cover)).decode("ascii")
            return None
        width, height = _size(cover)
        stream = out.add_mux_stream("png" if cover.mime == "image/png" else "mjpeg", width=width, height=height)
        stream.disposition = av.stream.Disposition.attached_pic
        stream.metadata["comment"] = "Cover (front)"
        packet = av.Packet(cover.data)
        packet.stream, packet.pts, packet.dts, packet.is_keyframe = stream, 0, 0, True
        return packet


class Flac(_Libav):
    """Free Lossless Audio Codec: every sample as it is."""

    name, suffix = "flac", ".flac"
    container, codec, picture_stream, chapter_comments = "flac", "flac", True, True


class Ogg(_Libav):
    """Ogg Vorbis, encoded by libsndfile: FFmpeg's own encoder is not on a par. Its packets then get their header."""

    name, suffix = "ogg", ".ogg"
    container, chapter_comments = "ogg", True

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
        import soundfile

        av = _av()
        with tempfile.TemporaryFile(prefix="cuecast-") as bare:
            with soundfile.SoundFile(
                bare, "w", SAMPLE_RATE, windows.channels, "VORBIS", format="OGG", compression_level=_VORBIS_LEVEL
            ) as sound:
                for start, end in _blocks(timeline):
                    sound.buffer_write(windows(start, end), "int16")
                    progress(end, timeline.duration)
            bare.seek(0)
            with (
                av.open(bare, "r", format="ogg") as found,
                av.open(target, "w", format="ogg", options={"fflags": "+bitexact"}) as out,
            ):
                stream = out.add_stream_from_template(found.streams.audio[0])
                stream.metadata.clear()
                self._tell(av, out, timeline, tags())
                for packet in _timed(found.demux(found.streams.audio[0]), timeline.duration * SAMPLES_PER_MS):
                    packet.stream = stream
                    out.mux(packet)


def _timed(packets: Iterator[Any], samples: int) -> Iterator[Any]:
    """Packets of Vorbis from the first sample to the last: FFmpeg misjudges both where all of a file is on one page.

    The first packet gives no sound: it ends where that begins.
    """
    offset, held = None, None
    for packet in packets:
        if packet.pts is None:  # the one that says that there are no more
            continue
        if offset is None:
            offset = -packet.duration - packet.pts
        packet.pts = packet.dts = packet.pts + offset
        if held is not None:
            yield held
        held = packet
    if held is not None:
        held.duration = samples - held.pts
        yield held


class Opus(_Libav):
    """Ogg Opus."""

    name, suffix = "opus", ".opus"
    container, codec, kbits = "opus", "libopus", (48, 96)


class M4a(_Libav):
    """AAC in MPEG-4: what Apple's programs call an audio book when it has chapters."""

    name, suffix = "m4a", ".m4a"
    container, codec, kbits, picture_stream = "mp4", "aac", (96, 160), True
    options: ClassVar[Mapping[str, str]] = {"brand": "M4A "}


def _av() -> ModuleType:
    try:
        import av
    except ImportError:
        raise SetupError("this format needs PyAV, which is not here", "pip install 'cuecast[m4a]'") from None
    av.logging.set_level(None)
    module: ModuleType = av
    return module


def _metadata(timeline: Timeline, tags: Tags) -> dict[str, str]:
    told = {
        "title": tags.title,
        "artist": tags.artist,
        "album": tags.album,
        "genre": tags.genre,
        "comment": tags.comment,
        "track": "{}/{}".format(*tags.track) if tags.track else None,
        "language": timeline.language,
        "encoded_by": f"cuecast {__version__}",
    }
    return {name: _safe(text) for name, text in told.items() if text}


def _chapters(timeline: Timeline) -> Iterator[dict[str, object]]:
    for number, chapter in enumerate(timeline.chapters):
        yield {
            "id": number,
            "start": chapter.start,
            "end": chapter.end,
            "time_base": Fraction(1, 1_000),
            "metadata": {"title": _safe(chapter.title)},
        }


def _chapter_comments(timeline: Timeline) -> dict[str, str]:
    """Chapters as programs for Ogg and FLAC take them from comments: a time and a name for each."""
    told = {}
    for number, chapter in enumerate(timeline.chapters):
        seconds, ms = divmod(chapter.start, 1_000)
        told[f"CHAPTER{number:03}"] = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{ms:03}"
        told[f"CHAPTER{number:03}NAME"] = _safe(chapter.title)
    return told


def _layout(windows: MixedSound) -> str:
    return "mono" if windows.channels == 1 else "stereo"


def _blocks(timeline: Timeline) -> Iterator[tuple[int, int]]:
    for start in range(0, timeline.duration, _BLOCK_MS):
        yield start, min(start + _BLOCK_MS, timeline.duration)


def _frames(av: ModuleType, timeline: Timeline, windows: MixedSound, progress: Progress) -> Iterator[Any]:
    """The sound as frames of a second."""
    for start, end in _blocks(timeline):
        frame = av.AudioFrame(format="s16", layout=_layout(windows), samples=(end - start) * SAMPLES_PER_MS)
        # A plane may be longer than its samples, which it begins with.
        pcm = windows(start, end)
        frame.planes[0].update(pcm.ljust(frame.planes[0].buffer_size, b"\0"))
        frame.sample_rate = SAMPLE_RATE
        frame.time_base = Fraction(1, SAMPLE_RATE)
        frame.pts = start * SAMPLES_PER_MS
        yield frame
        progress(end, timeline.duration)


def _block(cover: Picture) -> bytes:
    """The picture as FLAC's block of it, which Vorbis comments hold in base64."""
    mime, (width, height) = cover.mime.encode("ascii"), _size(cover)
    parts = (_FRONT, len(mime), mime, 0, width, height, 24, 0, len(cover.data), cover.data)
    return b"".join(part if isinstance(part, bytes) else part.to_bytes(4, "big") for part in parts)


def _size(cover: Picture) -> tuple[int, int]:
    import io

    from PIL import Image

    with Image.open(io.BytesIO(cover.data)) as image:
        return image.size


def _safe(text: str) -> str:
    return text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")
