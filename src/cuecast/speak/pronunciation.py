"""How words are said: what an engine is given for a text, its lexicons applied."""

from __future__ import annotations

from functools import lru_cache

from cuecast.model.lexicon import LexiconMatcher
from cuecast.model.routine import Lexicon, Pronunciation
from cuecast.protocols import Phonemes, SpokenParts
from cuecast.speak.sanitise import plain

_BRACKETS = str.maketrans(dict.fromkeys("[]<>", " "))
"""What could, with its neighbours in the text, become markup; no spelling needs it."""


def pronounced(spoken: str, entries: Lexicon, takes_ipa: bool) -> SpokenParts:
    """`spoken` as an engine is given it: harmless text, and phonemes where it takes them.

    Of two `entries` for one word the first counts; an entry stands for its whole words, in any case, the longest first.
    """
    parts: list[str | Phonemes] = []
    text = ""
    for said, entry in _finder(entries).split(plain(spoken)):
        spelling = plain(entry.say.translate(_BRACKETS)) if entry and entry.say else said
        if entry is not None and entry.ipa is not None and takes_ipa:
            parts += [text, Phonemes(entry.ipa, spelling)]
            text = ""
        else:
            text += spelling
    parts.append(text)
    return tuple(part for part in parts if part)


@lru_cache(16)
def _finder(entries: Lexicon) -> LexiconMatcher[Pronunciation]:
    return LexiconMatcher(entries)
