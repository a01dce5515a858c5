"""Number words and plural categories, by library: num2words and CLDR's rules in Babel.

Both are imported only where a number is spoken.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel import Locale


@cache
def number_words(language: str, n: int, kind: str) -> str:
    """`n` in words, as a `cardinal` or an `ordinal`."""
    from num2words import num2words

    return str(num2words(n, lang=language, to=kind))


@lru_cache(1_000, typed=True)  # 1.0 is not 1: “1.0 kilograms”
def plural_category(language: str, n: int | Decimal) -> str:
    """CLDR's category of `n` things: `one`, `other`; some languages have more."""
    return str(_locale(language).plural_form(n))


def plural_categories(language: str) -> frozenset[str]:
    """All categories that `language` has."""
    return frozenset(_locale(language).plural_form.tags) | {"other"}


def with_ending(words: str, endings: Mapping[str, str]) -> str:
    """`words` with the longest of `endings` that it ends in replaced: `veintiuno` to `veintiún`."""
    for ending in sorted(endings, key=len, reverse=True):
        if words.endswith(ending):
            return words.removesuffix(ending) + endings[ending]
    return words


@cache
def _locale(language: str) -> Locale:
    from babel import Locale

    return Locale.parse(language)
