"""pyttsx3's drivers for macOS (NSSpeechSynthesizer) and Windows (SAPI 5). The tests replace them by others.

Their voices are read from the system, not from pyttsx3: its list starts the driver, which a look around must not do.
"""

from __future__ import annotations

import importlib
import importlib.util
import platform
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from cuecast.errors import EngineUnavailable
from cuecast.protocols import Profile, SpokenParts, spelling_of
from cuecast.speak.engines.system_voices import (
    OTHER_VOICE,
    Voice,
    darwin_voices,
    onecore_voices,
    pick_voice,
    win32_voices,
)

_REINSTALL = "install cuecast's dependencies again: pip install --force-reinstall pyttsx3"
_ONECORE = "Windows keeps that voice for its own apps (OneCore); name one of SAPI 5, or `any` for one of the language"


class _System(Struct, frozen=True):
    driver: str
    modules: tuple[str, ...]
    list_voices: Callable[[], tuple[Voice, ...]]


_SYSTEMS: Mapping[str, _System] = {
    "darwin": _System("nsss", ("pyttsx3", "AppKit"), darwin_voices),
    "win32": _System("sapi5", ("pyttsx3", "comtypes"), win32_voices),
}


class SystemSpeech:
    """One of the two drivers, with the profile's voice."""

    one_process_per_utterance = True

    def __init__(self, profile: Profile, system: str) -> None:
        """`system` is `darwin` or `win32`."""
        self._profile = profile
        self._names = profile.names.get(system, ())
        self._system = _SYSTEMS[system]

    def version_id(self) -> str:
        """The driver, the system's version and the voice."""
        return f"{self._system.driver} {platform.version()} {self._voice.identifier}"

    def voice(self) -> str:
        """The voice's name, as the system's settings show it."""
        return self._voice.names[0]

    def start(self) -> None:
        """Load all libraries. The driver itself starts with the utterance."""
        self.voice()
        driver = self._system.driver
        try:
            self._engine_class: Any = importlib.import_module("pyttsx3").Engine
            importlib.import_module(f"pyttsx3.drivers.{driver}")
        except Exception as fault:  # drivers raise whatever their platform does
            raise EngineUnavailable(f"pyttsx3 can't load its driver {driver}: {fault}", _REINSTALL) from fault

    def set_rate(self, rate: int) -> None:
        """Speak at `rate` words a minute from now on."""
        self._profile = replace(self._profile, rate=rate)

    def speak(self, words: SpokenParts, target: Path) -> None:
        """Write what the driver writes: WAV, on macOS AIFF."""
        driver, voice = self._system.driver, self._voice
        try:
            # Not `pyttsx3.init`: it may return an engine that has spoken, whose loop ends before it begins, or never.
            engine = self._engine_class(driver)
        except Exception as fault:
            raise EngineUnavailable(f"the speech driver {driver} does not start: {fault}", _REINSTALL) from fault
        errors: list[Exception] = []
        engine.connect("error", lambda exception, **_: errors.append(exception))
        # The voice first: on Windows the rate is relative to the voice's own.
        for setting, value in (("voice", voice.identifier), ("rate", self._profile.rate), ("volume", 1.0)):
            engine.setProperty(setting, value)
        engine.save_to_file(spelling_of(words), str(target))
        engine.runAndWait()
        for error in errors:
            if isinstance(error, ValueError):  # pyttsx3 went on with its default voice
                raise EngineUnavailable(f"{driver} has no voice called {voice.names[0]}", OTHER_VOICE) from error
            raise error

    @cached_property
    def _voice(self) -> Voice:
        """The voice that speaks. Raises EngineUnavailable if a package or the voice is missing."""
        driver = self._system.driver
        for module in self._system.modules:
            if not _is_importable(module):
                raise EngineUnavailable(f"the Python package {module} is missing", _REINSTALL)
        try:
            voices = self._system.list_voices()
        except Exception as fault:  # whatever the platform raises
            raise EngineUnavailable(f"{driver} does not list its voices: {fault}", _REINSTALL) from fault
        try:
            return pick_voice(self._profile.language, self._names, voices, driver)
        except EngineUnavailable as fault:
            if driver == "sapi5" and self._names and self._is_onecore():
                raise EngineUnavailable(fault.message, _ONECORE) from fault
            raise

    def _is_onecore(self) -> bool:
        with suppress(EngineUnavailable):
            pick_voice(self._profile.language, self._names, onecore_voices(), self._system.driver)
            return True
        return False


def _is_importable(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ValueError:  # in sys.modules, without a spec
        return True
