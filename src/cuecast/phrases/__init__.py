"""The compiler's own words, by language: one data file each, numbers and plurals by library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from cuecast.duration import SECOND
from cuecast.routine import Side
from cuecast.script import Forms


class UnknownLanguage(LookupError):
    """A language for which there is no phrase file."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """The phrases of one language."""

    language: str
    table: Mapping[str, Any]

    def text(self, key: str, **fields: object) -> str:
        """A phrase that has one form only, its fields filled."""
        return str(self.table[key]).format(**fields)

    def total(self, title: str, ms: int) -> str:
        """A track's title and length."""
        return self.text("total", title=title, time=_sentence(self.time(ms)))

    def forms(self, key: str, **fields: object) -> Forms:
        """A phrase in its long and its short form, fields filled, first letters large."""
        long, short = self.table[key]
        return Forms(_sentence(long.format(**fields)), _sentence(short.format(**fields)))

    def side(self, side: Side) -> str:
        """The side's name inside a sentence."""
        return str(self.table["side"][side.value])

    def time(self, ms: int) -> str:
        """A length of whole seconds in words: `one minute thirty seconds`."""
        minutes, seconds = divmod(ms // SECOND, 60)
        hours, minutes = divmod(minutes, 60)
        parts = [
            self._counted(unit, n) for unit, n in (("hour", hours), ("minute", minutes), ("second", seconds)) if n
        ] or [self._counted("second", 0)]
        words = parts[0]
        for part in parts[1:]:
            words = self.text("and", first=words, second=part)
        return words

    def cardinal(self, n: int) -> str:
        """`3` in words: `three`."""
        return _number_words(n, self.language, "cardinal")

    def ordinal(self, n: int) -> str:
        """`3` in words: `third`."""
        return _number_words(n, self.language, "ordinal")

    def _counted(self, unit: str, n: int) -> str:
        return str(self.table[unit]["one" if n == 1 else "other"]).format(n=self.cardinal(n))


@cache
def phrases_of(language: str) -> Phrases:
    """The phrases of `language`, a code such as `en`. Raises UnknownLanguage."""
    base = language.split("-")[0].lower()
    if base not in languages():
        raise UnknownLanguage(language)
    text = resources.files(__name__).joinpath(f"{base}.yaml").read_text(encoding="utf-8")
    return Phrases(base, yaml.safe_load(text))


@cache
def languages() -> tuple[str, ...]:
    """The codes of all languages that have a phrase file, in order."""
    files = resources.files(__name__).iterdir()
    return tuple(sorted(f.name.removesuffix(".yaml") for f in files if f.name.endswith(".yaml")))


@cache
def _number_words(n: int, language: str, to: str) -> str:
    from num2words import num2words  # 25 ms to import: only where a number is spoken

    return str(num2words(n, lang=language, to=to))


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
