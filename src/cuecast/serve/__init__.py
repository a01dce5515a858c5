"""`serve`: shared files on the phone over Wi-Fi: read only, behind a secret address, only while it is in use."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
from collections.abc import Callable, Mapping
from pathlib import Path

import uvicorn
from msgspec import Struct

from cuecast.errors import SetupError
from cuecast.serve.connections import Connection
from cuecast.serve.files import SharedFiles

LOOPBACK = "127.0.0.1"

IDLE_S = 2 * 3_600.0
"""The server stops after so many seconds without a request for a file."""

_SECRET_BYTES = 16


class Address(Struct, frozen=True):
    """Where the server listens."""

    host: str
    port: int
    secret: str

    @property
    def url(self) -> str:
        """What a person types, or a phone reads from the QR code. Ends with a slash."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}/{self.secret}/"


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that accepts connections there; port 0 takes any free one. Raises SetupError."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=64)
    except OSError as fault:
        where = f"{host}:{port}" if port else host
        hint = "use another port (--port), or none" if port else "use an address of this machine (--host)"
        raise SetupError(f"can't listen on {where}: {os.strerror(fault.errno or 0)}", hint) from fault


def serve(
    files: Mapping[str, Path],
    listener: socket.socket,
    on_start: Callable[[Address], None],
    idle_s: float = IDLE_S,
) -> None:
    """Serve these files until nobody has asked for one for `idle_s` seconds, or until a KeyboardInterrupt.

    `on_start` gets the address as soon as the server answers.
    """
    host, port = listener.getsockname()[:2]
    address = Address(host, port, secrets.token_urlsafe(_SECRET_BYTES))
    app = SharedFiles(files, host, port, address.secret)

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            on_start(address)

        async def on_tick(self, counter: int) -> bool:
            return await super().on_tick(counter) or app.idle_s >= idle_s

    asyncio.run(Server(_configure(app)).serve(sockets=[listener]))


def _configure(app: SharedFiles) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=Connection,
        ws="none",
        loop="asyncio",
        lifespan="off",
        log_config=None,
        log_level="critical",  # an invalid request gets its answer; nobody else needs to know
        access_log=False,
        server_header=False,
        timeout_keep_alive=10,
        timeout_graceful_shutdown=1,
        h11_max_incomplete_event_size=16 << 10,
    )
