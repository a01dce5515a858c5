"""How wide letters are, as far as one can say without the font, and text cut to the room that it has."""

from __future__ import annotations

import unicodedata
from functools import cache

_NARROW = frozenset("iljtfrI.,:;'|!()[]{}‘’·- ")
_BROAD = frozenset("mwMW@%–—…")
_SAFE = 1.05
"""Fonts differ: what is taken as wider than it mostly is stays inside its block."""


def width(text: str, size: float) -> float:
    """About how wide the text is, in the unit of `size`."""
    return sum(map(_em, text)) * size * _SAFE


def cut(text: str, room: float, size: float) -> str:
    """The text, or as much of it as there is room for with an ellipsis; empty where that says nothing."""
    if width(text, size) <= room:
        return text
    kept = _fitting(text, room - width("…", size), size).rstrip(" ,.;:")
    return f"{kept}…" if len(kept) > 1 else ""


def wrap(text: str, room: float, size: float, lines: int) -> list[str]:
    """The text in at most so many lines, the last one cut; empty where not even a word fits."""
    found: list[str] = []
    words = text.split(" ")
    while words:
        if len(found) == lines - 1:
            return _closed(found, cut(" ".join(words), room, size))
        line = words.pop(0)
        while words and width(f"{line} {words[0]}", size) <= room:
            line += " " + words.pop(0)
        if width(line, size) > room:
            return _closed(found, cut(line, room, size))
        found.append(line)
    return found


def _closed(found: list[str], last: str) -> list[str]:
    """The lines with the last one; where nothing of that could be kept, an ellipsis says that there is more."""
    return [*found, last] if last else found[:-1] + [f"{line}…" for line in found[-1:]]


def _fitting(text: str, room: float, size: float) -> str:
    used = 0.0
    for number, letter in enumerate(text):
        used += _em(letter) * size * _SAFE
        if used > room:
            return text[:number]
    return text


@cache
def _em(letter: str) -> float:
    if unicodedata.combining(letter) or unicodedata.category(letter) == "Cf":
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.25 if ord(letter) > 0xFFFF else 1.05
    if letter in _NARROW:
        return 0.33
    if letter in _BROAD:
        return 0.9
    return 0.69 if letter.isupper() else 0.56
