"""pyttsx3's drivers for macOS (NSSpeechSynthesizer) and Windows (SAPI 5).

They could not be run where this was written: the tests put another driver in their place.
"""

from __future__ import annotations

import importlib
import importlib.util
import platform
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from msgspec import Struct

from cuecast.errors import EngineUnavailable
from cuecast.protocols import Profile, SpokenParts, spelling_of
from cuecast.speak.engines.system_voices import Voice, choose, darwin_voices, onecore_voices, win32_voices

REINSTALL = "install cuecast's dependencies again: pip install --force-reinstall pyttsx3"
_OTHER_VOICE = "name another one under `names` in the profile, or `any` for one of its language"
_ONECORE = "Windows keeps that voice for its own apps (OneCore); name one of SAPI 5, or `any` for one of the language"


class _Platform(Struct, frozen=True):
    driver: str
    modules: tuple[str, ...]
    voices: Callable[[], tuple[Voice, ...]]


_PLATFORMS: Mapping[str, _Platform] = {
    "darwin": _Platform("nsss", ("pyttsx3", "AppKit"), darwin_voices),
    "win32": _Platform("sapi5", ("pyttsx3", "comtypes"), win32_voices),
}


class Driver:
    """One of the two, with the profile's voice."""

    one_process_per_utterance = True
    """They remember what they have said."""

    def __init__(self, profile: Profile, system: str) -> None:
        """`system` is `darwin` or `win32`."""
        self._profile = profile
        self._system = system
        self._platform = _PLATFORMS[system]
        self._taken: Voice | None = None

    def mark(self) -> str:
        """What tells this voice on this system from the next."""
        return f"{self._platform.driver} {platform.version()} {self._voice().identifier}"

    def voice(self) -> str:
        """The voice's name, as the system's settings show it."""
        return self._voice().names[0]

    def start(self) -> None:
        """Load all libraries. The driver itself starts when it is to speak."""
        self._voice()
        name = self._platform.driver
        try:
            self._engine: Any = importlib.import_module("pyttsx3").Engine
            importlib.import_module(f"pyttsx3.drivers.{name}")
        except Exception as fault:  # drivers raise whatever their platform does
            raise EngineUnavailable(f"pyttsx3 can't load its driver {name}: {fault}", REINSTALL) from fault

    def speak(self, words: SpokenParts, target: Path) -> None:
        """Write what the driver writes: RIFF, on macOS AIFF."""
        name, voice = self._platform.driver, self._voice()
        faults: list[Exception] = []
        try:
            # Not `init`, which may give one that has spoken: its loop would end before it begins, or never.
            engine = self._engine(name)
        except Exception as fault:
            raise EngineUnavailable(f"the speech driver {name} does not start: {fault}", REINSTALL) from fault
        engine.connect("error", lambda exception, **_: faults.append(exception))
        # The voice first: on Windows the rate is reckoned from the voice's own.
        for setting, value in (("voice", voice.identifier), ("rate", self._profile.rate), ("volume", 1.0)):
            engine.setProperty(setting, value)
        engine.save_to_file(spelling_of(words), str(target))
        engine.runAndWait()
        for told in faults:
            if isinstance(told, ValueError):  # pyttsx3 has gone on with the voice that it had
                raise EngineUnavailable(f"{name} has no voice called {voice.names[0]}", _OTHER_VOICE) from told
            raise told

    def _voice(self) -> Voice:
        """The voice that is taken, looked up once.

        Raises EngineUnavailable where a part is missing, or the voice.
        """
        if self._taken is None:
            for module in self._platform.modules:
                if not _is_there(module):
                    raise EngineUnavailable(f"the Python package {module} is missing", REINSTALL)
            try:
                voices = self._platform.voices()
            except Exception as fault:  # whatever the platform does
                driver = self._platform.driver
                raise EngineUnavailable(f"{driver} does not tell its voices: {fault}", REINSTALL) from fault
            self._taken = self._choose(voices)
        return self._taken

    def _choose(self, voices: tuple[Voice, ...]) -> Voice:
        candidates = self._profile.names.get(self._system, ())
        try:
            return choose(self._profile, candidates, voices, self._platform.driver)
        except EngineUnavailable as fault:
            if self._system == "win32" and candidates and self._is_kept(candidates):
                raise EngineUnavailable(fault.message, _ONECORE) from fault
            raise

    def _is_kept(self, candidates: tuple[str, ...]) -> bool:
        """Whether Windows has the voice, but not for pyttsx3."""
        with suppress(EngineUnavailable):
            choose(self._profile, candidates, onecore_voices(), self._platform.driver)
            return True
        return False


def _is_there(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ValueError:  # it was put there by hand, without a spec
        return True
