"""The library eSpeak NG through pyttsx3's own binding, called synchronously: no thread, no loop, no sleep."""

from __future__ import annotations

import ctypes
import importlib
import os
import wave
from pathlib import Path
from typing import Any

from cuecast.errors import EngineUnavailable, TextTooLong
from cuecast.model.limits import MAX_SPEECH_S
from cuecast.speak.engines.espeak import SEED_FUNCTION, Installation, install_hint
from cuecast.speak.speech_length import TOO_LONG
from cuecast.versions import install_command

_USED = (
    *("Initialize", "SetSynthCallback", "SetVoiceByName", "GetCurrentVoice", "SetParameter", "Synth", "Synchronize"),
    *("AUDIO_OUTPUT_SYNCHRONOUS", "RATE", "VOLUME", "PITCH", "CHARS_UTF8", "PHONEMES", "dll"),
)
"""What this module uses of pyttsx3's binding."""

_ENDPAUSE = 0x1000
_DONT_EXIT = 0x8000
"""Initialize must fail, not end the process, if the data can't be read."""

_TABLES = ("phontab", "phonindex", "phondata", "intonations")
"""Files without which eSpeak crashes later."""

_SEED = 1
_FULL_VOLUME = 100


class Espeak:
    """The library, started: speaks one utterance after the other in this process."""

    def __init__(self, installation: Installation, voice: str) -> None:
        """Load and start it with the voice of that identifier.

        Raises EngineUnavailable if the library, its data or pyttsx3's binding are unusable.
        """
        self._voice, data = voice, installation.data
        if missing := [name for name in _TABLES if not (data / name).is_file()]:
            raise EngineUnavailable(f"eSpeak NG's data in {data} lack {', '.join(missing)}", install_hint())
        self._api = load_binding(installation)
        self._chunks: list[bytes] = []
        self._bytes_left = 0
        self._rate = self._api.Initialize(self._api.AUDIO_OUTPUT_SYNCHRONOUS, 0, os.fsencode(data), _DONT_EXIT)
        if self._rate <= 0:
            raise EngineUnavailable(f"eSpeak NG does not start with its data in {data}", install_hint())
        self._api.SetSynthCallback(self._on_audio)
        self._seed = getattr(self._api.dll, SEED_FUNCTION, None) or ctypes.CDLL(None).srand
        self._seed.argtypes, self._seed.restype = [ctypes.c_long], None
        self._set_voice()

    def speak(self, text: str, target: Path, rate: int, pitch: int, has_phonemes: bool) -> None:
        """Write `text` as a WAV file to `target`. Raises RuntimeError with eSpeak's status if it fails."""
        self._chunks.clear()
        self._bytes_left = 2 * self._rate * MAX_SPEECH_S
        self._set_voice()  # for each utterance: that resets most of what the last one has left behind
        api = self._api
        statuses = [api.SetParameter(api.RATE, rate, 0), api.SetParameter(api.PITCH, pitch, 0)]
        statuses.append(api.SetParameter(api.VOLUME, _FULL_VOLUME, 0))
        self._seed(_SEED)
        flags = api.CHARS_UTF8 | _ENDPAUSE | (api.PHONEMES if has_phonemes else 0)
        statuses += [api.Synth(text, flags=flags), api.Synchronize()]
        if self._bytes_left < 0:
            raise TextTooLong(TOO_LONG)
        if any(statuses):
            raise RuntimeError(f"eSpeak NG did not take the words (status {max(statuses, key=abs)})")
        with target.open("wb") as content, wave.open(content, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(self._rate)
            file.writeframes(b"".join(self._chunks))

    def _set_voice(self) -> None:
        status = self._api.SetVoiceByName(self._voice.encode())
        # eSpeak accepts an unknown variant without an error.
        if status != 0 or self._api.GetCurrentVoice().contents.identifier != self._voice.encode():
            raise EngineUnavailable(f"eSpeak NG can't load its voice {self._voice} (status {status})", install_hint())

    def _on_audio(self, samples: Any, count: int, events: Any) -> int:
        if samples and count > 0:
            self._chunks.append(ctypes.string_at(samples, count * 2))
            self._bytes_left -= count * 2
        return int(self._bytes_left < 0)  # 1 ends the synthesis


def load_binding(installation: Installation) -> Any:
    """pyttsx3's binding to the installation's library. Raises EngineUnavailable if it lacks what is used here."""
    try:
        # The binding asks for the library by its bare name. Once it is loaded, it is found by that.
        ctypes.CDLL(str(installation.library), ctypes.RTLD_GLOBAL)
    except OSError as fault:
        raise EngineUnavailable(f"the speech library can't be loaded: {fault}", install_hint()) from fault
    try:
        api: Any = importlib.import_module("pyttsx3.drivers._espeak")
    except Exception as fault:  # RuntimeError if it finds no library
        raise EngineUnavailable(f"pyttsx3 can't load its binding to eSpeak: {fault}", _other_pyttsx3()) from fault
    if missing := [name for name in _USED if not hasattr(api, name)]:
        raise EngineUnavailable(f"pyttsx3's binding to eSpeak has changed: {', '.join(missing)}", _other_pyttsx3())
    return api


def _other_pyttsx3() -> str:
    return f"install the pyttsx3 that cuecast was made with: {install_command('pyttsx3==2.99')}"
