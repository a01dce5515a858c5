"""Number words and plural categories, by library: num2words, and Babel for CLDR's rules.

Of both only that is imported which is needed, and where a number is spoken (`alone`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from cuecast.phrases.alone import module_alone

Rules = tuple[tuple[str, str], ...]
"""Plural categories but `other`, and which numbers have them, as CLDR says it: `one`, `i in 1 and v in 0`."""


@cache
def number_words(language: str, n: int, kind: str) -> str:
    """`n` in words, as a `cardinal` or an `ordinal`."""
    converter = _converter(language)
    return str(converter.to_ordinal(n) if kind == "ordinal" else converter.to_cardinal(n))


@lru_cache(1_000, typed=True)  # 1.0 is not 1: “1.0 kilograms”
def plural_category(rules: Rules, n: int | Decimal) -> str:
    """CLDR's category of `n` things: `one`, `other`; some languages have more."""
    return str(_rule(rules)(n))


def with_ending(words: str, endings: Mapping[str, str]) -> str:
    """`words` with the longest of `endings` that it ends in replaced: `veintiuno` to `veintiún`."""
    for ending in sorted(endings, key=len, reverse=True):
        if words.endswith(ending):
            return words.removesuffix(ending) + endings[ending]
    return words


@cache
def _converter(language: str) -> Any:
    """What num2words has for a language."""
    code = language.upper()
    return getattr(module_alone("num2words", f"lang_{code}"), f"Num2Word_{code}")()


@cache
def _rule(rules: Rules) -> Callable[[int | Decimal], object]:
    rule: Callable[[int | Decimal], object] = module_alone("babel", "plural").PluralRule(dict(rules))
    return rule
