"""Figures, units and signs as they are read aloud."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuecast.phrases import languages, phrases_of
from tests.examples import some
from tests.patience import times_as_long
from tests.phrases.test_complete import table

WRITTEN = Path(__file__).with_name("aloud")
"""A file for each language: what is written, and how it is said."""


NO_QUANTITY = ["T4", "L5-S1", "VO2 max", "COVID-19", "C++", "1RM", "v1.2.3", "<script>", "a~b", "and/or", "##", "- - -"]

FIGURES = st.text("0123456789 -–−.,:/x×s%°½¾#+&=~→←↑$€<>@hmkgT'ºªst(abpUr", max_size=24)
TEXTS = st.one_of(FIGURES, st.text(max_size=40))


@pytest.mark.parametrize("language", languages())
def test_as_a_person_would_read_it(language: str) -> None:
    rows = [line.split(" => ") for line in (WRITTEN / f"{language}.txt").read_text(encoding="utf-8").splitlines()]
    assert [f"{text} => {phrases_of(language).aloud(text)}" for text, _ in rows] == [" => ".join(row) for row in rows]


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("text", NO_QUANTITY)
def test_what_is_no_quantity_stays(language: str, text: str) -> None:
    assert phrases_of(language).aloud(text) == text


@pytest.mark.parametrize("language", languages())
@given(TEXTS)
@settings(max_examples=some(400), deadline=None)
def test_what_has_been_read_is_read_no_other_way(language: str, text: str) -> None:
    aloud = phrases_of(language).aloud
    spoken = aloud(text)
    assert aloud(spoken) == spoken
    assert bool(spoken.strip()) == bool(text.strip())


@pytest.mark.parametrize("language", languages())
@given(st.text(st.characters(categories=["L", "P", "Zs", "M"], exclude_characters="&@#%")))
@settings(max_examples=some(200))
def test_letters_and_punctuation_come_back_as_they_are(language: str, text: str) -> None:
    assert phrases_of(language).aloud(text) == text


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("unit", [*(unit for unit in table("en")["aloud"]["units"])])
def test_every_spelling_of_every_unit_is_read(language: str, unit: str) -> None:
    known = table(language)["aloud"]["units"][unit]
    for spelt in known["read"]:
        assert phrases_of(language).aloud(f"7 {spelt}").endswith(f" {known['other']}")
        assert phrases_of(language).aloud(f"1 {spelt}").endswith(f" {known['one']}")
        assert phrases_of(language).aloud(f"½ {spelt}").endswith(known["one"])


LONG = "1|1.|1,|1:|1/|1-|1x|1 |½|1h|1 min |+|= a|a & |~|-1 |1,000|10:00|at 7:30-|7:30 am |$1|1. |a ← |a↑".split("|")


@pytest.mark.parametrize("text", LONG)
def test_no_text_takes_long(text: str) -> None:
    aloud = phrases_of("en").aloud
    aloud("1")
    assert times_as_long(aloud, text * (5_000 // len(text)), text * (40_000 // len(text))) < 40
