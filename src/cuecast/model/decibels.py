"""Gains as people write them: `-3dB`, `+2`, `off`."""

from __future__ import annotations

import re

MIN_DB, MAX_DB = -60.0, 12.0
"""The softest and the loudest gain of a lane."""

_DB = re.compile(r"([+-]?[0-9]{1,4}(?:\.[0-9]{1,3})?)\s?(?:db)?", re.IGNORECASE)


def text_to_db(text: str, low: float = MIN_DB, high: float = MAX_DB) -> float | None:
    """The gain in dB, from `low` to `high`; None for `off`. Raises ValueError, with words for a person, for others."""
    plain = text.strip().replace("−", "-")
    if plain == "off":
        return None
    match = _DB.fullmatch(plain)
    if match is None:
        raise ValueError(f"{plain!r} is not a level; 0dB is the normal one, -6dB is softer, +3dB is louder")
    if not low <= float(match[1]) <= high:
        raise ValueError(f"a level is from {low:g}dB to {high:+g}dB, or off")
    return float(match[1])
