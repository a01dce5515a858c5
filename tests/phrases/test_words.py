"""What each language says, read by someone who speaks it: `goldens/LANGUAGE.md`, a line each."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuecast.arrange.gap import SPOKEN_NUMBER_MS
from cuecast.model.routine import Side
from cuecast.model.script import Utterance
from cuecast.model.speech_duration import estimate_ms
from cuecast.phrases import Forms, Phrases, languages, phrases_of

GOLDENS = Path(__file__).parent / "goldens"
SECOND, MINUTE, HOUR = 1_000, 60_000, 3_600_000

Say = Callable[[Phrases], str | Forms]

TIMES = (
    "0 s, 1 s, 2 s, 16 s, 21 s, 31 s, 45 s, 1 min, 1 min 1 s, 1 min 30 s, 2 min 30 s, 10 min, 21 min, "
    "1 h, 1 h 1 min, 1 h 1 s, 1 h 12 min 30 s, 21 h 31 min"
)


def _time(words: str) -> Say:
    units = {"s": SECOND, "min": MINUTE, "h": HOUR}
    ms = sum(int(count) * units[unit] for count, unit in re.findall(r"(\d+) (\w+)", words))
    return lambda p: p.time(ms)


PHRASES: dict[str, Say] = {
    **{f"time {words}": _time(words) for words in TIMES.split(", ")},
    "total": lambda p: p.total("Calves", 10 * MINUTE + 12 * SECOND),
    "number 1 of 8": lambda p: p.forms("number", ordinal=p.ordinal(1), count=p.cardinal(8)),
    "number 3 of 8": lambda p: p.forms("number", ordinal=p.ordinal(3), count=p.cardinal(8)),
    "number 12 of 12": lambda p: p.forms("number", ordinal=p.ordinal(12), count=p.cardinal(12)),
    "number 21 of 31": lambda p: p.forms("number", ordinal=p.ordinal(21), count=p.cardinal(31)),
    "round 1 of 2": lambda p: p.forms("round", round=p.cardinal(1), rounds=p.cardinal(2)),
    "round 2 of 21": lambda p: p.forms("round", round=p.cardinal(2), rounds=p.cardinal(21)),
    "last round": lambda p: p.forms("last round"),
    "first": lambda p: p.forms("first", exercise="Plank"),
    "next": lambda p: p.forms("next", exercise="Plank"),
    "last": lambda p: p.forms("last", exercise="Plank"),
    "only": lambda p: p.forms("only", exercise="Plank"),
    "next, left": lambda p: p.forms("next", exercise=_with_side(p, Side.LEFT)),
    "last, both": lambda p: p.forms("last", exercise=_with_side(p, Side.BOTH)),
    "rest, then next": lambda p: p.forms("rest", name=p.forms("next", exercise="Plank")[0]),
    "rest, then last, right": lambda p: p.forms("rest", name=p.forms("last", exercise=_with_side(p, Side.RIGHT))[0]),
    "switch to left": lambda p: p.switch(Side.LEFT),
    "switch to right": lambda p: p.switch(Side.RIGHT),
    "switch to both": lambda p: p.switch(Side.BOTH),
    "side alone": lambda p: p.forms("side alone", side=p.side(Side.RIGHT)),
    "length 45 s": lambda p: p.forms("length", time=p.time(45 * SECOND)),
    "length 1 min 30 s": lambda p: p.forms("length", time=p.time(90 * SECOND)),
    "halfway": lambda p: p.forms("halfway"),
    "1 s left": lambda p: p.forms("time left", time=p.time(SECOND)),
    "10 s left": lambda p: p.forms("time left", time=p.time(10 * SECOND)),
    "1 min left": lambda p: p.forms("time left", time=p.time(MINUTE)),
    "finish": lambda p: p.forms("finish"),
    "the finish": lambda p: p.text("the finish"),
    "next is the finish": lambda p: p.forms("next", exercise=p.text("the finish")),
    "chapter": lambda p: p.text("chapter in rounds", name=_with_side(p, Side.LEFT), round=2, rounds=3),
    "countdown": lambda p: " ".join(reversed(p.countdown(5))),
}


def _with_side(p: Phrases, side: Side) -> str:
    return p.text("with side", exercise="Plank", side=p.side(side))


def _written(phrase: str | Forms) -> str:
    if isinstance(phrase, str):
        return phrase
    return " | ".join(dict.fromkeys(phrase))


def _lines(language: str) -> list[str]:
    return [f"{name}: {_written(say(phrases_of(language)))}" for name, say in PHRASES.items()]


@pytest.mark.parametrize("language", languages())
def test_what_is_said(language: str) -> None:
    assert _lines(language) == (GOLDENS / f"{language}.txt").read_text(encoding="utf-8").splitlines()


SIDES = {
    "en": {"": "left right"},
    "de": {
        "": "links rechts",
        "e": "linke rechte",
        "em": "linkem rechtem",
        "en": "linken rechten",
        "er": "linker rechter",
        "es": "linkes rechtes",
    },
    "es": {
        "": "izquierda derecha",
        "a": "izquierda derecha",
        "as": "izquierdas derechas",
        "o": "izquierdo derecho",
        "os": "izquierdos derechos",
    },
}


@pytest.mark.parametrize("language", languages())
def test_sides(language: str) -> None:
    p = phrases_of(language)
    assert p.side_forms() == tuple(SIDES[language])
    for form, words in SIDES[language].items():
        assert f"{p.side(Side.LEFT, form)} {p.side(Side.RIGHT, form)}" == words
    for side in Side:
        with pytest.raises(LookupError, match="has no form 'x'"):
            p.side(side, "x")


@pytest.mark.parametrize(
    ("language", "hold", "down", "up"),
    [
        ("en", ["hold", "Hold", "hold it", "pause", "top", "bottom"], ["down", "Lower", "breathe out", "let go"], "in"),
        ("de", ["halten", "Halt!", "oben", "Pause"], ["runter", "Ausatmen", "hin", "ab"], "einatmen"),
        ("es", ["mantén", "MANTEN", "pausa"], ["baja", "exhala", "abajo", "ida", "suelta el aire"], "inhala"),
    ],
)
def test_words_of_a_pace(language: str, hold: list[str], down: list[str], up: str) -> None:
    p = phrases_of(language)
    assert all(p.is_hold(word) and not p.is_down(word) for word in hold)
    assert all(p.is_down(word) and not p.is_hold(word) for word in down)
    for word in (up, "", "3", "…"):
        assert not p.is_hold(word)
        assert not p.is_down(word)


@pytest.mark.parametrize("language", languages())
def test_a_spoken_countdown_from_ten_has_room_for_each_number(language: str) -> None:
    numbers = phrases_of(language).countdown(10)
    assert len(set(numbers)) == 10
    for number in numbers:
        assert number.isalpha()
        assert number[0].isupper()
        assert estimate_ms(Utterance(number, "coach", language)) <= SPOKEN_NUMBER_MS, number


@pytest.mark.parametrize("language", languages())
def test_all_numbers_that_are_counted_are_words_of_their_own(language: str) -> None:
    p = phrases_of(language)
    for kind in (p.cardinal, p.ordinal):
        words = [kind(n) for n in range(1, 1_000)]
        assert len(set(words)) == len(words)
        assert all(re.fullmatch(r"[^\W\d_]+([ -][^\W\d_]+)*", word) for word in words)


@given(st.sampled_from(languages()), st.integers(0, 24 * 3600))
def test_any_time_is_words(language: str, seconds: int) -> None:
    words = phrases_of(language).time(seconds * SECOND)
    assert re.fullmatch(r"[^\W\d_]+(?:(?:, | |-)[^\W\d_]+)*", words), words


@given(st.sampled_from(languages()), st.integers(0, 24 * 3600), st.integers(0, 24 * 3600))
def test_times_that_differ_are_said_differently(language: str, one: int, other: int) -> None:
    p = phrases_of(language)
    assert (p.time(one * SECOND) == p.time(other * SECOND)) == (one == other)
