"""The voices that a system has, and which of them a profile gets. Nothing that speaks is loaded."""

from __future__ import annotations

import importlib
import locale
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from msgspec import Struct

from cuecast.errors import EngineUnavailable
from cuecast.model.diagnostics import did_you_mean

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
    if name.casefold() in (each.casefold() for each in (voice.identifier, *voice.names)):
        return True
    # "Zira" is Microsoft Zira Desktop, "Zoe" is Zoe (Premium)
    part = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
    return any(part.search(each) for each in voice.names)


_QUALITY = (".premium", ".enhanced", "voice.compact", "voice.super-compact", "", "eloquence", "speech.synthesis.voice")
"""Parts of the identifiers of Apple's voices, the best quality first; the last are mostly novelties (bells, robots)."""


def darwin_voices() -> tuple[Voice, ...]:
    """The voices of macOS. Raises whatever AppKit raises."""
    synthesizer = importlib.import_module("AppKit").NSSpeechSynthesizer
    default = synthesizer.defaultVoice()
    voices = [
        _darwin_voice(synthesizer.attributesForVoice_(each), each, each == default)
        for each in synthesizer.availableVoices()
    ]
    return tuple(sorted(voices, key=lambda voice: _quality(voice.identifier)))


def _darwin_voice(attributes: Any, identifier: str, default: bool) -> Voice:
    name = str(attributes.get("VoiceName") or identifier)
    language = str(attributes.get("VoiceLocaleIdentifier") or attributes.get("VoiceLanguage") or "")
    return Voice(str(identifier), (name,), language.replace("_", "-"), default)


def _quality(identifier: str) -> int:
    ranks = [rank for rank, part in enumerate(_QUALITY) if part and part in identifier]
    return min(ranks, default=_QUALITY.index(""))


_SAPI = r"SOFTWARE\Microsoft\Speech\Voices"
_ONECORE = r"SOFTWARE\Microsoft\Speech_OneCore\Voices"
"""Voices that Windows keeps for its own apps: SAPI 5 does not list them."""


def win32_voices(category: str = _SAPI) -> tuple[Voice, ...]:
    """The voices of SAPI 5, from the registry."""
    registry = importlib.import_module("winreg")
    root = registry.HKEY_LOCAL_MACHINE
    default = _value(registry, registry.HKEY_CURRENT_USER, category, "DefaultTokenId") or _value(
        registry, root, category, "DefaultTokenId"
    )
    voices = []
    for key in _subkeys(registry, root, rf"{category}\Tokens"):
        path = rf"{category}\Tokens\{key}"
        identifier = rf"HKEY_LOCAL_MACHINE\{path}"
        names = (_value(registry, root, rf"{path}\Attributes", "Name"), _value(registry, root, path, ""), key)
        language = _tag(_value(registry, root, rf"{path}\Attributes", "Language"))
        voices.append(
            Voice(identifier, tuple(filter(None, names)), language, identifier.casefold() == default.casefold())
        )
    return tuple(voices)


def onecore_voices() -> tuple[Voice, ...]:
    """The voices that pyttsx3's driver can't use."""
    return win32_voices(_ONECORE)


def _subkeys(registry: Any, root: Any, path: str) -> Iterator[str]:
    try:
        with registry.OpenKey(root, path) as key:
            for number in range(registry.QueryInfoKey(key)[0]):
                yield registry.EnumKey(key, number)
    except OSError:
        return  # no such category


def _value(registry: Any, root: Any, path: str, name: str) -> str:
    """A value as text, "" if it is missing."""
    try:
        with registry.OpenKey(root, path) as key:
            return str(registry.QueryValueEx(key, name)[0])
    except OSError:
        return ""


def _tag(languages: str) -> str:
    """The tag for the first of Windows' language numbers: "409;9" is en-US."""
    try:
        return locale.windows_locale.get(int(languages.partition(";")[0], 16), "").replace("_", "-")
    except ValueError:
        return ""
