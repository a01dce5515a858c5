"""Files that are whole or not there, and the folders where the product's data lies."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import cuecast
from cuecast.errors import SetupError

if sys.platform != "win32":
    import fcntl

CACHE_VARIABLE = "CUECAST_CACHE"
"""The variable that says, on a worker too, where the cache lies."""

PART_SUFFIX = ".cuecast-part"

_LOCK = "lock"

_NAME_BYTES = 200
"""How much of the target's name the temporary name keeps: most file systems allow 255 bytes in all."""

_TAG_BYTES = 1 << 16
"""How much of each end of a file is looked at for the name of who made it."""

_ELSEWHERE = "write elsewhere (-o PATH)"
_ADVICE = {
    errno.ENOSPC: ("the disk is full", f"free some space, or {_ELSEWHERE}"),
    errno.EDQUOT: ("your disk quota is used up", f"free some space, or {_ELSEWHERE}"),
    errno.EFBIG: ("it is larger than a file may be here", f"raise the limit (ulimit -f), or {_ELSEWHERE}"),
    errno.EIO: ("the disk reports an error", f"check the disk, or {_ELSEWHERE}"),
    errno.EROFS: ("the disk is read-only", _ELSEWHERE),
    errno.EACCES: ("permission denied", "choose a folder that you may write to (-o PATH)"),
    errno.EPERM: ("permission denied", "choose a folder that you may write to (-o PATH)"),
    errno.ENOENT: ("its folder is not there", f"create the folder, or {_ELSEWHERE}"),
    errno.ENOTDIR: ("its folder is a file", _ELSEWHERE),
    errno.ENAMETOOLONG: ("the name is too long", "choose a shorter one (-o PATH)"),
}
_WHILE_WRITING = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})


def is_safe_to_overwrite(target: Path) -> bool:
    """Whether nothing is there, or a track of ours, which names its maker in its tag, at one end or the other.

    All else may be somebody's only copy of it.
    """
    if not target.is_file():
        return not target.exists()
    try:
        with target.open("rb") as file:
            first = file.read(_TAG_BYTES)
            file.seek(max(0, file.seek(0, os.SEEK_END) - _TAG_BYTES))
            return b"cuecast" in first + file.read(_TAG_BYTES)
    except OSError:
        return False


@contextlib.contextmanager
def atomic_write(target: Path) -> Iterator[BinaryIO]:
    """An empty, seekable file that becomes `target` when the block ends, and is removed when it raises.

    Until then it has a temporary name beside the target, which stays as it was at every moment. What a killed build
    of the same target left is removed first, but never the file of one that still runs. A link stays a link; a file
    keeps its permissions. Raises SetupError where the target cannot be written or the disk is full.
    """
    final = Path(os.path.realpath(target))
    old: os.stat_result | None = None
    parts: list[Path] = []  # named before they are made: a signal may come at any moment
    try:
        old = _replaceable(final, target)
        _remove_leftovers(final)
        with _open_part(final, parts) as file:
            part = parts[-1]
            yield file
            file.flush()
            if old:
                _take_over(old, part)
            os.fsync(file.fileno())
            if sys.platform != "win32":
                part.replace(final)  # still locked: nobody can take it for a leftover
        if sys.platform == "win32":
            part.replace(final)  # Windows renames no file that is open
    except BaseException as fault:
        for part in parts:
            with contextlib.suppress(OSError):
                part.unlink()
        if isinstance(fault, OSError) and _is_ours(fault, final, parts):
            raise _explained(fault, target, old) from fault
        raise


@contextlib.contextmanager
def atomic_directory(folder: Path) -> Iterator[Path]:
    """A folder in `folder` to gather files in, on the same disk: moved up with `Path.replace`, they appear at once.

    `folder` is made where it is missing; its parent must be there. What is not moved is removed with the gathering
    folder when the block ends, and so is what a killed build has left, but never what one has that still runs.
    Raises SetupError where the folder cannot be written.
    """
    is_new = not folder.exists()
    stage = folder / f".{os.urandom(4).hex()}{PART_SUFFIX}"
    try:
        folder.mkdir(exist_ok=True)
        for left in folder.iterdir():
            if re.fullmatch("[.][0-9a-f]{8}" + re.escape(PART_SUFFIX), left.name):
                _remove_gathering(left)
        stage.mkdir()
        with (stage / _LOCK).open("wb") as lock:
            with contextlib.suppress(OSError):  # a file system without locks: then nobody removes leftovers either
                _lock(lock)
            yield stage
    except OSError as fault:
        if fault.filename is None or Path(fault.filename) not in (folder, stage, stage / _LOCK):
            raise
        raise _explained(fault, folder, None) from fault
    finally:
        shutil.rmtree(stage, ignore_errors=True)
        if is_new:
            with contextlib.suppress(OSError):  # it is not empty: all went well
                folder.rmdir()


def data_dir(kind: str) -> Path:
    """The folder of what comes with the product: `voices` or `routines`."""
    package = Path(cuecast.__file__).parent
    installed = package / "_data" / kind
    return installed if installed.is_dir() else package.parent.parent / kind


def schema_file(name: str = "routine.schema.json") -> Path:
    """A JSON Schema for editors: by default that of a routine; `voice.schema.json` is that of a voice."""
    package = Path(cuecast.__file__).parent
    installed = package / "_data" / name
    return installed if installed.is_file() else package.parent.parent / "docs" / installed.name


def user_dir(kind: str, home: Path | None = None) -> Path:
    """The folder of the user's own `voices`, `routines` or `music`; it need not exist.

    `home` takes the usual place of all of them.
    """
    if home is None:
        from platformdirs import user_config_path  # many commands never come here

        home = user_config_path("cuecast", appauthor=False)
    return home / kind


def user_cache(told: str | None) -> Path:
    """Where clips are kept between builds: the user's own folder for that, unless another is `told`."""
    if told:
        return Path(told)
    from platformdirs import user_cache_path

    return user_cache_path("cuecast", appauthor=False)


def _replaceable(final: Path, target: Path) -> os.stat_result | None:
    """What is there now, if anything. Raises SetupError where that must not be replaced."""
    try:
        old = final.stat()
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(old.st_mode):
        raise SetupError(f"cannot write {target}: it is a folder", "name a file in it (-o PATH)")
    if not stat.S_ISREG(old.st_mode):
        raise SetupError(f"cannot write {target}: it is not a regular file", _ELSEWHERE)
    if not os.access(final, os.W_OK):
        message = f"cannot write {target}: it is read-only; the old file is untouched"
        raise SetupError(message, f"make it writable, or {_ELSEWHERE}")
    return old


def _remove_gathering(left: Path) -> None:
    """Remove what a dead build has gathered: nobody holds its lock."""
    with contextlib.suppress(OSError), (left / _LOCK).open("r+b") as lock:
        _lock(lock)
        shutil.rmtree(left, ignore_errors=True)


def _open_part(final: Path, parts: list[Path]) -> BinaryIO:
    """A new file beside `final`, locked as long as it is open; its name is added to `parts` before it is made."""
    while True:
        part = final.with_name(f"{_prefix(final)}{os.urandom(4).hex()}{PART_SUFFIX}")
        parts.append(part)
        file = part.open("x+b")  # not tempfile's: that one's mode is 0600 whatever the umask says
        try:
            _lock(file)
        except BlockingIOError:
            file.close()  # a build that starts now takes it for a leftover, and will remove it
            continue
        except OSError:
            return file  # a file system without locks: then nobody removes leftovers either
        if part.exists():
            return file
        file.close()


def _remove_leftovers(final: Path) -> None:
    """Remove the temporary files of dead builds of the same target: those that nobody holds a lock on."""
    name = re.compile(re.escape(_prefix(final)) + "[0-9a-f]{8}" + re.escape(PART_SUFFIX))
    for part in [final.with_name(entry.name) for entry in os.scandir(final.parent) if name.fullmatch(entry.name)]:
        with contextlib.suppress(OSError):  # alive, gone already, or somebody else's: no reason not to build
            if sys.platform != "win32":
                with part.open("r+b") as leftover:
                    _lock(leftover)
                    part.unlink()
            else:
                part.unlink()  # refused while a build has it open


def _lock(file: BinaryIO) -> None:
    """Lock it until it is closed or its process ends. Raises BlockingIOError where another has it."""
    if sys.platform != "win32":
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _prefix(final: Path) -> str:
    return f".{os.fsencode(final.name)[:_NAME_BYTES].decode(errors='ignore')}."


def _take_over(old: os.stat_result, part: Path) -> None:
    if sys.platform != "win32" and (old.st_uid, old.st_gid) != (os.geteuid(), os.getegid()):
        with contextlib.suppress(OSError):  # only root may give files away
            os.chown(part, old.st_uid, old.st_gid)
    part.chmod(stat.S_IMODE(old.st_mode))


def _is_ours(fault: OSError, final: Path, parts: list[Path]) -> bool:
    """Whether it comes from the file that is being written, not from another that the block has to do with."""
    if fault.filename is None:
        return fault.errno in _WHILE_WRITING
    return str(fault.filename) in {str(path) for path in (final, final.parent, *parts)}


def _explained(fault: OSError, target: Path, old: os.stat_result | None) -> SetupError:
    reason, hint = _ADVICE.get(fault.errno or 0, (fault.strerror or str(fault), _ELSEWHERE))
    rest = "; the old file is untouched" if old else ""
    return SetupError(f"cannot write {target}: {reason}{rest}", hint)
