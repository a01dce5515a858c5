"""All the voices of a build: each utterance to the one that says it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Self

from cuecast.cache import Cache
from cuecast.ports import Profile, Progress
from cuecast.script import Utterance
from cuecast.sound import Clip
from cuecast.voices.speaker import PATIENCE_S, Speaker


class Speakers:
    """The voices of one build, by name. What a voice has no takes of, its `otherwise` says."""

    def __init__(self, profiles: Sequence[Profile], cache: Cache, jobs: int = 0, patience: float = PATIENCE_S) -> None:
        """Voices that work on `jobs` processors at once (0: all that this process may use), one after the other.

        Raises EngineUnavailable where there is no such engine.
        """
        self._speakers = {profile.name: Speaker(profile, cache, jobs, patience) for profile in profiles}

    def __enter__(self) -> Self:
        for speaker in list(self._speakers.values())[:1]:  # the others may have nothing to say
            speaker.begin()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        for speaker in self._speakers.values():
            speaker.close()

    def speak(self, utterances: Iterable[Utterance], progress: Progress) -> dict[Utterance, Clip]:
        """The clip of each utterance; every distinct one is spoken once.

        Raises as `Speaker.speak` does; SpeechFailed also where nobody has takes of some, before any is spoken.
        """
        by_voice: dict[str, dict[Utterance, Utterance]] = {}
        for utterance in dict.fromkeys(utterances):
            sayer = self._sayer(utterance)
            by_voice.setdefault(sayer, {})[utterance] = replace(utterance, voice=sayer)
        for voice, asked in by_voice.items():
            if lacking := [utterance for utterance in asked.values() if not self._speakers[voice].has(utterance)]:
                raise self._speakers[voice].missing(tuple(lacking))
        total = sum(map(len, by_voice.values()))
        clips: dict[Utterance, Clip] = {}
        for voice, asked in by_voice.items():
            spoken = self._speakers[voice].speak(asked.values(), _part(progress, len(clips), total))
            clips |= {utterance: spoken[said] for utterance, said in asked.items()}
        return clips

    def _sayer(self, utterance: Utterance) -> str:
        """The voice that has these words: the one asked, or the next one down its `otherwise`."""
        name = utterance.voice
        for _ in self._speakers:
            speaker = self._speakers[name]
            if speaker.otherwise is None or speaker.otherwise not in self._speakers or speaker.has(utterance):
                break
            name = speaker.otherwise
        return name


def _part(progress: Progress, before: int, total: int) -> Progress:
    """Progress of one voice as part of the whole."""
    return lambda done, _: progress(before + done, total)
