"""Three programs that know nothing of each other read the same from a track: mutagen, FFmpeg, and our own reader."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any, cast

import av
import pytest
from mutagen.id3 import ID3

from cuecast.model.timeline import Chapter
from cuecast.protocols import Tags
from cuecast.tags.id3 import encode_tag
from cuecast.tags.reader import read_tag
from tests.compiler.compiling import to_timeline
from tests.encode.test_tracks import painted
from tests.mix.tracks import timeline

ROUTINE = """\
title: "Tür & Tor: “Beine”"
language: de
defaults: {work: 40s, transition: 10s, announce: [next, side]}
steps:
  - say: Leg dich hin – ganz ruhig.
  - exercise: Waden
    sides: [left, right]
    cues: {half: Atme aus., 30s: "Noch ein bißchen: 10 Sekunden."}
  - exercise: Füße
"""


@dataclass(frozen=True)
class Read:
    title: str
    chapters: tuple[tuple[int, int, str], ...]
    picture: bytes
    words: tuple[str, ...]
    times: tuple[int, ...] | None = None


def by_mutagen(data: bytes) -> Read:
    found = cast(Any, ID3)(io.BytesIO(data), translate=False)
    (picture,), (words,), (timed,) = (found.getall(name) for name in ("APIC", "USLT", "SYLT"))
    assert [text for text, _ in timed.text] == words.text.split("\n")
    marks = tuple((mark.start_time, mark.end_time, str(mark.sub_frames["TIT2"])) for mark in found.getall("CHAP"))
    return Read(
        str(found["TIT2"]), marks, picture.data, tuple(words.text.split("\n")), tuple(at for _, at in timed.text)
    )


def by_us(data: bytes) -> Read:
    found = read_tag(io.BytesIO(data))
    assert found is not None
    assert found.problems == []
    (picture,), (words,) = found.pictures, found.lyrics
    marks = tuple((mark.start, mark.end, mark.title) for mark in found.chapters)
    lines = tuple(words.text.split("\n"))
    assert lines == tuple(text for _, text in found.timed_lyrics)
    return Read(found.texts["TIT2"], marks, picture.data, lines, tuple(at for at, _ in found.timed_lyrics))


def by_ffmpeg(data: bytes) -> Read:
    with av.open(io.BytesIO(data), "r") as found:
        (packet, *_) = [packet for packet in found.demux(video=0) if packet.size]
        marks = tuple(
            (int(each["start"] * (each["time_base"] or 0) * 1_000), int(each["end"] * (each["time_base"] or 0) * 1_000),
             each["metadata"]["title"])
            for each in found.chapters()
        )  # fmt: skip
        (words,) = (text for name, text in found.metadata.items() if name.startswith("lyrics"))
        return Read(found.metadata["title"], marks, bytes(packet), tuple(words.split("\n")))


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_all_three_read_the_same(form: str) -> None:
    timeline, diagnostics = to_timeline(ROUTINE)
    assert timeline is not None, diagnostics
    sound = (b"\xff\xfb\x14\xc4" + bytes(92)) * 9
    data = encode_tag(timeline, Tags(timeline.title, cover=painted(form)), "cuecast") + sound
    one, ours, other = by_mutagen(data), by_us(data), by_ffmpeg(data)
    assert one == ours
    assert (other.title, other.chapters, other.picture, other.words) == (
        one.title,
        one.chapters,
        one.picture,
        one.words,
    )
    assert one.chapters == tuple((each.start, each.end, each.title) for each in timeline.chapters)
    assert len(one.words) > 6
    assert any("bißchen" in line for line in one.words)


def test_a_long_chapter_title_is_cut_at_a_whole_letter() -> None:
    chapters = (Chapter(0, 1_000, "Fußrolle" * 30), Chapter(1_000, 2_000, "Waden"))
    data = encode_tag(timeline([], 2_000, chapters), Tags("T"), "cuecast") + (b"\xff\xfb\x14\xc4" + bytes(92)) * 9
    with av.open(io.BytesIO(data), "r") as found:
        titles = [each["metadata"]["title"] for each in found.chapters()]
    assert titles == [chapters[0].title[: len(titles[0])], "Waden"]
    assert len(titles[0].encode()) == 126
    assert [mark.element_id for mark in cast(Any, ID3)(io.BytesIO(data)).getall("CHAP")] == ["chp000", "chp001"]
