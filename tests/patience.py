"""How long tests wait for what has to come, and how they compare what things cost."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

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


def times_as_long(work: Callable[[T], object], small: T, large: T) -> float:
    """How many times the processor time of the small one the large one takes, the best of three each.

    The small one counts as 5 ms at least: less is no measurement.
    """

    def cost(what: T) -> float:
        begun = time.process_time()
        work(what)
        return time.process_time() - begun

    once, more = (min(cost(what) for _ in range(3)) for what in (small, large))
    return more / max(once, 0.005)
