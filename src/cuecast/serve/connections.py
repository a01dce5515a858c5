"""The server's side of a TCP connection, with a limit for each client."""

from __future__ import annotations

import asyncio
import itertools
import socket

from uvicorn.protocols.http.h11_impl import H11Protocol

MAX_PER_CLIENT = 40
"""Browsers open six. A client that opens more loses the oldest one that waits for a request."""

_sequence = itertools.count()


class Connection(H11Protocol):
    """uvicorn's protocol; one client can't use up all connections, and small answers are sent at once."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Accept the connection; drop a waiting one of the same client if it has too many."""
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().connection_made(transport)
        self.number = next(_sequence)
        host = self.client and self.client[0]
        same = [
            each for each in self.connections if isinstance(each, Connection) and each.client and each.client[0] == host
        ]
        if len(same) > MAX_PER_CLIENT:
            waiting = [each for each in same if each.cycle is None or each.cycle.response_complete]
            min(waiting, key=lambda each: each.number).transport.abort()
