from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cuecast.cache import Cache, Entry, recipe_key, write_entry

KEY = recipe_key({"what": "test"})
DATA = bytes(range(256)) * 40


def place(root: Path) -> Path:
    return root / KEY[:2] / KEY[2:]


def test_keeps_data_for_the_next_run(tmp_path: Path) -> None:
    assert Cache(tmp_path).find(KEY) is None
    kept = Cache(tmp_path).store(KEY, DATA)
    found = Cache(tmp_path).find(KEY)
    assert found == kept == Entry(kept.path, kept.offset, len(DATA), zlib.crc32(DATA))
    assert found.read() == DATA
    assert kept.path.samefile(place(tmp_path))
    assert not list((tmp_path / "scratch").iterdir())


def test_keeps_small_data_that_need_not_be_held(tmp_path: Path) -> None:
    assert Cache(tmp_path).load(KEY) is None
    cache = Cache(tmp_path)
    cache.keep(KEY, DATA)
    assert cache.load(KEY) == Cache(tmp_path).load(KEY) == DATA
    assert not (tmp_path / "held").exists()
    entry = Cache(tmp_path).find(KEY)
    assert entry is not None
    assert entry.read() == DATA


def test_small_data_that_is_damaged_is_missing_and_goes(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.keep(KEY, DATA)
    place(tmp_path).write_bytes(place(tmp_path).read_bytes()[:-1])
    assert cache.load(KEY) is None
    assert not place(tmp_path).exists()


def test_small_data_is_kept_for_this_run_where_there_is_no_root(tmp_path: Path) -> None:
    cache = Cache(None)
    cache.keep(KEY, DATA)
    assert cache.load(KEY) == DATA
    assert Cache(None).load(KEY) is None


def test_small_data_that_nobody_takes_is_lost_without_a_word(tmp_path: Path) -> None:
    (tmp_path / "root").write_text("no folder")
    cache = Cache(tmp_path / "root")
    cache.keep(KEY, DATA)
    assert cache.load(KEY) is None


def test_adopts_a_file_made_elsewhere(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    scratch = cache.scratch()
    write_entry(scratch / "a", DATA)
    assert cache.adopt(KEY, scratch / "a").read() == DATA
    cache.release(scratch)
    assert not scratch.exists()


def test_keys_depend_on_all_of_the_recipe_but_not_on_its_order() -> None:
    assert recipe_key({"a": 1, "b": {"x": 0.5, "y": "é"}}) == recipe_key({"b": {"y": "é", "x": 0.5}, "a": 1})
    keys = [recipe_key(r) for r in ({}, {"a": 1}, {"a": "1"}, {"a": 1.5}, {"a": None}, {"a": [1]}, {"b": 1})]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: content[:10],
        lambda content: content[:-1],
        lambda content: content + b"\0",
        lambda content: content[:500] + b"?" + content[501:],
        lambda content: b"?" + content[1:],
        lambda content: bytes(len(content)),
    ],
)
def test_a_damaged_file_is_missing_and_removed(damage: Callable[[bytes], bytes], tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.store(KEY, DATA)
    place(tmp_path).write_bytes(damage(place(tmp_path).read_bytes()))
    assert cache.find(KEY) is None
    assert not place(tmp_path).exists()
    assert cache.store(KEY, DATA).read() == DATA


def test_no_folder_at_all() -> None:
    cache = Cache(None)
    assert cache.store(KEY, DATA).read() == DATA
    assert cache.find(KEY)


@pytest.mark.parametrize("root", ["file", "/proc/nowhere", "file/below"])
def test_a_folder_that_cannot_be_does_not_matter(root: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    cache = Cache(tmp_path / root)
    assert cache.find(KEY) is None
    assert cache.store(KEY, DATA).read() == DATA
    found = cache.find(KEY)
    assert found
    assert found.read() == DATA


def test_a_cache_that_cannot_be_written_is_still_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Cache(tmp_path).store(KEY, DATA)
    other = recipe_key({"what": "other"})

    make = Path.mkdir

    def refuse(self: Path, mode: int = 0o777, parents: bool = False, exist_ok: bool = False) -> None:
        if tmp_path in self.parents:
            raise PermissionError(13, "Permission denied")
        make(self, mode, parents, exist_ok)

    monkeypatch.setattr(Path, "mkdir", refuse)  # root may write anywhere, so that permissions alone prove nothing
    cache = Cache(tmp_path)
    assert cache.find(KEY)
    kept = cache.store(other, DATA)
    assert tmp_path not in kept.path.parents
    assert cache.find(other) == kept


def test_a_disk_that_fills_up_sends_the_rest_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, data: bytes) -> Entry:
        if tmp_path in path.parents:
            raise OSError(28, "No space left on device")
        return write_entry(path, data)

    monkeypatch.setattr("cuecast.cache.write_entry", full)
    assert Cache(tmp_path).store(KEY, DATA).read() == DATA


def test_the_private_folder_is_gone_when_the_program_ends(tmp_path: Path) -> None:
    code = "from cuecast.cache import Cache; print(Cache(None).store('abcdef', b'x').path)"
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    assert not Path(made).parents[1].exists()


def test_leftovers_of_killed_builds_are_swept(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as dead:
        pass
    scratch = tmp_path / "scratch"
    killed = scratch / f"{socket.gethostname()}-{dead.pid}-00000000"
    elsewhere, old, mine = scratch / f"else-where-{dead.pid}-00000000", scratch / "else-where-1-11111111", scratch
    for folder in (killed, elsewhere, old):
        folder.mkdir(parents=True)
    os.utime(old, (0, time.time() - 48 * 3600))
    mine = Cache(tmp_path).scratch()
    Cache(tmp_path).scratch()
    assert [folder.exists() for folder in (killed, elsewhere, old, mine)] == [False, True, False, True]


def test_many_at_once(tmp_path: Path) -> None:
    def build(turn: int) -> None:
        cache = Cache(tmp_path)
        for n in range(40):
            key = recipe_key({"n": n})
            if turn % 4 == 0 and n % 7 == 0:
                (tmp_path / key[:2]).mkdir(exist_ok=True)
                (tmp_path / key[:2] / key[2:]).write_bytes(b"damaged")
            entry = cache.find(key) or cache.store(key, f"{n} ".encode() * 1000)
            assert entry.size == len(f"{n} ") * 1000

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(build, range(16)))
    cache = Cache(tmp_path)
    for n in range(40):
        key = recipe_key({"n": n})
        entry = cache.find(key) or cache.store(key, f"{n} ".encode() * 1000)
        assert entry.read() == f"{n} ".encode() * 1000


def test_hundreds_are_found_in_no_time(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    keys = [recipe_key({"n": n}) for n in range(300)]
    for key in keys:
        cache.store(key, bytes(150_000))
    begun = time.process_time()
    assert all(cache.find(key) for key in keys)
    assert time.process_time() - begun < 0.5


def test_private_folders_of_killed_builds_are_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    code = (
        "import os, signal; from cuecast.cache import Cache; Cache(None).store('abcdef', bytes(1000));"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    env = {**os.environ, "TMPDIR": str(temporary)}
    assert subprocess.run([sys.executable, "-c", code], env=env, check=False).returncode != 0
    (left,) = temporary.iterdir()
    others = [temporary / "cuecast-abcdefgh", temporary / f"cuecast-{socket.gethostname()}-{os.getpid()}-abcdefgh"]
    others.append(temporary / "cuecast-else-where-1-abcdefgh")
    for folder in others:
        folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    Cache(tmp_path / "cache").store(KEY, DATA)  # also where that run needs no private folder
    assert not left.exists()
    assert all(folder.exists() for folder in others)
