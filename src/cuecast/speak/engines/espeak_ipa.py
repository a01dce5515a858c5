"""Phonemes for eSpeak: from the International Phonetic Alphabet to eSpeak's own mnemonics.

eSpeak writes IPA but does not read it. The mnemonics depend on the language, so there is a table for each.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

MAX_LENGTH = 100
"""Maximum length of the mnemonics: eSpeak keeps a word in 160 bytes, and crashes if it is longer."""


def _table(text: str) -> dict[str, str]:
    """Pairs of IPA and mnemonic."""
    return dict(pair.split("=", 1) for pair in text.split())


_SHARED = _table("""
    p=p b=b t=t d=d k=k f=f v=v s=s z=z h=h m=m n=n l=l w=w j=j ɡ=g g=g θ=T ð=D ʃ=S ʒ=Z ŋ=N
    x=x ɫ=l tʃ=tS ʧ=tS dʒ=dZ ʤ=dZ ə=@
""")

_ENGLISH = _SHARED | _table("""
    r=r ɹ=r ɾ=t# ʍ=w ʔ=? l̩=@L n̩=@n m̩=@m

    ɪ=I i=i iː=i: e=E ɛ=E a=a æ=a ɑ=A: ɑː=A: ɒ=0 ɔ=O ɔː=O: ʊ=U u=u: uː=u: ʌ=V ᵻ=I# ɐ=a# ɚ=3
    ɜ=3: ɜː=3: ɝ=3: ɝː=3: o=oU oʊ=oU əʊ=oU eɪ=eI aɪ=aI ɔɪ=OI aʊ=aU eə=e@ ɛə=e@ ɛː=e@
""")

_GERMAN = _SHARED | _table("""
    r=r ɾ=r ʁ=R ʀ=R ç=C ts=ts ʦ=ts pf=pF ʔ=_! l̩=@l n̩=@n m̩=@m

    a=a aː=A: ɑ=A ɑː=A: ɛ=E ɛː=E: e=e: eː=e: ɪ=I i=i: iː=i: ɔ=O o=o: oː=o: ʊ=U u=u: uː=u: ʏ=y
    y=y: yː=y: œ=W ø=Y: øː=Y: ɐ=3 ɜ=3 aɪ=aI aʊ=aU ɔɪ=OY ɔʏ=OY ɔø=OY
""")

_SPANISH = _SHARED | _table("""
    r=R ɾ=r ɲ=n^ ʎ=l^ ʝ=J^ β=B ɣ=Q

    a=a e=e ɛ=E i=i o=o u=u aɪ=aI aʊ=aU eɪ=eI eʊ=eU oɪ=oI
""")

_TABLES: Mapping[str, Mapping[str, str]] = {"en": _ENGLISH, "de": _GERMAN, "es": _SPANISH}

_STRESS = {"ˈ": "'", "'": "'", "ˌ": ","}

_IGNORED = re.compile("[/.\u0361\u035c\u032f\u203f\\[\\]]")
"""Slashes and brackets around the word, syllable dots, ties, the mark of a non-syllabic vowel."""

_SYLLABIC = "\u0329"

_VOWELS = frozenset("aeiouyæøœɐɑɒɔəɚɛɜɝɪʊʌʏᵻ")
_PENULTIMATE_STRESS = frozenset(("es",))
"""Languages that stress the last syllable but one by default; the others stress the first."""


def mnemonics(ipa: str, language: str) -> str | None:
    """What eSpeak takes between [[ and ]] for a word of `language`; None if the language lacks one of the sounds."""
    base = language.partition("-")[0].lower()
    table = _TABLES.get(base)
    if table is None or len(ipa) > MAX_LENGTH:
        return None
    clean = _IGNORED.sub("", unicodedata.normalize("NFC", ipa)).replace(":", "ː")
    words = [_word(word, table, base) for word in clean.split()]
    whole = "||".join(word or "" for word in words)
    return whole if all(words) and 0 < len(whole) <= MAX_LENGTH else None


def _word(word: str, table: Mapping[str, str], language: str) -> str | None:
    """The mnemonics, stress before its vowel. A bar keeps two of them from being read as one."""
    sounds: list[str] = []
    vowels: list[int] = []
    stresses: dict[int, str] = {}
    stress = ""
    at = 0
    while at < len(word):
        if word[at] in _STRESS:
            stress = _STRESS[word[at]]
            at += 1
            continue
        symbol = _symbol(word, at, table)
        if symbol is None:
            return None
        if symbol[0] in _VOWELS or symbol[-1] == _SYLLABIC:
            if stress:
                stresses[len(sounds)], stress = stress, ""
            vowels.append(len(sounds))
        sounds.append(table[symbol])
        at += len(symbol)
    if vowels and "'" not in stresses.values():
        stresses[vowels[-2] if language in _PENULTIMATE_STRESS and len(vowels) > 1 else vowels[0]] = "'"
    return "|".join(stresses.get(number, "") + sound for number, sound in enumerate(sounds))


def _symbol(word: str, at: int, table: Mapping[str, str]) -> str | None:
    """The longest symbol of the table that begins at that character."""
    return next((word[at : at + n] for n in (3, 2, 1) if word[at : at + n] in table), None)
