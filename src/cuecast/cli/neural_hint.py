"""The one command for a human voice, where so far only eSpeak has spoken."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Collection

from cuecast.cli.console import program_name
from cuecast.cli.environment import user_library
from cuecast.model.voice import Profile
from cuecast.read.profiles import ProfileError, find_profile, list_profiles
from cuecast.read.voice_selection import default_voice
from cuecast.versions import install_command

EXTRA = "cuecast[neural]"
_ROBOT = "pyttsx3"


def human_voice(spoken: Collection[str], language: str) -> str | None:
    """What gives a track in that language a human voice; None where it may well have one already.

    `spoken` are the voices that it has.
    """
    if not sys.platform.startswith("linux"):  # elsewhere the system's own voices are human enough
        return None
    profiles = [_profile(name) for name in (*spoken, default_voice(language))]
    if not spoken or not all(profile and profile.engine == _ROBOT for profile in profiles):
        return None
    neural = [each for name in getattr(profiles[-1], "choices", ()) if (each := _profile(name)) and each.is_neural]
    get = f"{program_name()} voices get {neural[0].name if neural else language}"
    if is_installed():
        return get
    comes_with_extra = any(each.engine == "piper" and "model" not in each.settings for each in neural)
    return install_command(EXTRA) if comes_with_extra else f"{install_command(EXTRA)}, then {get}"


def is_installed() -> bool:
    """Whether what the extra installs is there."""
    return all(importlib.util.find_spec(module) is not None for module in ("piper", "kokoro_onnx", "onnxruntime"))


def neural_voices() -> list[Profile]:
    """Those that speak with an engine of the extra, each once: no choices of several."""
    return [profile for profile in list_profiles(user_library()) if profile.is_neural and not profile.choices]


def _profile(name: str) -> Profile | None:
    try:
        return find_profile(name, user_library())
    except ProfileError:
        return None
