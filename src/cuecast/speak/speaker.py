"""One voice: utterance → cache key → the cached clip, or a synthesised one."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from cuecast.cache import Cache, Entry, recipe_key
from cuecast.errors import (
    EngineUnavailable,
    SetupError,
    SilentAudioError,
    SpeechFailed,
    TextTooLong,
    UnusableAudioError,
)
from cuecast.model.clip import SAMPLE_BYTES, Clip
from cuecast.model.progress import Progress
from cuecast.model.script import Utterance
from cuecast.model.voice import Profile, SpokenParts, spelling_of
from cuecast.protocols import RecordedTakes
from cuecast.speak.calibration_text import calibration_text
from cuecast.speak.default_gains import GAINS
from cuecast.speak.engines import engine_errors, make_engine
from cuecast.speak.pool import VoicePools
from cuecast.speak.processes import AttemptFailed, Sound, SpeechResult, SpeechTask, StartFailed
from cuecast.speak.pronunciation import apply_lexicon, end_sentence
from cuecast.speak.sanitise import is_speakable, sanitise_text
from cuecast.speak.speech_faults import SpeechFault, SpeechFaultsError, quoted

CLIP_VERSION = 6
"""Part of every cache key: raise it with any change to `clip_processing` or `limiter`."""

MAX_WORD = 150
"""Letters and digits of a word, after figures are written out: eSpeak, which most engines read with, leaves out some
of a longer one.
"""

_LONG_WORD = re.compile(rf"\w{{{MAX_WORD + 1}}}")

TIME_LIMIT_S = 20.0
"""Seconds that a short utterance may take; a longer one gets as much again for each 200 characters."""


class Speaker:
    """One voice, ready to speak."""

    def __init__(
        self, profile: Profile, cache: Cache, pools: VoicePools, jobs: int = 0, time_limit: float = TIME_LIMIT_S
    ) -> None:
        """A voice that speaks in at most `jobs` processes at once (0: one for each processor).

        Raises EngineUnavailable if there is no such engine, or if it has no such voice.
        """
        self._profile, self._cache, self._pools = profile, cache, pools
        self._jobs = jobs or _processors()
        self._time_limit = time_limit
        self._engine = make_engine(profile)
        self.takes = self._engine if isinstance(self._engine, RecordedTakes) else None
        """The engine again, if it plays a person's takes."""
        with engine_errors(profile):
            self.fingerprint = engine_fingerprint, voice = self._engine.fingerprint(), self._engine.voice()
        self._recipe = {
            "version": CLIP_VERSION,
            "engine": profile.engine,
            "fingerprint": engine_fingerprint,
            "rate": profile.rate,
            "pitch": profile.pitch,
            "voice": voice,
        }
        """All that a clip's sound depends on besides the text and the profile's gain."""
        self.gain_key = recipe_key({**self._recipe, "language": profile.language, "measured": "gain"})
        """The cache key of the voice's measured gain."""
        self._gain: float | None = None if self._engine.audible else 0.0

    def can_say(self, utterance: Utterance) -> bool:
        """Every voice says everything, except a person's takes."""
        return self.takes is None or self.takes.has(utterance.spoken)

    def speak(self, utterances: Iterable[Utterance], progress: Progress) -> dict[Utterance, Clip]:
        """The clip of each utterance. What sounds the same is spoken once.

        Raises SpeechFailed for an utterance that failed twice, SpeechFaultsError for all that are too long, or have no
        sound or no take that can be used, EngineUnavailable if the engine does not start, and SetupError if the disk is full.
        """
        utterances = list(utterances)
        keys = {utterance: self._key(utterance) for utterance in utterances if self.can_say(utterance)}
        faults = [self._fault(utterance) for utterance in utterances if utterance not in keys]
        clips = {key: _clip(key, entry) for key in set(keys.values()) if (entry := self._cache.find(key))}
        pending: dict[str, Utterance] = {}
        for utterance, key in keys.items():
            if key not in clips:
                pending.setdefault(key, utterance)
        unusable: dict[str, UnusableAudioError] = {}
        spoken = set(clips)
        progress(sum(key in spoken for key in keys.values()), len(keys))
        for key, each in list(pending.items()):
            if refusal := self._refusal(each):
                del pending[key]
                unusable[key] = refusal
        for key, result in self._synthesise(pending):
            if isinstance(result, UnusableAudioError):
                unusable[key] = result
                continue
            spoken.add(key)
            if result is not None:
                clips[key] = _clip(key, self._store(key, result))
            progress(sum(key in spoken for key in keys.values()), len(keys))
        faults += [self._fault(each, unusable[key]) for each, key in keys.items() if key in unusable]
        if faults:
            raise SpeechFaultsError(faults)
        return {utterance: clips[key] for utterance, key in keys.items()}

    def measure_gain(self) -> float:
        """The gain (dB) that makes this voice as loud as all others, measured on the calibration text.

        Raises UnusableAudioError if no take can be used, and as `speak` does.
        """
        passage = [self._calibration()]
        ((_, sound),) = self._run(passage, self._tasks(passage, None))
        if isinstance(sound, UnusableAudioError):
            raise sound
        assert isinstance(sound, Sound)
        return self._gain_of(sound)

    def _fault(self, utterance: Utterance, refusal: UnusableAudioError | None = None) -> SpeechFault:
        file = self.takes.file_of(utterance.spoken) if self.takes is not None else None
        reason = str(refusal) if refusal else None
        return SpeechFault(utterance, self._profile.name, file, reason, isinstance(refusal, SilentAudioError))

    def _refusal(self, utterance: Utterance) -> UnusableAudioError | None:
        """Why the engine is not asked for these words; None if it is."""
        if not is_speakable(spelling_of(self._spoken_parts(utterance))):
            return SilentAudioError("there is nothing to say")
        if self.takes is None and _LONG_WORD.search(utterance.spoken):
            return TextTooLong(f"it has a word of more than {MAX_WORD} letters")
        return None

    def _key(self, utterance: Utterance) -> str:
        parts = self._spoken_parts(utterance)
        words = [part if isinstance(part, str) else {"ipa": part.ipa} for part in parts]
        # The measured gain follows from the rest, so the key does not need it.
        recipe = {**self._recipe, "language": utterance.language, "words": words, "gain": self._profile.gain}
        return recipe_key({**recipe, "faster": utterance.faster} if utterance.faster else recipe)

    def _spoken_parts(self, utterance: Utterance) -> SpokenParts:
        """What the engine gets: harmless text, and phonemes if it takes them."""
        if self.takes is not None:  # a person has pronounced it already
            return (sanitise_text(utterance.spoken),)
        entries = (*utterance.lexicon, *self._profile.lexicon)
        parts = apply_lexicon(utterance.spoken, entries, self._engine.takes_ipa)
        return end_sentence(parts) if getattr(self._engine, "speaks_sentences", False) else parts

    def _synthesise(self, pending: Mapping[str, Utterance]) -> Iterator[tuple[str, bytes | UnusableAudioError | None]]:
        """The samples for each key, as soon as they are there; of a take that can't be used, why. None comes before the
        samples if it is spoken, but the voice's gain is not known yet.
        """
        if not pending:
            return
        keys, utterances = list(pending), list(pending.values())
        gain = self._known_gain()
        tasks = self._tasks(utterances, gain)
        for index, result in self._run_and_measure(utterances) if gain is None else self._run(utterances, tasks):
            assert isinstance(result, bytes | UnusableAudioError | None)
            yield keys[index], result

    def _run_and_measure(self, utterances: list[Utterance]) -> Iterator[tuple[int, SpeechResult | None]]:
        """Speak all words and the calibration text at once, then make the clips."""
        texts = [self._calibration(), *utterances]
        sounds: dict[int, Sound] = {}
        for index, result in self._run(texts, self._tasks(texts, None)):
            if isinstance(result, Sound):
                sounds[index] = result
            elif not index:
                raise self._failure(texts[0], result)
            if index:
                yield index - 1, None if isinstance(result, Sound) else result
        gain = self._gain_of(sounds.pop(0))
        spoken = [utterances[index - 1] for index in sounds]
        tasks = self._tasks(spoken, gain)
        made = [replace(task, words=sound) for task, sound in zip(tasks, sounds.values(), strict=True)]
        for number, result in self._run(spoken, made):
            yield list(sounds)[number] - 1, result

    def _gain_of(self, calibration: Sound) -> float:
        """The voice's gain, measured on the sound of its calibration text, for this build and those to come."""
        passage = [self._calibration()]
        (task,) = self._tasks(passage, None)
        ((_, gain),) = self._run(passage, [replace(task, words=calibration)])
        if isinstance(gain, UnusableAudioError):
            raise gain
        assert isinstance(gain, float)
        self._gain = gain
        self._cache.put(self.gain_key, json.dumps(gain).encode())
        return gain

    def _tasks(self, utterances: list[Utterance], gain: float | None) -> list[SpeechTask]:
        level = None if gain is None else round(gain + self._profile.gain, 2)
        return [SpeechTask(self._spoken_parts(each), level, self._limit(each), self._rate(each)) for each in utterances]

    def _run(self, utterances: list[Utterance], tasks: list[SpeechTask]) -> Iterator[tuple[int, SpeechResult]]:
        """Do the tasks in the voice's pool. Raises what ends the build for any utterance: no engine, no room on the disk."""
        with engine_errors(self._profile):
            self._engine.check()
        name = self._profile.name
        pool = self._pools.get(self._engine, self._profile, self.fingerprint[0], self._jobs)
        for index, result in pool.run(tasks):
            if isinstance(result, StartFailed):
                message = f"the process of the voice {name} does not start: {result}"
                raise EngineUnavailable(message, f"{self._other_voice()}; `cuecast doctor` shows what is missing")
            if isinstance(result, SetupError):
                raise result
            if isinstance(result, AttemptFailed):
                raise self._failure(utterances[index], result)
            yield index, result

    def _failure(self, utterance: Utterance, reason: object) -> SpeechFailed:
        text, words = utterance.text, quoted(utterance.text)
        if text == self._calibration().text:
            words = f"the text that measures a voice's loudness, {words},"
        return SpeechFailed(f"{words} could not be spoken, tried twice: {reason}", self._other_voice(), text)

    def _other_voice(self) -> str:
        return f"`cuecast voices try {self._profile.name}` tries the voice; `--voice` takes another one"

    def _calibration(self) -> Utterance:
        return Utterance(calibration_text(self._profile.language), self._profile.name, self._profile.language)

    def _limit(self, utterance: Utterance) -> float:
        return self._time_limit * (1 + len(utterance.spoken) / 200)

    def _rate(self, utterance: Utterance) -> int:
        return round(self._profile.rate * (100 + utterance.faster) / 100)

    def _known_gain(self) -> float | None:
        """The voice's gain, known beforehand or from the cache; that of a person's takes is measured now."""
        if self._gain is None:
            self._gain = GAINS.get(self.gain_key)
        if self._gain is None and (data := self._cache.get(self.gain_key)):
            self._gain = float(json.loads(data))
        if self._gain is None and self.takes is not None:
            try:
                self.measure_gain()
            except UnusableAudioError:  # no take can be used; each one says why
                return 0.0
        return self._gain

    def _store(self, key: str, data: bytes) -> Entry:
        try:
            return self._cache.add(key, data)
        except OSError as fault:
            hint = "make room on the disk, or name another folder for temporary files in TMPDIR"
            raise SetupError(f"the clips can't be written: {fault.strerror}", hint) from fault


def _clip(key: str, entry: Entry) -> Clip:
    # The key alone would not do: not every engine says the same text in the same way twice.
    return Clip(entry.path, entry.size // SAMPLE_BYTES, entry.offset, f"{key}-{entry.checksum:08x}")


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):  # in a container this process may use fewer than there are
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
