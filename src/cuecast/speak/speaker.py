"""The stage that speaks: words to clips, each once, from the cache where it can."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from msgspec import Struct

from cuecast.cache import Cache, Entry, recipe_key
from cuecast.errors import EngineUnavailable, SetupError, SpeechFailed
from cuecast.model.clip import SAMPLE_BYTES, Clip
from cuecast.model.script import Utterance
from cuecast.protocols import Engine, Profile, Progress, RecordedTakes, SpokenParts, spelling_of
from cuecast.speak import standby
from cuecast.speak.calibration_text import passage
from cuecast.speak.default_gains import GAINS
from cuecast.speak.missing_takes import MissingTake, MissingTakesError
from cuecast.speak.pronunciation import pronounced
from cuecast.speak.registry import engine_of, engine_path, mark_of
from cuecast.speak.sanitise import is_speakable, plain
from cuecast.speak.work import Fault, Job, Order, Outcome
from cuecast.speak.workers import Workers, make_workers

CLIP_VERSION = 5
"""Part of every clip's recipe: raise it with any change to how a take becomes a clip (`shape`, `levels`)."""

PATIENCE_S = 20.0
"""Seconds that a short utterance may take; a longer one gets as much again for each 200 characters."""

_STRENGTH = 6
_COSTS = {Fault.SPEECH: 3, Fault.LOST: 1}
"""What an utterance may go through: two failures of its own, or more deaths of a helper, which another one caused."""

_MAKE_ROOM = "make room on the disk, or name another folder for temporary files in TMPDIR"
_OTHER_VOICE = "`cuecast voices try {name}` tries the voice; `--voice` takes another one"


class _Task(Struct):
    """Words to be spoken, and how often that was tried."""

    key: str
    utterance: Utterance
    measures: bool = False
    attempt: int = 0
    strength: int = _STRENGTH


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
        self._engine: Engine = engine_of(profile)
        self._takes = self._engine if isinstance(self._engine, RecordedTakes) else None
        """The engine again, where it has only a person's takes. Looked at once: to recognise a protocol takes long."""
        self.mark = fingerprint, voice = mark_of(self._engine)
        self._sound = {
            "version": CLIP_VERSION,
            "engine": profile.engine,
            "fingerprint": fingerprint,
            "rate": profile.rate,
            "pitch": profile.pitch,
            "voice": voice,
        }
        """All that a clip's sound depends on besides its words and the profile's gain."""
        self.gain_key = recipe_key({**self._sound, "language": profile.language, "measured": "gain"})
        """What the voice's loudness is kept under: all that it depends on."""
        self._gain: float | None = None if self._engine.audible else 0.0
        self._workers: Workers | None = None
        self._scratch: Path | None = None
        self._passage: _Task | None = None
        self._unusable: dict[str, str] = {}
        """Why nothing can be made of a take, by the clip's key."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def otherwise(self) -> str | None:
        """The name of the voice that says what this one has no takes of."""
        return self._takes.otherwise if self._takes is not None else None

    def has(self, utterance: Utterance) -> bool:
        """Whether it can say the utterance: all voices say everything but those with takes of a person."""
        return self._takes is None or self._takes.has(utterance.spoken)

    @property
    def plays_takes(self) -> bool:
        """Whether it is a person's takes: quick to play, and never better for being tried again."""
        return self._takes is not None

    def unsaid(self, utterance: Utterance, why: str | None = None) -> MissingTake:
        """The fault of an utterance that it has no take of, or (`why`) none that can be used."""
        assert self._takes is not None
        return MissingTake(utterance, self._profile.name, self._takes.file_of(utterance.spoken), why)

    def begin(self) -> None:
        """Have the helper measure the voice, where that was never done: then there is much to speak. One that waits
        on standby gets ready for this voice, at least.

        What fails is left to `speak`.
        """
        try:
            if self._known_gain() is None:
                self._submit({0: self._measuring()})
            elif self._engine.audible and standby.waits():
                self._crew().begin()
        except (SetupError, OSError):
            self.close()

    def speak(self, utterances: Iterable[Utterance], progress: Progress) -> dict[Utterance, Clip]:
        """The clip of each utterance; every distinct one is spoken once.

        Raises SpeechFailed for words that could not be spoken, tried twice; MissingTakesError for all takes that can't be
        used; EngineUnavailable where the engine does not start; SetupError where the disk takes nothing.
        """
        self._unusable.clear()
        clips: dict[Utterance, Clip] = {}
        missing: dict[str, list[Utterance]] = {}
        distinct = list(dict.fromkeys(utterances))
        for utterance in distinct:
            key = self._key(utterance)
            if key in missing:
                missing[key].append(utterance)
            elif entry := self._cache.find(key):
                clips[utterance] = _clip(key, entry)
            else:
                missing[key] = [utterance]
        progress(len(clips), len(distinct))
        for key, entry in self._spoken({key: same[0] for key, same in missing.items()}):
            clips |= dict.fromkeys(missing[key], _clip(key, entry))
            progress(len(clips), len(distinct))
        if self._unusable:
            raise MissingTakesError(
                self.unsaid(each, why) for key, why in self._unusable.items() for each in missing[key]
            )
        return clips

    def close(self) -> None:
        """End the helper processes and remove what they have not finished."""
        if self._workers is not None:
            self._workers.close()
        if self._scratch is not None:
            shutil.rmtree(self._scratch, ignore_errors=True)
        self._workers = self._scratch = self._passage = None

    def _key(self, utterance: Utterance) -> str:
        words = self._words(utterance)
        if not is_speakable(spelling_of(words)):
            raise SpeechFailed(f"there is nothing to say in “{utterance.text}”", None, utterance.text)
        said = [word if isinstance(word, str) else {"ipa": word.ipa} for word in words]
        # The gain that is measured follows from the rest: a recipe does without it, and need not wait for it.
        return recipe_key({**self._sound, "language": utterance.language, "words": said, "gain": self._profile.gain})

    def _words(self, utterance: Utterance) -> SpokenParts:
        """What the engine is given: harmless text, and phonemes where it takes them."""
        if self._takes is not None:  # a person has said them as they should be said
            return (plain(utterance.spoken),)
        entries = (*utterance.lexicon, *self._profile.lexicon)
        return pronounced(utterance.spoken, entries, self._engine.takes_ipa)

    def _spoken(self, asked: Mapping[str, Utterance]) -> Iterator[tuple[str, Entry]]:
        """Speak what is not in the cache, as it gets done; first, if need be, what the voice's gain is measured on."""
        tasks = {number: _Task(key, utterance) for number, (key, utterance) in enumerate(asked.items(), 1)}
        if tasks and self._known_gain() is None:
            tasks = {0: self._measuring()} | tasks
        for task, outcome in self._performed(tasks):
            if task.measures:
                self._gain = outcome.gain
                self._cache.put(task.key, json.dumps(outcome.gain).encode())
            else:
                clip = self._target(task)
                yield task.key, self._cache.add(task.key, clip.read_bytes())
                clip.unlink()

    def _measuring(self) -> _Task:
        """The task whose outcome is the voice's gain; it may have begun."""
        if self._passage is None:
            words = Utterance(passage(self._profile.language), self._profile.name, self._profile.language)
            self._passage = _Task(self.gain_key, words, measures=True)
        return self._passage

    def _known_gain(self) -> float | None:
        """What makes the voice as loud as every other one, in dB, if that has been measured, here or beforehand."""
        if self._gain is None:
            self._gain = GAINS.get(self.gain_key)
        if self._gain is None and (gain := self._cache.get(self.gain_key)):
            self._gain = float(json.loads(gain))
        return self._gain

    def _performed(self, undone: dict[int, _Task]) -> Iterator[tuple[_Task, Outcome]]:
        """Have each task done, the failed ones once more. The first that fails twice ends it all.

        Takes that can't be used are kept in `_unusable`.
        """
        try:
            self._submit({number: task for number, task in undone.items() if not task.attempt})
            while undone:
                outcome = self._crew().receive()
                task = undone[outcome.number]
                if outcome.fault is None:
                    del undone[outcome.number]
                    yield task, outcome
                elif outcome.fault is Fault.TAKE:
                    del undone[outcome.number]
                    if not task.measures:
                        self._unusable[task.key] = outcome.message
                    elif undone:  # no take can be used, and none waits for the gain: each tells what is wrong with it
                        self.close()
                        self._gain = 0.0
                        self._submit(undone)
                else:
                    task.strength -= _COSTS.get(outcome.fault, _STRENGTH)
                    if task.strength <= 0:
                        raise _failure(outcome, task)
                    self._submit({outcome.number: task})
        except OSError as fault:
            raise SetupError(f"the clips can't be written: {fault.strerror}", _MAKE_ROOM) from fault
        finally:
            if undone:  # an error, or the caller has had enough: what still runs is of no use
                self.close()

    def _submit(self, tasks: Mapping[int, _Task]) -> None:
        if not tasks:
            return
        crew, gain = self._crew(), self._known_gain()
        total = None if gain is None else self._order.total(gain)
        for number, task in tasks.items():
            task.attempt += 1
            words = self._words(task.utterance)
            patience = self._patience * (1 + len(task.utterance.spoken) / 200)
            again = task.strength < _STRENGTH
            crew.submit(Job(number, words, str(self._target(task)), patience, total, task.measures, again))

    def _target(self, task: _Task) -> Path:
        """Another file for each attempt: what a lost process may still write harms nobody."""
        assert self._scratch is not None
        return self._scratch / f"{task.key}-{task.attempt}"

    def _crew(self) -> Workers:
        if self._workers is None:
            import tempfile  # slow; not needed if all clips are in the cache

            self._engine.check()
            self._scratch = Path(tempfile.mkdtemp(prefix="cuecast-"))
            path, scratch = engine_path(type(self._engine)), str(self._scratch)
            self._order = Order(path, self._profile, self._jobs, scratch, self._engine.fresh)
            self._workers = make_workers(self._order)
        return self._workers


def check(profile: Profile) -> None:
    """Whether the voice can speak on this machine: a quick look around, nothing is started.

    Raises EngineUnavailable, with a hint, where it can't.
    """
    engine_of(profile).check()


def _clip(key: str, entry: Entry) -> Clip:
    # The recipe alone would not do: not every engine says the same words in the same way twice.
    return Clip(entry.path, entry.size // SAMPLE_BYTES, entry.offset, f"{key}-{entry.checksum:08x}")


def _failure(outcome: Outcome, task: _Task) -> SetupError:
    text = task.utterance.text
    match outcome.fault:
        case Fault.ENGINE:
            return EngineUnavailable(outcome.message, outcome.hint)
        case Fault.DISK:
            return SetupError(f"the clips can't be written: {outcome.message}", _MAKE_ROOM)
    what = "the passage on which every voice's loudness is measured, " if task.measures else ""
    hint = _OTHER_VOICE.format(name=task.utterance.voice)
    return SpeechFailed(f"{what}“{text}” could not be spoken, tried twice: {outcome.message}", hint, text)


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):  # what this process may use, which in a container is less than there are
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
