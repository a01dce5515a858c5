"""The files that are served, as an application of ASGI: a table of paths, looked up. What is not in it is not there."""

from __future__ import annotations

import hmac
import os
import stat
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.responses import FileResponse, Response

from cuecast.share.folder import INVENTORY

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from cuecast.serve import Address

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".xml": "application/rss+xml; charset=utf-8",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".svg": "image/svg+xml",
    ".mp3": "audio/mpeg",
}
"""What is served; a file that ends otherwise is none of ours."""

_MOST_FILES, _MOST_DEPTH = 10_000, 4

_HEADERS = {
    "Cache-Control": "private, no-cache",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""With every answer: the address is a secret, which no other page may learn or use."""


def served_files(folder: Path) -> dict[str, Path]:
    """The files in a folder by their paths in it, without hidden ones and links: these could lead out of it."""
    return dict(_walked(folder, "", _MOST_DEPTH))


def _walked(folder: Path, before: str, depth: int) -> Iterator[tuple[str, Path]]:
    found = 0
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if entry.name.startswith(".") or entry.name == INVENTORY:
            continue
        if entry.is_dir(follow_symlinks=False) and depth:
            yield from _walked(Path(entry.path), f"{before}{entry.name}/", depth - 1)
        elif entry.is_file(follow_symlinks=False) and Path(entry.name).suffix.lower() in TYPES and found < _MOST_FILES:
            found += 1
            yield f"{before}{entry.name}", Path(entry.path)


class Files:
    """Answers GET and HEAD for the files below the secret, with ranges; and with nothing to everything else."""

    def __init__(self, files: Mapping[str, Path], address: Address) -> None:
        self._files = files
        self._prefix = f"/{address.secret}/".encode("ascii")
        self._hosts = {f"{name}:{address.port}".encode() for name in _names(address.host)}
        self.last = time.monotonic()
        """When somebody last asked for a file, or got the end of one."""
        self.busy = 0
        """How many are getting one."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            return
        response = self._answer(scope)
        self.busy += 1
        try:
            await response(scope, receive, send)
        finally:
            self.busy -= 1
            if isinstance(response, FileResponse):
                self.last = time.monotonic()

    def _answer(self, scope: Scope) -> Response:
        # By the name of a host that is not this one, a page elsewhere could reach us through its visitor's browser.
        named = [value for name, value in scope["headers"] if name == b"host"]
        path = scope["path"].encode("utf-8", "surrogateescape")
        knows = hmac.compare_digest(path[: len(self._prefix)], self._prefix)
        if len(named) != 1 or named[0].lower() not in self._hosts or not knows:
            return _nothing(404)
        if scope["method"] not in ("GET", "HEAD"):
            return _nothing(405, {"Allow": "GET, HEAD"})
        name = scope["path"][len(self._prefix) :] or "index.html"
        file = self._files.get(name)
        try:
            status = file.lstat() if file is not None else None
        except OSError:
            status = None
        if file is None or status is None or not stat.S_ISREG(status.st_mode):
            return _nothing(404)
        kind = TYPES[file.suffix.lower()]
        return FileResponse(file, headers=_HEADERS, media_type=kind, stat_result=status)


def _names(host: str) -> Iterator[str]:
    yield f"[{host}]" if ":" in host else host
    if host in ("127.0.0.1", "::1"):
        yield "localhost"


def _nothing(status: int, more: Mapping[str, str] | None = None) -> Response:
    return Response(status_code=status, headers={**_HEADERS, **(more or {})})
