"""Shell completion of `--music`."""

from __future__ import annotations

import os
from pathlib import Path

from cuecast.cli.environment import user_folders
from cuecast.model.limits import SOUND_SUFFIXES
from cuecast.model.music import GeneratedSound
from cuecast.options import OFF


def music_completions(incomplete: str) -> list[str]:
    """What begins so: the sounds that cuecast makes, `off`, and sound files and folders here and in the user's own."""
    words = [*map(str, GeneratedSound), OFF] if os.sep not in incomplete else []
    start = incomplete.rpartition(os.sep)[0]
    paths: dict[str, None] = {}
    for folder in (Path(), user_folders().music or Path()):
        for path in _entries(folder / f"{start}{os.sep}" if start or os.sep in incomplete else folder):
            shown = f"{start}{os.sep}{path.name}" if os.sep in incomplete else path.name
            paths[f"{shown}{os.sep}" if path.is_dir() else shown] = None
    return [each for each in (*words, *paths) if each.startswith(incomplete)]


def _entries(folder: Path) -> list[Path]:
    """What can be named in a folder; one that can't be looked into holds nothing for us."""
    try:
        found = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
        return [path for path in found if path.is_dir() or path.name.lower().endswith(SOUND_SUFFIXES)]
    except OSError:
        return []
