"""The arguments and options that commands share."""

from __future__ import annotations

import functools
import inspect
import os
from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, Any

import typer

from cuecast.cli import completion


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

RoutinesArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="ROUTINE",
        help="A file, a pattern such as 'legs/*.yaml', the name of a routine, or - for standard input.",
        autocompletion=completion.routines,
    ),
]
RoutinesOrFoldersArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="ROUTINE",
        help="A file, a folder with all routines in it, a pattern, the name of a routine, or - for standard input.",
        autocompletion=completion.routines,
    ),
]
RoutineArgument = Annotated[str, typer.Argument(metavar="ROUTINE", help=_ROUTINE, autocompletion=completion.routines)]
VoiceArgument = Annotated[
    str,
    typer.Argument(
        metavar="VOICE", help="The name of a voice; `cuecast voices` lists them.", autocompletion=completion.voices
    ),
]
VoiceOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="[ROLE=]NAME",
        help="Another voice; `cuecast voices` lists them. Or one for a role, countdown=brisk: "
        "main, announcements or countdown. Can be repeated.",
        autocompletion=completion.voice_choices,
    ),
]
MusicOption = Annotated[
    str | None,
    typer.Option(
        metavar="WHAT",
        help="Other music than the routine's own: a file, a folder, ocean, drone, brown, pink, white or off.",
        autocompletion=completion.music,
    ),
]
WithOption = Annotated[
    str | None,
    typer.Option(
        "--with",
        metavar="NAME[,NAME…]",
        help="Write the timeline beside the track, too: lrc, vtt, chapters, html, svg, … as for `cuecast plan`.",
        autocompletion=completion.several_formats,
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
        autocompletion=completion.on_off,
    ),
]
Id3Option = Annotated[
    str,
    typer.Option(
        "--id3",
        metavar="2.4|2.3",
        help="Version of an MP3's tag; 2.3 for cars and players that show no title otherwise.",
        autocompletion=completion.id3_versions,
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
RootOption = Annotated[
    str | None,
    typer.Option(
        metavar="DIR",
        help="The folder whose files a routine in it may include and play. By default the routine's own.",
    ),
]
JobsOption = Annotated[
    int | None, typer.Option("--jobs", "-j", min=1, metavar="N", help="Cores to use. By default all.")
]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Only errors.")]
JsonOption = Annotated[bool, typer.Option("--json", help="As JSON.")]


BUILD_OPTIONS: dict[str, tuple[Any, object]] = {
    "voice": (VoiceOption, None),
    "level": (LevelOption, None),
    "fit": (FitOption, None),
    "seed": (SeedOption, 0),
    "language": (LanguageOption, None),
    "music": (MusicOption, None),
    "volume": (VolumeOption, None),
    "wake": (WakeOption, "on"),
    "cover": (
        Annotated[str | None, typer.Option(metavar="FILE|off", help="A picture of your own, PNG or JPEG, or none.")],
        None,
    ),
    "id3": (Id3Option, "2.4"),
    "source": (
        Annotated[
            bool, typer.Option("--source/--no-source", help="Whether a track carries its routine, for `extract`.")
        ],
        True,
    ),
    "force": (
        Annotated[bool, typer.Option("--force", help="Make it again, even if nothing has changed.")],
        False,
    ),
    "jobs": (JobsOption, None),
    "root": (RootOption, None),
}
"""The fields of `Options` that are options of commands: the type of each, and its default."""


def with_build_options(*names: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A decorator that gives a command these build options (and `--root` and `--home`); it gets them all as one `options`."""
    names = (*names, "root")

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(command)
        def wrapper(**arguments: Any) -> None:
            from cuecast.cli.environment import build_options

            arguments.pop("home")
            typed = {name: arguments.pop(name) for name in names}
            command(
                options=build_options(**{name: value for name, value in typed.items() if value is not None}),
                **arguments,
            )

        parameters = [p for p in inspect.signature(command, eval_str=True).parameters.values() if p.name != "options"]
        shared = {**{name: BUILD_OPTIONS[name] for name in names}, "home": (HomeOption, None)}
        kind = inspect.Parameter.KEYWORD_ONLY
        parameters += [
            inspect.Parameter(name, kind, annotation=annotation, default=default)
            for name, (annotation, default) in shared.items()
        ]
        wrapper.__signature__ = inspect.Signature([p.replace(kind=kind) for p in parameters])  # type: ignore[attr-defined]  # typer reads it
        wrapper.__annotations__ = {p.name: p.annotation for p in parameters}
        return wrapper

    return decorate
