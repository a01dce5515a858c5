"""Writing files so that a reader sees all of them or nothing, and the folders in which cuecast's data lies."""

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
"""The environment variable that names the folder of the cache."""

PART_SUFFIX = ".cuecast-part"
"""The suffix of temporary files and folders beside a target."""

_NAME_BYTES = 200
"""Part of the target's name that a temporary name repeats: most file systems allow 255 bytes in all."""

_SIGNATURE_BYTES = 1 << 16
"""How far from each end of a file cuecast's name is looked for."""

_ELSEWHERE = "write elsewhere (-o PATH)"
_REASONS = {
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
_WHILE_WRITING = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


def is_safe_to_overwrite(target: Path) -> bool:
    """Whether nothing is there, or a track of ours: its tag names cuecast at one end or the other.

    Any other file may be somebody's only copy.
    """
    if not target.is_file():
        return not target.exists()
    try:
        with target.open("rb") as file:
            head = file.read(_SIGNATURE_BYTES)
            file.seek(max(0, file.seek(0, os.SEEK_END) - _SIGNATURE_BYTES))
            return b"cuecast" in head + file.read(_SIGNATURE_BYTES)
    except OSError:
        return False


@contextlib.contextmanager
def atomic_write(target: Path) -> Iterator[BinaryIO]:
    """An empty, seekable file that becomes `target` when the block ends, and is removed if the block raises.

    Until then the target stays as it was. A link stays a link, and a file keeps its permissions. Temporary files that
    killed builds of the same target left are removed. Raises SetupError if the target can't be written.
    """
    final = Path(os.path.realpath(target))
    prefix = f".{os.fsencode(final.name)[:_NAME_BYTES].decode(errors='ignore')}."
    temporary = final.with_name(_temporary_name(prefix))
    old: os.stat_result | None = None
    try:
        old = _replaceable(final, target)
        _remove_leftovers(final.parent, prefix)
        with _create_locked(temporary) as file:
            yield file
            file.flush()
            if old:
                _copy_permissions(old, temporary)
            os.fsync(file.fileno())
            if sys.platform != "win32":
                temporary.replace(final)  # while it is locked, so that nobody takes it for a leftover
        if sys.platform == "win32":
            temporary.replace(final)  # Windows can't rename an open file
    except BaseException as fault:
        with contextlib.suppress(OSError):
            temporary.unlink()
        if isinstance(fault, OSError) and (
            fault.errno in _WHILE_WRITING
            if fault.filename is None
            else _is_about(fault, final, final.parent, temporary)
        ):
            raise _setup_error(fault, target, old is not None) from fault
        raise


@contextlib.contextmanager
def atomic_directory(folder: Path) -> Iterator[Path]:
    """A temporary folder inside `folder`: files moved out of it with `Path.replace` appear complete in `folder`.

    `folder` is created if needed; its parent must exist. The temporary folder is removed when the block ends, and so
    are those that killed builds left. Raises SetupError if `folder` can't be written.
    """
    is_new = not folder.exists()
    temporary = folder / _temporary_name(".")
    try:
        folder.mkdir(exist_ok=True)
        _remove_leftovers(folder, ".")
        temporary.mkdir()
        with locked(temporary):
            yield temporary
    except OSError as fault:
        if _is_about(fault, folder, temporary):
            raise _setup_error(fault, folder) from fault
        raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        if is_new:
            with contextlib.suppress(OSError):  # not empty: all went well
                folder.rmdir()


def data_dir(kind: str) -> Path:
    """The folder of cuecast's own `voices` or `routines`."""
    return _packaged(kind, Path(kind))


def schema_file(name: str = "routine.schema.json") -> Path:
    """A JSON Schema for editors: of a routine, or of a voice (`voice.schema.json`)."""
    return _packaged(name, Path("docs") / name)


def user_dir(kind: str, home: Path | None = None) -> Path:
    """The folder of the user's own `voices`, `routines` or `music`, which need not exist; in `home` if given."""
    if home is None:
        from platformdirs import user_config_path  # many commands need none

        home = user_config_path("cuecast", appauthor=False)
    return home / kind


def user_cache(folder: str | None) -> Path:
    """The cache: `folder` if given, else in the user's own folder for caches."""
    if folder:
        return Path(folder)
    from platformdirs import user_cache_path

    return user_cache_path("cuecast", appauthor=False)


def _packaged(name: str, in_checkout: Path) -> Path:
    package = Path(cuecast.__file__).parent
    installed = package / "_data" / name
    return installed if installed.exists() else package.parent.parent / in_checkout


def _replaceable(final: Path, target: Path) -> os.stat_result | None:
    """The file that is there now, if any. Raises SetupError if it must not be replaced."""
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


def _temporary_name(prefix: str) -> str:
    return f"{prefix}{os.urandom(4).hex()}{PART_SUFFIX}"


def _create_locked(path: Path) -> BinaryIO:
    """A new file, locked until it is closed. Not from tempfile, which ignores the umask."""
    while True:
        file = path.open("x+b")
        if sys.platform != "win32":
            with contextlib.suppress(OSError):  # the file system has no locks
                fcntl.flock(file, fcntl.LOCK_EX)
        if path.exists():  # else another build took it for a leftover before it was locked
            return file
        file.close()


@contextlib.contextmanager
def locked(path: Path, wait: bool = False) -> Iterator[bool]:
    """Lock a file or folder; False if another process has locked it (then `wait` waits), or if there are no locks here."""
    if sys.platform == "win32":
        yield False
    else:
        is_ours = False
        descriptor = os.open(path, os.O_RDONLY)
        try:
            with contextlib.suppress(OSError):
                fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
                is_ours = True
            yield is_ours
        finally:
            os.close(descriptor)


def _remove_leftovers(folder: Path, prefix: str) -> None:
    """Remove the temporary files and folders of builds that were killed: nobody holds a lock on them any more."""
    pattern = re.compile(re.escape(prefix) + "[0-9a-f]{8}" + re.escape(PART_SUFFIX))
    for path in [path for path in folder.iterdir() if pattern.fullmatch(path.name)]:
        with contextlib.suppress(OSError), locked(path) as is_ours:  # removed already, or not ours
            if is_ours and path.is_dir():
                shutil.rmtree(path)
            elif is_ours or sys.platform == "win32":
                path.unlink()  # on Windows this fails if the file is open


def _copy_permissions(old: os.stat_result, path: Path) -> None:
    if sys.platform != "win32" and (old.st_uid, old.st_gid) != (os.geteuid(), os.getegid()):
        with contextlib.suppress(OSError):  # only root may change the owner
            os.chown(path, old.st_uid, old.st_gid)
    path.chmod(stat.S_IMODE(old.st_mode))


def _is_about(fault: OSError, *paths: Path) -> bool:
    """Whether the fault names one of these paths, and not a file that the caller's block uses."""
    return fault.filename is not None and Path(fault.filename) in paths


def _setup_error(fault: OSError, target: Path, has_old: bool = False) -> SetupError:
    reason, hint = _REASONS.get(fault.errno or 0, (fault.strerror or str(fault), _ELSEWHERE))
    return SetupError(f"cannot write {target}: {reason}{'; the old file is untouched' if has_old else ''}", hint)
