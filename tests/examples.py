"""How many examples hypothesis tries: a fifth as a rule, all of them with CUECAST_THOROUGH=1.

Each run tries others, so that the runs of some days come to the same. Whoever changes the compiler or a reader asks for
all of them.
"""

from __future__ import annotations

import os

THOROUGH = bool(os.environ.get("CUECAST_THOROUGH"))
"""Also what repeats a test on more of the same."""

LEAST = 20


def some(examples: int) -> int:
    """As many of so many as this run tries."""
    return examples if THOROUGH else min(examples, max(LEAST, examples // 5))
