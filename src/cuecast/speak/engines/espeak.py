"""The engine `pyttsx3` on Linux: eSpeak NG. Rate and pitch are the profile's.

The library and its data come from the wheel `espeakng-loader`, else from the system.
"""

from __future__ import annotations

import importlib.util
import os
import platform
import sys
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from msgspec import Struct
from msgspec.structs import replace

from cuecast.errors import EngineUnavailable
from cuecast.model.keys import Key
from cuecast.model.voice import Phonemes, Profile, SpokenParts
from cuecast.speak.engines.espeak_ipa import mnemonics
from cuecast.speak.engines.espeak_voices import EspeakVoice, pick_espeak_voice
from cuecast.speak.engines.system_voices import check_packages
from cuecast.versions import install_command, version

LIBRARY = "libespeak-ng.so.1"
SEED_FUNCTION = "espeak_ng_SetRandSeed"

_DATA = "espeak-ng-data"


class Installation(Struct, frozen=True):
    """A library and its data."""

    library: Path
    data: Path

    def can_be_seeded(self) -> bool:
        """Whether its noise can be made the same each time: since 1.52. The library is not loaded for that."""
        return SEED_FUNCTION.encode() in self.library.read_bytes()

    def version_id(self) -> str:
        """Different for each build of the library and its data: the file's real name and both sizes."""
        real, data = self.library.resolve(), self.data / "phondata"
        return f"{real.name}:{real.stat().st_size}:{data.stat().st_size if data.is_file() else 0}"


class EspeakEngine:
    """Speaks with eSpeak NG. The profile's `names` choose the voice, best first: `en-us+adam`, `any`."""

    audible: ClassVar[bool] = True
    keys: ClassVar[tuple[Key, ...]] = ()
    takes_ipa: ClassVar[bool] = True

    def __init__(self, profile: Profile) -> None:
        self._profile = profile

    @property
    def one_process_per_utterance(self) -> bool:
        """Whether the voice's sound depends on earlier utterances, or its noise can't be seeded."""
        return not (self._voice.is_stateless and self._installation.can_be_seeded())

    def voice(self) -> str:
        """The voice, as `espeak-ng -v` takes it. Raises EngineUnavailable if there is none for the profile."""
        return self._voice.name

    def fingerprint(self) -> str:
        """The versions of pyttsx3, the library and its data, and the voice. Raises EngineUnavailable as `voice` does."""
        versions = version("pyttsx3", "pyttsx3"), version("espeakng-loader", "espeakng_loader")
        return " ".join((*versions, self._installation.version_id(), self._voice.identifier, platform.machine()))

    def check(self) -> None:
        """Raise EngineUnavailable if pyttsx3, the library or the voice is missing."""
        check_packages("pyttsx3")
        self.voice()

    def prepare(self) -> None:
        """Load and start the library, which takes no thread."""
        from cuecast.speak.engines.espeak_library import Espeak  # ctypes

        self.check()
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
            raise EngineUnavailable("the speech library eSpeak NG is missing", install_hint())
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


def find_espeak() -> Installation | None:
    """The library of the wheel, else the system's; None if there is none with its data."""
    spec = importlib.util.find_spec("espeakng_loader")  # without importing it
    if spec is not None and spec.origin is not None:
        folder = Path(spec.origin).parent
        if (folder / LIBRARY).is_file() and (folder / _DATA).is_dir():
            return Installation(folder / LIBRARY, folder / _DATA)
    named = [folder for folder in os.environ.get("LD_LIBRARY_PATH", "").split(os.pathsep) if folder]
    system = ("/usr/local/lib", f"/usr/lib/{platform.machine()}-linux-gnu", "/usr/lib64", "/usr/lib")
    folders = [*named, f"{sys.prefix}/lib", *system]
    shared = [f"{sys.prefix}/share", "/usr/local/share", "/usr/share"]
    data = [f"{folder}/{_DATA}" for folder in (*folders, *shared)]
    if of_user := os.environ.get("ESPEAK_DATA_PATH"):
        data = [f"{of_user}/{_DATA}", of_user, *data]
    library_file = next((path for folder in folders if (path := Path(folder, LIBRARY)).is_file()), None)
    data_folder = next((path for folder in data if (path := Path(folder)).is_dir()), None)
    return Installation(library_file, data_folder) if library_file and data_folder else None


def install_hint() -> str:
    """How to get the library."""
    return f"install it: {install_command('espeakng-loader')}, or the package espeak-ng of your Linux (apt install espeak-ng)"
