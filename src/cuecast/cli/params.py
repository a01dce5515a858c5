"""The options and arguments that commands share, and what the shell completes in them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated

import typer


def routines(incomplete: str) -> list[str]:
    """Names of routines, and YAML files in the folder that is being typed."""
    from pathlib import Path

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
    """Names of voices, also behind a role."""
    from cuecast.model.routine import Role

    role, given, name = incomplete.partition("=")
    if given:
        return [f"{role}={known}" for known in voices(name)]
    return [*voices(incomplete), *starting(incomplete, (f"{role}=" for role in Role))]


def plan_formats(incomplete: str) -> list[str]:
    """What `plan` can write."""
    from cuecast.export import FORMATS

    return starting(incomplete, FORMATS.names())


def track_formats(incomplete: str) -> list[str]:
    """What `render` can make."""
    from cuecast.encode import FORMATS

    return starting(incomplete, FORMATS.names())


def several_formats(incomplete: str) -> list[str]:
    """The same, also behind a comma."""
    before, comma, last = incomplete.rpartition(",")
    return [f"{before}{comma}{name}" for name in plan_formats(last)]


def importers(incomplete: str) -> list[str]:
    """What `import` can read."""
    from cuecast.importers import IMPORTERS

    return starting(incomplete, IMPORTERS.names())


def music(incomplete: str) -> list[str]:
    """What can play."""
    from cuecast.cli.music import music_completions

    return music_completions(incomplete)


def on_off(incomplete: str) -> list[str]:
    """Yes or no."""
    return starting(incomplete, ("on", "off"))


def starting(incomplete: str, known: Iterable[str]) -> list[str]:
    """Those that begin so."""
    return [name for name in known if name.startswith(incomplete)]


def set_home(folder: str | None) -> str | None:
    """Set `CUECAST_HOME` for one command."""
    if folder is not None:
        os.environ["CUECAST_HOME"] = folder
    return folder


class Level(StrEnum):
    """How hard the exercises are."""

    GENTLE = "gentle"
    STANDARD = "standard"
    DEEP = "deep"


class Kind(StrEnum):
    """What `list` lists."""

    ROUTINES = "routines"
    EXERCISES = "exercises"


class ReportFormat(StrEnum):
    """How `check` writes."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


_ROUTINE = "A file, the name of a routine, or - for standard input."

RoutinesArgument = Annotated[list[str], typer.Argument(metavar="ROUTINE", help=_ROUTINE, autocompletion=routines)]
RoutineArgument = Annotated[str, typer.Argument(metavar="ROUTINE", help=_ROUTINE, autocompletion=routines)]
VoiceOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="[ROLE=]NAME",
        help="Another voice; `cuecast voices` lists them. Or one for a role, countdown=brisk: "
        "main, announcements or countdown. Can be repeated.",
        autocompletion=voice_choices,
    ),
]
MusicOption = Annotated[
    str | None,
    typer.Option(
        metavar="WHAT",
        help="Other music than the routine's own: a file, a folder, ocean, drone, brown, pink, white or off.",
        autocompletion=music,
    ),
]
WithOption = Annotated[
    str | None,
    typer.Option(
        "--with",
        metavar="NAME[,NAME…]",
        help="Write the timeline beside the track, too: lrc, vtt, chapters, html, svg, … as for `cuecast plan`.",
        autocompletion=several_formats,
    ),
]
VolumeOption = Annotated[
    list[str] | None,
    typer.Option(metavar="LANE=DB", help="Louder or softer: tones=-6dB, voice=off. Can be repeated."),
]
WakeOption = Annotated[
    str,
    typer.Option(
        metavar="on|off",
        help="The soft tone that wakes Bluetooth headphones after a silence.",
        autocompletion=on_off,
    ),
]
LevelOption = Annotated[
    Level | None, typer.Option(metavar="gentle|standard|deep", help="Another level than the routine's own.")
]
FitOption = Annotated[str | None, typer.Option(metavar="TIME", help="Make the whole track last exactly so long: 10m.")]
SeedOption = Annotated[
    int,
    typer.Option(min=0, metavar="N", help="Another order and other encouragements, where the routine leaves a choice."),
]
LanguageOption = Annotated[
    str | None, typer.Option(metavar="CODE", help="The routine in this language: NAME.de.yaml beside NAME.yaml.")
]
HomeOption = Annotated[
    str | None,
    typer.Option(
        metavar="DIR",
        callback=set_home,
        is_eager=True,
        help="Your own folder for this time: its voices, exercises, music and tones.",
    ),
]
JobsOption = Annotated[
    int | None, typer.Option("--jobs", "-j", min=1, metavar="N", help="Cores to use. By default all.")
]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Only errors.")]
JsonOption = Annotated[bool, typer.Option("--json", help="As JSON.")]
