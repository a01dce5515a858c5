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
from functools import cached_property
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from cuecast.errors import EngineUnavailable
from cuecast.protocols import Phonemes, Profile, SpokenParts
from cuecast.speak.engines.espeak_ipa import mnemonics
from cuecast.speak.engines.espeak_voices import EspeakVoice, pick_espeak_voice
from cuecast.versions import version

LIBRARY = "libespeak-ng.so.1"
SEED_FUNCTION = "espeak_ng_SetRandSeed"

_DATA = "espeak-ng-data"
_MISSING = "install it: pip install espeakng-loader, or the package espeak-ng of your Linux (apt install espeak-ng)"
_OTHER_PYTTSX3 = "install the pyttsx3 that cuecast was made with: pip install --force-reinstall pyttsx3==2.99"

_FUNCTIONS = (
    *("Initialize", "Info", "SetSynthCallback", "SetVoiceByName", "GetCurrentVoice", "SetParameter", "Synth"),
    "Synchronize",
)
_CONSTANTS = {"AUDIO_OUTPUT_SYNCHRONOUS": 2, "RATE": 1, "VOLUME": 2, "PITCH": 3, "CHARS_UTF8": 1, "PHONEMES": 0x100}
"""What this module uses of pyttsx3's binding."""

_ENDPAUSE = 0x1000
_DONT_EXIT = 0x8000
"""Initialize must fail, not end the process, if the data can't be read."""

_TABLES = ("phontab", "phonindex", "phondata", "intonations")
"""Files without which eSpeak crashes later."""

_SEED = 1
_FULL_VOLUME = 100


class Installation(Struct, frozen=True):
    """A library and its data."""

    library: Path
    data: Path

    def can_be_seeded(self) -> bool:
        """Whether its noise can be made the same each time: since 1.52. The library is not loaded for that."""
        with self.library.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return content.find(SEED_FUNCTION.encode()) >= 0

    def version_id(self) -> str:
        """Different for each build of the library and its data: the file's real name and both sizes."""
        real, data = self.library.resolve(), self.data / "phondata"
        return f"{real.name}:{real.stat().st_size}:{data.stat().st_size if data.is_file() else 0}"


class EspeakSpeech:
    """eSpeak with a profile's voice."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile

    @property
    def one_process_per_utterance(self) -> bool:
        """Whether the voice's sound depends on earlier utterances, or its noise can't be seeded."""
        return not (self._voice.is_stateless and self._installation.can_be_seeded())

    def version_id(self) -> str:
        """The versions of the library and its data, and the voice."""
        loader = version("espeakng-loader", "espeakng_loader")
        return f"{loader} {self._installation.version_id()} {self._voice.identifier}"

    def voice(self) -> str:
        """The voice, as `espeak-ng -v` takes it."""
        return self._voice.name

    def start(self) -> None:
        """Load the library."""
        self._espeak = Espeak(self._installation, self._voice.identifier)

    def set_rate(self, rate: int) -> None:
        """Speak at `rate` words a minute from now on."""
        self._profile = replace(self._profile, rate=rate)

    def speak(self, words: SpokenParts, target: Path) -> None:
        """Write a WAV file."""
        text, has_phonemes = to_markup(words, self._voice.language)
        self._espeak.speak(text, target, self._profile.rate, self._profile.pitch, has_phonemes)

    @cached_property
    def _installation(self) -> Installation:
        installation = find_espeak()
        if installation is None:
            raise EngineUnavailable("the speech library eSpeak NG is missing", _MISSING)
        return installation

    @cached_property
    def _voice(self) -> EspeakVoice:
        names = self._profile.names.get("linux", ())
        return pick_espeak_voice(self._installation.data, self._profile.language, names)


def to_markup(words: SpokenParts, language: str) -> tuple[str, bool]:
    """The text for eSpeak, and whether it has mnemonics between [[ and ]].

    A word with sounds that `language` lacks is spelt. The text's own brackets are kept from forming [[.
    """
    sounds = [mnemonics(part.ipa, language) if isinstance(part, Phonemes) else None for part in words]
    texts = [part.word if isinstance(part, Phonemes) else part for part in words]
    if not any(sounds):
        return "".join(texts), False
    parts = (f"[[{sound}]]" if sound else text.replace("[", "[ ") for text, sound in zip(texts, sounds, strict=True))
    return "".join(parts), True


class Espeak:
    """The library, started: speaks one utterance after the other in this process."""

    def __init__(self, installation: Installation, voice: str) -> None:
        """Load and start it with the voice of that identifier.

        Raises EngineUnavailable if the library, its data or pyttsx3's binding are unusable.
        """
        self._voice, data = voice, installation.data
        if missing := [name for name in _TABLES if not (data / name).is_file()]:
            raise EngineUnavailable(f"eSpeak NG's data in {data} lack {', '.join(missing)}", _MISSING)
        self._api = load_binding(installation)
        self._chunks: list[bytes] = []
        self._rate = self._api.Initialize(self._api.AUDIO_OUTPUT_SYNCHRONOUS, 0, os.fsencode(data), _DONT_EXIT)
        if self._rate <= 0:
            raise EngineUnavailable(f"eSpeak NG does not start with its data in {data}", _MISSING)
        self._api.SetSynthCallback(self._on_audio)
        self._seed = getattr(self._api.dll, SEED_FUNCTION, None) or ctypes.CDLL(None).srand
        self._seed.argtypes, self._seed.restype = [ctypes.c_long], None
        self._set_voice()

    def speak(self, text: str, target: Path, rate: int, pitch: int, has_phonemes: bool) -> None:
        """Write `text` as a WAV file to `target`.

        Raises RuntimeError with eSpeak's status if it fails.
        """
        self._chunks.clear()
        self._set_voice()  # for each utterance: that resets most of what the last one has left behind
        api = self._api
        for parameter, value in ((api.RATE, rate), (api.VOLUME, _FULL_VOLUME), (api.PITCH, pitch)):
            _check_status(api.SetParameter(parameter, value, 0), "a setting")
        self._seed(_SEED)
        flags = api.CHARS_UTF8 | _ENDPAUSE | (api.PHONEMES if has_phonemes else 0)
        _check_status(api.Synth(text, flags=flags), "the words")
        _check_status(api.Synchronize(), "the words")
        with target.open("wb") as content, wave.open(content, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(self._rate)
            file.writeframes(b"".join(self._chunks))

    def _set_voice(self) -> None:
        status = self._api.SetVoiceByName(self._voice.encode())
        # eSpeak accepts an unknown variant without an error.
        if status != 0 or self._api.GetCurrentVoice().contents.identifier != self._voice.encode():
            raise EngineUnavailable(f"eSpeak NG can't load its voice {self._voice} (status {status})", _MISSING)

    def _on_audio(self, samples: Any, count: int, events: Any) -> int:
        if samples and count > 0:
            self._chunks.append(ctypes.string_at(samples, count * 2))
        return 0


def load_binding(installation: Installation) -> Any:
    """pyttsx3's binding, which finds the installation's library and has all that is used here.

    Raises EngineUnavailable if it does not.
    """
    try:
        # The binding asks for the library by its bare name. Once it is loaded, it is found by that.
        library = ctypes.CDLL(str(installation.library), ctypes.RTLD_GLOBAL)
    except OSError as fault:
        raise EngineUnavailable(f"the speech library can't be loaded: {fault}", _MISSING) from fault
    try:
        api: Any = importlib.import_module("pyttsx3.drivers._espeak")
    except Exception as fault:  # RuntimeError if it finds no library
        raise EngineUnavailable(f"pyttsx3 can't load its binding to eSpeak: {fault}", _OTHER_PYTTSX3) from fault
    changed = [name for name in _FUNCTIONS if not callable(getattr(api, name, None))]
    changed += [name for name, value in _CONSTANTS.items() if getattr(api, name, None) != value]
    if changed:
        raise EngineUnavailable(f"pyttsx3's binding to eSpeak has changed: {', '.join(changed)}", _OTHER_PYTTSX3)
    if _address(library) != _address(getattr(api, "dll", None)):
        raise EngineUnavailable("pyttsx3 has loaded another eSpeak than the one of this Python", _OTHER_PYTTSX3)
    return api


def find_espeak() -> Installation | None:
    """The library of the wheel, else the system's; None if there is none with its data."""
    spec = importlib.util.find_spec("espeakng_loader")  # without importing it
    if spec is not None and spec.origin is not None:
        folder = Path(spec.origin).parent
        if (folder / LIBRARY).is_file() and (folder / _DATA).is_dir():
            return Installation(folder / LIBRARY, folder / _DATA)
    libraries = (folder / LIBRARY for folder in _library_folders())
    library = next((path for path in libraries if path.is_file()), None)
    data = next((path for path in _data_folders() if path.is_dir()), None)
    return Installation(library, data) if library and data else None


def _library_folders() -> Iterator[Path]:
    yield from (Path(folder) for folder in os.environ.get("LD_LIBRARY_PATH", "").split(os.pathsep) if folder)
    yield Path(sys.prefix) / "lib"
    for folder in ("/usr/local/lib", f"/usr/lib/{platform.machine()}-linux-gnu", "/usr/lib64", "/usr/lib"):
        yield Path(folder)


def _data_folders() -> Iterator[Path]:
    if named := os.environ.get("ESPEAK_DATA_PATH"):
        yield Path(named) / _DATA
        yield Path(named)
    for folder in (*_library_folders(), Path(sys.prefix) / "share", Path("/usr/local/share"), Path("/usr/share")):
        yield folder / _DATA


def _address(library: Any) -> int | None:
    function = getattr(library, "espeak_Synth", None)
    return ctypes.cast(function, ctypes.c_void_p).value if function is not None else None


def _check_status(status: int, what: str) -> None:
    if status != 0:
        raise RuntimeError(f"eSpeak NG did not take {what} (status {status})")
