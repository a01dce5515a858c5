"""The voice that the machine has, through pyttsx3: eSpeak NG on Linux, NSSpeechSynthesizer on macOS, SAPI 5 on Windows.

The rate and, with eSpeak, the pitch are the profile's. The drivers' own volume stays at its full level: how loud a
voice is follows from the even loudness that all clips are given, and from the profile's `gain` on top of that.
"""

from __future__ import annotations

import platform
import sys
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Protocol

from cuecast.errors import EngineUnavailable
from cuecast.model.field_types import Key
from cuecast.protocols import Phonemes, Profile, SpokenParts
from cuecast.versions import is_installed, version

if TYPE_CHECKING:  # imported where they are needed: every command that names a voice comes by here
    from cuecast.speak.engines.espeak import Installation
    from cuecast.speak.engines.espeak_voices import EspeakVoice

SYSTEM = sys.platform if sys.platform in ("darwin", "win32") else "linux"


class _Speech(Protocol):
    """What speaks on a platform."""

    @property
    def one_process_per_utterance(self) -> bool: ...
    def mark(self) -> str: ...
    def voice(self) -> str: ...
    def start(self) -> None: ...
    def speak(self, words: SpokenParts, target: Path) -> None: ...


class Pyttsx3Engine:
    """Speaks with the platform's own voices. The profile's `names` choose: `linux`, `darwin`, `win32`, best first.

    A name is the engine's own or the one that people use; `any` is a voice of the profile's language, which is also
    what is taken where nothing is named.
    """

    audible: ClassVar[bool] = True
    keys: ClassVar[tuple[Key, ...]] = ()
    takes_ipa: ClassVar[bool] = SYSTEM == "linux"

    def __init__(self, profile: Profile) -> None:
        self._speech = _speech(profile)

    @property
    def one_process_per_utterance(self) -> bool:
        """Whether what speaks remembers what it has said."""
        return self._speech.one_process_per_utterance

    def voice(self) -> str:
        """The voice that is taken, by the driver's own name for it, such as `en-us+adam`, or the system's."""
        return self._speech.voice()

    def fingerprint(self) -> str:
        """The voice, the versions of pyttsx3 and of what speaks below it; no library is loaded.

        Raises EngineUnavailable as `voice` does.
        """
        return f"{version('pyttsx3', 'pyttsx3')} {self._speech.mark()} {platform.machine()}"

    def check(self) -> None:
        """Raise EngineUnavailable where a part or the voice is missing."""
        if not is_installed("pyttsx3"):
            from cuecast.speak.engines.driver import REINSTALL

            raise EngineUnavailable("the Python package pyttsx3 is missing", REINSTALL)
        self._speech.voice()

    def prepare(self) -> None:
        """Load all libraries; eSpeak is started, which takes no thread."""
        self.check()
        self._speech.start()

    def speak(self, words: SpokenParts, target: Path) -> None:
        """Write what the driver writes: RIFF, on macOS AIFF."""
        self._speech.speak(words, target)


def _speech(profile: Profile) -> _Speech:
    if SYSTEM == "linux":
        return _OnEspeak(profile)
    from cuecast.speak.engines.driver import Driver

    return Driver(profile, SYSTEM)


class _OnEspeak:
    """Linux."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile

    @property
    def one_process_per_utterance(self) -> bool:
        """Whether the voice has a memory, or its noise can't be told to be the same each time."""
        return not (self._voice.steady and self._where.can_be_seeded())

    def mark(self) -> str:
        return f"{version('espeakng-loader', 'espeakng_loader')} {self._where.mark()} {self._voice.identifier}"

    def voice(self) -> str:
        return self._voice.name

    def start(self) -> None:
        from cuecast.speak.engines.espeak import Espeak

        self._espeak = Espeak(self._where, self._voice.identifier)

    def speak(self, words: SpokenParts, target: Path) -> None:
        text, phonemes = marked_up(words, self._voice.language)
        self._espeak.say(text, target, self._profile.rate, self._profile.pitch, phonemes)

    @cached_property
    def _where(self) -> Installation:
        from cuecast.speak.engines.espeak import MISSING, installation

        found = installation()
        if found is None:
            raise EngineUnavailable("the speech library eSpeak NG is missing", MISSING)
        return found

    @cached_property
    def _voice(self) -> EspeakVoice:
        from cuecast.speak.engines.espeak_voices import EspeakVoices

        return EspeakVoices(self._where.data).choose(self._profile, self._profile.names.get("linux", ()))


def marked_up(words: SpokenParts, language: str) -> tuple[str, bool]:
    """The text for eSpeak, and whether there are sounds between [[ and ]] in it.

    A word whose sounds `language` does not have is spelt. Brackets of the author's own never come to stand together.
    """
    from cuecast.speak.engines.espeak_ipa import mnemonics

    sounds = [mnemonics(part.ipa, language) if isinstance(part, Phonemes) else None for part in words]
    if not any(sounds):
        return "".join(part.word if isinstance(part, Phonemes) else part for part in words), False
    written = []
    for part, sound in zip(words, sounds, strict=True):
        plain = part.word if isinstance(part, Phonemes) else part
        written.append(f"[[{sound}]]" if sound else plain.replace("[", "[ "))
    return "".join(written), True
