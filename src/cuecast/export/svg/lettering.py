"""An estimate of how wide a text is without its font, and texts cut or wrapped to a width."""

from __future__ import annotations

import unicodedata
from functools import cache

_NARROW = frozenset("iljtfrI.,:;'|!()[]{}‘’·- ")
_BROAD = frozenset("mwMW@%–—…")
_SAFE = 1.05
"""Fonts differ: with a little extra, text stays inside its block."""


def width(text: str, size: float) -> float:
    """About how wide the text is, in the unit of `size`."""
    return sum(map(_em, text)) * size * _SAFE


def cut(text: str, space: float, size: float) -> str:
    """The text, or its beginning with an ellipsis; empty if less than two letters fit."""
    if width(text, size) <= space:
        return text
    beginning = _fitting(text, space - width("…", size), size).rstrip(" ,.;:")
    return f"{beginning}…" if len(beginning) > 1 else ""


def wrap(text: str, space: float, size: float, lines: int) -> list[str]:
    """The text in at most `lines` lines, the last one cut; empty if not even a word fits."""
    wrapped: list[str] = []
    words = text.split(" ")
    while words:
        if len(wrapped) == lines - 1:
            return _with_last(wrapped, cut(" ".join(words), space, size))
        line = words.pop(0)
        while words and width(f"{line} {words[0]}", size) <= space:
            line += " " + words.pop(0)
        if width(line, size) > space:
            return _with_last(wrapped, cut(line, space, size))
        wrapped.append(line)
    return wrapped


def _with_last(wrapped: list[str], last: str) -> list[str]:
    """The lines and the last one; if that is empty, the line before gets an ellipsis."""
    return [*wrapped, last] if last else wrapped[:-1] + [f"{line}…" for line in wrapped[-1:]]


def _fitting(text: str, space: float, size: float) -> str:
    used = 0.0
    for number, letter in enumerate(text):
        used += _em(letter) * size * _SAFE
        if used > space:
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
