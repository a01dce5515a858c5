"""Which voices there are for pyttsx3's drivers, and which of them a profile gets. Nothing that speaks is loaded."""

from __future__ import annotations

import importlib
import locale
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from msgspec import Struct

from cuecast.errors import EngineUnavailable
from cuecast.model.diagnostics import did_you_mean
from cuecast.protocols import Profile

ANY = "any"
"""The candidate that stands for any voice of the profile's language."""

_OTHER_VOICE = "name another one under `names` in the profile, or `any` for one of its language"
_SHOWN = 8  # voices in a message


class Voice(Struct, frozen=True):
    """A voice as its driver knows it. `names` are what people call it, `language` is its tag ("" where unknown)."""

    identifier: str
    names: tuple[str, ...]
    language: str
    chosen: bool = False
    """Whether the system's user has made it the default."""


def choose(profile: Profile, candidates: Sequence[str], voices: Sequence[Voice], driver: str) -> Voice:
    """The first of the candidates that is among the voices; where none is named, one of the profile's language.

    `voices` come with the better ones first. Of several that fit, one of the profile's very language is taken, then
    the one that the system's user has chosen.

    Raises EngineUnavailable, which says what was looked for and what there is instead.
    """
    for candidate in candidates or (ANY,):
        found = [voice for voice in voices if _answers(voice, candidate, profile.language)]
        if found:
            return max(found, key=lambda voice: (fit(voice.language, profile.language), voice.chosen))
    known = [name for voice in voices for name in voice.names]
    fitting = [voice.names[0] for voice in voices if fit(voice.language, profile.language)]
    raise not_there(driver, profile.language, candidates, known, fitting)


def not_there(
    driver: str, language: str, candidates: Sequence[str], known: Iterable[str], fitting: Sequence[str]
) -> EngineUnavailable:
    """The error for candidates of which none is there. `known` are all names, `fitting` voices of the language."""
    named = [candidate for candidate in candidates if candidate.partition("+")[0] != ANY]
    known = tuple(known)
    hint = next((meant for name in named if (meant := did_you_mean(name, known))), None)
    if hint is None and fitting:
        hint = f"for {language} there are: {', '.join(dict.fromkeys(fitting[:_SHOWN]))}"
    if not named:
        hint = hint or "add one to the system, or name one under `names` in the profile"
        return EngineUnavailable(f"{driver} has no voice for the language {language}", hint)
    hint = f"{hint}; {_OTHER_VOICE}" if hint else _OTHER_VOICE
    if len(candidates) == 1:
        return EngineUnavailable(f"{driver} has no voice called {named[0]}", hint)
    more = f" and none for the language {language}" if len(named) < len(candidates) else ""
    return EngineUnavailable(f"{driver} has none of these voices: {', '.join(named)}{more}", hint)


def fit(voice: str, wanted: str) -> int:
    """How well a voice's language tag fits the wanted one: 2 the same or a region of it, 1 another region, 0 not."""
    tag, asked = voice.replace("_", "-").lower(), wanted.lower()
    if tag == asked or tag.startswith(f"{asked}-"):
        return 2
    return int(tag.partition("-")[0] == asked.partition("-")[0])


def _answers(voice: Voice, candidate: str, language: str) -> bool:
    if candidate == ANY:
        return fit(voice.language, language) > 0
    if candidate.casefold() in (name.casefold() for name in (voice.identifier, *voice.names)):
        return True
    # "Zira" is Microsoft Zira Desktop, "Zoe" is Zoe (Premium)
    part = re.compile(rf"(?<!\w){re.escape(candidate)}(?!\w)", re.IGNORECASE)
    return any(part.search(name) for name in voice.names)


_QUALITY = (".premium", ".enhanced", "voice.compact", "voice.super-compact", "", "eloquence", "speech.synthesis.voice")
"""What the identifiers of Apple's voices hold, the best ones first; the last are mostly novelties (bells, robots)."""


def darwin_voices() -> tuple[Voice, ...]:
    """The voices of macOS. Raises whatever AppKit does."""
    synthesizer = importlib.import_module("AppKit").NSSpeechSynthesizer
    chosen = synthesizer.defaultVoice()
    voices = [
        _apple(synthesizer.attributesForVoice_(each), each, each == chosen) for each in synthesizer.availableVoices()
    ]
    return tuple(sorted(voices, key=lambda voice: _quality(voice.identifier)))


def _apple(attributes: Any, identifier: str, chosen: bool) -> Voice:
    name = str(attributes.get("VoiceName") or identifier)
    language = str(attributes.get("VoiceLocaleIdentifier") or attributes.get("VoiceLanguage") or "")
    return Voice(str(identifier), (name,), language.replace("_", "-"), chosen)


def _quality(identifier: str) -> int:
    marks = [rank for rank, mark in enumerate(_QUALITY) if mark and mark in identifier]
    return min(marks, default=_QUALITY.index(""))


_SAPI = r"SOFTWARE\Microsoft\Speech\Voices"
_ONECORE = r"SOFTWARE\Microsoft\Speech_OneCore\Voices"
"""Voices that Windows keeps for its own apps: SAPI 5, and so pyttsx3's driver, does not list them."""


def win32_voices(category: str = _SAPI) -> tuple[Voice, ...]:
    """The voices that SAPI 5 lists, from the registry. No voice is started."""
    registry = importlib.import_module("winreg")
    root = registry.HKEY_LOCAL_MACHINE
    chosen = _value(registry, registry.HKEY_CURRENT_USER, category, "DefaultTokenId") or _value(
        registry, root, category, "DefaultTokenId"
    )
    voices = []
    for key in _subkeys(registry, root, rf"{category}\Tokens"):
        path = rf"{category}\Tokens\{key}"
        identifier = rf"HKEY_LOCAL_MACHINE\{path}"
        told = (_value(registry, root, rf"{path}\Attributes", "Name"), _value(registry, root, path, ""), key)
        language = _tag(_value(registry, root, rf"{path}\Attributes", "Language"))
        voices.append(
            Voice(identifier, tuple(filter(None, told)), language, identifier.casefold() == chosen.casefold())
        )
    return tuple(voices)


def onecore_voices() -> tuple[Voice, ...]:
    """The voices of Windows that pyttsx3's driver can't reach."""
    return win32_voices(_ONECORE)


def _subkeys(registry: Any, root: Any, path: str) -> Iterator[str]:
    try:
        with registry.OpenKey(root, path) as key:
            for number in range(registry.QueryInfoKey(key)[0]):
                yield registry.EnumKey(key, number)
    except OSError:
        return  # there is no such category


def _value(registry: Any, root: Any, path: str, name: str) -> str:
    """A value as text, "" where it is not there."""
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
