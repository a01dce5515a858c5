"""What was made before, on disk, by its recipe: shared by all builds of a user, safe with many at once.

An entry is one file, written under another name and then renamed, so that it is whole or not there; one that got
damaged later counts as missing and is removed. What is used stays for as long as the process lives (`holding`), what
has not been used for longest goes when the cache grows beyond its limit (`bounds`). A cache that can't be used never
fails a build: a private folder takes its place for this run.
"""

from __future__ import annotations

import os
import shutil
import time
from contextlib import suppress
from pathlib import Path

from cuecast.cache.bounds import DEFAULT_LIMIT, NOTED_S, tidy
from cuecast.cache.entries import HEADER, Entry, checksum_of, data_in, entry_at, place_of, recipe_key, write_entry
from cuecast.cache.holding import SCRATCH, holder_of, own_folder, spare_folder, sweep, sweep_spares

__all__ = ["DEFAULT_LIMIT", "Cache", "Entry", "recipe_key", "write_entry"]


class Cache:
    """Entries below the folder `root`, which is made at the first need; None keeps them for this run only.

    It holds about `limit` bytes between builds: 0 is as if there were no root, None is without a limit.
    """

    def __init__(self, root: Path | None, limit: int | None = DEFAULT_LIMIT) -> None:
        self._root = None if limit == 0 else root
        self._limit = limit
        self._spare: Path | None = None
        self._used: set[str] = set()
        self._stored = 0

    @property
    def root(self) -> Path | None:
        """Where entries stay between runs; None where they don't."""
        return self._root

    def find(self, key: str) -> Entry | None:
        """The entry of `key`, its checksum verified, and its use noted; None where there is none."""
        if self._spare is not None and (entry := _verified(place_of(self._spare, key))):
            return entry
        if self._root is None:
            return None
        place, holder = place_of(self._root, key), holder_of(self._root)
        try:
            name = holder.hold(key, place)
        except OSError:
            return None
        found = _verified(name)
        if found is None:
            holder.drop(key, name)
            with suppress(OSError):
                place.unlink()
            return None
        self._used.add(key)
        _note_use(name)
        return found

    def store(self, key: str, data: bytes) -> Entry:
        """Keep `data` under `key`.

        Raises OSError only where even the system's temporary folder takes nothing.
        """
        for last in (False, True):
            scratch = self.scratch()
            try:
                write_entry(scratch / key, data)
                return self.adopt(key, scratch / key)
            except OSError:
                if last:
                    raise
                self.give_up()
            finally:
                self.release(scratch)
        raise AssertionError("the second attempt either returned or raised")

    def adopt(self, key: str, made: Path) -> Entry:
        """Move a file that `write_entry` wrote below `scratch()` to its place under `key`."""
        size, checksum = made.stat().st_size - HEADER.size, checksum_of(made)
        for _ in range(3):
            folder = self._folder()
            place = place_of(folder, key)
            try:
                place.parent.mkdir(parents=True, exist_ok=True)
                if made.stat().st_dev != place.parent.stat().st_dev:  # the cache was given up while this was being made
                    shutil.copyfile(made, made_here := place.with_name(f".{key}-{os.urandom(4).hex()}"))
                    made = made_here
                held = None if folder == self._spare else holder_of(folder).hold_anew(key, made)
                made.replace(place)
            except FileNotFoundError:
                if made.exists():  # somebody has cleared the cache meanwhile, and the folder with it
                    continue
                raise
            except OSError:
                # Windows refuses to replace a file that another build reads: then that one is as good.
                if entry := _verified(place):
                    return entry
                if folder == self._spare:
                    raise
                self.give_up()
            else:
                self._used.add(key)
                if folder != self._spare:
                    self._stored += size + HEADER.size
                return Entry(held or place, HEADER.size, size, checksum)
        raise OSError(f"{place_of(self._folder(), key)} can't be written")

    def load(self, key: str) -> bytes | None:
        """The data of `key`, verified; None where there is none.

        For small data that is used at once: unlike what `find` gives, it is not held.
        """
        for folder in filter(None, (self._spare, self._root)):
            place = place_of(folder, key)
            try:
                content = place.read_bytes()
            except OSError:
                continue
            if (data := data_in(content)) is not None:
                self._used.add(key)
                _note_use(place)
                return bytes(data)
            with suppress(OSError):
                place.unlink()
        return None

    def keep(self, key: str, data: bytes) -> None:
        """Store small data for `load`. Where that can't be, nothing is stored and nobody told: it is a help only."""
        with suppress(OSError):
            folder = self._folder()
            place = place_of(folder, key)
            made = place.with_name(f".{key}-{os.urandom(4).hex()}")
            try:
                write_entry(made, data)
            except FileNotFoundError:
                place.parent.mkdir(parents=True, exist_ok=True)
                write_entry(made, data)
            try:
                made.replace(place)
            except OSError:
                made.unlink(missing_ok=True)
                raise
            self._used.add(key)
            if folder != self._spare:
                self._stored += len(data) + HEADER.size

    def tidy(self) -> None:
        """At the end of a build: remove what was not used for longest, where it has stored more than there is room.

        What this cache or a running build has used stays. It never fails.
        """
        if self._stored and self._root is not None and self._limit is not None:
            tidy(self._root, self._limit, self._stored, self._used)
        self._stored = 0

    def let_go(self) -> None:
        """Nothing that was found or stored here is used any more: what was held may go. The cache itself goes on."""
        self._used.clear()
        if self._root is not None:
            holder_of(self._root).release()

    def scratch(self) -> Path:
        """A new private folder on the cache's own file system, for files to adopt. `release` it afterwards."""
        for _ in range(2):
            folder = self._folder()
            try:
                made = own_folder(folder / SCRATCH)
            except OSError:
                if folder == self._spare:
                    raise
                self.give_up()
                continue
            sweep(made.parent)
            sweep_spares()
            return made
        raise AssertionError("the spare folder either gave a place or raised")

    def release(self, scratch: Path) -> None:
        """Remove a scratch folder with all that was not adopted."""
        shutil.rmtree(scratch, ignore_errors=True)

    def give_up(self) -> None:
        """Write to a private folder from now on, until the process ends: the root is read-only, full or gone."""
        if self._spare is None:
            sweep_spares()
            self._spare = spare_folder()

    def _folder(self) -> Path:
        if self._root is None:
            self.give_up()
        folder = self._spare or self._root
        assert folder is not None
        return folder


def _verified(path: Path) -> Entry | None:
    """The entry at `path` if it is whole; a damaged one is removed."""
    try:
        entry = entry_at(path)
    except OSError:
        return None
    if entry is None:
        with suppress(OSError):
            path.unlink()
    return entry


def _note_use(path: Path) -> None:
    """Set the time of its last use, where the one noted is not of the last minutes (or lies ahead)."""
    with suppress(OSError):  # read-only, or another user's
        if abs(time.time() - path.stat().st_mtime) > NOTED_S:
            os.utime(path)
