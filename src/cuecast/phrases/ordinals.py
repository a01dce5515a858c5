"""Ordinals in figures: “3rd”, and in German “die 3. Runde”; and the genders of nouns that they depend on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from cuecast.phrases.numbers import NumberWords
from cuecast.phrases.patterns import one_of

_LONGEST_NOUN = 20
_DOTTED_BEFORE_NOUN = re.compile(r"(?<![^\W_])(?<![-.,:/'’#])([0-9]{1,2}+)\.(?= ([^\W\d_]++)(?![\w'’]))")


class Ordinals:
    """The ordinals of one language; `table` is the `aloud` of its phrase file."""

    def __init__(self, table: Mapping[str, Any], numbers: NumberWords) -> None:
        self._numbers = numbers
        self._by_gender: Mapping[str, str] = table["ordinal before"]
        self._by_suffix: Mapping[str, str] = table["ordinals"]
        after = table["ordinals after"]
        self._by_word_before: dict[str, str] = {**after, **{word.capitalize(): form for word, form in after.items()}}
        self._suffixed = re.compile(rf"(?<![^\W_])([0-9]{{1,4}}+)({one_of(self._by_suffix)})(?![^\W_])")
        self._dotted = re.compile(rf"\b({one_of(self._by_word_before)}) ([0-9]{{1,2}}+)\.(?= [^\W\d_])")
        self._genders = {ending: gender for gender, endings in table["nouns"].items() for ending in endings}

    def aloud(self, text: str) -> str:
        """The text with its ordinals in words."""
        if self._by_suffix:
            text = self._suffixed.sub(lambda m: self._numbers.words(m[1], self._by_suffix[m[2]]), text)
        if self._by_word_before:
            text = self._dotted.sub(lambda m: f"{m[1]} {self._numbers.words(m[2], self._by_word_before[m[1]])}", text)
        return _DOTTED_BEFORE_NOUN.sub(self._before_noun, text) if self._by_gender else text

    def gender(self, noun: str) -> str | None:
        """The gender of a noun, known by its ending: `Drehung`, `Aufwärmrunde`."""
        noun = noun[-_LONGEST_NOUN:].casefold()
        endings = (noun[at:] for at in range(len(noun)))
        return next((self._genders[ending] for ending in endings if ending in self._genders), None)

    def _before_noun(self, match: re.Match[str]) -> str:
        """`3.` before a noun that is known as one; any other word may begin a sentence."""
        gender = self.gender(match[2]) if match[2][0].isupper() else None
        return self._numbers.words(match[1], self._by_gender[gender]) if gender else match[0]
