"""Words told by their sounds, for eSpeak: from the International Phonetic Alphabet to eSpeak's own mnemonics.

eSpeak writes IPA but does not read it. The mnemonics belong to a language's own set of sounds, so there is a table for
each language; what is in none is not said by its sounds.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

LONGEST = 100
"""Characters of mnemonics at most: eSpeak keeps a word in 160 bytes, and crashes where it finds more."""

_SHARED = {symbol: symbol for symbol in "pbtdkfvszhmnlwj"} | {
    "ɡ": "g",
    "g": "g",
    "θ": "T",
    "ð": "D",
    "ʃ": "S",
    "ʒ": "Z",
    "ŋ": "N",
    "x": "x",
    "ɫ": "l",
    "tʃ": "tS",
    "ʧ": "tS",
    "dʒ": "dZ",
    "ʤ": "dZ",
    "ə": "@",
}

_ENGLISH = _SHARED | {
    # consonants
    "r": "r",
    "ɹ": "r",
    "ɾ": "t#",
    "ʍ": "w",
    "ʔ": "?",
    "l̩": "@L",
    "n̩": "@n",
    "m̩": "@m",
    # vowels
    "ɪ": "I",
    "i": "i",
    "iː": "i:",
    "e": "E",
    "ɛ": "E",
    "a": "a",
    "æ": "a",
    "ɑ": "A:",
    "ɑː": "A:",
    "ɒ": "0",
    "ɔ": "O",
    "ɔː": "O:",
    "ʊ": "U",
    "u": "u:",
    "uː": "u:",
    "ʌ": "V",
    "ᵻ": "I#",
    "ɐ": "a#",
    "ɚ": "3",
    "ɜ": "3:",
    "ɜː": "3:",
    "ɝ": "3:",
    "ɝː": "3:",
    "o": "oU",
    "oʊ": "oU",
    "əʊ": "oU",
    "eɪ": "eI",
    "aɪ": "aI",
    "ɔɪ": "OI",
    "aʊ": "aU",
    "eə": "e@",
    "ɛə": "e@",
    "ɛː": "e@",
}

_GERMAN = _SHARED | {
    # consonants
    "r": "r",
    "ɾ": "r",
    # the one further back, which a listener tells better than the tongue's at the start of a word
    "ʁ": "R",
    "ʀ": "R",
    "ç": "C",
    "ts": "ts",
    "ʦ": "ts",
    "pf": "pF",
    "ʔ": "_!",
    "l̩": "@l",
    "n̩": "@n",
    "m̩": "@m",
    # vowels
    "a": "a",
    "aː": "A:",
    "ɑ": "A",
    "ɑː": "A:",
    "ɛ": "E",
    "ɛː": "E:",
    "e": "e:",
    "eː": "e:",
    "ɪ": "I",
    "i": "i:",
    "iː": "i:",
    "ɔ": "O",
    "o": "o:",
    "oː": "o:",
    "ʊ": "U",
    "u": "u:",
    "uː": "u:",
    "ʏ": "y",
    "y": "y:",
    "yː": "y:",
    "œ": "W",
    "ø": "Y:",
    "øː": "Y:",
    "ɐ": "3",
    "ɜ": "3",
    "aɪ": "aI",
    "aʊ": "aU",
    "ɔɪ": "OY",
    "ɔʏ": "OY",
    "ɔø": "OY",
}

_SPANISH = _SHARED | {
    # consonants
    "r": "R",
    "ɾ": "r",
    "ɲ": "n^",
    "ʎ": "l^",
    "ʝ": "J^",
    "β": "B",
    "ɣ": "Q",
    # vowels
    "a": "a",
    "e": "e",
    "ɛ": "E",
    "i": "i",
    "o": "o",
    "u": "u",
    "aɪ": "aI",
    "aʊ": "aU",
    "eɪ": "eI",
    "eʊ": "eU",
    "oɪ": "oI",
}

_TABLES: Mapping[str, Mapping[str, str]] = {"en": _ENGLISH, "de": _GERMAN, "es": _SPANISH}

_STRESS = {"ˈ": "'", "'": "'", "ˌ": ","}

_LEFT_OUT = re.compile("[/.\u0361\u035c\u032f\u203f\\[\\]]")
"""Slashes and brackets round the whole, limits of syllables, ties, the mark of a vowel that makes no syllable."""

_SYLLABIC = "\u0329"

_VOWELS = frozenset("aeiouyæøœɐɑɒɔəɚɛɜɝɪʊʌʏᵻ")
_PENULTIMATE = frozenset(("es",))
"""Languages whose words are stressed on the last syllable but one, where nothing says otherwise."""


def mnemonics(ipa: str, language: str) -> str | None:
    """What eSpeak takes between [[ and ]] for a word of `language`; None where it can't be told in these sounds.

    A word without a mark for its stress is stressed where the language's words mostly are.
    """
    base = language.partition("-")[0].lower()
    table = _TABLES.get(base)
    if table is None or len(ipa) > LONGEST:
        return None
    clean = _LEFT_OUT.sub("", unicodedata.normalize("NFC", ipa)).replace(":", "ː")
    words = [_word(word, table, base) for word in clean.split()]
    whole = "||".join(word or "" for word in words)
    return whole if all(words) and 0 < len(whole) <= LONGEST else None


def _word(word: str, table: Mapping[str, str], language: str) -> str | None:
    """The sounds one by one, each vowel with the stress that it bears. A bar keeps two from being read as one."""
    sounds: list[str] = []
    vowels: list[int] = []
    stresses: dict[int, str] = {}
    waiting = ""
    place = 0
    while place < len(word):
        if word[place] in _STRESS:
            waiting = _STRESS[word[place]]
            place += 1
            continue
        symbol = _symbol(word, place, table)
        if symbol is None:
            return None
        if symbol[0] in _VOWELS or symbol[-1] == _SYLLABIC:
            if waiting:
                stresses[len(sounds)] = waiting
                waiting = ""
            vowels.append(len(sounds))
        sounds.append(table[symbol])
        place += len(symbol)
    if vowels and "'" not in stresses.values():
        stresses[vowels[-2] if language in _PENULTIMATE and len(vowels) > 1 else vowels[0]] = "'"
    return "|".join(stresses.get(number, "") + sound for number, sound in enumerate(sounds))


def _symbol(word: str, place: int, table: Mapping[str, str]) -> str | None:
    """The longest symbol that begins there."""
    return next((word[place : place + n] for n in (3, 2, 1) if word[place : place + n] in table), None)
