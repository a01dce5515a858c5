"""What an engine is given for a text and the lexicons."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuecast.model.routine import Pronunciation
from cuecast.model.voice import Phonemes, SpokenParts, spelling_of
from cuecast.speak.pronunciation import apply_lexicon, end_sentence
from cuecast.speak.sanitise import sanitise_text
from tests.patience import times_as_long

LEXICON = (
    Pronunciation("psoas", "so-ass"),
    Pronunciation("IT band", "eye tee band"),
    Pronunciation("IT", "eye tee"),
    Pronunciation("gluteus", "gloo-tee-us", "ˈɡluːtiəs"),
    Pronunciation("soleus", ipa="ˈsoʊliəs"),
    Pronunciation("5x5", "five by five"),
    Pronunciation("Straße", "Schtraße"),
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Stretch the psoas.", ("Stretch the so-ass.",)),
        ("PSOAS, psoas's psoas-stretch", ("so-ass, so-ass's so-ass-stretch",)),
        ("Iliopsoas and psoases", ("Iliopsoas and psoases",)),
        ("The it  band, it is", ("The eye tee band, eye tee is",)),
        ("Your gluteus maximus", ("Your ", Phonemes("ˈɡluːtiəs", "gloo-tee-us"), " maximus")),
        ("Soleus", (Phonemes("ˈsoʊliəs", "Soleus"),)),
        ("gluteus soleus", (Phonemes("ˈɡluːtiəs", "gloo-tee-us"), " ", Phonemes("ˈsoʊliəs", "soleus"))),
        ("Now 5x5 or 5x5x5.", ("Now five by five or 5x5x5.",)),
        ("Die STRASSE", ("Die Schtraße",)),
        ("", ()),
    ],
)
def test_whole_words_in_any_case_and_the_longest_first(text: str, said: SpokenParts) -> None:
    assert apply_lexicon(text, LEXICON, takes_ipa=True) == said


def test_an_engine_without_phonemes_is_given_spellings() -> None:
    assert apply_lexicon("gluteus, soleus", LEXICON, takes_ipa=False) == ("gloo-tee-us, soleus",)


def test_the_first_of_two_entries_counts() -> None:
    routine, profile = Pronunciation("Psoas", "so-az"), Pronunciation("psoas", ipa="ˈsoʊæs")
    assert apply_lexicon("psoas", (routine, profile), takes_ipa=True) == ("so-az",)


@pytest.mark.parametrize(
    ("text", "ended"),
    [
        ("In", "In."),
        ("Next: Calves, left", "Next: Calves, left."),
        ("Breathe out.", "Breathe out."),
        ("Ready?", "Ready?"),
        ("When you hear “rest.”", "When you hear “rest.”"),
        ("When you hear “rest”", "When you hear “rest”."),
        ("And then …", "And then …"),
    ],
)
def test_a_sentence_ends(text: str, ended: str) -> None:
    assert spelling_of(end_sentence((text,))) == ended
    assert spelling_of(end_sentence(("Now ", Phonemes("ɪn", text)))) == f"Now {ended}"


def test_marks_are_part_of_a_word() -> None:
    assert apply_lexicon("cafe\u0301", (Pronunciation("cafe", "kaff"),), takes_ipa=False) == ("café",)
    assert apply_lexicon("हिन्दी", (Pronunciation("हिन", "x"),), takes_ipa=False) == ("हिन्दी",)


def test_text_from_strangers_is_text() -> None:
    evil = Pronunciation("psoas", "[so:]] <break/>\x01", None)
    (said,) = apply_lexicon("a [[x]] [psoas <b>", (evil,), takes_ipa=True)
    assert isinstance(said, str)
    assert not {"[[", "]]", "<b", "\x01"} & {said[i : i + n] for i in range(len(said)) for n in (1, 2)}


@given(st.text(max_size=60), st.lists(st.text(min_size=1, max_size=3).filter(str.strip), max_size=5))
def test_nothing_of_the_text_is_lost(text: str, words: list[str]) -> None:
    entries = tuple(Pronunciation(word, ipa="a") for word in words)
    assert spelling_of(apply_lexicon(text, entries, takes_ipa=True)) == sanitise_text(text)


def test_a_large_lexicon_takes_no_longer_than_a_small_one() -> None:
    entries = tuple(Pronunciation("a " * n + "b", "x") for n in range(50)) + tuple(
        Pronunciation(f"word{n}", "x") for n in range(450)
    )
    text = "a " * 1_000 + "word7 " * 1_000
    few = entries[:2] + entries[-2:]
    assert times_as_long(lambda some: apply_lexicon(text, some, takes_ipa=True), few, entries) < 20
