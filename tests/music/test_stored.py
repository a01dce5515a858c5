"""Sound in the cache: found again, made anew where it is gone, and told where that can't be."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest

from cuecast.cache import Cache
from cuecast.errors import SetupError
from cuecast.mix.music.pcm_cache import PART_MS, part_key
from cuecast.mix.music.recordings import recording
from cuecast.model.music import Recording
from cuecast.model.timeline import BedSegment
from tests.music.music_files import PINK, music, noise, prepared, track, tune, write

PLACES = [(0, 1_000), (29_000, 32_000), (59_000, 61_000), (68_000, 72_000), (88_000, 92_000), (99_000, 100_000)]
"""Where parts and turns of the music meet, and where other music follows."""


def parts(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and path.stat().st_size > 100_000]


@pytest.fixture
def played(tmp_path: Path) -> Path:
    return write(tmp_path / "a.flac", tune(70, 22_050), 22_050).path


def sound(path: Path, folder: Path | None) -> bytes:
    told = [BedSegment(0, 90_000, music(Recording(path.name, path)), -18.0), BedSegment(90_000, 100_000, PINK, -18.0)]
    windows = prepared(track(told, 100_000), Cache(folder))
    return b"".join(windows(*place) for place in PLACES)


def test_what_is_there_is_not_decoded_again(played: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = sound(played, tmp_path / "cache")
    monkeypatch.setattr("cuecast.mix.music.recordings.opened", None)
    monkeypatch.setattr("cuecast.mix.music.recordings._digest", None)
    assert sound(played, tmp_path / "cache") == first


def test_the_same_content_elsewhere_is_the_same_music(played: Path, tmp_path: Path, cache: Cache) -> None:
    shutil.copy(played, tmp_path / "b.flac")
    assert recording(played, 1, cache).mark == recording(tmp_path / "b.flac", 1, cache).mark


def test_another_content_under_the_same_name_is_another_music(tmp_path: Path, cache: Cache) -> None:
    path = write(tmp_path / "a.wav", noise(5, seed=1)).path
    before = recording(path, 1, cache).mark
    write(tmp_path / "a.wav", noise(5, seed=2))
    assert recording(path, 1, cache).mark != before


@pytest.mark.parametrize("damage", ["gone", "cut", "changed", "all gone"])
def test_what_is_damaged_is_made_anew(damage: str, played: Path, tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    first = sound(played, folder)
    for path in parts(folder):
        content = bytearray(path.read_bytes())
        if damage == "gone":
            path.unlink()
        elif damage == "cut":
            path.write_bytes(content[:-1000])
        elif damage == "changed":
            content[len(content) // 2] ^= 1
            path.write_bytes(content)
    if damage == "all gone":
        shutil.rmtree(folder)
    assert sound(played, folder) == first


def test_without_a_cache_it_sounds_the_same(played: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    first = sound(played, tmp_path / "cache")
    assert sound(played, tmp_path / "file") == first
    assert sound(played, None) == first


def test_what_vanishes_while_it_is_used_is_made_anew(played: Path, tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    windows = prepared(track([BedSegment(0, 90_000, music(Recording(played.name, played)), -18.0)], 90_000), cache)
    first = windows(0, 90_000)
    for path in parts(tmp_path / "cache"):
        if path.is_file():
            path.unlink(missing_ok=True)
    assert windows(0, 90_000) == first


def test_music_that_changes_while_it_is_used_is_the_environments_fault(played: Path, tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    windows = prepared(track([BedSegment(0, 90_000, music(Recording(played.name, played)), -18.0)], 90_000), cache)
    shutil.rmtree(tmp_path / "cache")
    write(played, noise(30))
    with pytest.raises(SetupError, match=r"a\.flac can't be read any more: it has changed"):
        windows(0, 90_000)
    played.unlink()
    with pytest.raises(SetupError, match=r"a\.flac can't be read any more"):
        windows(0, 90_000)


def test_a_disk_that_takes_nothing_is_the_environments_fault(
    played: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    (tmp_path / "file").touch()
    with pytest.raises(SetupError, match="the sound of the music can't be kept"):
        recording(played, 1, Cache(tmp_path / "file"))


def test_parts_are_small(played: Path, cache: Cache) -> None:
    mark = recording(played, 1, cache).mark
    first, last = (cache.find(part_key(mark, number)) for number in (0, 2))
    assert first
    assert last
    assert first.size == PART_MS * 192 + 8
    assert last.size < 12_000 * 192
