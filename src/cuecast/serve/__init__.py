"""`serve`: a shared folder, put on the phone over Wi-Fi: read only, behind a secret address, while it is used."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from msgspec import Struct

from cuecast.errors import SetupError
from cuecast.serve.files import Files, served_files
from cuecast.share.folder import INVENTORY

LOOPBACK = "127.0.0.1"

IDLE_S = 2 * 3_600.0
"""Without a request for so long, it stops by itself."""

_SECRET_BYTES = 16
_LOOK_S = 0.25
_ANYWHERE = ("192.0.2.1", 9)  # RFC 5737: an address that is nobody's; a datagram socket sends nothing when it connects


class Refused(Exception):
    """A call that can't be done as it was told. `hint` says how it can."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


class Address(Struct, frozen=True):
    """Where it is to be found: `url` ends with a slash."""

    host: str
    port: int
    secret: str

    @property
    def url(self) -> str:
        """What a person types, or a phone reads from the code."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}/{self.secret}/"


def own_address() -> str:
    """This machine's address in its network. Raises SetupError where it is in none. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_ANYWHERE)
            found = str(probe.getsockname()[0])
        except OSError:
            found = LOOPBACK
    if found.startswith("127.") or found == "0.0.0.0":
        raise SetupError("this machine is in no network that a phone could share", "join the Wi-Fi, or --host")
    return found


def shared_files(folder: Path) -> dict[str, Path]:
    """The files of a folder that `share` made, by their paths in it. Raises Refused for any other one."""
    if not (folder / INVENTORY).is_file():
        hint = f"name tracks, or make pages first: cuecast share TRACK… -o {folder}"
        raise Refused(f"{folder} is no folder that `cuecast share` made", hint)
    return served_files(folder)


def listen(host: str, port: int) -> socket.socket:
    """A socket that takes connections there; port 0 is any that is free. Raises SetupError."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=64)
    except OSError as fault:
        where = f"{host}:{port}" if port else host
        hint = "another port (--port), or none for one that is free" if port else "an address of this machine (--host)"
        raise SetupError(f"can't listen on {where}: {os.strerror(fault.errno or 0)}", hint) from fault


def serve(
    files: dict[str, Path], taken: socket.socket, began: Callable[[Address], None], idle_s: float = IDLE_S
) -> None:
    """Serve these files on that socket until Ctrl-C, or until nobody has asked for anything for `idle_s` seconds.

    `began` hears the address once it answers.
    """
    import uvicorn

    host, port = taken.getsockname()[:2]
    address = Address(host, port, secrets.token_urlsafe(_SECRET_BYTES))
    app = Files(files, address)
    config = uvicorn.Config(
        app,
        http="h11",
        ws="none",
        loop="asyncio",
        lifespan="off",
        log_config=None,
        log_level="critical",  # who sends nonsense is answered, and nobody else need know
        access_log=False,
        server_header=False,
        limit_concurrency=200,
        timeout_keep_alive=10,
        timeout_graceful_shutdown=1,
        h11_max_incomplete_event_size=16 << 10,
    )

    class Server(uvicorn.Server):
        @contextlib.contextmanager
        def capture_signals(self) -> Iterator[None]:
            """Signals are for the command, as everywhere: uvicorn would raise them a second time, in its own task."""
            yield

    server = Server(config)

    async def run() -> None:
        stopped = asyncio.Event()
        for end in (signal.SIGINT, signal.SIGTERM):
            with contextlib.suppress(NotImplementedError):  # on Windows Ctrl-C interrupts the loop
                asyncio.get_running_loop().add_signal_handler(end, stopped.set)
        serving = asyncio.create_task(server.serve(sockets=[taken]))
        try:
            while not server.started and not serving.done():
                await asyncio.sleep(0.01)
            if server.started:
                began(address)
            while not serving.done() and not stopped.is_set() and (app.busy or time.monotonic() - app.last < idle_s):
                await asyncio.sleep(_LOOK_S)
        finally:
            server.should_exit = True
            await serving

    asyncio.run(run())
