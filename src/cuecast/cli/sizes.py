"""Sizes and ages as people write and read them: `500M`, `30d`; `1.2 GB`, `3 days`."""

from __future__ import annotations

import re

_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}
_BINARY = {"k": 2**10, "m": 2**20, "g": 2**30, "t": 2**40}
_SIZE = re.compile(r"(\d{1,15}(?:\.\d{1,6})?)\s?([kmgt]?)(i?b)?", re.IGNORECASE)
_SECONDS = {"m": 60, "h": 3600, "d": 86_400, "w": 7 * 86_400}
_AGE = re.compile(r"(\d{1,6})\s?([mhdw])")


def text_to_bytes(text: str) -> int:
    """The size in bytes. Raises ValueError with a message for people."""
    match = _SIZE.fullmatch(text.strip())
    if match is None or (match[3] and match[3].lower() == "ib" and not match[2]):
        raise ValueError(f"{text!r} is not a size; write it like 500M or 2G")
    units = _BINARY if (match[3] or "").lower() == "ib" else _UNITS
    return int(float(match[1]) * units[match[2].lower()])


def text_to_seconds(text: str) -> int:
    """The age in seconds. Raises ValueError with a message for people."""
    match = _AGE.fullmatch(text.strip().lower())
    if match is None:
        raise ValueError(f"{text!r} is not a time; write it like 30d, 12h or 2w")
    return int(match[1]) * _SECONDS[match[2]]


def bytes_to_text(size: int) -> str:
    """`1.2 GB`, with at most three digits."""
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("KB", 10**3)):
        if size >= factor * 0.9995:
            number = size / factor
            return f"{number:.0f} {unit}" if number >= 99.95 else f"{number:.3g} {unit}"
    return f"{size} byte{'' if size == 1 else 's'}"


def age_to_text(seconds: float) -> str:
    """`just now`, `5 minutes ago`, `3 days ago`."""
    for unit, length in (("day", 86_400), ("hour", 3600), ("minute", 60)):
        if seconds >= length:
            number = int(seconds // length)
            return f"{number} {unit}{'' if number == 1 else 's'} ago"
    return "just now"
