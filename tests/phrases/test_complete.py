"""A phrase file has what `en.yaml` has, each field where that has it, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from string import Formatter
from typing import Any

import num2words
import pytest
import yaml
from babel import Locale

from cuecast import phrases
from cuecast.phrases import UnknownLanguage, languages, phrases_of
from cuecast.phrases.numbers import number_words, plural_category

PATTERN = "en"
UNITS = ("hour", "minute", "second")
LISTS = ("encourage", "hold", "down", "rolling", "risky")
OWN = ("language", "side", "numbers", "plurals", "aloud", *UNITS, *LISTS)
"""Keys whose values are no plain phrases."""


def table(language: str) -> dict[str, Any]:
    text = (Path(phrases.__file__).parent / f"{language}.yaml").read_text(encoding="utf-8")
    keys = re.findall(r"^([^\s#][^:]*):", text, re.MULTILINE)
    assert len(keys) == len(set(keys)), f"{language}.yaml: a key is there twice"
    loaded = yaml.safe_load(text)
    assert isinstance(loaded, dict)
    return loaded


def plural_categories(language: str) -> frozenset[str]:
    """All categories that CLDR has for the language."""
    return frozenset(Locale.parse(language).plural_form.tags) | {"other"}


def fields(text: str) -> set[str]:
    """The names of the fields in `text`, which may have nothing but a name."""
    found = set()
    for _, name, spec, conversion in Formatter().parse(text):
        if name is not None:
            assert name.isidentifier(), f"{{{name}}} in {text!r}"
            assert not spec, f"{{{name}:{spec}}} in {text!r}"
            assert conversion is None, text
            found.add(name)
    return found


def _texts(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def faults(theirs: dict[str, Any]) -> Iterator[str]:
    """What is wrong with a phrase file beside the English one."""
    ours = table(PATTERN)
    yield from (f"`{key}` is missing" for key in ours.keys() - theirs.keys())
    yield from (f"`{key}` is not a key" for key in theirs.keys() - ours.keys())
    for key in (ours.keys() & theirs.keys()) - set(OWN):
        value, pattern = theirs[key], ours[key]
        if isinstance(value, str) != isinstance(pattern, str) or (
            isinstance(value, list) and (len(value) != 2 or not all(isinstance(v, str) for v in value))
        ):
            yield f"`{key}` must be {'one text' if isinstance(pattern, str) else 'a pair, [long, short]'}"
            continue
        for text, like in zip(_texts(value), _texts(pattern), strict=True):
            if not text.strip() or text != text.strip():
                yield f"`{key}`: {text!r}"
            try:
                if fields(text) != fields(like):
                    yield f"`{key}`: {text!r} has other fields than {like!r}"
            except (AssertionError, ValueError) as fault:
                yield f"`{key}`: {fault}"


@pytest.mark.parametrize("language", languages())
def test_same_keys_and_fields_as_english(language: str) -> None:
    assert list(faults(table(language))) == []
    assert table(language)["language"] == language


@pytest.mark.parametrize("language", languages())
def test_plurals_are_those_of_cldr(language: str) -> None:
    theirs = Locale.parse(language).plural_form
    assert table(language)["plurals"] == theirs.rules
    for number in (*range(200), 1_000, 1_000_000, 2_000_000, *map(Decimal, ("0.0", "1.0", "1.5", "2.5"))):
        assert plural_category(tuple(theirs.rules.items()), number) == theirs(number)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("kind", ["cardinal", "ordinal"])
def test_number_words_are_those_of_the_whole_library(language: str, kind: str) -> None:
    for number in (*range(1, 130), 365, 1_000, 2_024, 1_000_001):
        assert number_words(language, number, kind) == num2words.num2words(number, lang=language, to=kind)


@pytest.mark.parametrize("language", languages())
def test_numbers_have_all_plural_categories_and_known_forms(language: str) -> None:
    words = table(language)
    assert words["numbers"].keys() >= {"cardinal", "ordinal"}
    for form in words["numbers"].values():
        assert form.keys() <= {"as", "endings"}
        assert form["as"] in ("cardinal", "ordinal")
        assert all(isinstance(text, str) for pair in form.get("endings", {}).items() for text in pair)
    for unit in UNITS:
        assert words[unit].keys() == plural_categories(language), unit
        for text in words[unit].values():
            ((_, name, form, _), *_) = [part for part in Formatter().parse(text) if part[1] is not None]
            assert name == "n"
            assert (form or "cardinal") in words["numbers"], text


@pytest.mark.parametrize("language", languages())
def test_left_and_right_have_the_same_forms(language: str) -> None:
    side = table(language)["side"]
    assert side.keys() == {"left", "right", "both"}
    assert isinstance(side["both"], str)
    if isinstance(side["left"], str):
        assert isinstance(side["right"], str)
        return
    assert side["left"].keys() == side["right"].keys()
    assert "" in side["left"]
    assert all(re.fullmatch("[a-z]*", form) for form in side["left"])
    assert all(isinstance(word, str) and word for words in (side["left"], side["right"]) for word in words.values())


@pytest.mark.parametrize("language", languages())
def test_word_lists(language: str) -> None:
    words = table(language)
    for key in LISTS:
        assert all(isinstance(word, str) for word in words[key]), f"{key}: quote what YAML takes for a truth value"
        assert len(words[key]) == len(set(words[key]))
    assert not set(words["hold"]) & set(words["down"])
    assert all(len(word.split()) == 1 for key in ("hold", "down") for word in words[key])


@pytest.mark.parametrize("language", languages())
def test_encouragements_are_many_and_short(language: str) -> None:
    encouragements = phrases_of(language).encouragements()
    assert len(encouragements) >= 8
    for words in encouragements:
        assert words[0].isupper()
        assert words[-1] in ".!"
        assert len(words) <= 25
        assert not set("{}0123456789¡¿") & set(words)


def test_languages() -> None:
    assert languages() == ("de", "en", "es")
    assert phrases_of("de-AT") is not phrases_of("en")
    assert phrases_of("de-AT").language == "de"
    with pytest.raises(UnknownLanguage):
        phrases_of("tlh")


def aloud_faults(language: str, theirs: dict[str, Any]) -> Iterator[str]:
    """What is wrong with the `aloud` of a phrase file beside the English one."""
    ours, forms = table(PATTERN)["aloud"], table(language)["numbers"]
    if theirs.keys() != ours.keys():
        yield f"keys: {sorted(theirs.keys() ^ ours.keys())}"
        return
    for key in ("units", "signs", "joints", "fractions"):
        if theirs[key].keys() != ours[key].keys():
            yield f"`{key}`: {sorted(theirs[key].keys() ^ ours[key].keys())}"
    categories = plural_categories(language)
    used = {unit["as"] for unit in theirs["units"].values()}
    for name, unit in theirs["units"].items():
        if unit.keys() != {"read", "as"} | categories:
            yield f"unit `{name}`: {sorted(unit.keys() ^ ({'read', 'as'} | categories))}"
    if used - forms.keys():
        yield f"forms: {sorted(used - forms.keys())}"
    for key, known in (("half", {"one"}), ("halves", {"n", "other"})):
        if theirs[key].keys() != used:
            yield f"`{key}`: {sorted(theirs[key].keys() ^ used)}"
        for text in theirs[key].values():
            if {name for _, name, _, _ in Formatter().parse(text) if name} != known:
                yield f"`{key}`: {text!r}"
    spelt = [each for unit in theirs["units"].values() for each in unit["read"]]
    if len(spelt) != len(set(spelt)):
        yield "two units are written alike"
    for key in ("decimal", "range", "ratio", "of", "per", "multiplied"):
        if fields(theirs[key]) != fields(ours[key]):
            yield f"`{key}`: {theirs[key]!r}"
    ordinals = (theirs[key].values() for key in ("ordinals", "ordinals after", "ordinal before"))
    if {form for used in ordinals for form in used} - forms.keys():
        yield "ordinals: unknown forms"
    for key in ("half before", "ordinal before"):
        if theirs[key].keys() - {*theirs["nouns"], "Noun", "word"}:
            yield f"`{key}`: {sorted(theirs[key])}"
    if theirs["ordinal before"] and theirs["ordinal before"].keys() != theirs["nouns"].keys():
        yield "`ordinal before`: a gender has none"
    clock = theirs["clock"]
    if clock.keys() != ours["clock"].keys() or clock["hour"] not in forms:
        yield "`clock`"
    elif any(fields(clock[key]) != fields(ours["clock"][key]) for key in ("time", "early", "full")):
        yield "`clock`: fields"


@pytest.mark.parametrize("language", languages())
def test_what_is_read_aloud_is_complete(language: str) -> None:
    assert list(aloud_faults(language, table(language)["aloud"])) == []
