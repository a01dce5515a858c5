"""The ASGI application: Starlette's static files, limited to a table of paths below a secret."""

from __future__ import annotations

import hmac
import os
import re
import stat
import time
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

MEDIA_TYPES = {
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
    ".m4a": "audio/mp4",
}
"""Files with other suffixes are not served."""

_HEADERS = {
    "Cache-Control": "private, no-cache",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""Sent with every answer: the address is a secret that no other page may learn or use."""

_BYTE_RANGES = re.compile(rb"\s*bytes\s*=\s*(\d+-\d*|-\d+)(\s*,\s*(\d+-\d*|-\d+))*\s*", re.IGNORECASE)


def list_files(folder: Path, hidden: Collection[str] = ()) -> dict[str, Path]:
    """Return the folder's files by their relative paths; without dot files and links, which could lead out of it."""
    files: dict[str, Path] = {}
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for path in (Path(parent, name) for name in names if not name.startswith(".") and name not in hidden):
            if path.suffix.lower() in MEDIA_TYPES and path.is_file() and not path.is_symlink():
                files[path.relative_to(folder).as_posix()] = path
    return files


class SharedFiles(StaticFiles):
    """Answers GET and HEAD for the files below the secret; everything else gets an empty 404 or 405."""

    def __init__(self, files: Mapping[str, Path], host: str, port: int, secret: str) -> None:
        super().__init__()
        self._files = files
        self._prefix = f"/{secret}/"
        names = [f"[{host}]" if ":" in host else host, *(["localhost"] if host in ("127.0.0.1", "::1") else [])]
        self._hosts = {f"{name}:{port}".encode() for name in names}
        self._last_use = time.monotonic()
        self._transfers = 0

    @property
    def idle_s(self) -> float:
        """Seconds since the last transfer of a file ended; 0 during one."""
        return 0 if self._transfers else time.monotonic() - self._last_use

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        # RFC 9110: ranges in other units, and malformed ones, are ignored.
        headers = [each for each in scope["headers"] if each[0] != b"range" or _BYTE_RANGES.fullmatch(each[1])]
        try:
            response = await self.get_response(self.get_path(scope), {**scope, "headers": headers})
        except HTTPException as fault:
            response = Response(status_code=fault.status_code, headers=fault.headers)
        response.headers.update(_HEADERS)
        is_transfer = response.status_code < 400
        self._transfers += is_transfer
        try:
            await response({**scope, "headers": headers}, receive, send)
        finally:
            self._transfers -= is_transfer
            if is_transfer:
                self._last_use = time.monotonic()

    def get_path(self, scope: Scope) -> str:
        """Return the path below the secret. A request with another host name or secret gets a 404.

        With another name for this host, a web page elsewhere could reach us through its visitor's browser.
        """
        hosts = [value.lower() for name, value in scope["headers"] if name == b"host"]
        prefix, path = scope["path"][: len(self._prefix)], scope["path"][len(self._prefix) :]
        knows_secret = hmac.compare_digest(prefix.encode("utf-8", "surrogateescape"), self._prefix.encode())
        if len(hosts) != 1 or hosts[0] not in self._hosts or not knows_secret:
            raise HTTPException(404)
        return path or "index.html"

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """Look the path up in the table, never on the disk. A file that has become a link is not found."""
        file = self._files.get(path)
        try:
            status = file.lstat() if file is not None else None
        except OSError:
            return "", None
        return (str(file), status) if status and stat.S_ISREG(status.st_mode) else ("", None)

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """Answer with the file or, if the client's copy is current, with 304."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        if response.status_code != 304:
            response.headers["content-type"] = MEDIA_TYPES[Path(full_path).suffix.lower()]
        return response
