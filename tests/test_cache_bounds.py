"""What the cache keeps when it has grown too large, and what a build can rely on meanwhile."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuecast.cache import Cache, bounds, recipe_key
from cuecast.cache.bounds import RECENT_S, clear, prune, survey, tidy, verify
from cuecast.cache.holding import HELD, holder_of

SIZE = 1000
DAY = 86_400


def key(number: int) -> str:
    return recipe_key({"n": number})


def place(root: Path, number: int) -> Path:
    return root / key(number)[:2] / key(number)[2:]


def put(root: Path, number: int, ago: float, size: int = SIZE) -> Path:
    """An entry as an earlier build has left it, so many bytes long and used so long ago."""
    path = place(root, number)
    path.parent.mkdir(parents=True, exist_ok=True)
    made = Cache(None).store(key(number), bytes(size - 20))
    path.write_bytes(made.path.read_bytes())
    assert path.stat().st_size == size
    os.utime(path, (time.time() - ago, time.time() - ago))
    return path


def left(root: Path, numbers: Iterator[int] | range) -> list[int]:
    return [n for n in numbers if place(root, n).exists()]


@pytest.fixture
def ten(tmp_path: Path) -> Path:
    """Ten entries; number 0 was used a day ago, each other one a day longer ago than the one before."""
    for n in range(10):
        put(tmp_path, n, (n + 1) * DAY)
    return tmp_path


def test_the_least_recently_used_go_until_the_rest_fits(ten: Path) -> None:
    pruned = prune(ten, 4 * SIZE)
    assert left(ten, range(10)) == [0, 1, 2, 3]
    assert (pruned.removed, pruned.freed, pruned.left, pruned.left_bytes) == (6, 6 * SIZE, 4, 4 * SIZE)


def test_nothing_goes_that_fits(ten: Path) -> None:
    assert prune(ten, 10 * SIZE).removed == 0
    assert prune(ten, None).removed == 0


def test_what_is_old_goes_even_if_it_fits(ten: Path) -> None:
    assert prune(ten, None, older=5.5 * DAY).removed == 5
    assert left(ten, range(10)) == [0, 1, 2, 3, 4]


def test_a_use_is_noted_so_that_it_stays_longest(ten: Path) -> None:
    assert Cache(ten).find(key(9))
    holder_of(ten).release()
    prune(ten, 2 * SIZE)
    assert left(ten, range(10)) == [0, 9]


def test_a_use_is_noted_only_now_and_then(tmp_path: Path) -> None:
    put(tmp_path, 1, bounds.NOTED_S / 2)
    before = place(tmp_path, 1).stat().st_mtime
    assert Cache(tmp_path).find(key(1))
    assert place(tmp_path, 1).stat().st_mtime == before


def test_what_was_used_within_the_hour_stays_whatever_the_limit(tmp_path: Path) -> None:
    put(tmp_path, 1, RECENT_S - 60)
    put(tmp_path, 2, RECENT_S + 60)
    pruned = prune(tmp_path, 0)
    assert left(tmp_path, range(3)) == [1]
    assert (pruned.removed, pruned.in_use) == (1, 1)


def test_what_another_running_build_uses_stays(ten: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from cuecast.cache import Cache; "
        f"entry = Cache(Path(sys.argv[1])).find({key(9)!r}); import os; os.utime(entry.path, (0, 0)); "
        "print('found', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(ten)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as build:
        assert build.stdout is not None
        assert build.stdout.readline() == "found\n"
        assert prune(ten, 0).in_use == 1
        assert left(ten, range(10)) == [9]
        build.communicate("")
    assert not list((ten / HELD).iterdir())
    assert prune(ten, 0).removed == 1


def test_a_killed_build_holds_nothing(ten: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from cuecast.cache import Cache; "
        f"entry = Cache(Path(sys.argv[1])).find({key(9)!r}); os.utime(entry.path, (0, 0)); os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", code, str(ten)], check=False)
    assert list((ten / HELD).iterdir())
    assert prune(ten, 0).removed == 10
    assert not list((ten / HELD).iterdir())


@pytest.mark.parametrize("how", [clear, lambda root: prune(root, 0), lambda root: place(root, 1).unlink()])
def test_what_vanishes_between_finding_and_reading_is_read_all_the_same(how: object, tmp_path: Path) -> None:
    assert callable(how)
    put(tmp_path, 1, 2 * DAY)
    cache = Cache(tmp_path)
    found, stored = cache.find(key(1)), cache.store(key(2), b"stored")
    assert found
    how(tmp_path)
    assert (len(found.read()), stored.read()) == (SIZE - 20, b"stored")
    again = cache.find(key(1))  # a later stage of the same build
    assert again
    assert again.read() == found.read()


def test_what_is_stored_anew_does_not_change_what_was_found(tmp_path: Path) -> None:
    first = Cache(tmp_path).store(key(1), b"one way to say it")
    code = "import sys; from pathlib import Path; from cuecast.cache import Cache; "
    code += f"Cache(Path(sys.argv[1])).store({key(1)!r}, b'another')"
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True)
    second = Cache(tmp_path).store(key(1), b"and a third")
    assert (first.read(), second.read()) == (b"one way to say it", b"and a third")


def test_a_whole_cache_that_is_removed_during_a_build_stops_nothing(tmp_path: Path) -> None:
    import shutil

    cache = Cache(tmp_path / "cache")
    cache.store(key(1), b"one")
    shutil.rmtree(tmp_path / "cache")
    assert cache.find(key(1)) is None
    entry = cache.store(key(2), b"two")
    assert entry.read() == b"two"
    assert Cache(tmp_path / "cache").find(key(2))


def test_without_links_all_is_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    cache = Cache(tmp_path)
    assert cache.store(key(1), b"one").path == place(tmp_path, 1)
    assert cache.find(key(1))
    os.utime(place(tmp_path, 1), (0, 0))
    assert prune(tmp_path, 0, keep={key(1)}).removed == 0
    assert prune(tmp_path, 0).removed == 1


def test_a_build_prunes_at_its_end_when_it_has_stored_too_much(ten: Path) -> None:
    cache = Cache(ten, 8 * SIZE)
    cache.store(key(100), bytes(SIZE - 20))
    cache.tidy()
    assert left(ten, range(10)) == [0, 1, 2, 3, 4, 5]  # with the new one 7, as a tenth is left free
    assert place(ten, 100).exists()


def test_a_build_that_stores_nothing_prunes_nothing(ten: Path) -> None:
    cache = Cache(ten, SIZE)
    assert cache.find(key(1))
    cache.tidy()
    assert left(ten, range(10)) == list(range(10))


def test_no_look_is_taken_while_the_estimate_is_below_the_limit(ten: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert tidy(ten, 100 * SIZE, 0) is not None  # the first time nothing is known
    monkeypatch.setattr(bounds, "survey", None)
    for _ in range(80):
        assert tidy(ten, 100 * SIZE, SIZE) is None
    monkeypatch.undo()
    looked = [tidy(ten, 100 * SIZE, SIZE) for _ in range(11)]
    assert [pruned is not None for pruned in looked] == [False] * 10 + [True]


def test_a_look_that_can_remove_nothing_is_not_repeated_at_once(tmp_path: Path) -> None:
    for n in range(10):
        put(tmp_path, n, 0)
    assert tidy(tmp_path, 5 * SIZE, 1) is not None
    assert tidy(tmp_path, 5 * SIZE, 1) is None
    assert tidy(tmp_path, 5 * SIZE, SIZE) is not None  # much was stored since
    assert tidy(tmp_path, 4 * SIZE, 1) is not None  # another limit


@pytest.mark.parametrize(
    "content", [b"", b"nonsense", b"1 2\n", b"\xff\xfe", b"1 2 3\nx\n", b"0 0 0\n" + b"1\n" * 50_000]
)
def test_a_damaged_tally_is_corrected(content: bytes, ten: Path) -> None:
    (ten / "tally").write_bytes(content)
    pruned = tidy(ten, 5 * SIZE, 1)
    assert pruned is not None
    assert pruned.left_bytes <= 5 * SIZE
    assert (ten / "tally").stat().st_size < 100


@pytest.mark.parametrize("hours", [2, 24, 24 * 365])
def test_a_clock_that_is_set_back_keeps_nothing_for_ever(hours: int, ten: Path) -> None:
    put(ten, 20, -hours * 3600)
    cache = Cache(ten)
    assert cache.find(key(0))
    holder_of(ten).release()
    prune(ten, SIZE)
    assert left(ten, range(30)) == [0]


def test_a_limit_of_0_keeps_nothing(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache", 0)
    assert cache.store(key(1), b"one").read() == b"one"
    assert cache.find(key(1))
    cache.tidy()
    assert not (tmp_path / "cache").exists()


def test_whatever_else_lies_in_the_folder_is_left_alone(ten: Path) -> None:
    folder = ten / key(0)[:2]
    foreign = [ten / "notes.txt", ten / "zz" / "a", folder / "README", folder / ("F" * 62), ten / "ab.d" / "x"]
    for path in foreign:
        path.parent.mkdir(exist_ok=True)
        path.write_text("mine")
    link = folder / ("0" * 62)
    link.symlink_to(ten / "notes.txt")
    assert len(survey(ten)) == 10
    verify(ten)
    prune(ten, 0)
    clear(ten)
    assert left(ten, range(10)) == []
    assert all(path.read_text() == "mine" for path in (*foreign, link))


def test_clear_leaves_an_empty_folder(ten: Path) -> None:
    tidy(ten, 20 * SIZE, 1)
    Cache(ten).store(key(50), b"x")
    holder_of(ten).release()
    assert clear(ten).removed == 11
    assert list(ten.iterdir()) == []


def test_what_a_killed_copy_left_goes_when_it_is_old(ten: Path) -> None:
    folder = place(ten, 0).parent
    old, new = folder / f".{key(0)}-0000000a", folder / f".{key(0)}-0000000b"
    old.write_bytes(b"part")
    new.write_bytes(b"part")
    os.utime(old, (0, 0))
    prune(ten, None)
    assert (old.exists(), new.exists()) == (False, True)


def test_verify_removes_what_is_damaged(ten: Path) -> None:
    place(ten, 3).write_bytes(b"cuecast0 of an older version")
    place(ten, 4).write_bytes(b"")
    found = verify(ten)
    assert (found.whole, found.damaged) == (8, 2)
    assert left(ten, range(10)) == [0, 1, 2, 5, 6, 7, 8, 9]


def test_no_cache_is_an_empty_one(tmp_path: Path) -> None:
    root = tmp_path / "nowhere"
    assert survey(root) == []
    assert prune(root, 0).removed == clear(root).removed == verify(root).whole == 0
    tidy(root, 10, 100)
    assert not root.exists()


def test_a_file_is_no_cache(tmp_path: Path) -> None:
    root = tmp_path / "file"
    root.write_text("precious")
    for look in (survey, clear, verify, lambda root: prune(root, 0)):
        with pytest.raises(NotADirectoryError):
            look(root)
    assert tidy(root, 10, 100) is None
    assert root.read_text() == "precious"


def test_a_disk_that_takes_nothing_more_is_pruned_all_the_same(ten: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    pruned = tidy(ten, 5 * SIZE, 1)
    assert pruned is not None
    assert pruned.left == 4


def test_a_cache_that_cannot_be_written_is_no_fault(ten: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    for name in ("utime", "link", "unlink"):
        monkeypatch.setattr(os, name, refuse)
    for name in ("unlink", "mkdir", "write_bytes"):
        monkeypatch.setattr(Path, name, refuse)
    cache = Cache(ten)
    found = cache.find(key(9))
    assert found
    assert len(found.read()) == SIZE - 20
    assert prune(ten, 0).removed == 0


@given(
    ages=st.lists(st.integers(-3 * DAY, 300 * DAY), max_size=12),
    limit=st.integers(0, 12 * SIZE),
    older=st.none() | st.integers(0, 300 * DAY),
)
def test_what_stays_is_the_most_recent_and_what_goes_had_to(
    ages: list[int], limit: int, older: int | None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("cache")
    now = time.time()
    for number, ago in enumerate(ages):
        path = place(root, number)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes(SIZE))
        os.utime(path, (now - ago, now - ago))
    pruned = prune(root, limit, older)
    stay = [abs(ages[n]) for n in left(root, range(len(ages)))]
    gone = [abs(ages[n]) for n in range(len(ages)) if not place(root, n).exists()]
    assert (pruned.removed, pruned.left, pruned.left_bytes) == (len(gone), len(stay), len(stay) * SIZE)
    assert all(age >= RECENT_S for age in gone)
    assert max(stay, default=0) <= min(gone, default=max(stay, default=0)) + 5
    too_old = [age for age in stay if age >= RECENT_S + 60 and older is not None and age > older + 60]
    assert too_old == []
    if any(age > RECENT_S + 60 for age in stay):
        assert len(stay) * SIZE <= limit
    if gone and (older is None or min(gone) < older - 60):
        assert (len(stay) + 1) * SIZE > limit  # the last to go was one too many


def test_a_folder_that_is_cleared_away_as_it_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    make = os.mkdir

    def mkdir(path: os.PathLike[str], mode: int = 0o777) -> None:
        make(path, mode)
        if Path(path).name == HELD and len(made) < 3:
            made.append(str(path))
            os.rmdir(path)  # noqa: PTH106

    monkeypatch.setattr(os, "mkdir", mkdir)
    entry = Cache(tmp_path).store(recipe_key({"n": 1}), b"sound")
    monkeypatch.undo()
    assert len(made) == 3
    clear(tmp_path)
    assert entry.read() == b"sound"


BUILD = """
import sys
from pathlib import Path
from cuecast.cache import Cache, recipe_key
root, turn, limit = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
for lap in range(6):
    cache = Cache(root, limit)
    entries = {}
    for n in range(turn % 3, 60, 2):
        key = recipe_key({"n": n})
        entries[n] = cache.find(key) or cache.store(key, f"{n} ".encode() * 500)
    cache.tidy()
    for n, entry in entries.items():
        assert entry.read() == f"{n} ".encode() * 500, n
"""


def test_many_builds_and_much_pruning_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight builds in processes of their own, while another prunes and clears: each reads what it found."""
    builds = [
        subprocess.Popen(
            [sys.executable, "-c", BUILD, str(tmp_path), str(n), "20000"], stderr=subprocess.PIPE, text=True
        )
        for n in range(8)
    ]
    laps = 0
    monkeypatch.setattr(bounds, "RECENT_S", 0.0)
    while any(build.poll() is None for build in builds):
        prune(tmp_path, 5000)
        if laps % 10 == 9:
            clear(tmp_path)
        if laps % 4 == 3 and (entries := survey(tmp_path)):
            entries[0].path.unlink(missing_ok=True)
        laps += 1
    for build in builds:
        _, stderr = build.communicate()
        assert build.returncode == 0, stderr
    assert laps > 3
    assert verify(tmp_path).damaged == 0
    assert not list((tmp_path / HELD).iterdir()) if (tmp_path / HELD).exists() else True


def test_twenty_thousand_entries_are_pruned_in_no_time(tmp_path: Path) -> None:
    for n in range(20_000):
        path = place(tmp_path, n)
        if n < 256 * 8:
            path.parent.mkdir(exist_ok=True)
        path.touch()
        os.utime(path, (n * DAY, n * DAY))
    begun = time.process_time()
    assert tidy(tmp_path, SIZE, 1) is not None
    assert time.process_time() - begun < 2
    begun = time.process_time()
    for _ in range(100):
        assert tidy(tmp_path, SIZE, 1) is None
    assert time.process_time() - begun < 0.2
