"""Lexicons applied: what an engine gets for a text."""

from __future__ import annotations

from functools import lru_cache

from cuecast.model.lexicon import LexiconMatcher
from cuecast.model.routine import Lexicon, Pronunciation
from cuecast.model.voice import Phonemes, SpokenParts, spelling_of
from cuecast.speak.sanitise import sanitise_text

_BRACKETS = str.maketrans(dict.fromkeys("[]<>", " "))
"""Characters that could become markup together with their neighbours."""

_ENDS = (".", "!", "?", "…", ":", ";", ",")


def apply_lexicon(spoken: str, entries: Lexicon, takes_ipa: bool) -> SpokenParts:
    """Harmless text, and phonemes if the engine takes them.

    Of two `entries` for one word the first counts. An entry matches whole words in any case, the longest first.
    """
    parts: list[str | Phonemes] = []
    text = ""
    for original, entry in _matcher(entries).split(sanitise_text(spoken)):
        spelling = sanitise_text(entry.say.translate(_BRACKETS)) if entry and entry.say else original
        if entry is not None and entry.ipa is not None and takes_ipa:
            parts += [text, Phonemes(entry.ipa, spelling)]
            text = ""
        else:
            text += spelling
    parts.append(text)
    return tuple(part for part in parts if part)


def end_sentence(parts: SpokenParts) -> SpokenParts:
    """The parts, with a full stop if they end in no mark: for voices that learned from sentences.

    Of 40 single words of `joe` a recogniser lost 13 without a full stop and 4 with one; of `heart` 4 either way, and of
    Kokoro's Spanish voices more with one (benchmarks/voices.py).
    """
    return parts if spelling_of(parts).rstrip("\"'”’»)] ").endswith(_ENDS) else (*parts, ".")


@lru_cache(16)
def _matcher(entries: Lexicon) -> LexiconMatcher[Pronunciation]:
    return LexiconMatcher(entries)
