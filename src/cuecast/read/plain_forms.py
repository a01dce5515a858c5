"""Values that are not in the plain form but can mean only one thing: `45 sec`, `1½ min`, `halfway`, `left, right`.

Each function returns the plain form, or None where nothing is certain. `check --fix` writes it into the file.
"""

from __future__ import annotations

import re

from cuecast.model.duration import SECOND, ms_to_text

_TO = re.compile(r"\s?[-\u2013]\s?|\s(?:to|bis|a)\s")
_ONE_UNIT = re.compile(r"([0-9]{1,4})\s?([hms])[a-z]*\.?", re.IGNORECASE)
_BROKEN_SECOND = re.compile(r"(?:[.,][0-9]+|[^\x00-\x7f′″])\s?(?:s|\"|″|'')", re.IGNORECASE)
"""A fraction of a second: lengths are whole ones."""

_HALF = ["halfway", "middle", "midway", "hälfte", "mitte", "halbzeit", "mitad", "medio"]
_START = ["beginning", "begin", "anfang", "beginn", "inicio", "principio", "comienzo"]
_END = ["ende", "schluss", "final", "fin"]
_MOMENTS = {**dict.fromkeys(_HALF, "half"), **dict.fromkeys(_START, "start"), **dict.fromkeys(_END, "end")}
_BEFORE = re.compile(
    r"(?P<every>every|each|alle|jede|cada)\s+|(?P<left>[-\u2212\u2013]\s?)|(?:at|after|nach|bei|a los|tras)\s+",
    re.IGNORECASE,
)

_SIDES = {
    **dict.fromkeys(["left", "l", "links", "izquierda", "izquierdo", "izq"], "left"),
    **dict.fromkeys(["right", "r", "rechts", "derecha", "derecho", "der"], "right"),
    **dict.fromkeys(["both", "beide", "ambos", "ambas"], "both"),
}

_EACH_SIDE = ("each side", "per side", "je seite", "jede seite", "cada lado", "por lado")
BOTH_SIDES = ("both sides", "beide seiten", "beidseitig", "ambos lados")
"""These can mean one side after the other, or both at once."""

_TWO_DECIMALS = re.compile(r"[0-9]+[.,][0-5][0-9]\s?[hm′']", re.IGNORECASE)
"""`1.30 min`: a minute and a half, or 1.3 minutes."""


def plain_length(words: str) -> str | None:
    """The plain form of a length, or of a range of lengths."""
    words = " ".join(words.split())
    ends = _TO.split(words)
    if len(ends) == 2:
        low, high = ends[0] if ends[0].isdecimal() else _one_length(ends[0]), _one_length(ends[1])
        return f"{low}-{high}" if low and high else None
    return _one_length(words)


def plain_moment(words: str) -> str | None:
    """The plain form of a moment."""
    words = " ".join(words.split())
    if named := _MOMENTS.get(words.casefold()):
        return named
    match = _BEFORE.match(words)
    rest = words[match.end() :] if match else ""
    if match and match.lastgroup is None and (rest in _MOMENTS.values() or rest[:1] == "-"):
        return rest  # `at half`, `after -5s`
    length = plain_length(rest if match else words)
    if length is None or "-" in length:
        return None
    return ("every " if match and match["every"] else "-" if match and match["left"] else "") + length


def plain_sides(words: str) -> str | None:
    """The plain form of one side or several."""
    if " ".join(words.casefold().split()) in _EACH_SIDE:
        return "[left, right]"
    found = re.split(r"\s*(?:[,/&+]|\s(?:and|then|und|dann|y|e)\s)\s*", words.strip().casefold())
    sides = [_SIDES.get(word) for word in found]
    if None in sides or len(set(sides)) < len(sides):
        return None
    return f"[{', '.join(map(str, sides))}]" if len(sides) > 1 else sides[0]


def _one_length(words: str) -> str | None:
    from cuecast.phrases.lengths import LENGTH, read_length  # compiles large patterns: 20 ms that few files need

    if _TWO_DECIMALS.match(words):
        return None
    if match := _ONE_UNIT.fullmatch(words):
        return f"{match[1]}{match[2].lower()}" if re.fullmatch(LENGTH, words, re.IGNORECASE) else None
    smaller = [int(number) for number in re.findall("[0-9]+", words)[1:]]
    if not re.fullmatch(LENGTH, words, re.IGNORECASE) or _BROKEN_SECOND.search(words) or max(smaller, default=0) > 59:
        return None
    length = read_length(words)
    return ms_to_text(length.low) if length.low == length.high and length.low % SECOND == 0 else None
