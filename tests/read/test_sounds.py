"""What stands in a lexicon comes from strangers: only letters and marks of the IPA, and not too much of it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuecast.model.limits import MAX_LEXICON, MAX_SPELLING
from cuecast.read import read
from cuecast.read.lexicon import are_sounds

FILE = "title: x\nsteps: [say: Hi]\nlexicon:\n"


@pytest.mark.parametrize(
    "sounds",
    ["ˈɡluːtiəs", "ˈsoʊæs", "gas", "t͡ʃɪn", "ˌɪliˈoʊ.soʊæs", "ã", "ʀɛ̃", "mãnˈʝana", "ɫ̩ ʔa", "ˈɑːkɪˌliːz", "pʰən", "ç"],
)
def test_sounds_as_dictionaries_write_them(sounds: str) -> None:
    assert are_sounds(sounds)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "a\n",
        *["ˈ", "[[a]]", "<a>", "a1", "A", "a\x00", "a\u200b", "a;b", "a'b", "a\\b", "{a}", "a$b", "и", "́"],
    ],
)
def test_nothing_else(text: str) -> None:
    assert not are_sounds(text)


@given(st.text())
def test_what_is_taken_holds_no_command_for_any_engine(text: str) -> None:
    if are_sounds(text):
        assert not set("[]<>{}()/\\'\"&;$%#@!?*=+_0123456789") & set(text)
        assert all(unicodedata.category(char)[0] not in "CN" for char in text)


@pytest.mark.parametrize(
    ("entries", "codes"),
    [
        ([f"w{n}: x" for n in range(MAX_LEXICON)], []),
        ([f"w{n}: x" for n in range(MAX_LEXICON + 1)], ["bad-value"]),
        ([f"{'w' * MAX_SPELLING}: {'x' * MAX_SPELLING}"], []),
        ([f"{'w' * (MAX_SPELLING + 1)}: x"], ["text-too-long"]),
        ([f"w: {'x' * (MAX_SPELLING + 1)}"], ["text-too-long"]),
        ([f"w: {{ipa: {'a' * (MAX_SPELLING + 1)}}}"], ["text-too-long"]),
    ],
)
def test_a_lexicon_is_bounded(entries: list[str], codes: list[str]) -> None:
    text = FILE + "".join(f"  {entry}\n" for entry in entries)
    routine, diagnostics, *_ = read("x.yaml", text.encode())
    assert (routine is None) == bool(codes)
    assert [d.code for d in diagnostics] == codes
