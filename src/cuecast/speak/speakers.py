"""All the voices of a build: each utterance goes to the voice that says it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Self

from cuecast.cache import Cache
from cuecast.model.clip import Clip
from cuecast.model.progress import Progress
from cuecast.model.script import Utterance
from cuecast.model.voice import Profile
from cuecast.speak.pool import VoicePools
from cuecast.speak.speaker import TIME_LIMIT_S, Speaker
from cuecast.speak.speech_faults import SpeechFault, SpeechFaultsError


class Speakers:
    """The voices of one build, by name. If a voice with takes lacks one, its `otherwise` speaks."""

    def __init__(
        self,
        profiles: Sequence[Profile],
        cache: Cache,
        jobs: int = 0,
        pools: VoicePools | None = None,
        time_limit: float = TIME_LIMIT_S,
    ) -> None:
        """Voices that speak in at most `jobs` processes at once (0: one for each processor), one voice after the other.

        With `pools` of the caller's, the processes stay when the voices are closed: a batch has many builds.

        Raises EngineUnavailable if a profile's engine or voice is not there.
        """
        self._pools = pools or VoicePools()
        self._keep_pools = pools is not None
        self._speakers = {each.name: Speaker(each, cache, self._pools, jobs, time_limit) for each in profiles}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._keep_pools:
            self._pools.close()

    def speak(self, utterances: Iterable[Utterance], progress: Progress) -> dict[Utterance, Clip]:
        """The clip of each utterance. What sounds the same is spoken once.

        Raises as `Speaker.speak` does. SpeechFaultsError reports all utterances that have no take, or none that can
        be used, before any other voice speaks.
        """
        by_voice: dict[str, list[Utterance]] = {}
        for utterance in dict.fromkeys(utterances):
            by_voice.setdefault(self.voice_for(utterance), []).append(utterance)
        total = sum(map(len, by_voice.values()))
        clips: dict[Utterance, Clip] = {}
        missing: list[SpeechFault] = []
        # Voices with takes first: what they lack ends the build.
        for voice in sorted(by_voice, key=lambda name: self._speakers[name].takes is None):
            if missing and self._speakers[voice].takes is None:
                break
            try:
                clips |= self._speakers[voice].speak(by_voice[voice], _part_of(progress, len(clips), total))
            except SpeechFaultsError as failure:
                missing += failure.faults
        if missing:
            raise SpeechFaultsError(missing)
        return clips

    def fingerprints(self) -> dict[str, tuple[str, str]]:
        """What each voice sounds like here, besides what its profile says (`engines.voice_fingerprint`)."""
        return {name: speaker.fingerprint for name, speaker in self._speakers.items()}

    def plays_take(self, utterance: Utterance) -> bool:
        """Whether the utterance belongs to a person's voice, with a take or because no other voice may say it."""
        return self._speakers[self.voice_for(utterance)].takes is not None

    def voice_for(self, utterance: Utterance) -> str:
        """The utterance's own voice, or the next one along `otherwise` that can say it."""
        name = utterance.voice
        for _ in self._speakers:  # `otherwise` may lead back to a voice that was asked already
            speaker = self._speakers[name]
            fallback = speaker.takes.otherwise if speaker.takes is not None else None
            if fallback is None or fallback not in self._speakers or speaker.can_say(utterance):
                break
            name = fallback
        return name


def _part_of(progress: Progress, done_before: int, total: int) -> Progress:
    return lambda done, _: progress(done_before + done, total)
