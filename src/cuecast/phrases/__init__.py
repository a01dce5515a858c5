"""The compiler's own words, by language: one data file each, numbers and plurals by library.

`docs/translating.md` says what a file holds and how to add one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

import yaml
from msgspec import Struct

from cuecast.model.duration import SECOND
from cuecast.model.routine import Side
from cuecast.phrases.number_reader import Reading
from cuecast.phrases.numbers import Rules, number_words, plural_category, with_ending

Forms = tuple[str, str]
"""A phrase for where there is room, and for where there is little."""


class UnknownLanguage(LookupError):
    """A language for which there is no phrase file."""


class Phrases(Struct, frozen=True):
    """The phrases of one language."""

    language: str
    table: Mapping[str, Any]

    @property
    def plurals(self) -> Rules:
        """Which numbers are `one`, and so on."""
        return tuple(self.table["plurals"].items())

    def text(self, key: str, **fields: object) -> str:
        """A phrase that has one form only, its fields filled."""
        return str(self.table[key]).format(**fields)

    def total(self, title: str, ms: int) -> str:
        """A track's title and length."""
        return self.text("total", title=title, time=_sentence(self.time(ms)))

    def forms(self, key: str, **fields: object) -> Forms:
        """A phrase in its long and its short form, fields filled, first letters large."""
        long, short = self.table[key]
        return _sentence(long.format(**fields)), _sentence(short.format(**fields))

    def side(self, side: Side, form: str = "") -> str:
        """The side's name inside a sentence, plain or in one of `side_forms`: `links`, `linke`.

        `both` has the plain form only. Raises LookupError for a form that the language has not.
        """
        words = self.table["side"][side.value]
        if isinstance(words, str):
            words = {"": words}
        if form not in words:
            raise LookupError(f"{side.value} has no form {form!r} in {self.language}")
        return str(words[form])

    def switch(self, side: Side) -> Forms:
        """What is said before the work goes on with `side`."""
        return self.forms("switch to both") if side is Side.BOTH else self.forms("switch", side=self.side(side))

    def side_forms(self) -> tuple[str, ...]:
        """The forms that left and right have, the plain one, which is the empty string, first.

        English has only that one.
        """
        words = self.table["side"][Side.LEFT.value]
        return ("",) if isinstance(words, str) else tuple(sorted(words))

    def time(self, ms: int) -> str:
        """A length of whole seconds in words: `one minute thirty seconds`."""
        minutes, seconds = divmod(ms // SECOND, 60)
        hours, minutes = divmod(minutes, 60)
        told = [(unit, n) for unit, n in (("hour", hours), ("minute", minutes), ("second", seconds)) if n]
        *parts, last = [self._counted(unit, n) for unit, n in told or [("second", 0)]]
        if not parts:
            return last
        words = parts[0]
        for part in parts[1:]:
            words = self.text("comma", first=words, second=part)
        return self.text("and", first=words, second=last)

    def cardinal(self, n: int) -> str:
        """`3` in words, as one counts: `three`."""
        return self._number(n, "cardinal")

    def ordinal(self, n: int) -> str:
        """Which of several, as the phrase `number` says it: `third`; in some languages a cardinal."""
        return self._number(n, "ordinal")

    def aloud(self, text: str) -> str:
        """The text as it is said, with figures, units and signs in words; without any it comes back as it is."""
        return _reading(self.language).aloud(text)

    def countdown(self, seconds: int) -> tuple[str, ...]:
        """The words of a spoken countdown, that for 1 second left first."""
        return tuple(_sentence(self.cardinal(n)) for n in range(1, seconds + 1))

    def encouragements(self) -> tuple[str, ...]:
        """Short words of encouragement that suit any exercise at any moment."""
        return tuple(map(str, self.table["encourage"]))

    def is_hold(self, words: str) -> bool:
        """Whether this part of a pace keeps still: `hold`, `bottom`."""
        return self._is(words, "hold")

    def is_down(self, words: str) -> bool:
        """Whether this part of a pace goes down or out: `lower`, `exhale`; its glide falls where others rise."""
        return self._is(words, "down")

    def speaks_of_rolling(self, words: str) -> bool:
        """Whether the words speak of a foam roller."""
        return self._is(words, "rolling")

    def risky_target(self, words: str) -> str | None:
        """A part of the body in the words on which nobody should roll, None where there is none."""
        said = _bare_words(words)
        return next((part for part in self.table["risky"] if _bare_words(part) in said), None)

    def _is(self, words: str, key: str) -> bool:
        return not {_bare(word) for word in words.split()}.isdisjoint(map(_bare, self.table[key]))

    def _counted(self, unit: str, n: int) -> str:
        by_category = self.table[unit]
        return str(by_category[plural_category(self.plurals, n)]).format(n=_Number(self, n))

    def _number(self, n: int, form: str) -> str:
        told = self.table["numbers"][form]
        return with_ending(number_words(self.language, n, told["as"]), told.get("endings", {}))


class _Number(Struct, frozen=True):
    """A number that a phrase takes in a form of its own: `{n:feminine}`."""

    phrases: Phrases
    n: int

    def __format__(self, form: str) -> str:
        return self.phrases._number(self.n, form or "cardinal")


@cache
def phrases_of(language: str) -> Phrases:
    """The phrases of `language`, a code such as `en`. Raises UnknownLanguage."""
    base = language.split("-")[0].lower()
    if base not in languages():
        raise UnknownLanguage(language)
    text = resources.files(__name__).joinpath(f"{base}.yaml").read_text(encoding="utf-8")
    return Phrases(base, yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader)))


@cache
def _reading(language: str) -> Reading:
    phrases = phrases_of(language)
    return Reading(language, phrases.table["aloud"], phrases.table["numbers"], phrases.plurals, phrases.time)


@cache
def languages() -> tuple[str, ...]:
    """The codes of all languages that have a phrase file, in order."""
    files = resources.files(__name__).iterdir()
    return tuple(sorted(f.name.removesuffix(".yaml") for f in files if f.name.endswith(".yaml")))


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _bare(word: str) -> str:
    """`word` without case, accents and what is no letter: what people type for it."""
    letters = (c for c in unicodedata.normalize("NFKD", word.casefold()) if c.isalpha())
    return "".join(letters)


def _bare_words(words: str) -> str:
    return f" {' '.join(map(_bare, words.split()))} "
