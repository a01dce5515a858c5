from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuecast.speak.calibration_text import TEXTS, calibration_text
from cuecast.speak.sanitise import is_speakable, sanitise_text
from cuecast.speak.speech_length import split_phonemes


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Breathe out.", "Breathe out."),
        ("  two\n lines\t", "two lines"),
        ("\x01150S\x01 fast", "150S fast"),
        ("a\x00b\x1b[31m", "a b [31m"),
        ("[[h@l'oU]]", "[ [h@l'oU] ]"),
        ("[[[x]]]", "[ [ [x] ] ]"),
        ("<speak>hi</speak>", "speak>hi< /speak>"),
        ("heart rate <140", "heart rate < 140"),
        ("e\u0301lan", "élan"),
        ("\u202eevil\u200b", "evil"),
        ("½ × 45 °C – 30 €", "½ × 45 °C – 30 €"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_plain(text: str, said: str) -> None:
    assert sanitise_text(text) == said
    assert sanitise_text(said) == said


def test_what_can_be_said() -> None:
    assert all(map(is_speakable, ("a", "3", "½", "€", "日本")))
    assert not any(map(is_speakable, ("", "…", "- - -", "?!")))


def test_passages() -> None:
    assert calibration_text("de-AT") == TEXTS["de"]
    assert calibration_text("xx") == TEXTS["en"]
    assert all(sanitise_text(text) == text for text in TEXTS.values())


@given(st.text("ab ,.", min_size=1, max_size=400), st.integers(20, 60))
def test_phonemes_are_cut_at_the_best_place_near_the_middle(phonemes: str, most: int) -> None:
    phonemes = " ".join(phonemes.split())
    pieces = split_phonemes(phonemes, most)
    assert " ".join(pieces) == phonemes
    assert all(len(piece) <= most or " " not in piece for piece in pieces)


def test_a_sentence_is_cut_at_its_comma() -> None:
    assert split_phonemes("go to the wall now, and hold it there for a while", 40) == [
        "go to the wall now,",
        "and hold it there for a while",
    ]
