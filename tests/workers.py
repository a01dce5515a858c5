"""The processes of a command."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from tests.patience import comes


def all_end(session: int) -> bool:
    """Whether all processes of a session end by themselves, after a while."""

    def have_ended() -> bool:
        try:
            os.killpg(session, 0)
        except ProcessLookupError:
            return True
        return False

    if comes(have_ended):
        return True
    os.killpg(session, signal.SIGKILL)
    return False


def workers_of(pid: int) -> list[int]:
    """The worker processes that a batch has started and that still run; Linux only."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return [int(child) for child in children if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]
    except OSError:
        return []
