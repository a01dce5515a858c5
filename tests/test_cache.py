"""The cache: what it keeps, what it removes when it has grown too large, and what builds at the same time rely on."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuecast.cache import RECENT_S, Cache, Entry, clear, list_entries, prune, recipe_key, verify

KEY = recipe_key({"test": 0})
DATA = bytes(range(256)) * 40
SIZE = 1000
DAY = 86_400


def key(number: int) -> str:
    return recipe_key({"n": number})


def place(root: Path, key: str = KEY) -> Path:
    return root / key[:2] / key[2:]


def stored(root: Path, number: int, ago: float) -> Path:
    """An entry of SIZE bytes that an earlier build has stored, last used so many seconds ago."""
    Cache(root).put(key(number), bytes(SIZE - 20))
    path = place(root, key(number))
    assert path.stat().st_size == SIZE
    os.utime(path, (time.time() - ago, time.time() - ago))
    return path


def left(root: Path, numbers: range = range(10)) -> list[int]:
    return [n for n in numbers if place(root, key(n)).exists()]


@pytest.fixture
def ten(tmp_path: Path) -> Path:
    """Ten entries: number 0 was used a day ago, each other one a day longer ago than the one before."""
    for n in range(10):
        stored(tmp_path, n, (n + 1) * DAY)
    return tmp_path


# What it keeps


def test_it_keeps_data_for_the_next_run(tmp_path: Path) -> None:
    assert Cache(tmp_path).find(KEY) is None
    added = Cache(tmp_path).add(KEY, DATA)
    assert added == Cache(tmp_path).find(KEY) == Entry(place(tmp_path), 20, len(DATA), zlib.crc32(DATA))
    assert added.read() == Cache(tmp_path).get(KEY) == DATA
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [place(tmp_path)]


def test_put_replaces_and_add_keeps_what_another_build_may_be_reading(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put(KEY, b"old")
    cache.put(KEY, b"new")
    assert cache.get(KEY) == b"new"
    assert cache.add(KEY, b"another way to say it").read() == b"new"


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
@pytest.mark.parametrize("read", [Cache.find, Cache.get])
def test_a_damaged_entry_counts_as_missing_and_is_removed(
    damage: Callable[[bytes], bytes], read: Callable[[Cache, str], object], tmp_path: Path
) -> None:
    cache = Cache(tmp_path)
    cache.put(KEY, DATA)
    place(tmp_path).write_bytes(damage(place(tmp_path).read_bytes()))
    assert read(cache, KEY) is None
    assert not place(tmp_path).exists()
    assert cache.add(KEY, DATA).read() == DATA


# A folder that can't be used


@pytest.mark.parametrize("root", [None, "file", "file/below", "/proc/nowhere"])
def test_a_folder_that_cannot_be_used_fails_nothing(root: str | None, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    cache = Cache(tmp_path / root if root else None)
    assert cache.find(KEY) is None
    assert cache.add(KEY, DATA).read() == DATA
    assert cache.get(KEY) == DATA
    cache.prune()
    assert Cache(tmp_path / root if root else None).get(KEY) is None


def test_a_folder_that_cannot_be_written_is_still_read(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put(KEY, DATA)
    place(tmp_path, key(1)).parent.touch()  # a file in the place of the folder
    added = cache.add(key(1), DATA)
    assert tmp_path not in added.path.parents
    assert cache.find(key(1)) == added
    assert cache.get(KEY) == DATA


def test_a_folder_that_is_removed_during_a_build_fails_nothing(tmp_path: Path) -> None:
    import shutil

    cache = Cache(tmp_path / "cache")
    cache.put(KEY, DATA)
    shutil.rmtree(tmp_path / "cache")
    assert cache.find(KEY) is None
    assert cache.add(KEY, DATA).path == place(tmp_path / "cache")


def test_a_limit_of_0_keeps_nothing(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache", 0)
    assert cache.add(KEY, DATA).read() == cache.get(KEY) == DATA
    cache.prune()
    assert not (tmp_path / "cache").exists()


def test_the_private_folder_is_gone_when_the_program_ends() -> None:
    code = "from cuecast.cache import Cache; print(Cache(None).add('abcdef', b'x').path)"
    path = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    assert not Path(path).parents[1].exists()


# What it removes


def test_the_least_recently_used_go_until_the_rest_fits(ten: Path) -> None:
    result = prune(ten, 4 * SIZE)
    assert left(ten) == [0, 1, 2, 3]
    assert (result.removed, result.freed, result.entries, result.bytes) == (6, 6 * SIZE, 4, 4 * SIZE)


@pytest.mark.parametrize("read", [Cache.find, Cache.get])
def test_a_use_is_noted_so_that_the_entry_stays_longest(read: Callable[[Cache, str], object], ten: Path) -> None:
    assert read(Cache(ten), key(9))
    prune(ten, 2 * SIZE)
    assert left(ten) == [0, 9]


def test_what_was_used_within_the_hour_stays_whatever_the_limit(tmp_path: Path) -> None:
    stored(tmp_path, 1, RECENT_S - 60)
    stored(tmp_path, 2, RECENT_S + 60)
    result = prune(tmp_path, 0)
    assert left(tmp_path) == [1]
    assert (result.removed, result.in_use) == (1, 1)


def test_a_build_prunes_at_its_end_if_it_stored_much(ten: Path) -> None:
    cache = Cache(ten, 6 * SIZE)
    cache.put(key(100), bytes(SIZE - 20))
    cache.prune()
    assert left(ten, range(101)) == [0, 1, 2, 3, 4, 100]


def test_a_build_that_stores_little_prunes_if_nobody_did_lately(tmp_path: Path) -> None:
    limit = 100 * SIZE
    for number, pruned in ((200, True), (201, False)):
        for n in range(101):
            stored(tmp_path, n, 2 * RECENT_S)
        cache = Cache(tmp_path, limit)
        cache.put(key(number), b"little")
        cache.prune()
        assert (sum(entry.size for entry in list_entries(tmp_path)) <= limit) is pruned


@pytest.mark.parametrize("hours", [2, 24, 24 * 365])
def test_a_clock_that_is_set_back_keeps_nothing_for_ever(hours: int, ten: Path) -> None:
    stored(ten, 20, -hours * 3600)
    assert Cache(ten).find(key(0))
    prune(ten, SIZE)
    assert left(ten, range(30)) == [0]


def test_other_files_in_the_folder_are_left_alone(ten: Path) -> None:
    folder = place(ten, key(0)).parent
    foreign = [ten / "notes.txt", ten / "zz" / "a", folder / "README", folder / ("F" * 62), ten / "ab.d" / "x"]
    for path in foreign:
        path.parent.mkdir(exist_ok=True)
        path.write_text("mine")
    link = folder / ("0" * 62)
    link.symlink_to(ten / "notes.txt")
    assert len(list_entries(ten)) == 10
    verify(ten)
    prune(ten, 0)
    clear(ten)
    assert left(ten) == []
    assert all(path.read_text() == "mine" for path in (*foreign, link))


def test_what_a_killed_build_left_goes_when_it_is_old(ten: Path) -> None:
    folder = place(ten, key(0)).parent
    old, new = (folder / f".{key(0)[2:]}-0000000{n}" for n in "ab")
    for path in (old, new):
        path.write_bytes(b"part")
    os.utime(old, (0, 0))
    prune(ten, None)
    assert (old.exists(), new.exists()) == (False, True)
    clear(ten)
    assert not new.exists()


@given(
    ages=st.lists(st.integers(-3 * DAY, 300 * DAY), max_size=12),
    limit=st.integers(0, 12 * SIZE),
    older=st.none() | st.integers(0, 300 * DAY),
)
def test_what_stays_is_the_most_recent_and_what_goes_had_to(
    ages: list[int], limit: int, older: int | None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("cache")
    for number, ago in enumerate(ages):
        stored(root, number, ago)
    result = prune(root, limit, older)
    stay = [abs(ages[n]) for n in left(root, range(len(ages)))]
    gone = [abs(ages[n]) for n in range(len(ages)) if not place(root, key(n)).exists()]
    assert (result.removed, result.entries, result.bytes) == (len(gone), len(stay), len(stay) * SIZE)
    assert all(age >= RECENT_S for age in gone)
    assert max(stay, default=0) <= min(gone, default=max(stay, default=0)) + 5
    too_old = [age for age in stay if age >= RECENT_S + 60 and older is not None and age > older + 60]
    assert too_old == []
    if any(age > RECENT_S + 60 for age in stay):
        assert len(stay) * SIZE <= limit
    if gone and (older is None or min(gone) < older - 60):
        assert (len(stay) + 1) * SIZE > limit  # the last to go was one too many


# Many at once


BUILD = """
import sys
from pathlib import Path
from cuecast.cache import Cache, recipe_key
root, turn, limit = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
for lap in range(6):
    cache = Cache(root, limit)
    entries = {n: cache.add(recipe_key({"n": n}), f"{n} ".encode() * 500) for n in range(turn % 3, 60, 2)}
    cache.prune()
    for n, entry in entries.items():
        assert entry.read() == f"{n} ".encode() * 500, n
"""


def test_many_builds_while_another_prunes(tmp_path: Path) -> None:
    """Eight builds in processes of their own, each of which prunes, and so do we: each reads what it found."""
    for n in range(200, 260):
        stored(tmp_path, n, DAY)
    builds = [
        subprocess.Popen(
            [sys.executable, "-c", BUILD, str(tmp_path), str(n), "20000"], stderr=subprocess.PIPE, text=True
        )
        for n in range(8)
    ]
    while any(build.poll() is None for build in builds):
        prune(tmp_path, 5000)
        time.sleep(0.01)
    for build in builds:
        _, stderr = build.communicate()
        assert build.returncode == 0, stderr
    assert left(tmp_path, range(260)) == list(range(60))
    assert verify(tmp_path).damaged == 0
