"""How words are said: what an engine is given for a text, its lexicons applied."""

from __future__ import annotations

from cuecast.lexicon import Finder
from cuecast.ports import Phonemes, Words
from cuecast.routine import Lexicon
from cuecast.voices.spoken import plain


def pronounced(spoken: str, entries: Lexicon, takes_ipa: bool) -> Words:
    """`spoken` as an engine is given it: harmless text, and phonemes where it takes them.

    Of two `entries` for one word the first counts; an entry stands for its whole words, in any case, the longest first.
    """
    parts: list[str | Phonemes] = []
    text = ""
    for said, entry in Finder(entries).parts(plain(spoken)):
        if entry is None:
            text += said
        elif entry.ipa is not None and takes_ipa:
            parts += [text, Phonemes(entry.ipa, plain(entry.say or said))]
            text = ""
        else:
            text += plain(entry.say) if entry.say is not None else said
    parts.append(text)
    return tuple(part for part in parts if part)
