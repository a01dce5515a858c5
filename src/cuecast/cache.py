"""The cache: results on disk, each under a key that stands for everything it was made from.

All builds of a user share one folder, many at once. An entry is one file. It gets its name once it is complete; its
checksum is verified when it is read; a damaged entry is removed and counts as missing. The modification time of the
file is the time of its last use: if the cache grows beyond its limit, the least recently used entries go, but none that
was used within the last hour, because a running build may need it. If the folder can't be written, a private temporary
folder takes its place until the process ends.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import os
import re
import shutil
import struct
import threading
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

DEFAULT_LIMIT = 1_000_000_000
"""Maximum size of the cache in bytes, unless the user sets another one."""

RECENT_S = 3600
"""An entry used within this time is never pruned."""

USE_RESOLUTION_S = 10 * 60
"""The time of the last use is updated only if it is older than this."""

_PRUNE_INTERVAL_S = 10 * 60
_LARGE_SHARE = 0.05  # of the limit: a build that stored more prunes at once

_HEADER = struct.Struct("<8sQI")  # magic, size of the data, its CRC-32
_MAGIC = b"cuecast1"
_MARKER = "last-prune"
_FOLDER = re.compile(r"[0-9a-f]{2}")
_ENTRY = re.compile(r"[0-9a-f]{62}")
_TEMPORARY = re.compile(r"\.[0-9a-f]{62}-[0-9a-f]{8}")
_TEMPORARY_S = 24 * 3600  # older temporary files belong to builds that were killed
_ATTEMPTS = 3


class Entry(Struct, frozen=True):
    """Data in the cache: `size` bytes of the file `path`, from byte `offset`, and their CRC-32."""

    path: Path
    offset: int
    size: int
    checksum: int

    def read(self) -> bytes:
        """The data. Raises OSError if the entry was removed after it was found."""
        with self.path.open("rb") as file:
            file.seek(self.offset)
            return file.read(self.size)


class EntryFile(Struct, frozen=True):
    """The file of an entry: its size in bytes, and when it was last used (seconds since 1970)."""

    path: Path
    size: int
    used: float


class PruneResult(Struct, frozen=True):
    """How many entries were removed, and their bytes; how many are left, and their bytes; how many only as in use."""

    removed: int
    freed: int
    entries: int
    bytes: int
    in_use: int = 0


class VerifyResult(Struct, frozen=True):
    """How many entries are whole; how many were damaged, and were removed."""

    whole: int
    damaged: int


def recipe_key(recipe: Mapping[str, object]) -> str:
    """The key of a result. `recipe` must hold everything that changes the result, as plain JSON values."""
    text = json.dumps(recipe, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


class Cache:
    """Entries below the folder `root`, which is created when first needed. Safe to use from many threads.

    `limit` is its size in bytes after a build; None is unlimited. If `root` is None or the limit is 0, entries are kept
    in a private folder until the process ends.
    """

    def __init__(self, root: Path | None, limit: int | None = DEFAULT_LIMIT) -> None:
        self._root = None if limit == 0 else root
        self._limit = limit
        self._stored = 0
        self._private: Path | None = None
        self._creating = threading.Lock()

    @property
    def root(self) -> Path | None:
        """The folder in which entries stay between builds; None if they don't."""
        return self._root

    def get(self, key: str) -> bytes | None:
        """The data of `key`; None if it is missing."""
        loaded = self._load(key)
        return None if loaded is None else bytes(loaded[1])

    def put(self, key: str, data: bytes) -> None:
        """Store data that `get` reads, in place of an older entry. If nothing can be written, nothing is stored."""
        with suppress(OSError):
            self._write(key, data)

    def find(self, key: str) -> Entry | None:
        """The entry of `key`, verified; None if it is missing."""
        loaded = self._load(key)
        return None if loaded is None else loaded[0]

    def add(self, key: str, data: bytes) -> Entry:
        """Store data to be read from its file; an entry that is there already stays and is returned.

        It stays because another build may be reading it, and not every voice says the same words twice in the same way.
        Raises OSError only if even the system's temporary folder can't be written.
        """
        return self.find(key) or self._write(key, data)

    def prune(self) -> None:
        """Keep to the limit. Called at the end of a build; quick if the build stored little. Never fails."""
        stored, self._stored = self._stored, 0
        if not stored or self._root is None or self._limit is None:
            return
        with suppress(OSError):
            if stored > _LARGE_SHARE * self._limit or not _pruned_recently(self._root):
                prune(self._root, self._limit)

    def _load(self, key: str) -> tuple[Entry, memoryview] | None:
        for folder in filter(None, (self._private, self._root)):
            if loaded := _load(_path(folder, key)):
                return loaded
        return None

    def _write(self, key: str, data: bytes) -> Entry:
        if self._root is not None and self._private is None:
            with suppress(OSError):  # read-only, full or not a folder
                entry = _write(self._root, key, data)
                self._stored += _HEADER.size + len(data)
                return entry
        return _write(self._private_folder(), key, data)

    def _private_folder(self) -> Path:
        with self._creating:
            if self._private is None:
                import tempfile  # slow, and rarely needed

                self._private = Path(tempfile.mkdtemp(prefix="cuecast-"))
                atexit.register(shutil.rmtree, self._private, ignore_errors=True)
            return self._private


def list_entries(root: Path) -> list[EntryFile]:
    """All entries of the cache at `root`; other files are left out. Raises OSError if `root` can't be read."""
    return list(_entries(root))


def prune(root: Path, limit: int | None, older: float | None = None) -> PruneResult:
    """Remove the least recently used entries until `limit` bytes are left, and all unused for `older` seconds.

    Entries used within the last hour stay. Raises OSError if `root` can't be read.
    """
    now = time.time()
    # If the clock was set back, uses lie in the future: they count as equally long ago.
    entries = sorted(_entries(root), key=lambda entry: abs(now - entry.used), reverse=True)
    size = sum(entry.size for entry in entries)
    removed = freed = in_use = 0
    for entry in entries:
        age = abs(now - entry.used)
        if (limit is None or size - freed <= limit) and (older is None or age < older):
            break
        if age < RECENT_S or _used_since(entry):
            in_use += 1
        elif _remove(entry.path):
            removed += 1
            freed += entry.size
    _remove_temporaries(root, now - _TEMPORARY_S)
    with suppress(OSError):
        if root.is_dir():
            (root / _MARKER).touch()
    return PruneResult(removed, freed, len(entries) - removed, size - freed, in_use)


def clear(root: Path) -> PruneResult:
    """Remove all entries, also those in use. Raises OSError if `root` can't be read."""
    entries = list_entries(root)
    left = [entry for entry in entries if not _remove(entry.path)]
    _remove_temporaries(root, float("inf"))
    _remove(root / _MARKER)
    for folder in _folders(root):
        with suppress(OSError):  # it holds other files
            folder.rmdir()
    size, left_size = (sum(entry.size for entry in each) for each in (entries, left))
    return PruneResult(len(entries) - len(left), size - left_size, len(left), left_size)


def verify(root: Path) -> VerifyResult:
    """Read all entries and remove those that are damaged. Raises OSError if `root` can't be read."""
    whole = damaged = 0
    for entry in list_entries(root):
        if _load(entry.path, is_use=False):
            whole += 1
        elif not entry.path.exists():
            damaged += 1
    return VerifyResult(whole, damaged)


def _path(root: Path, key: str) -> Path:
    return root / key[:2] / key[2:]


def _load(path: Path, is_use: bool = True) -> tuple[Entry, memoryview] | None:
    """The entry in the file `path` and its data; None if it is missing, or damaged and therefore removed."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    if len(content) >= _HEADER.size:
        magic, size, checksum = _HEADER.unpack_from(content)
        data = memoryview(content)[_HEADER.size :]
        if magic == _MAGIC and size == len(data) and checksum == zlib.crc32(data):
            if is_use:
                _note_use(path)
            return Entry(path, _HEADER.size, size, checksum), data
    _remove(path)
    return None


def _write(root: Path, key: str, data: bytes) -> Entry:
    """Write an entry. Raises OSError, and leaves nothing behind."""
    path = _path(root, key)
    temporary = path.with_name(f".{path.name}-{os.urandom(4).hex()}")
    checksum = zlib.crc32(data)
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with temporary.open("wb") as file:
                file.write(_HEADER.pack(_MAGIC, len(data), checksum))
                file.write(data)
            temporary.replace(path)
            break
        except FileNotFoundError:  # somebody has just cleared the cache
            if attempt == _ATTEMPTS:
                raise
        except OSError:
            _remove(temporary)
            raise
    return Entry(path, _HEADER.size, len(data), checksum)


def _note_use(path: Path) -> None:
    with suppress(OSError):  # read-only, or another user's
        if abs(time.time() - path.stat().st_mtime) > USE_RESOLUTION_S:
            os.utime(path)


def _used_since(entry: EntryFile) -> bool:
    """Whether another process has used it since it was listed."""
    try:
        return entry.path.stat().st_mtime != entry.used
    except OSError:
        return False


def _pruned_recently(root: Path) -> bool:
    try:
        return abs(time.time() - (root / _MARKER).stat().st_mtime) < _PRUNE_INTERVAL_S
    except OSError:
        return False


def _remove(path: Path) -> bool:
    try:
        path.unlink()
    except OSError:  # removed already, open (on Windows), or not ours
        return False
    return True


def _remove_temporaries(root: Path, before: float) -> None:
    """Remove temporary files last written `before` a time, or after now."""
    for folder in _folders(root):
        with suppress(OSError):
            for path in [path for path in folder.iterdir() if _TEMPORARY.fullmatch(path.name)]:
                with suppress(OSError):
                    if path.stat().st_mtime < before:
                        _remove(path)


def _entries(root: Path) -> Iterator[EntryFile]:
    for folder in _folders(root):
        with suppress(OSError), os.scandir(folder) as files:
            for file in files:
                if _ENTRY.fullmatch(file.name) and file.is_file(follow_symlinks=False):
                    with suppress(OSError):  # just removed
                        stat = file.stat(follow_symlinks=False)
                        yield EntryFile(Path(file.path), stat.st_size, stat.st_mtime)


def _folders(root: Path) -> list[Path]:
    try:
        with os.scandir(root) as folders:
            return [Path(f.path) for f in folders if _FOLDER.fullmatch(f.name) and f.is_dir(follow_symlinks=False)]
    except FileNotFoundError:
        return []
