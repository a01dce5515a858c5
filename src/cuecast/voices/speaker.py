"""The stage that speaks: words to clips, each once, from the cache where it can."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from cuecast.cache import Cache, Entry, recipe_key
from cuecast.ports import (
    Engine,
    EngineUnavailable,
    EnvironmentFault,
    Profile,
    Progress,
    Repertoire,
    SpeechFailed,
    Words,
    spelt,
)
from cuecast.script import Utterance
from cuecast.sound import SAMPLE_BYTES, Clip
from cuecast.voices.passages import passage
from cuecast.voices.registry import engine_path, load_engine
from cuecast.voices.spoken import is_speakable, plain
from cuecast.voices.work import Fault, Job, Order, Outcome
from cuecast.voices.workers import Workers, make_workers

CLIP_VERSION = 4
"""Part of every clip's recipe: raise it with any change to how a take becomes a clip (`shape`, `levels`)."""

PATIENCE_S = 20.0
"""Seconds that a short utterance may take; a longer one gets as much again for each 200 characters."""

_ATTEMPTS = 2
_MAKE_ROOM = "make room on the disk, or name another folder for temporary files in TMPDIR"
_OTHER_VOICE = "`cuecast doctor` tries the voice; `--voice` takes another one"


class Speaker:
    """One voice, ready to speak. Its helper processes start at the first need and stay until it is closed."""

    def __init__(self, profile: Profile, cache: Cache, jobs: int = 0, patience: float = PATIENCE_S) -> None:
        """A voice that works on `jobs` processors at once (0: all that this process may use).

        Raises EngineUnavailable where there is no such engine.
        """
        self._profile = profile
        self._cache = cache
        self._jobs = jobs if jobs > 0 else _processors()
        self._patience = patience
        self._engine: Engine = load_engine(profile.engine)(profile)
        self._sound = {
            "version": CLIP_VERSION,
            "engine": profile.engine,
            "fingerprint": self._engine.fingerprint(),
            "rate": profile.rate,
            "pitch": profile.pitch,
            "voice": self._engine.voice(),
        }
        """All that a clip's sound depends on besides its words."""
        self._gain: float | None = None if self._engine.audible else 0.0
        self._workers: Workers | None = None
        self._scratch: Path | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def otherwise(self) -> str | None:
        """The name of the voice that says what this one has no takes of."""
        return self._engine.otherwise if isinstance(self._engine, Repertoire) else None

    def has(self, utterance: Utterance) -> bool:
        """Whether it can say the utterance: all voices say everything but those with takes of a person."""
        return not isinstance(self._engine, Repertoire) or self._engine.has(utterance.spoken)

    def missing(self, utterances: tuple[Utterance, ...]) -> SpeechFailed:
        """The failure of those that it has no takes of, where no other voice says them."""
        assert isinstance(self._engine, Repertoire)
        failure = self._engine.missing([utterance.spoken for utterance in utterances])
        return SpeechFailed(failure.message, failure.remedy, utterances[0].text)

    def speak(self, utterances: Iterable[Utterance], progress: Progress) -> dict[Utterance, Clip]:
        """The clip of each utterance; every distinct one is spoken once.

        Raises SpeechFailed for words that could not be spoken, tried twice; EngineUnavailable where the engine
        does not start; EnvironmentFault where the disk takes nothing.
        """
        clips: dict[Utterance, Clip] = {}
        missing: dict[str, list[Utterance]] = {}
        distinct = list(dict.fromkeys(utterances))
        for utterance in distinct:
            key = self._key(utterance)
            if key in missing:
                missing[key].append(utterance)
            elif entry := self._cache.find(key):
                clips[utterance] = _clip(entry)
            else:
                missing[key] = [utterance]
        progress(len(clips), len(distinct))
        for key, entry in self._spoken({key: same[0] for key, same in missing.items()}):
            clips |= dict.fromkeys(missing[key], _clip(entry))
            progress(len(clips), len(distinct))
        return clips

    def close(self) -> None:
        """End the helper processes and remove what they have not finished."""
        if self._workers is not None:
            self._workers.close()
        if self._scratch is not None:
            self._cache.release(self._scratch)
        self._workers = self._scratch = None

    def _key(self, utterance: Utterance) -> str:
        words = self._words(utterance)
        if not is_speakable(spelt(words)):
            raise SpeechFailed(f"there is nothing to say in “{utterance.text}”", None, utterance.text)
        said = [word if isinstance(word, str) else {"ipa": word.ipa} for word in words]
        return recipe_key({**self._sound, "language": utterance.language, "words": said, "gain": self._total_gain()})

    def _words(self, utterance: Utterance) -> Words:
        """What the engine is given: harmless text, and phonemes where it takes them."""
        return (plain(utterance.spoken),)

    def _total_gain(self) -> float:
        """The gain that makes the voice as loud as every other one, measured at the first need, and the profile's."""
        if self._gain is None:
            key = recipe_key({**self._sound, "language": self._profile.language, "measured": "gain"})
            entry = self._cache.find(key)
            if entry is None:
                words = Utterance(passage(self._profile.language), self._profile.name, self._profile.language)
                ((_, outcome),) = self._performed({key: words}, None)
                entry = self._cache.store(key, json.dumps(outcome.gain).encode())
            self._gain = float(json.loads(entry.read()))
        return round(self._gain + self._profile.gain, 2)

    def _spoken(self, asked: Mapping[str, Utterance]) -> Iterator[tuple[str, Entry]]:
        """Speak what is not in the cache, as it gets done."""
        for key, _ in self._performed(asked, self._total_gain() if asked else 0.0):
            yield key, self._cache.adopt(key, self._target(key))

    def _performed(self, asked: Mapping[str, Utterance], gain: float | None) -> Iterator[tuple[str, Outcome]]:
        """Have each utterance spoken, the failed ones once more. The first that fails twice ends it all."""
        keys = list(asked)
        undone = dict.fromkeys(range(len(keys)), _ATTEMPTS)
        try:
            self._submit(undone, keys, asked, gain)
            while undone:
                outcome = self._crew().receive()
                key, utterance = keys[outcome.number], asked[keys[outcome.number]]
                undone[outcome.number] -= 1
                if outcome.fault is None:
                    del undone[outcome.number]
                    yield key, outcome
                elif undone[outcome.number] == 0 or outcome.fault is Fault.ENGINE:
                    raise _failure(outcome, utterance.text)
                elif outcome.fault is Fault.DISK:
                    self.close()
                    self._cache.give_up()
                    self._submit(undone, keys, asked, gain)
                else:
                    self._crew().submit(self._job(outcome.number, key, utterance, gain), first=True)
        except OSError as fault:
            raise EnvironmentFault(f"the clips can't be written: {fault.strerror}", _MAKE_ROOM) from fault
        finally:
            if undone:  # an error, or the caller has had enough: what still runs is of no use
                self.close()

    def _submit(
        self, numbers: Iterable[int], keys: Sequence[str], asked: Mapping[str, Utterance], gain: float | None
    ) -> None:
        for number in numbers:
            self._crew().submit(self._job(number, keys[number], asked[keys[number]], gain))

    def _job(self, number: int, key: str, utterance: Utterance, gain: float | None) -> Job:
        patience = self._patience * (1 + len(utterance.spoken) / 200)
        return Job(number, self._words(utterance), str(self._target(key)), gain, patience)

    def _target(self, key: str) -> Path:
        assert self._scratch is not None
        return self._scratch / key

    def _crew(self) -> Workers:
        if self._workers is None:
            self._engine.check()
            self._scratch = self._cache.scratch()
            order = Order(engine_path(type(self._engine)), self._profile, self._jobs, str(self._scratch))
            self._workers = make_workers(order)
        return self._workers


def check(profile: Profile) -> None:
    """Whether the voice can speak on this machine: a quick look around, nothing is started.

    Raises EngineUnavailable, with a remedy, where it can't.
    """
    load_engine(profile.engine)(profile).check()


def _clip(entry: Entry) -> Clip:
    return Clip(entry.path, entry.size // SAMPLE_BYTES, entry.offset)


def _failure(outcome: Outcome, text: str) -> EnvironmentFault:
    match outcome.fault:
        case Fault.ENGINE:
            return EngineUnavailable(outcome.message, outcome.remedy)
        case Fault.DISK:
            return EnvironmentFault(f"the clips can't be written: {outcome.message}", _MAKE_ROOM)
    return SpeechFailed(f"“{text}” could not be spoken, tried twice: {outcome.message}", _OTHER_VOICE, text)


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):  # what this process may use, which in a container is less than there are
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
