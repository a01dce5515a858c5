"""The text of a new voice's file, with comments that say what can be changed."""

from __future__ import annotations

import json
import re
from pathlib import Path

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_MAX_CONFIG = 10_000_000

KEYS = """\
# rate: words a minute, from 80 to 400. pitch: from 0 to 99. gain: how much louder than other voices, such as -2dB.
# names: the engine's voices to take on linux, darwin (macOS) and win32, the best one first.
"""

_LIKE = """\
# All that is not set here is as in the voice of this name that comes with cuecast.
like: {name}
"""

_PIPER = """\
engine: piper
language: {language}
description: {description}
# The model's file, with {config} beside it.
model: {model}
{speaker}# How fast, in words a minute; how much softer than other voices, which are all equally loud.
# rate: 165
# gain: -2dB
"""

_SPEAKERS = """\
# Which of the model's {number} speakers: from 0 to {last}.
speaker: 0
"""

_RECORDED = """\
engine: recorded
language: {language}
description: {description}
# A sound file for each phrase: `cuecast voices script ROUTINE` lists them, `cuecast voices check {name}` checks them.
takes: {takes}
# The voice that says what has no take.
otherwise: {otherwise}
"""


class UnusableModel(Exception):
    """A Piper model that no voice can be made of. `hint` says what to do."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def is_language(code: str) -> bool:
    """Whether it has the form of a language code."""
    return _LANGUAGE.fullmatch(code) is not None


def like_profile(name: str) -> str:
    """A voice that changes a packaged one of the same name."""
    return _LIKE.format(name=name) + KEYS


def recorded_profile(name: str, takes: Path, otherwise: str, language: str) -> str:
    """A voice that plays takes."""
    return _RECORDED.format(
        language=language,
        description=_quoted(f"Recorded by {name}"),
        takes=_quoted(str(takes.resolve())),
        otherwise=otherwise,
        name=name,
    )


def piper_profile(model: Path, language: str | None) -> str:
    """A voice that speaks with a Piper model, in the model's own language unless one is given.

    Raises UnusableModel if its files are missing or damaged, or if it speaks another language.
    """
    config = model.with_name(f"{model.name}.json")
    if model.suffix != ".onnx":
        raise UnusableModel(f"{model} is no voice for Piper", "its file ends in .onnx, such as en_GB-alba-medium.onnx")
    for path in (model, config):
        if not path.is_file():
            raise UnusableModel(
                f"there is no file {path}", "a voice for Piper is two files: VOICE.onnx and VOICE.onnx.json"
            )
    try:
        with config.open("rb") as file:
            settings = json.loads(file.read(_MAX_CONFIG))
        own = str(settings["language"]["code"]).replace("_", "-")
        speakers = int(settings.get("num_speakers") or 1)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise UnusableModel(
            f"{config} does not say what a voice for Piper says", "get it again, from where its .onnx came"
        ) from None
    if language is None:
        language = own if is_language(own) else "en"
    elif language.partition("-")[0] != own.partition("-")[0]:
        raise UnusableModel(f"{model.name} speaks {own}, not {language}", "leave out --language, or take another model")
    return _PIPER.format(
        language=language.partition("-")[0],
        description=_quoted(f"The neural voice {model.stem}"),
        model=_quoted(str(model.resolve())),
        config=config.name,
        speaker=_SPEAKERS.format(number=speakers, last=speakers - 1) if speakers > 1 else "",
    )


def _quoted(text: str) -> str:
    """Any text as YAML: JSON strings are valid YAML."""
    return json.dumps(text, ensure_ascii=False)
