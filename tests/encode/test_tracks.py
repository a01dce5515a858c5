"""What every kind of track promises: exact length, sound where the timeline has it, tags, chapters, the same bytes."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import av
import mutagen
import numpy as np
import pytest
import soundfile
from msgspec.structs import replace
from PIL import Image

from cuecast.encode import FORMATS, track_format
from cuecast.encode.wav import encode_header
from cuecast.errors import SetupError
from cuecast.files import is_safe_to_overwrite
from cuecast.model.tags import Picture, Tags
from cuecast.model.timeline import Chapter, Event, Timeline, ToneEvent
from cuecast.protocols import TrackRequest
from tests.mix.tracks import timeline as made

LENGTH = 5_437
EVERY = 700
CHAPTERS = (Chapter(0, 2_001, "Calves, left"), Chapter(2_001, LENGTH, "Waden, rechts – gähnen"))
KINDS = [pytest.param(name, channels, id=f"{name} {channels}") for name in FORMATS.builtin for channels in (1, 2)]
PADDED = {"m4a": 1_024}
"""Samples that a decoder may give behind the end, which the container says to leave out."""


class Beeps:
    """50 ms of a tone every 700 ms; on the right at half the level."""

    def __init__(self, channels: int) -> None:
        self.channels = channels
        self.most = 0

    def __call__(self, start: int, end: int) -> bytes:
        self.most = max(self.most, end - start)
        at = np.arange(start * 48, end * 48)
        within = at % (EVERY * 48)
        tone = np.where(within < 50 * 48, 12_000 * np.sin(within * np.pi * 880 / 24_000), 0)
        return np.stack([tone, tone / 2], 1)[:, : self.channels].astype("<i2").tobytes()

    def recipe(self, start: int, end: int) -> list[object] | None:
        return None


def painted(form: str = "PNG") -> Picture:
    target = io.BytesIO()
    Image.new("RGB", (320, 310), "teal").save(target, form)
    return Picture(f"image/{form.lower()}", target.getvalue())


TAGS = Tags("Tür & Tor", comment="Slowly", cover=painted())


def track(name: str, channels: int, tags: Tags = TAGS, like: Timeline | None = None, jobs: int = 1) -> bytes:
    target = io.BytesIO()
    told: list[tuple[int, int]] = []
    beeps: list[Event] = [ToneEvent(at, at + 50, "interval", 880) for at in range(0, LENGTH, EVERY)]
    timeline = like or made(beeps, LENGTH, chapters=CHAPTERS)
    track_format(name).write(
        TrackRequest(timeline, Beeps(channels), lambda: tags, jobs, lambda done, of: told.append((done, of))), target
    )
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1]
    return target.getvalue()


def decoded(data: bytes) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Samples, a row for each channel."""
    with av.open(io.BytesIO(data), "r") as found:
        resampler = av.AudioResampler(format="fltp", rate=48_000)
        stream = found.streams.audio[0]
        assert stream.rate == 48_000
        parts = [part.to_ndarray() for frame in found.decode(stream) for part in resampler.resample(frame)]
    return np.concatenate(parts, axis=1).astype(np.float64)


@pytest.mark.parametrize(("name", "channels"), KINDS)
def test_the_sound_is_where_the_timeline_has_it(name: str, channels: int) -> None:
    data = track(name, channels)
    assert data == track(name, channels, jobs=4)
    sound = decoded(data)
    assert sound.shape[0] == channels
    assert 0 <= sound.shape[1] - LENGTH * 48 <= PADDED.get(name, 0)
    for start in range(EVERY, LENGTH, EVERY):
        around = np.abs(sound[0, (start - 300) * 48 : (start + 100) * 48])
        onset = int(np.argmax(around > 0.1)) / 48 - 300
        assert abs(onset) < 2, start
        assert np.max(around[: 250 * 48]) < 0.01  # silence is silent
        assert np.max(around) == pytest.approx(12_000 / 32_768, rel=0.15)
    if channels == 2:
        left, right = (np.sqrt(np.mean(np.square(side))) for side in sound)
        assert right / left == pytest.approx(0.5, abs=0.08)


@pytest.mark.parametrize("name", FORMATS.builtin)
def test_it_is_known_for_a_track_that_may_be_replaced(name: str, tmp_path: Path) -> None:
    path = tmp_path / "track"
    assert is_safe_to_overwrite(path)  # there is nothing yet
    path.write_bytes(track(name, 1))
    assert is_safe_to_overwrite(path)
    path.write_bytes(path.read_bytes().replace(b"cuecast", b"another"))
    assert not is_safe_to_overwrite(path)
    assert not is_safe_to_overwrite(tmp_path)


@pytest.mark.parametrize("name", FORMATS.builtin)
def test_memory_does_not_grow(name: str) -> None:
    beeps = Beeps(1)
    track_format(name).write(TrackRequest(made([], 90_000), beeps, lambda: Tags("T")), io.BytesIO())
    assert beeps.most <= 30_000


def libav_chapters(data: bytes) -> list[tuple[int, str]]:
    with av.open(io.BytesIO(data)) as found:
        return [
            (round(each["start"] * (each["time_base"] or 0) * 1_000), each["metadata"]["title"])
            for each in found.chapters()
        ]


def chunks(data: bytes) -> dict[bytes, list[bytes]]:
    """RIFF chunks by their names."""
    found: dict[bytes, list[bytes]] = {}
    at = 0
    while at < len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        found.setdefault(data[at : at + 4], []).append(data[at + 8 : at + 8 + size])
        at += 8 + size + size % 2
    return found


def own_chapters(data: bytes) -> list[tuple[int, str]]:
    """Those of a WAV, which FFmpeg reads without their names."""
    whole = chunks(data[12:])
    (points,) = whole[b"cue "]
    (labels,) = (each[4:] for each in whole[b"LIST"] if each[:4] == b"adtl")
    names = {label[:4]: label[4:].rstrip(b"\0").decode() for label in chunks(labels)[b"labl"]}
    each = [points[at : at + 24] for at in range(4, len(points), 24)]
    return [(int.from_bytes(point[20:], "little") // 48, names[point[:4]]) for point in each]


@pytest.mark.parametrize("name", FORMATS.builtin)
def test_chapters_are_read_back(name: str) -> None:
    read: Callable[[bytes], list[tuple[int, str]]] = own_chapters if name == "wav" else libav_chapters
    assert read(track(name, 1)) == [(each.start, each.title) for each in CHAPTERS]


@pytest.mark.parametrize("name", [name for name in FORMATS.builtin if name != "wav"])
def test_tags_are_read_back_by_two_others(name: str) -> None:
    data = track(name, 2)
    with av.open(io.BytesIO(data)) as found:
        told = {**found.metadata, **found.streams.audio[0].metadata}
    assert {key.lower(): told[key] for key in told}["title"] == "Tür & Tor"
    other = cast(Any, mutagen).File(io.BytesIO(data), easy=True)
    assert other.info.length == pytest.approx(LENGTH / 1_000, abs=0.025)
    assert other["title"] == ["Tür & Tor"]
    assert other["artist"] == other["album"] == ["cuecast"]
    assert other["genre"] == ["Speech"]


def test_tags_of_a_wav() -> None:
    with soundfile.SoundFile(io.BytesIO(track("wav", 2))) as found:
        assert (found.title, found.artist, found.comment) == ("Tür & Tor", "cuecast", "Slowly")
        assert found.frames == LENGTH * 48


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
@pytest.mark.parametrize("name", [name for name in FORMATS.builtin if name != "wav"])
def test_the_picture_is_read_back(name: str, form: str) -> None:
    picture = painted(form)
    data = track(name, 1, replace(TAGS, cover=picture))
    with av.open(io.BytesIO(data), "r") as found:
        (packet, *_) = [packet for packet in found.demux(video=0) if packet.size]
        assert bytes(packet) == picture.data


@pytest.mark.parametrize("name", FORMATS.builtin)
@pytest.mark.parametrize("ms", [1_000, 2_503])
def test_bare(name: str, ms: int) -> None:
    """No chapters, no picture, a title of other letters."""
    data = track(name, 1, Tags("\0" + "ж" * 300 + "\ud800"), made([], ms))
    if name == "ogg":  # FFmpeg, which `decoded` is, misjudges the start of what is on one page
        with soundfile.SoundFile(io.BytesIO(data)) as found:
            assert found.frames == ms * 48
    else:
        assert ms * 48 <= decoded(data).shape[1] <= ms * 48 + PADDED.get(name, 0)


def test_a_wav_beyond_four_gigabytes() -> None:
    samples = 24 * 3_600 * 48_000
    start = encode_header(samples, 2, b"", 0)
    assert start[:4] == b"RF64"
    assert int.from_bytes(start[28:36], "little") == samples * 4
    assert int.from_bytes(start[20:28], "little") == len(start) - 8 + samples * 4
    with soundfile.SoundFile(io.BytesIO(start + bytes(4_000))) as found:  # cut off, but known for what it is
        assert (found.format, found.channels, found.samplerate) == ("RF64", 2, 48_000)


def test_without_pyav(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "av", None)
    with pytest.raises(SetupError) as fault:
        track_format("flac")
    assert "cuecast[m4a]" in str(fault.value.hint)
    assert track_format("wav").suffix == ".wav"
