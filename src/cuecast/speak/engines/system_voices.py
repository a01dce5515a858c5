"""The voices that a system has, and which of them a profile gets. Nothing that speaks is loaded.

Not pyttsx3's own list: on Windows one voice of two languages (`409;9`) makes it fail, and it starts the driver.
"""

from __future__ import annotations

import importlib
import locale
import re
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

from msgspec import Struct

from cuecast.errors import EngineUnavailable
from cuecast.model.diagnostics import did_you_mean
from cuecast.versions import install_command, is_installed

ANY = "any"
"""The name that stands for any voice of the profile's language."""

OTHER_VOICE = "name another one under `names` in the profile, or `any` for one of its language"

_MAX_SHOWN = 8  # voices in a message


class Voice(Struct, frozen=True):
    """A voice of a driver. `names` are for people, `language` is its tag ("" if unknown)."""

    identifier: str
    names: tuple[str, ...]
    language: str
    is_default: bool = False
    """Whether it is the default of the system's user."""


def check_packages(*modules: str) -> None:
    """Raise EngineUnavailable if one of the modules is missing."""
    for module in modules:
        if module not in sys.modules and not is_installed(module):
            raise EngineUnavailable(f"the Python package {module} is missing", reinstall_hint())


def pick_voice(language: str, names: Sequence[str], voices: Sequence[Voice], driver: str) -> Voice:
    """The voice with the first of the names that there is; without names, one of the language.

    `voices` are sorted, the best one first. If several fit, one of exactly the language wins, then the user's default.

    Raises EngineUnavailable with what was looked for and what there is.
    """
    for name in names or (ANY,):
        fitting = [voice for voice in voices if _has_name(voice, name, language)]
        if fitting:
            return max(fitting, key=lambda voice: (matches(voice.language, language), voice.is_default))
    known = [name for voice in voices for name in voice.names]
    speaking = [voice.names[0] for voice in voices if matches(voice.language, language)]
    raise missing_voice(driver, language, names, known, speaking)


def missing_voice(
    driver: str, language: str, names: Sequence[str], known: Iterable[str], speaking: Sequence[str]
) -> EngineUnavailable:
    """The error if no voice has one of the names. `known` are all names, `speaking` the voices of the language."""
    named = [name for name in names if name.partition("+")[0] != ANY]
    known = tuple(known)
    hint = next((suggestion for name in named if (suggestion := did_you_mean(name, known))), None)
    if hint is None and speaking:
        hint = f"for {language} there are: {', '.join(dict.fromkeys(speaking[:_MAX_SHOWN]))}"
    if not named:
        hint = hint or "add one to the system, or name one under `names` in the profile"
        return EngineUnavailable(f"{driver} has no voice for the language {language}", hint)
    hint = f"{hint}; {OTHER_VOICE}" if hint else OTHER_VOICE
    if len(names) == 1:
        return EngineUnavailable(f"{driver} has no voice called {named[0]}", hint)
    more = f" and none for the language {language}" if len(named) < len(names) else ""
    return EngineUnavailable(f"{driver} has none of these voices: {', '.join(named)}{more}", hint)


def matches(voice: str, wanted: str) -> int:
    """How well a voice's language tag matches: 2 the same or a region of it, 1 another region, 0 not at all."""
    tag, wanted = voice.replace("_", "-").lower(), wanted.lower()
    if tag == wanted or tag.startswith(f"{wanted}-"):
        return 2
    return int(tag.partition("-")[0] == wanted.partition("-")[0])


def _has_name(voice: Voice, name: str, language: str) -> bool:
    if name == ANY:
        return matches(voice.language, language) > 0
    if name.casefold() == voice.identifier.casefold():
        return True
    # "Zira" is Microsoft Zira Desktop, "Zoe" is Zoe (Premium)
    part = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
    return any(part.search(each) for each in voice.names)


_QUALITY = (".premium", ".enhanced", "voice.compact", "voice.super-compact", "eloquence", "speech.synthesis.voice")
"""Parts of the identifiers of Apple's voices, the best quality first; the last are mostly novelties (bells, robots)."""


def darwin_voices() -> tuple[Voice, ...]:
    """The voices of macOS, the best ones first. Raises whatever AppKit raises."""
    synthesizer = importlib.import_module("AppKit").NSSpeechSynthesizer
    voices = []
    for identifier in synthesizer.availableVoices():
        about = synthesizer.attributesForVoice_(identifier)
        tag = str(about.get("VoiceLocaleIdentifier") or about.get("VoiceLanguage") or "").replace("_", "-")
        name = str(about.get("VoiceName") or identifier)
        voices.append(Voice(str(identifier), (name,), tag, identifier == synthesizer.defaultVoice()))
    return tuple(sorted(voices, key=_quality))


def _quality(voice: Voice) -> float:
    # A voice of no known kind is better than a novelty.
    return next((rank for rank, part in enumerate(_QUALITY) if part in voice.identifier), 3.5)


_SAPI = r"SOFTWARE\Microsoft\Speech\Voices"


def win32_voices() -> tuple[Voice, ...]:
    """The voices of SAPI 5, from the registry."""
    registry = importlib.import_module("winreg")
    machine = registry.HKEY_LOCAL_MACHINE
    default = _value(registry, registry.HKEY_CURRENT_USER, _SAPI, "DefaultTokenId")
    voices = []
    with registry.OpenKey(machine, rf"{_SAPI}\Tokens") as tokens:
        keys = [registry.EnumKey(tokens, number) for number in range(registry.QueryInfoKey(tokens)[0])]
    for key in keys:
        path = rf"{_SAPI}\Tokens\{key}"
        names = (_value(registry, machine, rf"{path}\Attributes", "Name"), _value(registry, machine, path, ""), key)
        tag = _tag(_value(registry, machine, rf"{path}\Attributes", "Language"))
        identifier = rf"HKEY_LOCAL_MACHINE\{path}"
        voices.append(Voice(identifier, tuple(filter(None, names)), tag, identifier == default))
    return tuple(voices)


def _value(registry: Any, root: Any, path: str, name: str) -> str:
    """A value as text, "" if it is missing."""
    with suppress(OSError), registry.OpenKey(root, path) as key:
        return str(registry.QueryValueEx(key, name)[0])
    return ""


def _tag(languages: str) -> str:
    """The tag for the first of Windows' language numbers: "409;9" is en-US."""
    with suppress(ValueError):
        return locale.windows_locale.get(int(languages.partition(";")[0], 16), "").replace("_", "-")
    return ""


def reinstall_hint() -> str:
    """What to do if pyttsx3 or what it needs is broken."""
    return f"install cuecast's dependencies again: {install_command('pyttsx3')} --force-reinstall"
