"""`cuecast cache`: show what is kept between builds, and tidy it up. No questions asked: all of it can be made again."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from msgspec.structs import asdict

from cuecast import api, cache
from cuecast.cli.console import usage_error, write_json, write_stdout
from cuecast.cli.environment import CACHE_LIMIT_VARIABLE, build_options, cache_limit
from cuecast.cli.params import JsonOption
from cuecast.cli.sizes import age_to_text, bytes_to_text, text_to_bytes, text_to_seconds
from cuecast.errors import SetupError
from cuecast.files import CACHE_VARIABLE


def show(context: typer.Context, as_json: JsonOption = False) -> None:
    """Show how much is kept of what was spoken before. Prune it, check it.

    What was used within the last hour stays whatever the limit, so that it may be above it for a while.
    """
    if context.invoked_subcommand is None:
        show_size(as_json)


def show_size(as_json: bool) -> None:
    """Folder, entries, size, limit, and when the entries were used."""
    folder, limit = api.cache_folder(build_options()), _limit()
    with _usable(folder):
        entries = cache.list_entries(folder)
    size = sum(entry.size for entry in entries)
    now = time.time()
    used = [min(entry.used, now) for entry in entries]
    if as_json:
        write_json(
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
    write_stdout(f"folder   {folder}\n")
    if not _is_writable(folder):
        write_stdout(f"         can't be written: builds work, but keep nothing ({CACHE_VARIABLE} names another one)\n")
    write_stdout(f"entries  {len(entries):,}\n")
    if limit == 0:
        write_stdout(f"size     {bytes_to_text(size)} of 0: nothing is kept ({CACHE_LIMIT_VARIABLE})\n")
    else:
        limit_text = f"{bytes_to_text(limit)} at most ({CACHE_LIMIT_VARIABLE}, such as 500M, changes that)"
        write_stdout(f"size     {bytes_to_text(size)} of {limit_text}\n")
    if size > limit:
        write_stdout("         above that for a while: what was used within the last hour stays\n")
    if used:
        write_stdout(f"used     last {age_to_text(now - max(used))}; the oldest {age_to_text(now - min(used))}\n")


def prune(
    most: Annotated[
        str | None, typer.Option("--max", metavar="SIZE", help="How much may stay: 500M, 2G. By default the limit.")
    ] = None,
    older: Annotated[
        str | None, typer.Option(metavar="TIME", help="Also remove entries that were not used for this time: 30d, 12h.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Remove the least recently used entries. What was used within the last hour stays."""
    limit = _limit() if most is None else _parsed("--max", most, text_to_bytes)
    age = None if older is None else _parsed("--older", older, text_to_seconds)
    folder = api.cache_folder(build_options())
    with _usable(folder):
        result = cache.prune(folder, limit, age)
    _report(result, folder, as_json)


def clear(as_json: JsonOption = False) -> None:
    """Remove everything. The next tracks take longer, because all is spoken again."""
    folder = api.cache_folder(build_options())
    with _usable(folder):
        result = cache.clear(folder)
    _report(result, folder, as_json)
    if result.entries and not _is_writable(folder):
        raise _setup_error(folder, "its entries can't be removed")


def verify(as_json: JsonOption = False) -> None:
    """Read all entries, and remove damaged ones."""
    folder = api.cache_folder(build_options())
    with _usable(folder):
        result = cache.verify(folder)
    if as_json:
        write_json(asdict(result))
    elif result.damaged:
        write_stdout(f"{_count(result.damaged)} damaged, and removed; {result.whole:,} whole\n")
    else:
        write_stdout(f"{_count(result.whole)}, all whole\n")


def _report(result: cache.PruneResult, folder: Path, as_json: bool) -> None:
    if as_json:
        write_json(asdict(result))
        return
    freed = f", {bytes_to_text(result.freed)}" if result.removed else ""
    left = f"; {result.entries:,} left, {bytes_to_text(result.bytes)}" if result.entries else "; nothing left"
    if not folder.is_dir():
        left = f": there is no folder {folder} yet"
    write_stdout(f"{_count(result.removed)} removed{freed}{left}\n")
    if result.in_use:
        write_stdout(f"{result.in_use:,} of them stay because they were used within the last hour\n")


def _parsed(option: str, text: str, parse: Callable[[str], int]) -> int:
    try:
        return parse(text)
    except ValueError as fault:
        raise usage_error(f"{option}: {fault}") from None


def _count(number: int) -> str:
    return f"{number:,} entr{'y' if number == 1 else 'ies'}" if number else "no entries"


def _date(seconds: float | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


@contextmanager
def _usable(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        raise _setup_error(folder, fault.strerror or "can't be used") from fault


def _setup_error(folder: Path, problem: str) -> SetupError:
    return SetupError(f"{folder}: {problem}", f"make it a folder of your own, or name another one in {CACHE_VARIABLE}")


def _is_writable(folder: Path) -> bool:
    """Whether builds can store entries there, or could after creating the folder."""
    existing = next((path for path in (folder, *folder.absolute().parents) if path.exists()), folder)
    return existing.is_dir() and os.access(existing, os.W_OK | os.X_OK)


def _limit() -> int:
    limit = cache_limit()
    return cache.DEFAULT_LIMIT if limit is None else limit
