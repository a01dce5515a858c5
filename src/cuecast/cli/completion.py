"""What the shell completes. Each function imports what it needs: most commands complete nothing."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path


def routines(incomplete: str) -> list[str]:
    """Names of routines, and YAML files in the folder that is being typed."""
    from cuecast.cli.environment import user_folders
    from cuecast.library import named_routines
    from cuecast.library.routines import yaml_files

    start, separator, _ = incomplete.rpartition(os.sep)
    names = [] if separator else sorted({name for name, _ in named_routines(user_folders())})
    folder = Path(f"{start}{os.sep}") if separator else Path()
    files = [str(path) for suffix in ("yaml", "yml") for path in yaml_files(folder, suffix)]
    return starting(incomplete, (*names, *files))


def routines_and_exercises(incomplete: str) -> list[str]:
    """The same, and the names of exercises."""
    from cuecast.cli.environment import user_library
    from cuecast.library import ENGLISH

    return [*routines(incomplete), *starting(incomplete, (name for name, _ in user_library().exercises(ENGLISH)))]


def voices(incomplete: str) -> list[str]:
    """Names of voices."""
    from cuecast.cli.environment import user_library
    from cuecast.read.profiles import list_profiles

    return starting(incomplete, (profile.name for profile in list_profiles(user_library())))


def voice_choices(incomplete: str) -> list[str]:
    """Names of voices, also after a role."""
    from cuecast.model.routine import Role

    role, given, name = incomplete.partition("=")
    if given:
        return [f"{role}={known}" for known in voices(name)]
    return [*voices(incomplete), *starting(incomplete, (f"{role}=" for role in Role))]


def plan_formats(incomplete: str) -> list[str]:
    """The formats of `plan`."""
    from cuecast.export import FORMATS

    return starting(incomplete, FORMATS.names())


def track_formats(incomplete: str) -> list[str]:
    """The formats of `render`."""
    from cuecast.encode import FORMATS

    return starting(incomplete, FORMATS.names())


def several_formats(incomplete: str) -> list[str]:
    """The formats of `plan`, also after a comma."""
    before, comma, last = incomplete.rpartition(",")
    return [f"{before}{comma}{name}" for name in plan_formats(last)]


def importers(incomplete: str) -> list[str]:
    """The formats of `import`."""
    from cuecast.importers import IMPORTERS

    return starting(incomplete, IMPORTERS.names())


def on_off(incomplete: str) -> list[str]:
    """on, off."""
    return starting(incomplete, ("on", "off"))


def id3_versions(incomplete: str) -> list[str]:
    """2.4, 2.3."""
    return starting(incomplete, ("2.4", "2.3"))


def starting(incomplete: str, known: Iterable[str]) -> list[str]:
    """The known words that begin with what is typed."""
    return [name for name in known if name.startswith(incomplete)]


def music(incomplete: str) -> list[str]:
    """The generated sounds, `off`, and sound files and folders here and in the user's own folder of music."""
    from cuecast.cli.environment import user_folders
    from cuecast.model.music import GeneratedSound
    from cuecast.options import OFF

    words = [*map(str, GeneratedSound), OFF] if os.sep not in incomplete else []
    start = incomplete.rpartition(os.sep)[0]
    paths: dict[str, None] = {}
    for folder in (Path(), user_folders().music or Path()):
        for path in _sounds_in(folder / f"{start}{os.sep}" if start or os.sep in incomplete else folder):
            shown = f"{start}{os.sep}{path.name}" if os.sep in incomplete else path.name
            paths[f"{shown}{os.sep}" if path.is_dir() else shown] = None
    return [each for each in (*words, *paths) if each.startswith(incomplete)]


def _sounds_in(folder: Path) -> list[Path]:
    """The sound files and folders in a folder; none if it can't be read."""
    from cuecast.model.limits import SOUND_SUFFIXES

    try:
        found = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
        return [path for path in found if path.is_dir() or path.name.lower().endswith(SOUND_SUFFIXES)]
    except OSError:
        return []
