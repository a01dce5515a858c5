"""Lengths of time as people type them in passing: `45 sec`, `1 min 30`, `1'30"`, `1:00`, `30-45s`."""

from __future__ import annotations

import re

from msgspec import Struct

from cuecast.model.duration import SECOND, DurationRange, up_to_second

_PART = re.compile(
    r"(?<![\w.,:/+])(\d{1,5}(?:[.,]\d{1,2})?)\s?(hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s|″|''|\"|′|'|’|”)(?![^\W\d_])\.?",
    re.IGNORECASE,
)
_NEXT = re.compile(
    r"(?:\s|and\b|,)*?(\d{1,5}(?:[.,]\d{1,2})?)\s?(minutes?|mins?|m|seconds?|secs?|s|″|''|\"|′|'|’|”)(?![^\W\d_])\.?",
    re.IGNORECASE,
)
_BARE_SECONDS = re.compile(r"(\s?)(\d{1,2})(?![\w%.:]|\s*(?:-\s*\d|x\b|×|reps?\b|rpm\b|%))", re.IGNORECASE)
_CLOCK = re.compile(r"(?<![\w.,:/-])(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)(?![\w:/])(?!\s*(?:am|pm)\b)", re.IGNORECASE)
_RANGE = re.compile(
    r"(?<![\w.,:/-])(\d{1,4})\s?(hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s)?\s?(?:-|–|to)\s?$", re.IGNORECASE
)
_FACTORS = {"h": 3600, "m": 60, "s": 1, "″": 1, "''": 1, '"': 1, "”": 1, "′": 60, "'": 60, "’": 60}


class Found(Struct, frozen=True):
    """A length of time, and from where to where in the text it stands."""

    start: int
    end: int
    work: DurationRange


def find(text: str, *, loose: bool = True) -> Found | None:
    """The first length of time in the text; None where there is none. One of no seconds is none.

    `loose` takes what people type in notes too: `1 min 30`, `1:30` and ranges.
    """
    found = [each for each in (_units(text, loose), _clock(text) if loose else None) if each and each.work.low]
    return min(found, key=lambda each: each.start, default=None)


def _units(text: str, loose: bool) -> Found | None:
    first = _PART.search(text)
    if not first:
        return None
    start, end = first.span()
    unit = _factor(first[2])
    total = _ms(first[1], unit)
    while following := _NEXT.match(text, end):
        if _factor(following[2]) >= unit:
            break
        unit = _factor(following[2])
        total += _ms(following[1], unit)
        end = following.end()
    bare = _BARE_SECONDS.match(text, end) if unit == 60 else None
    if bare and (loose or not bare[1]) and int(bare[2]) < 60:
        total += int(bare[2]) * SECOND
        end = bare.end()
    low = high = up_to_second(total)
    before = _RANGE.search(text, 0, start) if loose else None
    if before:
        least = int(before[1]) * SECOND * (_factor(before[2]) if before[2] else unit)
        if 0 < least <= high:
            low, start = least, before.start()
    return Found(start, end, DurationRange(low, high))


def _clock(text: str) -> Found | None:
    match = _CLOCK.search(text)
    if not match:
        return None
    ms = ((int(match[1] or 0) * 60 + int(match[2])) * 60 + int(match[3])) * SECOND
    return Found(*match.span(), DurationRange(ms, ms))


def _factor(unit: str) -> int:
    unit = unit.lower()
    return _FACTORS[unit if unit in _FACTORS else unit[0]]


def _ms(number: str, factor: int) -> int:
    return round(float(number.replace(",", ".")) * factor * SECOND)
