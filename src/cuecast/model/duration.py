"""Durations as integer milliseconds, and as a routine writes them. `cuecast.phrases.lengths` reads them."""

from __future__ import annotations

from msgspec import Struct

SECOND = 1_000
"""Milliseconds in a second."""

FORMS = "45, 45s, 1m30s, 1:30, 2m or 1h"
"""The ways to write a duration, for messages."""


class DurationError(ValueError):
    """Text that is no duration. `suggestion` is what was probably meant, or None."""

    def __init__(self, message: str, suggestion: str | None = None) -> None:
        super().__init__(message)
        self.suggestion = suggestion


class DurationRange(Struct, frozen=True):
    """From `low` to `high` milliseconds, both included and both whole seconds."""

    low: int
    high: int

    @property
    def middle(self) -> int:
        """The middle in milliseconds, rounded down to a whole second."""
        return (self.low + self.high) // 2 // SECOND * SECOND


def ms_to_text(ms: int) -> str:
    """Write whole seconds the way a routine does: `45s`, `1m30s`, `2m`, `1h`; `1.250s` where there are fractions."""
    if ms % SECOND:
        return f"{ms / SECOND:.3f}s"
    hours, rest = divmod(ms // SECOND, 3600)
    minutes, seconds = divmod(rest, 60)
    parts = [f"{n}{unit}" for n, unit in ((hours, "h"), (minutes, "m"), (seconds, "s")) if n]
    return "".join(parts) or "0s"


def range_to_text(span: DurationRange) -> str:
    """Write a duration or a range of them: `45s`, `30s-1m`."""
    return ms_to_text(span.low) + (f"-{ms_to_text(span.high)}" if span.high != span.low else "")


def ms_to_clock(ms: int) -> str:
    """Write a moment as a player shows it: `0:20`, `10:12`, `1:02:30`; fractions of a second are cut off."""
    minutes, seconds = divmod(ms // SECOND, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def up_to_second(ms: int) -> int:
    """Round up to a whole second, in milliseconds."""
    return -(-ms // SECOND) * SECOND
