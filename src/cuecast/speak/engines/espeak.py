"""eSpeak NG on Linux, through pyttsx3's own binding to the library, called synchronously: no thread, no loop, no sleep.

The library and its data come from the wheel `espeakng-loader`, else from the system.
"""

from __future__ import annotations

import ctypes
import importlib
import importlib.util
import mmap
import os
import platform
import sys
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from cuecast.errors import EngineUnavailable

LIBRARY = "libespeak-ng.so.1"
DATA = "espeak-ng-data"
MISSING = "install it: pip install espeakng-loader, or the package espeak-ng of your Linux (apt install espeak-ng)"
OTHER_PYTTSX3 = "install the pyttsx3 that cuecast was made with: pip install --force-reinstall pyttsx3==2.99"

BINDING = ("Initialize", "Info", "SetSynthCallback", "SetVoiceByName", "GetCurrentVoice", "SetParameter", "Synth")
"""What of pyttsx3's binding is used, besides `Synchronize`, `dll` and the constants below."""

_CONSTANTS = {"AUDIO_OUTPUT_SYNCHRONOUS": 2, "RATE": 1, "VOLUME": 2, "PITCH": 3, "CHARS_UTF8": 1, "PHONEMES": 0x100}
_ENDPAUSE = 0x1000
_DONT_EXIT = 0x8000
"""Initialize must fail, not end the process, where the data can't be read."""

_TABLES = ("phontab", "phonindex", "phondata", "intonations")
"""Files without which eSpeak goes on to crash."""

_SEED = 1
_SEEDING = "espeak_ng_SetRandSeed"
_FULL_VOLUME = 100


class Installation(Struct, frozen=True):
    """A library and its data."""

    library: Path
    data: Path

    def can_be_seeded(self) -> bool:
        """Whether its noise can be told to be the same each time: since 1.52. The library is not loaded for that."""
        with self.library.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return content.find(_SEEDING.encode()) >= 0

    def mark(self) -> str:
        """What tells one build of the library and its data from the next: its real name and their sizes."""
        real = self.library.resolve()
        data = self.data / "phondata"
        return f"{real.name}:{real.stat().st_size}:{data.stat().st_size if data.is_file() else 0}"


def installation() -> Installation | None:
    """The library that the wheel brings, else the system's; None where there is none with its data."""
    for folder in _bundled():
        if (folder / LIBRARY).is_file() and (folder / DATA).is_dir():
            return Installation(folder / LIBRARY, folder / DATA)
    libraries = (folder / LIBRARY for folder in _library_folders())
    library = next((path for path in libraries if path.is_file()), None)
    data = next((path for path in _data_folders() if path.is_dir()), None)
    return Installation(library, data) if library and data else None


def _bundled() -> Iterator[Path]:
    """The folder of the wheel, which is not imported."""
    spec = importlib.util.find_spec("espeakng_loader")
    if spec is not None and spec.origin is not None:
        yield Path(spec.origin).parent


def _library_folders() -> Iterator[Path]:
    yield from (Path(folder) for folder in os.environ.get("LD_LIBRARY_PATH", "").split(os.pathsep) if folder)
    yield Path(sys.prefix) / "lib"
    for folder in ("/usr/local/lib", f"/usr/lib/{platform.machine()}-linux-gnu", "/usr/lib64", "/usr/lib"):
        yield Path(folder)


def _data_folders() -> Iterator[Path]:
    if named := os.environ.get("ESPEAK_DATA_PATH"):
        yield Path(named) / DATA
        yield Path(named)
    for folder in (*_library_folders(), Path(sys.prefix) / "share", Path("/usr/local/share"), Path("/usr/share")):
        yield folder / DATA


class Espeak:
    """The library, started: says one utterance after the other in this process."""

    def __init__(self, where: Installation, voice: str) -> None:
        """Load and start it with the voice of that identifier.

        Raises EngineUnavailable where the library, its data or pyttsx3's binding to it are not what they must be.
        """
        self._voice = voice
        if missing := [name for name in _TABLES if not (where.data / name).is_file()]:
            raise EngineUnavailable(f"eSpeak NG's data in {where.data} lack {', '.join(missing)}", MISSING)
        self._api = _binding(where)
        self._heard: list[bytes] = []
        self._rate = self._api.Initialize(self._api.AUDIO_OUTPUT_SYNCHRONOUS, 0, os.fsencode(where.data), _DONT_EXIT)
        if self._rate <= 0:
            raise EngineUnavailable(f"eSpeak NG does not start with its data in {where.data}", MISSING)
        self._api.SetSynthCallback(self._hear)
        self._seed = getattr(self._api.dll, _SEEDING, None) or ctypes.CDLL(None).srand
        self._seed.argtypes, self._seed.restype = [ctypes.c_long], None
        self._take_voice()

    def say(self, text: str, target: Path, rate: int, pitch: int, phonemes: bool) -> None:
        """Write `text` as RIFF to `target`. With `phonemes`, what is between [[ and ]] are mnemonics of sounds.

        Raises RuntimeError, with eSpeak's number for the fault.
        """
        self._heard.clear()
        self._take_voice()
        api = self._api
        for parameter, value in ((api.RATE, rate), (api.VOLUME, _FULL_VOLUME), (api.PITCH, pitch)):
            _done(api.SetParameter(parameter, value, 0), "a setting")
        self._seed(_SEED)
        _done(api.Synth(text, flags=api.CHARS_UTF8 | _ENDPAUSE | (api.PHONEMES if phonemes else 0)), "the words")
        _done(api.Synchronize(), "the words")
        with target.open("wb") as content, wave.open(content, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(self._rate)
            file.writeframes(b"".join(self._heard))

    def _take_voice(self) -> None:
        """Set the voice, anew for each utterance: that resets what the one before has left behind."""
        status = self._api.SetVoiceByName(self._voice.encode())
        # An unknown variant is no fault to eSpeak.
        if status != 0 or self._api.GetCurrentVoice().contents.identifier != self._voice.encode():
            raise EngineUnavailable(f"eSpeak NG can't load its voice {self._voice} (status {status})", MISSING)

    def _hear(self, samples: Any, count: int, events: Any) -> int:
        if samples and count > 0:
            self._heard.append(ctypes.string_at(samples, count * 2))
        return 0


def _binding(where: Installation) -> Any:
    """pyttsx3's binding, made to find the library and checked for what is used of it."""
    try:
        # Loaded first, the library answers to its bare name, by which the binding asks for it.
        own = ctypes.CDLL(str(where.library), ctypes.RTLD_GLOBAL)
    except OSError as fault:
        raise EngineUnavailable(f"the speech library can't be loaded: {fault}", MISSING) from fault
    try:
        api: Any = importlib.import_module("pyttsx3.drivers._espeak")
    except Exception as fault:  # it raises RuntimeError where it finds no library
        raise EngineUnavailable(f"pyttsx3 can't load its binding to eSpeak: {fault}", OTHER_PYTTSX3) from fault
    odd = [name for name in (*BINDING, "Synchronize") if not callable(getattr(api, name, None))]
    odd += [name for name, value in _CONSTANTS.items() if getattr(api, name, None) != value]
    if odd:
        raise EngineUnavailable(f"pyttsx3's binding to eSpeak has changed: {', '.join(odd)}", OTHER_PYTTSX3)
    if _address(own) != _address(getattr(api, "dll", None)):
        raise EngineUnavailable("pyttsx3 has loaded another eSpeak than the one of this Python", OTHER_PYTTSX3)
    return api


def _address(library: Any) -> int | None:
    function = getattr(library, "espeak_Synth", None)
    return ctypes.cast(function, ctypes.c_void_p).value if function is not None else None


def _done(status: int, what: str) -> None:
    if status != 0:
        raise RuntimeError(f"eSpeak NG did not take {what} (status {status})")
