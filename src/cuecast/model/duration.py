"""Durations as people write them, to and from integer milliseconds."""

from __future__ import annotations

import re

from msgspec import Struct

SECOND = 1_000
"""Milliseconds in a second."""

FORMS = "45, 45s, 1m30s, 1:30, 2m or 1h"
"""The ways to write a duration, for messages."""

_N = r"[0-9]{1,9}"
_UNITS = re.compile(rf"(?:({_N})h)?\s?(?:({_N})m)?\s?(?:({_N})s)?")
_CLOCK = re.compile(rf"(?:({_N}):([0-5]?[0-9])|({_N})):([0-5][0-9])")
_NEAR = re.compile(
    rf"({_N})(?:[.,]([0-9]{{1,3}}))?\s*(hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s|″|''|\"|′|'|$)\.?",
    re.IGNORECASE,
)
_FACTORS = {"h": 3600, "m": 60, "s": 1, "″": 1, "''": 1, '"': 1, "′": 60, "'": 60}
_NEXT_UNIT = {3600: 60, 60: 1}


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


def text_to_ms(text: str) -> int:
    """Read a duration: `45`, `45s`, `1m30s`, `1:30`, `1:02:30`, `2m`, `1h`. Whole seconds, in milliseconds.

    Raises DurationError for anything else.
    """
    plain = text.strip()
    if re.fullmatch(_N, plain):
        return int(plain) * SECOND
    if match := _CLOCK.fullmatch(plain):
        hours, minutes, only_minutes, seconds = match.groups()
        total = int(hours or 0) * 3600 + int(minutes or only_minutes) * 60 + int(seconds)
        return total * SECOND
    if plain and (match := _UNITS.fullmatch(plain)):
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        total = hours * 3600 + minutes * 60 + seconds
        if seconds >= 60 and (match[1] or match[2]):
            beside = "minutes" if match[2] else "hours"
            raise DurationError(f"`{plain}` has {seconds} seconds beside its {beside}; 59 is the most", _clean(total))
        if minutes >= 60 and match[1]:
            raise DurationError(f"`{plain}` has {minutes} minutes beside its hours; 59 is the most", _clean(total))
        return total * SECOND
    raise DurationError(*_explain(plain))


def text_to_range(text: str) -> DurationRange:
    """Read a duration or a range of them: `30s-60s`, `30-60`, `1:00-1:30`, `45s`.

    A low end that is a mere number counts in the unit of the high end: `10-20m` is `10m-20m`, `30-60s` is `30s-60s`.
    Where that would run backwards, as in `30-1m`, and where the high end has no one unit (`30-60`, `45-1:30`), it
    counts in seconds as everywhere.

    Raises DurationError for anything else, and for a range that runs backwards.
    """
    low, dash, high = text.replace("\u2013", "-").partition("-")
    if not dash or not low.strip():
        low, to, high = text.partition(" to ")
        if not to:
            fixed = text_to_ms(text)
            return DurationRange(fixed, fixed)
        raise DurationError(f"`{' '.join(text.split())}` is not how a range is written", _suggest_range(low, high))
    try:
        until = text_to_ms(high)
        span = DurationRange(_low_end(low, high, until), until)
    except DurationError as fault:
        raise DurationError(str(fault), _suggest_range(low, high)) from None
    if span.low > span.high:
        raise DurationError(
            f"the range `{' '.join(text.split())}` runs backwards", f"{ms_to_text(span.high)}-{ms_to_text(span.low)}"
        )
    return span


def _low_end(low: str, high: str, high_ms: int) -> int:
    """The low end of a range, in the unit of the high end where it has none of its own."""
    ms = text_to_ms(low)
    match = re.fullmatch(rf"{_N}([hms])", high.strip())
    if match and re.fullmatch(_N, low.strip()):
        in_unit = ms * _FACTORS[match[1]]
        if in_unit <= high_ms:
            return in_unit
    return ms


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
    text = " ".join(text.split())
    if not text:
        return "a duration is missing", None
    if len(text) > 40:
        return f"`{text[:39]}\u2026` is not a duration", None
    if re.match(r"[-\u2212\u2013]\s*[0-9]", text):
        return f"`{text}` is negative; a duration is at least 0s", _suggest(text.lstrip("-\u2212\u2013 "))
    if match := re.fullmatch(rf"({_N})[:.]({_N})", text.replace(" ", "")):
        minutes, seconds = int(match[1]), int(match[2])
        if ":" in text and seconds >= 60:
            meanings = f"{_clean(minutes * 60 + seconds)} or {minutes}.{match[2]} minutes"
            return f"`{text}` could be {meanings}", _clean(minutes * 60 + seconds)
        if ":" in text and len(match[2]) == 1:
            return f"`{text}` needs two digits after the colon", f"{minutes}:{seconds:02}"
    if match := re.fullmatch(rf"({_N})\s?([.,;])\s?([0-5][0-9])", text):
        return f"`{text}` has a `{match[2]}` where a colon is wanted", f"{int(match[1])}:{match[3]}"
    if match := re.match(rf"({_N})[.,]([0-5][0-9])\s?([hm])", text, re.IGNORECASE):
        unit = _FACTORS[match[3].lower()]
        clock = _clean(int(match[1]) * unit + int(match[2]) * _NEXT_UNIT[unit])
        return f"`{text}` could be {clock} or {match[1]}.{match[2]} {'hours' if unit > 60 else 'minutes'}", clock
    if re.match(r"[0-9]+[.,][0-9]", text):
        return f"`{text}` is not a whole number of seconds", _suggest(text)
    suggestion = _suggest(text)
    return f"`{text}` is not {'how a duration is written' if suggestion else 'a duration'}", suggestion


def _suggest(text: str) -> str | None:
    """What a near miss means (`30 secs`, `1 min 30`, `1.5m`), in whole seconds; None where nothing is near."""
    parts = [(match[1], match[2], match[3].lower()) for match in _NEAR.finditer(text)]
    rest = _NEAR.sub("", text).replace("and", "").strip(" ,&+")
    if not parts or rest:
        return None
    total, below = 0, 1
    for whole, fraction, unit in parts:
        # A last number without a unit counts in the next smaller one: `1h 30` is an hour and a half.
        factor = _FACTORS[unit if unit in _FACTORS else unit[0]] if unit else below
        below = _NEXT_UNIT.get(factor, 1)
        thousandths = int(whole) * SECOND + int((fraction or "0").ljust(3, "0"))
        total += thousandths * factor
    return _clean(up_to_second(total) // SECOND)


def _suggest_range(low: str, high: str) -> str | None:
    """The range that two ends were probably meant to make, the shorter first."""
    sound = []
    for end in (low, high):
        try:
            text_to_ms(end)
            sound.append(end)
        except DurationError as fault:
            if fault.suggestion is None:
                return None
            sound.append(fault.suggestion)
    until = text_to_ms(sound[1])
    return "-".join(ms_to_text(ms) for ms in sorted((_low_end(sound[0], sound[1], until), until)))


def _clean(seconds: int) -> str:
    return ms_to_text(seconds * SECOND)
