"""`render --split`: files that are the track when they are joined, and a folder in which nothing else is touched."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuecast import api
from cuecast.encode.split import PLAYLIST, numbered_name, split_at_chapters
from cuecast.errors import SetupError
from cuecast.files import PART_SUFFIX
from cuecast.model.build import Track
from cuecast.model.timeline import SpeechEvent, Timeline
from cuecast.options import Options
from tests.builds import render, source, timeline_of
from tests.encode.decoding import DECODERS, Wave, by_miniaudio
from tests.encode.hostile import timelines, words

ROUTINE = b"""\
title: Legs & <more>
voice: silent
defaults: {work: 8s, transition: 4s, switch: 4s, countdown: 2}
steps:
  - exercise: Calves
    sides: [left, right]
    cues: {half: Slowly.}
  - exercise: "Con: AUX/nul?"
  - exercise: Calves
"""


def built(folder: Path, routine: bytes = ROUTINE) -> Track:
    if not folder.parent.exists():
        folder.parent.mkdir()
    options = Options(split=True, jobs=2, cache=folder.parent.parent / "cache")
    return render("legs.yaml", routine, folder, options)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "out" / "legs"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


NAMES = ["01 Calves, left.mp3", "02 Calves, right.mp3", "03 Con- AUX-nul.mp3", "04 Calves.mp3", "legs.m3u8"]


def test_a_file_for_each_chapter_and_a_playlist(folder: Path) -> None:
    mutagen = pytest.importorskip("mutagen.id3")
    track = built(folder)
    assert names(folder) == NAMES
    assert track.path == folder / "legs.m3u8"
    assert [path.name for path in track.parts] == NAMES[:-1]
    assert track.summary.size == sum(path.stat().st_size for path in track.parts)
    for number, (path, chapter) in enumerate(zip(track.parts, timeline_of(track).chapters, strict=True), 1):
        tags = mutagen.ID3(path)
        assert (str(tags["TIT2"]), str(tags["TALB"]), str(tags["TRCK"])) == (
            chapter.title,
            "Legs & <more>",
            f"{number}/4",
        )
        assert int(str(tags["TLEN"])) == chapter.end - chapter.start
        assert not tags.getall("CHAP")
    lines = (folder / "legs.m3u8").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "#EXTM3U"
    assert lines[2] == "#PLAYLIST:Legs & <more>"
    assert [line for line in lines if not line.startswith("#")] == NAMES[:-1]
    seconds = [(c.end - c.start) // 1_000 for c in timeline_of(track).chapters]
    titles = [c.title for c in timeline_of(track).chapters]
    assert [line for line in lines if line.startswith("#EXTINF")] == [
        f"#EXTINF:{length},{title}" for length, title in zip(seconds, titles, strict=True)
    ]


@DECODERS
def test_joined_they_are_the_whole_track(folder: Path, tmp_path: Path, decode: Callable[[Path], Wave]) -> None:
    track = built(folder)
    waves = [decode(path) for path in track.parts]
    for wave, chapter in zip(waves, timeline_of(track).chapters, strict=True):
        assert len(wave) == (chapter.end - chapter.start) * 48
    joined = np.concatenate(waves)
    assert len(joined) == timeline_of(track).duration * 48
    render("legs.yaml", ROUTINE, tmp_path / "legs.mp3", Options(cache=tmp_path / "cache"))
    one = decode(tmp_path / "legs.mp3")
    # Where chapters join, an encoder that starts anew differs as much as one that goes on does from the source.
    assert np.sqrt(np.mean((joined - one) ** 2)) < 0.02 * np.sqrt(np.mean(one**2)) + 1e-4
    mixed = api.mix(source("legs.yaml", ROUTINE), Options(cache=tmp_path / "cache"))
    assert mixed.value is not None
    _, sound = mixed.value
    original = np.frombuffer(sound(0, timeline_of(track).duration), "<i2").astype(np.float64) / 32_768
    inner = original[200:-200]
    alike = {lag: float(np.dot(joined[200 + lag :][: len(inner)], inner)) for lag in (-48, -1, 0, 1, 48)}
    assert max(alike, key=lambda lag: alike[lag]) == 0


def test_a_second_build_gives_the_same_bytes_and_removes_what_is_stale(folder: Path) -> None:
    first = {path.name: path.read_bytes() for path in (*built(folder).parts, folder / "legs.m3u8")}
    (folder / "notes.txt").write_text("mine")
    (folder / "05 My own.mp3").write_bytes(b"ID3 mine")
    assert {path.name: path.read_bytes() for path in (*built(folder).parts, folder / "legs.m3u8")} == first
    shorter = ROUTINE.rpartition(b"  - exercise")[0].replace(b"left, right", b"right, left")
    built(folder, shorter)
    assert names(folder) == [
        "01 Calves, right.mp3", "02 Calves, left.mp3", "03 Con- AUX-nul.mp3", "05 My own.mp3", "legs.m3u8", "notes.txt",
    ]  # fmt: skip
    assert (folder / "05 My own.mp3").read_bytes() == b"ID3 mine"


def test_what_the_playlist_names_but_somebody_else_made_stays(folder: Path) -> None:
    built(folder)
    (folder / "04 Calves.mp3").write_bytes(b"my recording")
    outside = folder.parent / "99 x.mp3"
    outside.write_bytes((folder / "01 Calves, left.mp3").read_bytes())
    with (folder / "legs.m3u8").open("a") as playlist:
        playlist.write("../99 x.mp3\n/etc/passwd\n")
    built(folder, ROUTINE.rpartition(b"  - exercise")[0])
    assert (folder / "04 Calves.mp3").read_bytes() == b"my recording"
    assert outside.exists()


@pytest.mark.parametrize("name", ["02 Calves, right.mp3", "legs.m3u8"])
def test_what_is_not_ours_is_not_written_over(folder: Path, name: str) -> None:
    folder.mkdir(parents=True)
    (folder / name).write_bytes(b"#EXTM3U\nmine.mp3\n")
    with pytest.raises(SetupError, match="is there, and cuecast did not make it") as fault:
        built(folder)
    assert name in fault.value.message
    assert names(folder) == [name]
    assert (folder / name).read_bytes() == b"#EXTM3U\nmine.mp3\n"


@pytest.mark.parametrize("is_new", [True, False])
def test_a_build_that_breaks_leaves_all_as_it_was(folder: Path, is_new: bool) -> None:
    if not is_new:
        built(folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()} if folder.exists() else None

    def stop(stage: str, done: int, total: int) -> None:
        if stage == "encoding" and done > total // 2:
            raise KeyboardInterrupt

    folder.parent.mkdir(exist_ok=True)
    options = Options(split=True, cache=folder.parent.parent / "cache")
    with pytest.raises(KeyboardInterrupt):
        api.render(source("legs.yaml", ROUTINE.replace(b"8s", b"9s")), folder, options, on_progress=stop)
    assert ({path.name: path.read_bytes() for path in folder.iterdir()} if folder.exists() else None) == before


def test_what_a_killed_build_left_is_removed(folder: Path) -> None:
    left = folder / f".0123abcd{PART_SUFFIX}"
    left.mkdir(parents=True)
    (left / "lock").touch()
    (left / "01 Half.mp3").write_bytes(b"half")
    built(folder)
    assert names(folder) == NAMES


def test_a_track_without_chapters_is_one_file(folder: Path) -> None:
    track = built(folder, b"title: Words\nvoice: silent\nsteps:\n  - say: Hello.\n")
    assert names(folder) == ["01 Words.mp3", "legs.m3u8"]
    assert len(by_miniaudio(track.parts[0])) == timeline_of(track).duration * 48


@given(timelines())
def test_parts_are_the_timeline_cut_at_its_chapters(whole: Timeline) -> None:
    parts = split_at_chapters(whole)
    assert sum(part.timeline.duration for part in parts) == whole.duration
    for part, chapter in zip(parts, whole.chapters, strict=True):
        assert part.start == chapter.start
        assert part.timeline.channels == whole.channels
        assert all(0 <= e.start < e.end <= part.timeline.duration for e in part.timeline.events)
        assert part.timeline.intervals[0].start == 0
        assert part.timeline.intervals[-1].end == part.timeline.duration
    begun = [
        (part.start + e.start, e.utterance)
        for part in parts
        for e in part.timeline.events
        if isinstance(e, SpeechEvent)
    ]
    assert {(e.start, e.utterance) for e in whole.events if isinstance(e, SpeechEvent)} <= set(begun)
    assert len({part.name.casefold() for part in parts}) == len(parts)


@given(words, st.integers(1, 20_000))
def test_names_are_safe_everywhere(title: str, number: int) -> None:
    name = numbered_name(number, 20_000, title, ".mp3")
    assert len(name.encode()) < 200
    assert not set(name) & set('<>:"/\\|?*')
    assert not any(unicodedata.category(c)[0] == "C" for c in name)
    assert name.startswith(f"{number:05} ")
    assert name.endswith(".mp3")
    assert not name.removesuffix(".mp3").endswith((" ", "."))
    assert name == name.strip()


def test_names_keep_what_they_can() -> None:
    assert numbered_name(1, 9, "Calves, left", ".mp3") == "01 Calves, left.mp3"
    assert numbered_name(7, 123, "  Wade: „links“… ", ".mp3") == "007 Wade- „links“….mp3"
    assert numbered_name(1, 1, "???", PLAYLIST) == "01 Chapter.m3u8"
    assert numbered_name(1, 1, "語" * 200, ".mp3") == f"01 {'語' * 33}.mp3"
