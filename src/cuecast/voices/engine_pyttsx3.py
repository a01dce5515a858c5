"""The voice that the machine has, through pyttsx3: eSpeak NG on Linux, NSSpeechSynthesizer on macOS, SAPI 5 on Windows.

On Linux the library and its data come from the wheel `espeakng-loader`, else from the system. The drivers for
macOS and Windows could not be run where this was written.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib.util
import os
import platform
import sys
from pathlib import Path
from typing import Any, ClassVar

from cuecast.kinds import Key
from cuecast.ports import EngineUnavailable, Profile, Words, spelt

_DRIVERS = {"darwin": "nsss", "win32": "sapi5"}
_NEEDED = {"darwin": ("pyttsx3", "AppKit"), "win32": ("pyttsx3", "comtypes")}
_REINSTALL = "install cuecast's dependencies again: pip install --force-reinstall pyttsx3 espeakng-loader"
_NO_ESPEAK = "install it: pip install espeakng-loader, or the package espeak-ng of your Linux (apt install espeak-ng)"
_SEED = 1
_OTHER_VOICE = "name another one under `names` in the profile, or leave it out there for the default one"
_SYSTEM_ESPEAK = "libespeak-ng.so.1"


class Pyttsx3Engine:
    """Speaks with the platform's own driver. The profile's `names` choose the voice: `linux`, `darwin`, `win32`."""

    name: ClassVar[str] = "pyttsx3"
    repeatable: ClassVar[bool] = sys.platform.startswith("linux")
    audible: ClassVar[bool] = True
    keys: ClassVar[tuple[Key, ...]] = ()
    takes_ipa: ClassVar[bool] = False

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._platform = "linux" if sys.platform.startswith("linux") else sys.platform
        self._driver = _DRIVERS.get(self._platform, "espeak")

    def fingerprint(self) -> str:
        """The versions of pyttsx3 and of what speaks below it; no library is loaded."""
        parts = [_version("pyttsx3"), self._driver]
        if self._driver == "espeak":
            folder = _bundled_espeak()
            parts.append(_version("espeakng-loader", "espeakng_loader") if folder else _file_mark(_SYSTEM_ESPEAK))
        else:
            parts.append(platform.version())
        return " ".join((*parts, platform.machine()))

    def check(self) -> None:
        """Raise EngineUnavailable where a part is missing."""
        for module in _NEEDED.get(self._platform, ("pyttsx3",)):
            if importlib.util.find_spec(module) is None:
                raise EngineUnavailable(f"the Python package {module} is missing", _REINSTALL)
        if self._driver == "espeak" and _bundled_espeak() is None:
            try:
                ctypes.CDLL(_SYSTEM_ESPEAK)
            except OSError as fault:
                raise EngineUnavailable("the speech library eSpeak NG is missing", _NO_ESPEAK) from fault

    def prepare(self) -> None:
        """Load all libraries. The engine itself starts in the process that speaks: eSpeak has a thread."""
        self.check()
        if self._driver == "espeak":
            self._espeak = _load_espeak()
        try:
            import pyttsx3

            importlib.import_module(f"pyttsx3.drivers.{self._driver}")
        except Exception as fault:  # drivers raise whatever their platform does
            raise EngineUnavailable(f"pyttsx3 can't load its driver {self._driver}: {fault}", _REINSTALL) from fault
        self._pyttsx3: Any = pyttsx3

    @property
    def fresh(self) -> bool:
        """The drivers remember what they have said."""
        return True

    def voice(self) -> str:
        """The driver's own name for it."""
        return self._voice() or "the system's own"

    def speak(self, words: Words, target: Path) -> None:
        """Write what the driver writes: RIFF, on macOS AIFF."""
        faults: list[Exception] = []
        try:
            engine = self._pyttsx3.init(self._driver)
        except Exception as fault:
            raise EngineUnavailable(f"the speech driver {self._driver} does not start: {fault}", _REINSTALL) from fault
        engine.connect("error", lambda exception, **_: faults.append(exception))
        if self._driver == "espeak":
            _steady(self._espeak)
        self._set_properties(engine)
        engine.save_to_file(spelt(words), str(target))
        if self._driver == "espeak":
            # runAndWait() stops the engine before it has begun: whatever of the settings and words has not been
            # taken up by eSpeak's thread is lost. This loop ends when the driver has written the file.
            engine.startLoop()
        else:
            engine.runAndWait()
        for told in faults:
            if isinstance(told, ValueError):  # pyttsx3 has gone on with the voice that it had
                raise EngineUnavailable(f"{self._driver} has no voice called {self._voice()}", _OTHER_VOICE) from told
            raise told

    def _set_properties(self, engine: Any) -> None:
        if voice := self._voice():
            engine.setProperty("voice", voice)
        engine.setProperty("rate", self._profile.rate)
        if self._driver == "espeak":  # the others' drivers can't change it
            engine.setProperty("pitch", self._profile.pitch)

    def _voice(self) -> str | None:
        """The driver's name for the voice; None leaves it the one that the system's user has chosen."""
        named = self._profile.names.get(self._platform, ())
        return next(iter(named), self._profile.language if self._driver == "espeak" else None)


def _bundled_espeak() -> Path | None:
    """The folder with the library and its data that the wheel brings."""
    spec = importlib.util.find_spec("espeakng_loader")
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent
    return folder if (folder / "espeak-ng-data").is_dir() and (folder / _SYSTEM_ESPEAK).is_file() else None


def _load_espeak() -> ctypes.CDLL:
    """Load the library so that pyttsx3 finds it by its bare name."""
    folder = _bundled_espeak()
    try:
        if folder is None:
            return ctypes.CDLL(_SYSTEM_ESPEAK)
        os.environ["ESPEAK_DATA_PATH"] = str(folder / "espeak-ng-data")
        return ctypes.CDLL(str(folder / _SYSTEM_ESPEAK), ctypes.RTLD_GLOBAL)
    except OSError as fault:
        raise EngineUnavailable(f"the speech library can't be loaded: {fault}", _NO_ESPEAK) from fault


def _steady(espeak: ctypes.CDLL) -> None:
    """Make a started eSpeak say the same words the same way every time."""
    # pyttsx3 has just queued its own rate and volume for eSpeak's thread; a voice must not be loaded meanwhile.
    espeak.espeak_Synchronize()
    # It seeds its noise (breath, flutter) by the clock. Releases before 1.52 can't be told otherwise.
    with contextlib.suppress(AttributeError):
        espeak.espeak_ng_SetRandSeed(ctypes.c_long(_SEED))


def _version(package: str, module: str | None = None) -> str:
    """A package's version, read off the name of its metadata folder: importlib.metadata takes 25 ms to import."""
    spec = importlib.util.find_spec(module or package)
    if spec is not None and spec.origin is not None:
        stem = package.replace("-", "_")
        for folder in Path(spec.origin).parent.parent.glob(f"{stem}-*.dist-info"):
            return folder.name.removesuffix(".dist-info")
    return f"{package}-unknown"


def _file_mark(library: str) -> str:
    """What tells one build of a system's library from the next: its real name and size."""
    for folder in ("/usr/lib", "/usr/local/lib", f"/usr/lib/{platform.machine()}-linux-gnu", "/usr/lib64"):
        with contextlib.suppress(OSError):
            path = (Path(folder) / library).resolve(strict=True)
            return f"{path.name}:{path.stat().st_size}"
    return "system"
