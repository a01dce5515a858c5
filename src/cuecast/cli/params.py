"""The options and arguments that commands share, and what the shell completes in them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated

import typer


def routines(incomplete: str) -> list[str]:
    """Names and files of routines."""
    from cuecast.cli.find import completions

    return completions(incomplete)


def routines_and_exercises(incomplete: str) -> list[str]:
    """The same, and the names of exercises."""
    from cuecast.cli.find import library
    from cuecast.library import ENGLISH

    return [*routines(incomplete), *starting(incomplete, (name for name, _ in library(None).exercises(ENGLISH)))]


def voices(incomplete: str) -> list[str]:
    """Names of voices."""
    from cuecast.cli.find import folders
    from cuecast.read.profiles import list_profiles

    return starting(incomplete, (profile.name for profile in list_profiles(folders("voices"))))


def cast(incomplete: str) -> list[str]:
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


def move_home(told: str | None) -> str | None:
    """What `CUECAST_HOME` does, for one command."""
    if told is not None:
        os.environ["CUECAST_HOME"] = told
    return told


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
        autocompletion=cast,
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
        callback=move_home,
        is_eager=True,
        help="Your own folder for this time: its voices, exercises, music and tones.",
    ),
]
JobsOption = Annotated[
    int | None, typer.Option("--jobs", "-j", min=1, metavar="N", help="Cores to use. By default all.")
]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Only errors.")]
JsonOption = Annotated[bool, typer.Option("--json", help="As JSON.")]
