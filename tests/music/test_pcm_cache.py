"""Sound in the cache: found again, written again if it is gone, and reported if that can't be."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from pathlib import Path

import pytest
import soundfile

from cuecast.cache import Cache
from cuecast.errors import SetupError
from cuecast.mix.music.loading import load_recording
from cuecast.model.music import Recording
from cuecast.model.timeline import BedSegment
from cuecast.protocols import MixedSound
from tests.music.music_files import PINK, bed_of, music, noise, track, tune, write

WINDOWS = [(0, 1_000), (29_000, 32_000), (36_000, 41_000), (48_000, 52_000), (59_000, 60_000)]
"""Where parts and passes of the music meet, and where another music follows."""


def parts(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and path.stat().st_size > 100_000]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write(tmp_path / "a.flac", tune(40, 22_050), 22_050).path


def bed(path: Path, folder: Path | None) -> MixedSound:
    recording = music(Recording(path.name, path))
    segments = [BedSegment(0, 50_000, recording, -18.0), BedSegment(50_000, 60_000, PINK, -18.0)]
    return bed_of(track(segments, 60_000), Cache(folder))


def windows(sound: MixedSound) -> bytes:
    return b"".join(sound(*window) for window in WINDOWS)


def test_a_file_is_decoded_once(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = windows(bed(path, tmp_path / "cache"))
    monkeypatch.setattr(soundfile, "SoundFile", None)
    monkeypatch.setattr(hashlib, "file_digest", None)
    assert windows(bed(path, tmp_path / "cache")) == first


def test_a_music_is_known_by_its_content(path: Path, tmp_path: Path, cache: Cache) -> None:
    shutil.copy(path, tmp_path / "b.flac")
    key = load_recording(path, 1, cache).key
    assert load_recording(tmp_path / "b.flac", 1, cache).key == key
    write(path, noise(5))
    assert load_recording(path, 1, cache).key != key


@pytest.mark.parametrize("damage", ["gone", "changed"])
def test_damaged_parts_are_written_again(damage: str, path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    first = windows(bed(path, folder))
    for part in parts(folder):
        content = bytearray(part.read_bytes())
        if damage == "gone":
            part.unlink()
        else:
            content[len(content) // 2] ^= 1
            part.write_bytes(content)
    assert windows(bed(path, folder)) == first


def test_without_a_cache_it_sounds_the_same(path: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    assert windows(bed(path, tmp_path / "file")) == windows(bed(path, tmp_path / "cache"))


def test_parts_that_vanish_during_a_build_are_written_again(path: Path, tmp_path: Path) -> None:
    sound = bed(path, tmp_path / "cache")
    first = windows(sound)
    for part in parts(tmp_path / "cache"):
        part.unlink()
    assert windows(sound) == first


def test_music_that_changes_during_a_build_is_the_environments_fault(path: Path, tmp_path: Path) -> None:
    sound = bed(path, tmp_path / "cache")
    shutil.rmtree(tmp_path / "cache")
    write(path, noise(30))
    with pytest.raises(SetupError, match=r"a\.flac can't be read any more: it has changed"):
        windows(sound)
    path.unlink()
    with pytest.raises(SetupError, match=r"a\.flac can't be read any more"):
        windows(sound)


def test_a_disk_that_takes_nothing_is_the_environments_fault(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    (tmp_path / "file").touch()
    with pytest.raises(SetupError, match="the sound of the music can't be kept"):
        load_recording(path, 1, Cache(tmp_path / "file"))
