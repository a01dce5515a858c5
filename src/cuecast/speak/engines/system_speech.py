"""The engine `pyttsx3` on macOS (NSSpeechSynthesizer) and Windows (SAPI 5). The tests replace the drivers by others."""

from __future__ import annotations

import importlib
import platform
import sys
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from msgspec import Struct
from msgspec.structs import replace

from cuecast.errors import EngineUnavailable
from cuecast.model.keys import Key
from cuecast.model.voice import Profile, SpokenParts, spelling_of
from cuecast.speak.engines.system_voices import (
    OTHER_VOICE,
    Voice,
    check_packages,
    darwin_voices,
    pick_voice,
    reinstall_hint,
    win32_voices,
)
from cuecast.versions import version

SYSTEM = sys.platform


class _Driver(Struct, frozen=True):
    name: str
    modules: tuple[str, ...]
    list_voices: Callable[[], tuple[Voice, ...]]


_DRIVERS: Mapping[str, _Driver] = {
    "darwin": _Driver("nsss", ("pyttsx3", "AppKit"), darwin_voices),
    "win32": _Driver("sapi5", ("pyttsx3", "comtypes"), win32_voices),
}


class SystemEngine:
    """Speaks with the system's own voices. The profile's `names` choose: the system's name for it or people's, `any`.

    It speaks at full volume: all clips are made equally loud later. A voice goes on from where the last utterance ended.
    """

    audible: ClassVar[bool] = True
    keys: ClassVar[tuple[Key, ...]] = ()
    takes_ipa: ClassVar[bool] = False
    one_process_per_utterance: ClassVar[bool] = True

    def __init__(self, profile: Profile) -> None:
        self._profile, self._driver = profile, _DRIVERS[SYSTEM]
        self._names = profile.names.get(SYSTEM, ())

    def voice(self) -> str:
        """The voice's name, as the system's settings show it. Raises EngineUnavailable if there is none."""
        return self._voice.names[0]

    def fingerprint(self) -> str:
        """The versions of pyttsx3 and the system, the driver and the voice. Raises EngineUnavailable as `voice` does."""
        parts = (version("pyttsx3", "pyttsx3"), self._driver.name, platform.version(), self._voice.identifier)
        return " ".join((*parts, platform.machine()))

    def check(self) -> None:
        """Raise EngineUnavailable if a package or the voice is missing."""
        self.voice()

    def prepare(self) -> None:
        """Load all libraries. The driver itself starts with the utterance."""
        self.check()
        name = self._driver.name
        try:
            self._engine_class: Any = importlib.import_module("pyttsx3").Engine
            importlib.import_module(f"pyttsx3.drivers.{name}")
        except Exception as fault:  # drivers raise whatever their platform does
            raise EngineUnavailable(f"pyttsx3 can't load its driver {name}: {fault}", reinstall_hint()) from fault

    def set_rate(self, rate: int) -> None:
        """Speak at `rate` words a minute from now on."""
        self._profile = replace(self._profile, rate=rate)

    def speak(self, words: SpokenParts, target: Path) -> None:
        """Write what the driver writes: WAV, on macOS AIFF."""
        name, voice = self._driver.name, self._voice
        try:
            # Not `pyttsx3.init`: it may return an engine that has spoken, whose loop ends before it begins, or never.
            engine = self._engine_class(name)
        except Exception as fault:
            raise EngineUnavailable(f"the speech driver {name} does not start: {fault}", reinstall_hint()) from fault
        errors: list[Exception] = []
        engine.connect("error", lambda exception, **_: errors.append(exception))
        # The voice first: on Windows the rate is relative to the voice's own.
        for setting, value in (("voice", voice.identifier), ("rate", self._profile.rate), ("volume", 1.0)):
            engine.setProperty(setting, value)
        engine.save_to_file(spelling_of(words), str(target))
        engine.runAndWait()
        for error in errors:
            if isinstance(error, ValueError):  # pyttsx3 went on with its default voice
                raise EngineUnavailable(f"{name} has no voice called {voice.names[0]}", OTHER_VOICE) from error
            raise error

    @cached_property
    def _voice(self) -> Voice:
        """The voice that speaks. Raises EngineUnavailable if a package or the voice is missing."""
        check_packages(*self._driver.modules)
        try:
            voices = self._driver.list_voices()
        except Exception as fault:  # whatever the platform raises
            raise EngineUnavailable(
                f"{self._driver.name} does not list its voices: {fault}", reinstall_hint()
            ) from fault
        return pick_voice(self._profile.language, self._names, voices, self._driver.name)
