"""`cuecast cache`: what is kept between builds, shown and looked after. It asks nothing: all of it can be made anew."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from cuecast.cache import bounds
from cuecast.cli.console import put, put_json, usage
from cuecast.cli.find import LIMIT_NAME, cache_dir, cache_limit
from cuecast.cli.sizes import age_to_text, bytes_to_text, text_to_bytes, text_to_seconds
from cuecast.errors import SetupError
from cuecast.files import CACHE_VARIABLE

T = TypeVar("T")


def show(as_json: bool) -> None:
    """Folder, entries, size, limit, and how long ago they were used."""
    folder, limit = cache_dir(), cache_limit()
    entries = _guarded(folder, lambda: bounds.survey(folder))
    size = sum(entry.size for entry in entries)
    now = time.time()
    used = [min(entry.used, now) for entry in entries]
    if as_json:
        put_json(
            {
                "folder": str(folder),
                "entries": len(entries),
                "bytes": size,
                "limit": limit,
                "writable": _is_writable(folder),
                "oldest_use": _date(min(used, default=None)),
                "newest_use": _date(max(used, default=None)),
            }
        )
        return
    put(f"folder   {folder}\n")
    if not _is_writable(folder):
        put(f"         can't be written: builds work, but keep nothing ({CACHE_VARIABLE} names another one)\n")
    put(f"entries  {len(entries):,}\n")
    put(f"size     {bytes_to_text(size)} of {_limit(limit)}\n")
    if size > limit:
        put("         above that for a while: what was used within the last hour stays\n")
    if used:
        put(f"used     last {age_to_text(now - max(used))}; the oldest {age_to_text(now - min(used))}\n")


def prune(most: str | None, older: str | None, as_json: bool) -> None:
    """Remove what was not used for longest."""
    limit = cache_limit() if most is None else _told("--max", most, text_to_bytes)
    age = None if older is None else _told("--older", older, text_to_seconds)
    folder = cache_dir()
    _report(_guarded(folder, lambda: bounds.prune(folder, limit, age)), folder, as_json)


def clear(as_json: bool) -> None:
    """Remove everything that is ours."""
    folder = cache_dir()
    cleared = _guarded(folder, lambda: bounds.clear(folder))
    _report(cleared, folder, as_json)
    if cleared.left and not _is_writable(folder):
        raise _cannot(folder, "its entries can't be removed")


def verify(as_json: bool) -> None:
    """Read everything, and remove what is damaged."""
    folder = cache_dir()
    found = _guarded(folder, lambda: bounds.verify(folder))
    if as_json:
        put_json({"whole": found.whole, "damaged": found.damaged})
    elif found.damaged:
        put(f"{_entries(found.damaged)} damaged, and removed; {found.whole:,} whole\n")
    else:
        put(f"{_entries(found.whole)}, all whole\n")


def _report(pruned: bounds.Pruned, folder: Path, as_json: bool) -> None:
    if as_json:
        put_json(
            {
                "removed": pruned.removed,
                "freed": pruned.freed,
                "entries": pruned.left,
                "bytes": pruned.left_bytes,
                "in_use": pruned.in_use,
            }
        )
        return
    freed = f", {bytes_to_text(pruned.freed)}" if pruned.removed else ""
    left = f"; {pruned.left:,} left, {bytes_to_text(pruned.left_bytes)}" if pruned.left else "; nothing left"
    if not folder.is_dir():
        left = f": there is no folder {folder} yet"
    put(f"{_entries(pruned.removed)} removed{freed}{left}\n")
    if pruned.in_use:
        put(f"{pruned.in_use:,} of them stay because they were used within the last hour\n")


def _entries(number: int) -> str:
    return f"{number:,} entr{'y' if number == 1 else 'ies'}" if number else "no entries"


def _limit(limit: int) -> str:
    if limit == 0:
        return f"0: nothing is kept ({LIMIT_NAME})"
    return f"{bytes_to_text(limit)} at most ({LIMIT_NAME}, such as 500M, changes that)"


def _date(moment: float | None) -> str | None:
    return None if moment is None else datetime.fromtimestamp(moment, UTC).isoformat(timespec="seconds")


def _told(option: str, text: str, read: Callable[[str], int]) -> int:
    try:
        return read(text)
    except ValueError as fault:
        raise usage(f"{option}: {fault}") from None


def _guarded(folder: Path, work: Callable[[], T]) -> T:
    try:
        return work()
    except OSError as fault:
        raise _cannot(folder, fault.strerror or "can't be used") from fault


def _cannot(folder: Path, why: str) -> SetupError:
    return SetupError(f"{folder}: {why}", f"make it a folder of your own, or name another one in {CACHE_VARIABLE}")


def _is_writable(folder: Path) -> bool:
    """Whether builds can keep something there; where it is not there yet, in the nearest folder that is."""
    there = next((each for each in (folder, *folder.absolute().parents) if each.exists()), folder)
    return there.is_dir() and os.access(there, os.W_OK | os.X_OK)
