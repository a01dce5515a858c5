"""Number words and plural categories, by library: num2words, and Babel for CLDR's rules."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache, lru_cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from msgspec import Struct

Rules = tuple[tuple[str, str], ...]
"""Plural categories except `other`, each with CLDR's rule for its numbers: `one`, `i in 1 and v in 0`."""

MAX_DIGITS = 9
"""A longer number is read digit by digit, as a phone number."""


class NumberWords(Struct, frozen=True):
    """The numbers of one language. `forms` are the `numbers` of its phrase file, `plurals` its CLDR rules."""

    language: str
    forms: Mapping[str, Any]
    plurals: Rules

    def words(self, number: int | str, form: str = "cardinal") -> str:
        """A number in words, in one of the forms. Digits with a leading zero are read one by one."""
        digits = str(number)
        if len(digits) > MAX_DIGITS or (len(digits) > 1 and digits[0] == "0"):
            return " ".join(map(self.words, digits))
        rule = self.forms[form]
        words = number_words(self.language, int(digits), rule["as"])
        endings: Mapping[str, str] = rule.get("endings", {})
        ending = max((each for each in endings if words.endswith(each)), key=len, default="")
        return words.removesuffix(ending) + endings[ending] if ending else words

    def category(self, n: int | Decimal) -> str:
        """CLDR's category of `n` things: `one`, `other`; some languages have more."""
        return plural_category(self.plurals, n)


class NumberField(Struct, frozen=True):
    """A number in a phrase, which may ask for a form: `{n:feminine}`."""

    numbers: NumberWords
    number: int | str

    def __format__(self, form: str) -> str:
        return self.numbers.words(self.number, form or "cardinal")


@cache
def number_words(language: str, n: int, kind: str) -> str:
    """`n` in words, as a `cardinal` or an `ordinal`."""
    converter = _converter(language)
    return str(converter.to_ordinal(n) if kind == "ordinal" else converter.to_cardinal(n))


@lru_cache(1_000, typed=True)  # 1.0 is not 1: “1.0 kilograms”
def plural_category(rules: Rules, n: int | Decimal) -> str:
    """CLDR's category of `n` things."""
    return str(_rule(rules)(n))


@cache
def _converter(language: str) -> Any:
    code = language.upper()
    return getattr(_submodule("num2words", f"lang_{code}"), f"Num2Word_{code}")()


@cache
def _rule(rules: Rules) -> Callable[[int | Decimal], object]:
    rule: Callable[[int | Decimal], object] = _submodule("babel", "plural").PluralRule(dict(rules))
    return rule


def _submodule(package: str, name: str) -> ModuleType:
    """Import one submodule without running its package's `__init__`, which takes 100 ms and more."""
    shell = f"{__package__}._{package}"
    if shell not in sys.modules:
        spec = find_spec(package)
        if spec is None or spec.submodule_search_locations is None:
            raise ModuleNotFoundError(f"No module named {package!r}", name=package)
        module = ModuleType(shell)
        module.__path__ = spec.submodule_search_locations
        sys.modules[shell] = module
    return import_module(f"{shell}.{name}")
