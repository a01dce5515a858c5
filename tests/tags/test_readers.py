"""Programs that know nothing of each other read the same from a track, in both versions of its tag.

Those in Python are always there. `make test-tags` brings the others; elsewhere, what is not installed is skipped.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

import av
import eyed3
import pytest
import taglib
from mutagen.id3 import ID3

from cuecast.encode.mp3.frames import MONO
from cuecast.model.tags import Tags
from cuecast.model.timeline import Chapter
from cuecast.options import ID3_VERSIONS
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
NODE_READERS = Path(sys.prefix, "readers")

ChapterFields = tuple[int, int, str]


@dataclass(frozen=True)
class Read:
    """What a program reads; None for what it does not read at all."""

    title: str
    words: str
    chapters: tuple[ChapterFields, ...] | None = None
    times: tuple[int, ...] | None = None
    picture: bytes | None = None


def by_mutagen(path: Path) -> Read:
    found = cast(Any, ID3)(path, translate=False)
    (picture,), (words,), (timed,) = (found.getall(name) for name in ("APIC", "USLT", "SYLT"))
    assert [text for text, _ in timed.text] == words.text.split("\n")
    chapters = tuple((mark.start_time, mark.end_time, str(mark.sub_frames["TIT2"])) for mark in found.getall("CHAP"))
    return Read(str(found["TIT2"]), words.text, chapters, tuple(at for _, at in timed.text), picture.data)


def by_us(path: Path) -> Read:
    with path.open("rb") as file:
        found = read_tag(file)
    assert found is not None
    assert found.problems == []
    (picture,), (words,) = found.pictures, found.lyrics
    chapters = tuple((mark.start, mark.end, mark.title) for mark in found.chapters)
    assert words.text.split("\n") == [text for _, text in found.timed_lyrics]
    times = tuple(at for at, _ in found.timed_lyrics)
    return Read(found.texts["TIT2"], words.text, chapters, times, picture.data)


def by_libav(path: Path) -> Read:
    with av.open(str(path), "r") as found:
        (packet, *_) = [packet for packet in found.demux(video=0) if packet.size]
        chapters = tuple((*_ms(each), each["metadata"]["title"]) for each in found.chapters())
        (words,) = (text for name, text in found.metadata.items() if name.startswith("lyrics"))
        return Read(found.metadata["title"], words, chapters, picture=bytes(packet))


def _ms(chapter: Any) -> tuple[int, int]:
    return tuple(int(chapter[end] * chapter["time_base"] * 1_000) for end in ("start", "end"))  # type: ignore[return-value]


def by_eyed3(path: Path) -> Read:
    tag = eyed3.load(path).tag
    chapters = tuple((*each.times, each.title) for each in tag.chapters)
    (words,), (picture,) = tag.lyrics, tag.images
    return Read(tag.title, words.text, chapters, picture=picture.image_data)


def by_taglib(path: Path) -> Read:
    with taglib.File(path) as file:
        return Read(file.tags["TITLE"][0], file.tags["LYRICS"][0])


def by_ffprobe(path: Path) -> Read:
    found = json.loads(_run("ffprobe", "-v", "error", "-of", "json", "-show_chapters", "-show_format", str(path)))
    chapters = tuple((each["start"], each["end"], each["tags"]["title"]) for each in found["chapters"])
    tags = found["format"]["tags"]
    return Read(tags["title"], tags["lyrics-deu"], chapters)


def by_mediainfo(path: Path) -> Read:
    general = json.loads(_run("mediainfo", "--Output=JSON", str(path)))["media"]["track"][0]
    return Read(general["Title"], general["Lyrics"].replace(" / ", "\n"))


def by_exiftool(path: Path) -> Read:
    (found,) = json.loads(_run("exiftool", "-j", str(path)))
    stamps = [line[1:9].split(":") for line in found["SynchronizedLyricsText-deu"]]
    times = tuple(int(minutes) * 60_000 + round(float(seconds) * 1_000) for minutes, seconds in stamps)
    return Read(found["Title"], found["Lyrics-deu"], times=times)


def by_music_metadata(path: Path) -> Read:
    return _by_node(path, "musicMetadata")


def by_jsmediatags(path: Path) -> Read:
    return _by_node(path, "jsmediatags")


def _by_node(path: Path, reader: str) -> Read:
    if not NODE_READERS.exists():
        _skip("music-metadata and jsmediatags are not installed")
    values = json.loads(_run("node", str(Path(__file__).with_name("readers.mjs")), str(NODE_READERS), str(path)))[
        reader
    ]
    chapters = tuple((start, end, title) for start, end, title in values["chapters"])
    return Read(values["title"], values["words"], chapters, tuple(values["times"]) if "times" in values else None)


def _run(program: str, *arguments: str) -> str:
    if shutil.which(program) is None:
        _skip(f"{program} is not installed")
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=True, encoding="utf-8").stdout


def _skip(why: str) -> None:
    if os.environ.get("CUECAST_READERS") == "needed":
        pytest.fail(why)
    pytest.skip(f"{why}: make test-tags")


READERS = (
    by_mutagen, by_us, by_libav, by_eyed3, by_taglib,
    by_ffprobe, by_mediainfo, by_exiftool, by_music_metadata, by_jsmediatags,
)  # fmt: skip


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
@pytest.mark.parametrize("version", ID3_VERSIONS)
@pytest.mark.parametrize("reader", READERS)
def test_all_read_the_same(reader: Callable[[Path], Read], version: str, form: str, tmp_path: Path) -> None:
    timeline, diagnostics = to_timeline(ROUTINE)
    assert timeline is not None, diagnostics
    cover = painted(form)
    track = tmp_path / "track.mp3"
    tag = encode_tag(timeline, Tags(timeline.title, cover=cover, id3=version), "cuecast")
    track.write_bytes(tag + MONO.silent_frame * 200)
    found = by_mutagen(track)
    assert found.chapters == tuple((each.start, each.end, each.title) for each in timeline.chapters)
    assert found.picture == cover.data
    assert "ein bißchen" in found.words
    values = {name: value for name, value in asdict(reader(track)).items() if value is not None}
    assert values == {name: asdict(found)[name] for name in values}


@pytest.mark.parametrize("version", ID3_VERSIONS)
def test_a_long_chapter_title(version: str) -> None:
    """ffmpeg would lose it in a 2.4 tag: there it is cut at a whole letter."""
    chapters = (Chapter(0, 1_000, "Fußrolle" * 30), Chapter(1_000, 2_000, "Waden"))
    data = encode_tag(timeline([], 2_000, chapters), Tags("T", id3=version), "cuecast") + MONO.silent_frame * 9
    with av.open(io.BytesIO(data), "r") as found:
        titles = [each["metadata"]["title"] for each in found.chapters()]
    assert titles == [chapters[0].title[: len(titles[0])], "Waden"]
    assert len(titles[0].encode()) == (126 if version == "2.4" else 270)
    assert [mark.element_id for mark in cast(Any, ID3)(io.BytesIO(data)).getall("CHAP")] == ["chp000", "chp001"]
