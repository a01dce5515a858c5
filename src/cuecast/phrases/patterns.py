"""How numbers, units and signs are typed: the patterns that find them.

Possessive quantifiers and atomic groups keep each pattern linear: it never backtracks into a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct

FRACTIONS = {"½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4"}
"""Fractions that are one character."""

CURRENCIES = "$€£"
MINUS = "\u2212"
TIMES = "x×X*"
DASHES = "-\u2010\u2011\u2013\u2014"

# Atomic groups, not possessive ones: up to Python 3.11.4 these may match nothing (gh-106052).
_START = r"(?<![^\W_])(?<![^\W_][-\u2010\u2011\u2013./:'’])"
"""Not in a word, and not joined to one: `T4`, `L5-S1`, `v1.2`."""
_END = r"(?![^\W_])"
SPACE = r"[ \u00a0\u2009\u202f]?"

_GLYPH = f"[{''.join(FRACTIONS)}]"
_LETTER = rf"[^\W\d_{''.join(FRACTIONS)}]"
_CLOCK = r"[0-9]{1,3}+:[0-5][0-9](?>(?::[0-5][0-9])?)(?![0-9:])"
_COMPOUND = r"(?:[0-9]{1,2}+h ?[0-5]?[0-9](?:m(?:in)?)?|[0-9]{1,3}+m(?:in)? ?[0-5]?[0-9]s)" + _END
_FRACTION = rf"(?>(?:[0-9]{{1,9}}+[ \u00a0])?)[1-3]/[2-4]{_END}(?!/)"
_PLAIN = rf"[0-9]++{_GLYPH}?+|{_GLYPH}"
_PAIR = r"[0-9]++[:/][0-9]++"
_CHAIN = rf"[0-9]++(?>(?:[.:/][0-9]++){{2,}})|[0-9]++(?>(?:[{DASHES}][0-9]++){{2,}})"
_JOINT = rf"{SPACE}[{DASHES}]{SPACE}|{SPACE}[{re.escape(TIMES)}]{SPACE}"
_DOT = r"\.(?=[,;:!?)/]| ?[(\u2013\u2014&+=×→←↑↓]| [^\W\d_A-ZÄÖÜ])"
"""The dot of an abbreviation: the sentence goes on after it."""
_NAMES = re.compile(r"\?P<\w+>")


class QuantityPatterns(Struct, frozen=True):
    """The patterns of a language. `expression` finds a `body`, the `sign` before it and a plus after it (`more`).

    A body is a `chain` (`4-7-8`), a `pair` (`2:1`, `24/7`), or one `quantity` or several with a `joint` between them.
    """

    expression: re.Pattern[str]
    quantity: re.Pattern[str]
    joint: re.Pattern[str]


def one_of(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


def quantity_patterns(units: Iterable[str], signs: Iterable[str], mark: str) -> QuantityPatterns:
    """The patterns for these spellings of units, these signs and this decimal mark."""
    group = "." if mark == "," else ","
    # In English a comma separates the items of a list; in other languages a dot is a decimal mark too.
    marks = ".," if mark == "," else "."
    grouped = rf"[0-9]{{1,3}}+(?>(?:[{group}][0-9]{{3}})+)(?>(?:[{mark}][0-9]++)?)(?![0-9])"
    decimal = rf"[0-9]++[{marks}][0-9]++(?![.,:/][0-9])"
    quantity = (
        rf"(?:(?P<clock>{_CLOCK})|(?P<compound>{_COMPOUND})|(?P<fraction>{_FRACTION})"
        rf"|(?:(?P<coin>[{CURRENCIES}]){SPACE}(?![0-9]++[:/][0-9]))?"
        rf"(?:(?P<grouped>{grouped})|(?P<decimal>{decimal})|(?P<plain>{_PLAIN})))"
        rf"(?>(?:{SPACE}(?P<unit>{one_of(units)}){_END}(?>(?:{_DOT})?))?)(?>(?:/(?P<per>{_LETTER}++))?)"
    )
    nameless = _NAMES.sub("?:", quantity)
    sign = "".join(re.escape(sign) for sign in signs if sign != "-") + MINUS
    # A hyphen is a minus if there is nothing before it that it could join.
    minus = rf"(?:(?<![\s\S])|(?<=[(=<>~≈±+@])|(?<=[(=,:<>~≈±+@] ))-(?=[0-9{CURRENCIES}{''.join(FRACTIONS)}])"
    expression = (
        rf"(?>(?P<sign>(?:[{sign}]|{minus}){SPACE})?){_START}(?P<body>(?!{_CLOCK}|{grouped})(?P<chain>{_CHAIN}){_END}"
        rf"|(?!{_CLOCK}|{_FRACTION})(?P<pair>{_PAIR}){_END}|{nameless}(?>(?:(?:{_JOINT}){nameless})*){_END})"
        r"(?>(?P<more>\+(?![\w+]))?)"
    )
    return QuantityPatterns(*map(re.compile, (expression, quantity, _JOINT)))
