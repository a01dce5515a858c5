"""The text of a new voice's file, with comments that say what can be changed."""

from __future__ import annotations

import json
import re
from pathlib import Path

from cuecast.errors import EngineUnavailable

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_MAX_CONFIG = 10_000_000

KEYS = """\
# rate: words a minute, from 80 to 400. pitch: from 0 to 99. gain: how much louder than other voices, such as -2dB.
# names: the engine's voices to take on linux, darwin (macOS) and win32, the best one first.
"""


def is_language(code: str) -> bool:
    """Whether it has the form of a language code."""
    return _LANGUAGE.fullmatch(code) is not None


def like_profile(name: str) -> str:
    """A voice that changes a packaged one of the same name."""
    return f"""\
# All that is not set here is as in the voice of this name that comes with cuecast.
like: {name}
{KEYS}"""


def recorded_profile(name: str, takes: Path, otherwise: str, language: str) -> str:
    """A voice that plays takes."""
    return f"""\
engine: recorded
language: {language}
description: {_quoted(f"Recorded by {name}")}
# A sound file for each phrase: `cuecast voices script ROUTINE` lists them, `cuecast voices check {name}` checks them.
takes: {_quoted(str(takes.resolve()))}
# The voice that says what has no take.
otherwise: {otherwise}
"""


def piper_profile(model: Path, language: str | None) -> str:
    """A voice that speaks with a Piper model, in the model's own language unless one is given.

    Raises EngineUnavailable if its files are missing or damaged, or if it speaks another language.
    """
    config = model.with_name(f"{model.name}.json")
    if model.suffix != ".onnx":
        raise EngineUnavailable(f"{model} is no voice for Piper", "its file ends in .onnx: en_GB-alba-medium.onnx")
    for path in (model, config):
        if not path.is_file():
            hint = "a voice for Piper is two files: VOICE.onnx and VOICE.onnx.json"
            raise EngineUnavailable(f"there is no file {path}", hint)
    try:
        with config.open("rb") as file:
            settings = json.loads(file.read(_MAX_CONFIG))
        code = str(settings["language"]["code"]).replace("_", "-")
        speakers = int(settings.get("num_speakers") or 1)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        hint = "get it again, from where its .onnx came"
        raise EngineUnavailable(f"{config} does not say what a voice for Piper says", hint) from None
    own = code.partition("-")[0] if is_language(code) else "en"
    wanted = language.partition("-")[0] if language else own
    if wanted != own:
        hint = "leave out --language, or take another model"
        raise EngineUnavailable(f"{model.name} speaks {code}, not {language}", hint)
    speaker = f"# Which of the model's {speakers} speakers: from 0 to {speakers - 1}.\nspeaker: 0\n"
    return f"""\
engine: piper
language: {wanted}
description: {_quoted(f"The neural voice {model.stem}")}
# The model's file, with {config.name} beside it.
model: {_quoted(str(model.resolve()))}
{speaker if speakers > 1 else ""}\
# How fast, in words a minute; how much softer than other voices, which are all equally loud.
# rate: 165
# gain: -2dB
"""


def _quoted(text: str) -> str:
    """Any text as YAML: JSON strings are valid YAML."""
    return json.dumps(text, ensure_ascii=False)
