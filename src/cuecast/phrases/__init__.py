"""The compiler's own words, by language: one data file each, numbers and plurals by library.

`docs/translating.md` says what a file holds and how to add one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Any

from cuecast.model.duration import SECOND
from cuecast.model.routine import Side
from cuecast.phrases.number_reader import NumberReader
from cuecast.phrases.numbers import NumberField, NumberWords
from cuecast.phrases.tables import base_code, languages_of, load_table

Forms = tuple[str, str]
"""A phrase for where there is room, and for where there is little."""


class UnknownLanguage(LookupError):
    """A language for which there is no phrase file."""


class Phrases:
    """The phrases of one language, from the table in its file."""

    def __init__(self, language: str, table: Mapping[str, Any]) -> None:
        self.language = language
        self._table = table
        self._numbers = NumberWords(language, table["numbers"], tuple(table["plurals"].items()))
        self._reader: NumberReader | None = None

    def text(self, key: str, **fields: object) -> str:
        """A phrase that has one form only, its fields filled."""
        return str(self._table[key]).format(**fields)

    def total(self, title: str, ms: int) -> str:
        """A track's title and length."""
        return self.text("total", title=title, time=_capitalise(self.time(ms)))

    def forms(self, key: str, **fields: object) -> Forms:
        """A phrase in its long and its short form, fields filled, first letters capital."""
        long, short = self._table[key]
        return _capitalise(long.format(**fields)), _capitalise(short.format(**fields))

    def side(self, side: Side, form: str = "") -> str:
        """The side's name inside a sentence, plain or in one of `side_forms`: `links`, `linke`.

        `both` has the plain form only. Raises LookupError for a form that the language does not have.
        """
        words = self._table["side"][side.value]
        if isinstance(words, str):
            words = {"": words}
        if form not in words:
            raise LookupError(f"{side.value} has no form {form!r} in {self.language}")
        return str(words[form])

    def side_forms(self) -> tuple[str, ...]:
        """The forms that left and right have: first the plain one, which is the empty string. English has no others."""
        words = self._table["side"][Side.LEFT.value]
        return ("",) if isinstance(words, str) else tuple(sorted(words))

    def switch(self, side: Side) -> Forms:
        """What is announced before the work goes on with `side`."""
        return self.forms("switch to both") if side is Side.BOTH else self.forms("switch", side=self.side(side))

    def time(self, ms: int) -> str:
        """A length of whole seconds in words: `one minute thirty seconds`."""
        minutes, seconds = divmod(ms // SECOND, 60)
        hours, minutes = divmod(minutes, 60)
        parts = [self._count(unit, n) for unit, n in (("hour", hours), ("minute", minutes), ("second", seconds)) if n]
        *first, last = parts or [self._count("second", 0)]
        if not first:
            return last
        words = first[0]
        for part in first[1:]:
            words = self.text("comma", first=words, second=part)
        return self.text("and", first=words, second=last)

    def cardinal(self, n: int) -> str:
        """`3` in words, as one counts: `three`."""
        return self._numbers.words(n)

    def ordinal(self, n: int) -> str:
        """Which of several, as the phrase `number` says it: `third`; in some languages a cardinal."""
        return self._numbers.words(n, "ordinal")

    def aloud(self, text: str) -> str:
        """The text as it is said, with numbers, units and signs in words; without any it comes back as it is."""
        if self._reader is None:
            self._reader = NumberReader(self._table["aloud"], self._numbers, self.time)
        return self._reader.aloud(text)

    def countdown(self, seconds: int) -> tuple[str, ...]:
        """The words of a spoken countdown, that for 1 second left first."""
        return tuple(_capitalise(self.cardinal(n)) for n in range(1, seconds + 1))

    def encouragements(self) -> tuple[str, ...]:
        """Short words of encouragement that suit any exercise at any moment."""
        return tuple(map(str, self._table["encourage"]))

    def is_hold(self, words: str) -> bool:
        """Whether this part of a pace keeps still: `hold`, `bottom`."""
        return self._has_word("hold", words)

    def is_down(self, words: str) -> bool:
        """Whether this part of a pace goes down or out: `lower`, `exhale`. Its glide falls."""
        return self._has_word("down", words)

    def speaks_of_rolling(self, words: str) -> bool:
        """Whether the words speak of a foam roller."""
        return self._has_word("rolling", words)

    def risky_target(self, words: str) -> str | None:
        """A part of the body in the words on which nobody should roll, None if there is none."""
        text = f" {_strip_marks(words)} "
        return next((part for part in self._table["risky"] if f" {_strip_marks(part)} " in text), None)

    def _has_word(self, key: str, words: str) -> bool:
        return not set(_strip_marks(words).split()).isdisjoint(map(_strip_marks, self._table[key]))

    def _count(self, unit: str, n: int) -> str:
        return str(self._table[unit][self._numbers.category(n)]).format(n=NumberField(self._numbers, n))


@cache
def phrases_of(language: str) -> Phrases:
    """The phrases of `language`, a code such as `en`. Raises UnknownLanguage."""
    code = base_code(language)
    if code not in languages():
        raise UnknownLanguage(language)
    return Phrases(code, load_table(__name__, code))


def languages() -> tuple[str, ...]:
    """The codes of all languages that have a phrase file, in order."""
    return languages_of(__name__)


def _capitalise(words: str) -> str:
    return words[:1].upper() + words[1:]


def _strip_marks(words: str) -> str:
    """The words without case, accents and what is not a letter: what people type for them."""
    bare = ("".join(c for c in unicodedata.normalize("NFKD", word.casefold()) if c.isalpha()) for word in words.split())
    return " ".join(bare)
