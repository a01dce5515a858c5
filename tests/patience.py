"""How long tests wait for what has to come."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE_S = 45.0
"""Long, because a machine may be busy with other things; what hangs in tests hangs for longer."""


def comes(true: Callable[[], object]) -> bool:
    """Whether something comes to be true, sooner or later."""
    until = time.monotonic() + PATIENCE_S
    while not true():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True
