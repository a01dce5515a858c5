"""`serve`: shared files on the phone over Wi-Fi: read only, behind a secret address, only while it is in use."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import signal
import socket
from collections.abc import Callable, Iterator, Mapping
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
_POLL_S = 0.25


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
    """Serve these files until Ctrl-C, or until nobody has asked for one for `idle_s` seconds.

    `on_start` gets the address as soon as the server answers.
    """
    host, port = listener.getsockname()[:2]
    address = Address(host, port, secrets.token_urlsafe(_SECRET_BYTES))
    app = SharedFiles(files, address.host, address.port, address.secret)
    server = _Server(
        uvicorn.Config(
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
    )

    async def run() -> None:
        stopped = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            with contextlib.suppress(NotImplementedError):  # on Windows, Ctrl-C interrupts the loop
                asyncio.get_running_loop().add_signal_handler(number, stopped.set)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            while not server.started and not serving.done():
                await asyncio.sleep(0.01)
            if server.started:
                on_start(address)
            while not serving.done() and not stopped.is_set() and app.idle_s < idle_s:
                await asyncio.sleep(_POLL_S)
        finally:
            server.should_exit = True
            await serving

    asyncio.run(run())


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to `serve`: uvicorn would raise them again inside its own task."""
        yield
