"""The cache's bounds: what goes when it grows too large, and how that is known without looking through it each time.

The time of an entry's last use is the modification time of its file. The file `tally` in the cache's folder holds
what the last look through it found and what was stored since: an estimate, which every look corrects.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from cuecast.cache.entries import entry_at
from cuecast.cache.holding import HELD, SCRATCH, sweep

DEFAULT_LIMIT = 1_000_000_000
"""Bytes that a cache holds at most, where nothing else is told."""

NOTED_S = 10 * 60
"""A use is noted where the last one noted is longer ago than this."""

RECENT_S = 3600
"""What was used within this time stays, whatever the limit."""

_TALLY = "tally"
_LARGEST_TALLY = 64 * 1024
_ROOM = 0.1
"""Share of the limit that is free after a build has pruned, so that the next one need not."""

_AGAIN_S = 10 * 60
"""A look that could not remove enough is not repeated sooner, unless much was stored since."""

_MUCH = 0.05
_FOLDER = re.compile(r"[0-9a-f]{2}")
_FILE = re.compile(r"[0-9a-f]{62}")
_PART = re.compile(r"\.[0-9a-f]{64}-[0-9a-f]{8}")
_PART_S = 24 * 3600


class Stored(Struct, frozen=True):
    """An entry's file: its size in bytes, and when it was last used (seconds since 1970)."""

    path: Path
    key: str
    size: int
    used: float
    held: bool = False
    """Whether a running process holds it."""


class Pruned(Struct, frozen=True):
    """How many entries and bytes went, how many stay, and how many of those only because they are in use."""

    removed: int
    freed: int
    left: int
    left_bytes: int
    in_use: int = 0


class Verified(Struct, frozen=True):
    """How many entries are whole, and how many were not and were removed."""

    whole: int
    damaged: int


def survey(root: Path) -> list[Stored]:
    """All entries of the cache at `root`; whatever else lies there is not ours and is left out.

    Raises OSError where the folder can't be read, or is none.
    """
    return list(_entries(root))


def tidy(root: Path, limit: int, stored: int, keep: Collection[str] = ()) -> Pruned | None:
    """Prune after a build that stored so many bytes, where the limit seems to be exceeded; never raises OSError.

    Entries in `keep` (keys) stay.
    """
    with suppress(OSError):
        _note(root, stored)
        tally = _tally(root)
        if tally is not None:
            total = tally.walked + tally.since
            lately = abs(time.time() - tally.at) < _AGAIN_S and tally.since < _MUCH * limit
            if total <= limit or (lately and tally.limit == limit):
                return None
        return prune(root, limit, room=_ROOM, keep=keep)
    return None


def prune(
    root: Path,
    limit: int | None,
    older: float | None = None,
    room: float = 0.0,
    keep: Collection[str] = (),
) -> Pruned:
    """Remove the least recently used entries until `limit` bytes are left, and those unused for `older` seconds.

    Where the limit is exceeded, a share `room` of it becomes free. What was used within the last hour, what a running
    process holds and what is in `keep` (keys) stays. Raises OSError only where the folder can't be read.
    """
    for kind in (SCRATCH, HELD):
        sweep(root / kind)
    now = time.time()
    # A clock that was set back makes uses lie ahead: they are as long past as they are ahead.
    entries = sorted(survey(root), key=lambda entry: abs(now - entry.used), reverse=True)
    total = sum(entry.size for entry in entries)
    aim = total if limit is None or total <= limit else int(limit * (1 - room))
    removed = freed = in_use = 0
    for entry in entries:
        age = abs(now - entry.used)
        if total - freed <= aim and (older is None or age < older):
            break
        if age < RECENT_S or entry.held or entry.key in keep or _used_since(entry):
            in_use += 1
        elif _removed(entry.path):
            removed += 1
            freed += entry.size
    _remove_parts(root, now)
    _walked(root, total - freed, limit or 0, now)
    return Pruned(removed, freed, len(entries) - removed, total - freed, in_use)


def clear(root: Path) -> Pruned:
    """Remove every entry. A build that runs meanwhile goes on with what it holds.

    Raises OSError only where the folder can't be read.
    """
    for kind in (SCRATCH, HELD):
        sweep(root / kind)
    entries = survey(root)
    gone = [entry for entry in entries if _removed(entry.path)]
    _remove_parts(root, None)
    with suppress(OSError):
        (root / _TALLY).unlink(missing_ok=True)
    for folder in _folders(root):
        with suppress(OSError):
            folder.rmdir()  # where nothing else is in it
    for kind in (SCRATCH, HELD):
        with suppress(OSError):
            (root / kind).rmdir()
    left = [entry for entry in entries if entry not in gone]
    return Pruned(len(gone), sum(e.size for e in gone), len(left), sum(e.size for e in left))


def verify(root: Path) -> Verified:
    """Read every entry, and remove those that are damaged. One that can't be read stays as it is."""
    whole = damaged = 0
    for entry in _entries(root):
        with suppress(OSError):
            if entry_at(entry.path) is not None:
                whole += 1
            elif _removed(entry.path):
                damaged += 1
    return Verified(whole, damaged)


def _entries(root: Path) -> Iterator[Stored]:
    for folder in _folders(root):
        with suppress(OSError), os.scandir(folder) as files:
            for file in files:
                if _FILE.fullmatch(file.name) and file.is_file(follow_symlinks=False):
                    with suppress(OSError):  # gone meanwhile
                        found = file.stat(follow_symlinks=False)
                        key = folder.name + file.name
                        yield Stored(Path(file.path), key, found.st_size, found.st_mtime, found.st_nlink > 1)


def _folders(root: Path) -> list[Path]:
    try:
        with os.scandir(root) as folders:
            return [Path(f.path) for f in folders if _FOLDER.fullmatch(f.name) and f.is_dir(follow_symlinks=False)]
    except FileNotFoundError:
        return []


def _used_since(entry: Stored) -> bool:
    """Whether another process has begun to use it since we looked."""
    try:
        found = entry.path.stat()
    except OSError:
        return False
    return found.st_mtime != entry.used or found.st_nlink > 1


def _removed(path: Path) -> bool:
    try:
        path.unlink()
    except OSError:  # gone already, open (Windows) or not ours to remove
        return False
    return True


def _remove_parts(root: Path, now: float | None) -> None:
    """Remove what a build that was killed in the middle of a copy has left; without `now`, however new."""
    for folder in _folders(root):
        with suppress(OSError):
            for part in [p for p in folder.iterdir() if _PART.fullmatch(p.name)]:
                with suppress(OSError):
                    if now is None or abs(now - part.stat().st_mtime) > _PART_S:
                        part.unlink()


class _Tally(Struct, frozen=True):
    """Bytes that a look at the time `at` left below a `limit`, and bytes stored since."""

    walked: int
    at: int
    limit: int
    since: int


def _tally(root: Path) -> _Tally | None:
    """What is noted; None where nothing is, or nonsense, or so much that it is time to look again."""
    try:
        with (root / _TALLY).open("rb") as file:
            content = file.read(_LARGEST_TALLY + 1)
        first, *more = content.decode("ascii").split("\n")
        walked, at, limit = map(int, first.split())
        if len(content) > _LARGEST_TALLY:
            return None
        return _Tally(walked, at, limit, sum(int(line) for line in more if line))
    except (OSError, ValueError):
        return None


def _note(root: Path, stored: int) -> None:
    """Add a line: short enough that those of many builds at once do not mix."""
    with (root / _TALLY).open("ab", buffering=0) as file:
        file.write(f"{stored}\n".encode())


def _walked(root: Path, total: int, limit: int, now: float) -> None:
    part = root / f".{_TALLY}-{os.getpid()}"
    try:
        part.write_bytes(f"{total} {now:.0f} {limit}\n".encode())
        part.replace(root / _TALLY)
    except OSError:  # read-only, or full: then the next build looks again
        with suppress(OSError):
            part.unlink(missing_ok=True)
