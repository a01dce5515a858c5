"""What a running process owns in a cache: folders named after it, which others remove once it is gone.

A process *holds* each entry that it uses: it links the file to a second, private name. Whatever happens to the first
(another build prunes, a person clears the cache, somebody stores the same recipe anew), the sound that was measured
is the sound that is mixed, however much later. Where there are no links, the entry's own name has to do.
"""

from __future__ import annotations

import atexit
import os
import platform
import shutil
import threading
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

SCRATCH = "scratch"
HELD = "held"
_SPARE = "cuecast-"
_ABANDONED_S = 24 * 3600  # a folder whose owner can't be asked is left over when this old
_MORE_TRIES = 9


def own_folder(kind: Path) -> Path:
    """A new folder below `kind` that belongs to this process. Raises OSError."""
    made = kind / f"{platform.node()}-{os.getpid()}-{os.urandom(4).hex()}"
    for _ in range(_MORE_TRIES):
        with suppress(FileNotFoundError):  # who clears the cache has removed `kind`, which was empty
            made.mkdir(parents=True)
            return made
    made.mkdir(parents=True)
    return made


def sweep(kind: Path) -> None:
    """Remove what processes that were killed have left."""
    with suppress(OSError):
        for folder in kind.iterdir():
            _remove_left(folder, folder.name)


def spare_folder() -> Path:
    """A new folder for this process alone among the system's temporary files. Raises OSError."""
    import tempfile  # with what it imports itself, more than all else that a cache needs

    made = Path(tempfile.mkdtemp(prefix=f"{_SPARE}{platform.node()}-{os.getpid()}-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


def sweep_spares() -> None:
    """Remove the spare folders that processes of this user have left which were killed."""
    import tempfile

    with suppress(OSError):
        for folder in Path(tempfile.gettempdir()).glob(f"{_SPARE}*-*-*"):
            with suppress(OSError):
                if not hasattr(os, "getuid") or folder.lstat().st_uid == os.getuid():
                    _remove_left(folder, folder.name.removeprefix(_SPARE))


def _remove_left(folder: Path, owner: str) -> None:
    """Remove a folder of the process that `owner` tells (HOST-PROCESS-ANYTHING), if that has ended."""
    host, _, process = owner.rpartition("-")[0].rpartition("-")
    gone = host == platform.node() and process.isdigit() and not _alive(int(process))
    with suppress(OSError):
        if gone or time.time() - folder.stat().st_mtime > _ABANDONED_S:
            shutil.rmtree(folder, ignore_errors=True)


def holder_of(root: Path) -> Holder:
    """This process's own; all caches in one folder share it."""
    return _holder(os.getpid(), root)


@cache
def _holder(process: int, root: Path) -> Holder:
    holder = Holder(root / HELD, process)
    atexit.register(holder.release)
    return holder


class Holder:
    """The private names of entries, for as long as the process lives."""

    def __init__(self, kind: Path, process: int) -> None:
        self._kind = kind
        self._process = process
        self._folder: Path | None = None
        self._works = True
        self._names: dict[str, Path] = {}
        self._making = threading.Lock()

    def hold(self, key: str, place: Path) -> Path:
        """A name of the entry at `place` that lasts. Raises FileNotFoundError where there is none."""
        return self._names.get(key) or self._linked(key, place)

    def hold_anew(self, key: str, made: Path) -> Path | None:
        """A lasting name of what takes the entry's place; None where there can be none."""
        name = self._linked(key, made)
        return None if name == made else name

    def drop(self, key: str, name: Path) -> None:
        """Forget a name: what it leads to is damaged."""
        if self._names.get(key) == name:
            del self._names[key]
        with suppress(OSError):
            name.unlink()

    def release(self) -> None:
        """Drop all names; none of them is used any more."""
        self._names.clear()
        if self._folder is not None and os.getpid() == self._process:  # not a fork's to remove
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def _linked(self, key: str, path: Path) -> Path:
        """A new link to `path`, or `path` itself where there can be none. Raises OSError where it is not there."""
        path.stat()  # before a folder is made for what is not there
        for _ in range(2):
            folder = self._folder or self._made() if self._works else None
            if folder is None:
                return path
            name = folder / f"{key}-{os.urandom(4).hex()}"  # not the key alone: threads, and entries stored anew
            try:
                os.link(path, name)
            except FileNotFoundError:
                path.stat()
                self._folder = None  # it is still there: so somebody has removed our folder
                self._names.clear()
            except OSError:  # no links here, or too many of this file
                return path
            else:
                self._names[key] = name
                return name
        return path

    def _made(self) -> Path | None:
        with self._making:
            if self._folder is None:
                sweep(self._kind)
                try:
                    self._folder = own_folder(self._kind)
                except OSError:  # read-only, or full
                    self._works = False
            return self._folder


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
