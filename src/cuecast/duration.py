"""Durations as people write them, to and from integer milliseconds."""

from __future__ import annotations

import re
from dataclasses import dataclass

SECOND = 1_000
"""Milliseconds in a second."""

FORMS = "45, 45s, 1m30s, 1:30, 2m or 1h"
"""The ways to write a duration, for messages."""

_UNITS = re.compile(r"(?:(\d+)h)?\s?(?:(\d+)m)?\s?(?:(\d+)s)?")
_CLOCK = re.compile(r"(?:(\d+):([0-5]?\d)|(\d+)):([0-5]\d)")
_NEAR = re.compile(r"(\d+)\s*(hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s|″|''|\"|′|')\.?", re.IGNORECASE)


class DurationError(ValueError):
    """Text that is no duration. `suggestion` is what was probably meant, or None."""

    def __init__(self, message: str, suggestion: str | None = None) -> None:
        super().__init__(message)
        self.suggestion = suggestion


@dataclass(frozen=True, slots=True)
class DurationRange:
    """From `low` to `high` milliseconds, both included and both whole seconds."""

    low: int
    high: int

    @property
    def middle(self) -> int:
        """The middle in milliseconds, rounded down to a whole second."""
        return (self.low + self.high) // 2 // SECOND * SECOND


def text_to_ms(text: str) -> int:
    """Read a duration: `45`, `45s`, `1m30s`, `1:30`, `1:02:30`, `2m`, `1h`. Whole seconds, in milliseconds.

    Raises DurationError for anything else.
    """
    plain = text.strip()
    if re.fullmatch(r"\d{1,9}", plain):
        return int(plain) * SECOND
    if match := _CLOCK.fullmatch(plain):
        hours, minutes, only_minutes, seconds = match.groups()
        total = int(hours or 0) * 3600 + int(minutes or only_minutes) * 60 + int(seconds)
        return total * SECOND
    if plain and (match := _UNITS.fullmatch(plain)):
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        return (hours * 3600 + minutes * 60 + seconds) * SECOND
    raise DurationError(*_explain(plain))


def text_to_range(text: str) -> DurationRange:
    """Read a duration or a range of them: `30s-60s`, `30-60`, `1:00-1:30`, `45s`.

    Raises DurationError for anything else, and for a range that runs backwards.
    """
    low, dash, high = text.replace("–", "-").partition("-")
    if not dash or not low.strip():
        fixed = text_to_ms(text)
        return DurationRange(fixed, fixed)
    span = DurationRange(text_to_ms(low), text_to_ms(high))
    if span.low > span.high:
        raise DurationError(
            f"the range {text.strip()} runs backwards", f"{ms_to_text(span.high)}-{ms_to_text(span.low)}"
        )
    return span


def ms_to_text(ms: int) -> str:
    """Write whole seconds the way a routine does: `45s`, `1m30s`, `2m`, `1h`; `1.250s` where there are fractions."""
    if ms % SECOND:
        return f"{ms / SECOND:.3f}s"
    hours, rest = divmod(ms // SECOND, 3600)
    minutes, seconds = divmod(rest, 60)
    parts = [f"{n}{unit}" for n, unit in ((hours, "h"), (minutes, "m"), (seconds, "s")) if n]
    return "".join(parts) or "0s"


def ms_to_clock(ms: int) -> str:
    """Write a moment as a player shows it: `0:20`, `10:12`, `1:02:30`; fractions of a second are cut off."""
    minutes, seconds = divmod(ms // SECOND, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def up_to_second(ms: int) -> int:
    """Round up to a whole second, in milliseconds."""
    return -(-ms // SECOND) * SECOND


def _explain(text: str) -> tuple[str, str | None]:
    if re.fullmatch(r"-\s*\d.*", text):
        return f"{text} is negative; a duration is at least 0s", text.lstrip("- ")
    if match := re.fullmatch(r"(\d+):(\d+)", text):
        minutes, seconds = int(match[1]), int(match[2])
        if seconds >= 60:
            return f"{text} has {seconds} seconds after the colon; 59 is the most", ms_to_text(
                (minutes * 60 + seconds) * SECOND
            )
        return f"{text} needs two digits after the colon", f"{minutes}:{seconds:02}"
    if re.fullmatch(r"\d+[.,]\d+\s*\w*", text):
        return f"{text} is not a whole number of seconds", None
    words = _NEAR.findall(text)
    if words and not _NEAR.sub("", text).replace("and", "").strip(" ,"):
        factor = {"h": 3600, "m": 60, "s": 1, "″": 1, '"': 1, "′": 60}
        seconds = sum(
            int(n) * (1 if unit == "''" else 60 if unit == "'" else factor[unit[0].lower()]) for n, unit in words
        )
        return f"{text!r} is not how a duration is written", ms_to_text(seconds * SECOND)
    return f"{text!r} is not a duration", None
