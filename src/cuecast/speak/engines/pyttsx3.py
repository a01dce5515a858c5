"""The voice that the machine has, through pyttsx3: eSpeak NG on Linux, NSSpeechSynthesizer on macOS, SAPI 5 on Windows.

Rate and, with eSpeak, pitch are the profile's. The drivers speak at full volume: all clips are made equally loud later.
"""

from __future__ import annotations

import platform
import sys
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from cuecast.errors import EngineUnavailable
from cuecast.model.keys import Key
from cuecast.protocols import Profile, SpokenParts
from cuecast.versions import is_installed, version

if TYPE_CHECKING:
    from cuecast.speak.engines.espeak import EspeakSpeech
    from cuecast.speak.engines.system_speech import SystemSpeech

SYSTEM = sys.platform if sys.platform in ("darwin", "win32") else "linux"


class Pyttsx3Engine:
    """Speaks with the system's own voices. The profile's `names` choose: `linux`, `darwin`, `win32`, best first.

    A name is the system's or the one that people use; `any`, the default, is a voice of the profile's language.
    """

    audible: ClassVar[bool] = True
    keys: ClassVar[tuple[Key, ...]] = ()
    takes_ipa: ClassVar[bool] = SYSTEM == "linux"

    def __init__(self, profile: Profile) -> None:
        self._speech = _speech(profile)

    @property
    def one_process_per_utterance(self) -> bool:
        """True for most voices: they go on from where the last utterance ended."""
        return self._speech.one_process_per_utterance

    def voice(self) -> str:
        """The voice by the driver's name for it, such as `en-us+adam`.

        Raises EngineUnavailable if there is none for the profile.
        """
        return self._speech.voice()

    def fingerprint(self) -> str:
        """The voice, the versions of pyttsx3 and of what speaks below it; no library is loaded.

        Raises EngineUnavailable as `voice` does.
        """
        return f"{version('pyttsx3', 'pyttsx3')} {self._speech.version_id()} {platform.machine()}"

    def check(self) -> None:
        """Raise EngineUnavailable if a package or the voice is missing."""
        if not is_installed("pyttsx3"):
            raise EngineUnavailable(
                "the Python package pyttsx3 is missing",
                "install cuecast's dependencies again: pip install --force-reinstall pyttsx3",
            )
        self._speech.voice()

    def prepare(self) -> None:
        """Load all libraries. eSpeak starts too, which takes no thread."""
        self.check()
        self._speech.start()

    def set_rate(self, rate: int) -> None:
        """Speak at `rate` words a minute from now on."""
        self._speech.set_rate(rate)

    def speak(self, words: SpokenParts, target: Path) -> None:
        """Write what the driver writes: WAV, on macOS AIFF."""
        self._speech.speak(words, target)


def _speech(profile: Profile) -> EspeakSpeech | SystemSpeech:
    if SYSTEM == "linux":
        from cuecast.speak.engines.espeak import EspeakSpeech  # ctypes, only when a voice is looked at

        return EspeakSpeech(profile)
    from cuecast.speak.engines.system_speech import SystemSpeech

    return SystemSpeech(profile, SYSTEM)
