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
from cuecast.protocols import Profile
from cuecast.read.profiles import ProfileError, find_profile, list_profiles
from cuecast.read.voice_selection import default_voice
from cuecast.speak.voice_status import check_voices

EXTRA = "cuecast[neural]"
NEURAL = "piper"
"""The engine of the neural voices."""

_ROBOT = "pyttsx3"


def human_voice(spoken: Collection[str], language: str) -> str | None:
    """What gives a track in that language a human voice; None where it may well have one already.

    `spoken` are the voices that it has.
    """
    if not sys.platform.startswith("linux"):  # elsewhere the system's own voices are human enough
        return None
    if not spoken or not all(map(_is_robot, spoken)):
        return None
    neural = _neural(language)
    if not neural:
        return f"{program_name()} voices new NAME --model FILE.onnx takes any Piper voice (docs/voices.md){_first_install()}"
    speaking = [status.profile.name for status in check_voices(neural) if status.speaks]
    if not speaking:
        return f"{install_command()}, then --voice {neural[0].name}"
    return f"--voice {speaking[0]}" if set(spoken) == {default_voice(language)} else None


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
    return all(importlib.util.find_spec(module) is not None for module in ("piper", "onnxruntime"))


def neural_voices() -> list[Profile]:
    """Those that speak with the engine of the extra."""
    return [profile for profile in list_profiles(user_library()) if profile.engine == NEURAL]


def _is_robot(voice: str) -> bool:
    try:
        return find_profile(voice, user_library()).engine == _ROBOT
    except ProfileError:
        return False


def _neural(language: str) -> list[Profile]:
    """The neural voices of the language, the user's own last."""
    library = user_library()
    packaged = library.folders.voices[-1]
    # To read all voices takes longer than all else that is said of a track. Those that are only like a neural one are
    # not found, but that one is.
    profiles = list_profiles(library, containing=NEURAL)
    fitting = [p for p in profiles if p.engine == NEURAL and _short(p.language) == _short(language)]
    return sorted(fitting, key=lambda profile: not (packaged / f"{profile.name}.yaml").is_file())


def _first_install() -> str:
    return "" if is_installed() else f", after {install_command()}"


def _short(language: str) -> str:
    return language.partition("-")[0]


def _shown(python: Path) -> str:
    """The interpreter, as one would type it here."""
    here = Path.cwd()
    if python.is_relative_to(here):
        return _quoted(str(python.relative_to(here)))
    first = shutil.which(python.name)
    return python.name if first and Path(first) == python else _quoted(str(python))


def _quoted(text: str) -> str:
    return subprocess.list2cmdline([text]) if os.name == "nt" else shlex.quote(text)
