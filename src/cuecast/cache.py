"""What was made before, on disk, by its recipe: shared by all builds of a user, safe with many at once.

An entry is one file: a header with the length and a checksum of the data, then the data. It is written under
another name and then renamed, so that it is whole or not there; one that got damaged later counts as missing
and is removed. A cache that can't be used never fails a build: a private folder takes its place for this run.
Nothing is ever removed for its age or size yet; `Cache.find` is the place to note a use, for whatever prunes.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import os
import secrets
import shutil
import socket
import struct
import tempfile
import time
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_HEADER = struct.Struct("<8sQI")  # magic, bytes of data, their CRC-32
_MAGIC = b"cuecast1"
_SCRATCH = "scratch"
_ABANDONED_S = 24 * 3600  # a scratch folder whose owner can't be asked is left over when this old


@dataclass(frozen=True, slots=True)
class Entry:
    """Data in the cache: `size` bytes from `offset` on in the file `path`."""

    path: Path
    offset: int
    size: int

    def read(self) -> bytes:
        """The data."""
        with self.path.open("rb") as file:
            file.seek(self.offset)
            return file.read(self.size)


def recipe_key(recipe: Mapping[str, object]) -> str:
    """The key of what `recipe` makes. It must hold all that changes the result, as plain JSON values."""
    text = json.dumps(recipe, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def write_entry(path: Path, data: bytes) -> Entry:
    """Write an entry's file at `path`, outside any cache; `Cache.adopt` takes it in."""
    with path.open("wb") as file:
        file.write(_HEADER.pack(_MAGIC, len(data), zlib.crc32(data)))
        file.write(data)
    return Entry(path, _HEADER.size, len(data))


class Cache:
    """Entries below the folder `root`, which is made at the first need; None keeps them for this run only."""

    def __init__(self, root: Path | None) -> None:
        self._root = root
        self._spare: Path | None = None

    def find(self, key: str) -> Entry | None:
        """The entry of `key`, its checksum verified; None where there is none."""
        for folder in (self._spare, self._root):
            if folder is not None and (entry := _verified(_place(folder, key))):
                return entry
        return None

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
        size = made.stat().st_size - _HEADER.size
        for _ in range(2):
            folder = self._folder()
            place = _place(folder, key)
            try:
                place.parent.mkdir(parents=True, exist_ok=True)
                if made.stat().st_dev == place.parent.stat().st_dev:
                    made.replace(place)
                else:  # the cache was given up while this was being made
                    shutil.copyfile(made, made_here := place.with_name(f".{key}-{secrets.token_hex(4)}"))
                    made_here.replace(place)
                return Entry(place, _HEADER.size, size)
            except OSError:
                # Windows refuses to replace a file that another build reads: then that one is as good.
                if entry := _verified(place):
                    return entry
                if folder == self._spare:
                    raise
                self.give_up()
        raise AssertionError("the spare folder either took the entry or raised")

    def scratch(self) -> Path:
        """A new private folder on the cache's own file system, for files to adopt. `release` it afterwards."""
        for _ in range(2):
            folder = self._folder()
            owner = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
            made = folder / _SCRATCH / owner
            try:
                made.mkdir(parents=True)
            except OSError:
                if folder == self._spare:
                    raise
                self.give_up()
                continue
            _sweep(made.parent)
            return made
        raise AssertionError("the spare folder either gave a place or raised")

    def release(self, scratch: Path) -> None:
        """Remove a scratch folder with all that was not adopted."""
        shutil.rmtree(scratch, ignore_errors=True)

    def give_up(self) -> None:
        """Write to a private folder from now on, until the process ends: the root is read-only, full or gone."""
        if self._spare is None:
            self._spare = Path(tempfile.mkdtemp(prefix="cuecast-"))
            atexit.register(shutil.rmtree, self._spare, ignore_errors=True)

    def _folder(self) -> Path:
        if self._root is None:
            self.give_up()
        folder = self._spare or self._root
        assert folder is not None
        return folder


def _place(folder: Path, key: str) -> Path:
    return folder / key[:2] / key[2:]


def _verified(path: Path) -> Entry | None:
    """The entry at `path` if it is whole; a damaged one is removed."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    if len(content) >= _HEADER.size:
        magic, size, checksum = _HEADER.unpack_from(content)
        data = memoryview(content)[_HEADER.size :]
        if magic == _MAGIC and size == len(data) and checksum == zlib.crc32(data):
            return Entry(path, _HEADER.size, size)
    with suppress(OSError):
        path.unlink()
    return None


def _sweep(scratches: Path) -> None:
    """Remove what builds that were killed have left."""
    here = socket.gethostname()
    with suppress(OSError):
        for folder in scratches.iterdir():
            host, _, rest = folder.name.rpartition("-")[0].rpartition("-")
            gone = host == here and rest.isdigit() and not _alive(int(rest))
            with suppress(OSError):
                if gone or time.time() - folder.stat().st_mtime > _ABANDONED_S:
                    shutil.rmtree(folder, ignore_errors=True)


def _alive(process: int) -> bool:
    """Whether the process runs; where that can't be asked without harm, it does."""
    if os.name != "posix":
        return True  # there, os.kill would end it
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
