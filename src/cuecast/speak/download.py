"""Fetch files from their publishers. `cuecast voices get` is the only command that does; it takes the system's proxies.

Ours, because a library such as httpx would cost four dependencies for one command.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from msgspec import Struct

from cuecast import __version__
from cuecast.errors import SetupError
from cuecast.files import locked
from cuecast.model.progress import Progress

_TIMEOUT_S = 30
_CHUNK = 1 << 18
MAX_TEXT_BYTES = 8 << 20
MAX_FILE_BYTES = 1 << 30

_PARTLY, _RANGE_REFUSED = 206, 416


class RemoteFile(Struct, frozen=True):
    """A file at `address`, whose content has the `digest` (`sha256:…` or `md5:…`). `size` is None if it is unknown."""

    address: str
    path: str
    """Where it goes, from the user's folder of voices on."""
    digest: str
    size: int | None = None


def read_text(address: str) -> str:
    """A small text file. Raises SetupError if it can't be read."""
    with _open(address) as response:
        return response.read(MAX_TEXT_BYTES).decode("utf-8", "replace")


def fetch(file: RemoteFile, target: Path, progress: Progress) -> None:
    """Write the file to `target`, whole or not at all. What an earlier attempt has got is not fetched again.

    `progress` counts bytes. Raises SetupError if it can't be fetched or written, or is another file than expected.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with locked(target.parent, wait=True):  # another process may be fetching the same file
            if not target.is_file():
                _fetch(file, target, progress)
    except OSError as fault:
        raise SetupError(
            f"can't write {target}: {fault.strerror or fault}", "make room, or name another --home"
        ) from fault


def _fetch(file: RemoteFile, target: Path, progress: Progress) -> None:
    part = target.with_name(f"{target.name}.part")
    _continue(file, part, progress)
    kind, _, expected = file.digest.partition(":")
    with part.open("rb") as content:
        digest = hashlib.file_digest(content, kind).hexdigest()
    if digest != expected:
        part.unlink()
        raise SetupError(f"{file.address} is not the file that was expected: its {kind} is {digest}", _TRY_AGAIN)
    part.replace(target)


_TRY_AGAIN = "try again; if it stays so, the publisher has changed it, and a newer cuecast may know it"


def _continue(file: RemoteFile, part: Path, progress: Progress) -> None:
    size = part.stat().st_size if part.is_file() else 0
    with _open(file.address, size) as response:
        if (
            response.status != _PARTLY
        ):  # from the start: the server knows no ranges, or the part was as long as the file
            size = 0
        total = size + int(response.headers.get("Content-Length") or 0) or file.size or 0
        free = shutil.disk_usage(part.parent).free
        if total > MAX_FILE_BYTES or total - size > free:
            raise SetupError(f"{file.address} has {total:,} bytes, and {free:,} are free", "make room on the disk")
        with part.open("ab" if size else "wb") as output:
            while chunk := response.read(min(_CHUNK, MAX_FILE_BYTES - size)):
                output.write(chunk)
                size += len(chunk)
                progress(size, max(size, total))
    if size < total:
        raise SetupError(
            f"the connection ended after {size:,} of {total:,} bytes", "run it again: it goes on from there"
        )


@contextmanager
def _open(address: str, start: int = 0) -> Iterator[HTTPResponse]:
    headers = {"User-Agent": f"cuecast/{__version__}", **({"Range": f"bytes={start}-"} if start else {})}
    try:
        with urlopen(Request(address, headers=headers), timeout=_TIMEOUT_S) as response:
            yield response
    except HTTPError as fault:
        if fault.code == _RANGE_REFUSED and start:
            with _open(address) as response:
                yield response
            return
        raise SetupError(f"{address}: the server says {fault.code} {fault.reason}", "try again later") from fault
    except (URLError, HTTPException, TimeoutError, ConnectionError) as fault:
        reason = getattr(fault, "reason", fault)
        raise SetupError(f"{address} can't be reached: {reason}", "run it again: it goes on from there") from fault
