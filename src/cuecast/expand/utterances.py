"""Words become utterances here and nowhere else: numbers and units in words, lexicon entries attached, voice chosen."""

from __future__ import annotations

from cuecast.model.lexicon import LexiconMatcher
from cuecast.model.routine import Lexicon
from cuecast.model.script import Announcement, Utterance, VoiceMap
from cuecast.phrases import Phrases


class UtteranceFactory:
    """Makes the utterances of one script; the same words in the same voice are the same utterance."""

    def __init__(self, phrases: Phrases, voices: VoiceMap, lexicon: Lexicon) -> None:
        self.phrases = phrases
        self._voices = voices
        self._lexicon = LexiconMatcher(lexicon)
        self._cache: dict[tuple[str, str], Utterance] = {}

    def written(self, text: str) -> Utterance:
        """Words of the author, in the main voice."""
        return self._utterance(text, self._voices.main)

    def announced(self, text: str) -> Utterance:
        """Words of the compiler, in the voice of announcements."""
        return self._utterance(text, self._voices.announcements)

    def counted(self, text: str) -> Utterance:
        """A number of a countdown, in the voice that counts."""
        return self._utterance(text, self._voices.countdown)

    def announcement(self, *forms: str) -> Announcement:
        """An announcement from its forms, the longest first; equal forms are one."""
        return tuple(map(self.announced, dict.fromkeys(forms)))

    def opening(self, title: str, ms: int) -> Utterance:
        """Title and length at the start of a track that lasts `ms`."""
        return self.announced(self.phrases.total(title, ms))

    def _utterance(self, text: str, voice: str) -> Utterance:
        """A word of the lexicon keeps its digits (`5x5`); everywhere else numbers become words."""
        if (text, voice) not in self._cache:
            parts = [*self._lexicon.split(text)]
            spoken = "".join(part if entry else self.phrases.aloud(part) for part, entry in parts)
            entries = dict.fromkeys(entry for _, entry in [*parts, *self._lexicon.split(spoken)] if entry)
            self._cache[text, voice] = Utterance(text, voice, self.phrases.language, spoken, tuple(entries))
        return self._cache[text, voice]
