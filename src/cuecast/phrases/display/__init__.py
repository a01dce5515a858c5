"""Words to read, on pages and in the terminal: one data file for each language; English for all others."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from cuecast.phrases.tables import base_code, languages_of, load_table


class DisplayWords(Struct, frozen=True):
    """The words of one language, by the keys of its file."""

    language: str
    table: Mapping[str, str]

    def __getitem__(self, key: str) -> str:
        return self.table[key]

    def exercises(self, count: int) -> str:
        """Return how many exercises there are: `8 exercises`."""
        return self["exercises_one"] if count == 1 else self["exercises"].format(count=count)


def display_words(language: str) -> DisplayWords:
    """Return the words for a language tag (`de`, `de-AT`)."""
    code = base_code(language)
    code = code if code in languages_of(__name__) else "en"
    return DisplayWords(code, load_table(__name__, code))
