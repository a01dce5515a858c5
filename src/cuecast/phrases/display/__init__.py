"""Words to read, on pages and in the terminal: one data file for each language; English for all others."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources

import yaml
from msgspec import Struct


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
    code = language.partition("-")[0].lower()
    return _load(code if code in display_languages() else "en")


@cache
def display_languages() -> frozenset[str]:
    """Return the languages that have a file."""
    names = (each.name for each in resources.files(__name__).iterdir())
    return frozenset(name.removesuffix(".yaml") for name in names if name.endswith(".yaml"))


@cache
def _load(language: str) -> DisplayWords:
    text = (resources.files(__name__) / f"{language}.yaml").read_text(encoding="utf-8")
    return DisplayWords(language, yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
