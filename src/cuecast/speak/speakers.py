"""All the voices of a build: each utterance to the one that says it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Self

from msgspec.structs import replace

from cuecast.cache import Cache
from cuecast.model.clip import Clip
from cuecast.model.script import Utterance
from cuecast.protocols import Profile, Progress
from cuecast.speak import standby
from cuecast.speak.missing_takes import MissingTake, MissingTakesError
from cuecast.speak.speaker import PATIENCE_S, Speaker


class Speakers:
    """The voices of one build, by name. What a voice has no takes of, its `otherwise` says."""

    def __init__(self, profiles: Sequence[Profile], cache: Cache, jobs: int = 0, patience: float = PATIENCE_S) -> None:
        """Voices that work on `jobs` processors at once (0: all that this process may use), one after the other.

        Raises EngineUnavailable where there is no such engine.
        """
        self._speakers = {profile.name: Speaker(profile, cache, jobs, patience) for profile in profiles}

    def __enter__(self) -> Self:
        self.begin()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def begin(self) -> None:
        """Have the main voice made ready; the others may have nothing to say."""
        for speaker in list(self._speakers.values())[:1]:
            speaker.begin()

    def close(self) -> None:
        """End all helper processes."""
        standby.dismiss()
        for speaker in self._speakers.values():
            speaker.close()

    def speak(self, utterances: Iterable[Utterance], progress: Progress) -> dict[Utterance, Clip]:
        """The clip of each utterance; every distinct one is spoken once.

        Raises as `Speaker.speak` does; MissingTakesError for all that has no take, or none that can be used, together, before
        any other voice speaks.
        """
        by_voice: dict[str, dict[Utterance, Utterance]] = {}
        for utterance in dict.fromkeys(utterances):
            sayer = self._sayer(utterance)
            by_voice.setdefault(sayer, {})[utterance] = replace(utterance, voice=sayer)
        total = sum(map(len, by_voice.values()))
        clips: dict[Utterance, Clip] = {}
        unsaid: list[MissingTake] = []
        for voice in sorted(by_voice, key=lambda name: not self._speakers[name].plays_takes):
            speaker, asked = self._speakers[voice], by_voice[voice]
            if unsaid and not speaker.plays_takes:
                break
            unsaid += [speaker.unsaid(utterance) for utterance, said in asked.items() if not speaker.has(said)]
            there = {utterance: said for utterance, said in asked.items() if speaker.has(said)}
            try:
                spoken = speaker.speak(there.values(), _part(progress, len(clips), total))
            except MissingTakesError as failure:
                why = {fault.utterance: fault for fault in failure.faults}
                unsaid += [replace(why[said], utterance=each) for each, said in there.items() if said in why]
                continue
            clips |= {utterance: spoken[said] for utterance, said in there.items()}
        if unsaid:
            raise MissingTakesError(unsaid)
        return clips

    def marks(self) -> dict[str, tuple[str, str]]:
        """What each voice sounds like here, besides what its profile tells (`registry.mark_of`)."""
        return {name: speaker.mark for name, speaker in self._speakers.items()}

    def plays_take(self, utterance: Utterance) -> bool:
        """Whether a person's voice is to say it, with a take or for want of another voice."""
        return self._speakers[self._sayer(utterance)].plays_takes

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
