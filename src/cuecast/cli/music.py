"""`--music`: what is to play in place of the routine's own music."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

from cuecast.cli.console import usage
from cuecast.cli.find import folders
from cuecast.errors import FileRefused
from cuecast.model.field_types import SOUND_SUFFIXES
from cuecast.model.music import GeneratedSound, Music, MusicSetting, Recording
from cuecast.music_files import likelier, recording, recordings
from cuecast.read.made import NAMES, meant

OFF = "off"

_AS_IN_A_ROUTINE = re.compile(r"(?:music:\s*)?\{?\s*(?:(?:noise|sound|file|folder):\s*)?([^{}:,]+?)\s*\}?")
"""What is written into a routine, with its keys; here what they say is told alone."""


def music_told(typed: str | None) -> MusicSetting | None:
    """What is told; what is not there ends the command with exit status 2.

    A path is seen from the current folder, else from the user's own folder of music.
    """
    if typed is None:
        return None
    if typed == OFF:
        return MusicSetting(off=True)
    if made := NAMES.get(typed):
        return MusicSetting(Music(made))
    try:
        return MusicSetting(Music(recordings=_found(typed)))
    except FileRefused as refused:
        raise usage(f"--music {typed}: {refused.message}", _hint(typed, refused)) from None


def music_completions(incomplete: str) -> list[str]:
    """What begins so: the sounds that cuecast makes, `off`, and sound files and folders here and in the user's own."""
    words = [*map(str, GeneratedSound), OFF] if os.sep not in incomplete else []
    start = incomplete.rpartition(os.sep)[0]
    paths: dict[str, None] = {}
    for folder in (Path(), folders("music")[0]):
        for path in _entries(folder / f"{start}{os.sep}" if start or os.sep in incomplete else folder):
            shown = f"{start}{os.sep}{path.name}" if os.sep in incomplete else path.name
            paths[f"{shown}{os.sep}" if path.is_dir() else shown] = None
    return [each for each in (*words, *paths) if each.startswith(incomplete)]


def _found(typed: str) -> tuple[Recording, ...]:
    if not typed:
        raise FileRefused("missing-music", "nothing is named", "for example --music ocean, or --music off")
    if "://" in typed:
        hint = "download it first, then name the file"
        raise FileRefused("not-music", "cuecast builds without the internet, and takes music from files only", hint)
    missing: FileRefused | None = None
    for base in (Path(), folders("music")[0]):
        try:
            real = Path(os.path.realpath(base / typed))
            is_folder = os.path.isdir(real)  # noqa: PTH112  Path.is_dir raises where a name is too long
            return recordings(real, typed, None) if is_folder else (recording(real, typed),)
        except ValueError:
            raise FileRefused("missing-music", "there is no file of this name") from None
        except FileRefused as refused:
            if os.path.lexists(base / typed):
                raise
            missing = likelier(missing, refused)
    assert missing
    raise missing


def _hint(typed: str, refused: FileRefused) -> str:
    if refused.code == "missing-music" and (match := _AS_IN_A_ROUTINE.fullmatch(typed)) and match[1] != typed:
        return f"did you mean --music {shlex.quote(match[1])}?"
    near = meant(typed)
    if near and refused.code == "missing-music" and not typed.lower().endswith(SOUND_SUFFIXES):
        return f"did you mean --music {NAMES.get(near, near)}?"
    return refused.hint or f"a file, a folder, {', '.join(GeneratedSound)} or {OFF}"


def _entries(folder: Path) -> list[Path]:
    """What can be named in a folder; one that can't be looked into holds nothing for us."""
    try:
        found = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
        return [path for path in found if path.is_dir() or path.name.lower().endswith(SOUND_SUFFIXES)]
    except OSError:
        return []
