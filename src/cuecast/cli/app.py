"""`cuecast`, its commands and options. What they do is imported when it is asked for, so that `--help` is quick."""

from __future__ import annotations

from typing import Annotated

import typer

from cuecast import __version__
from cuecast.cli import groups
from cuecast.cli.console import Command, command
from cuecast.cli.options import (
    FitOption,
    JobsOption,
    JsonOption,
    Kind,
    LanguageOption,
    LevelOption,
    QuietOption,
    ReportFormat,
    RoutineArgument,
    RoutinesArgument,
    SeedOption,
    VoiceOption,
    VolumeOption,
    WakeOption,
    importers,
    routines_and_exercises,
    text_formats,
)
from cuecast.cli.options import routines as known_routines

app = typer.Typer(
    help="Voice-guided routines as MP3: write the steps in YAML, press play, follow with your eyes closed.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"cuecast {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")
    ] = False,
) -> None:
    pass


@app.command(cls=Command)
@command
def render(
    routines: RoutinesArgument,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="PATH", help="The track, or a folder for several.")
    ] = None,
    voice: VoiceOption = None,
    level: LevelOption = None,
    fit: FitOption = None,
    seed: SeedOption = 0,
    language: LanguageOption = None,
    volume: VolumeOption = None,
    wake: WakeOption = "on",
    jobs: JobsOption = None,
    quiet: QuietOption = False,
    as_json: Annotated[bool, typer.Option("--json", help="Say on standard output what was made, as JSON.")] = False,
) -> None:
    """Make the track: an MP3 with chapters, in the current folder."""
    from cuecast.cli import build
    from cuecast.cli.told import Told

    told = Told(voice or (), level, fit, seed, language, volume or (), wake, jobs, quiet)
    build.render(routines, output, told, as_json)


@app.command(cls=Command)
@command
def check(
    routines: RoutinesArgument,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings are errors.")] = False,
    format_: Annotated[
        ReportFormat, typer.Option("--format", metavar="text|json|github", help="How to write what was found.")
    ] = ReportFormat.TEXT,
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
    level: LevelOption = None,
    fit: FitOption = None,
    language: LanguageOption = None,
    quiet: QuietOption = False,
) -> None:
    """Say what is wrong with a routine, and where. No voice needed."""
    from cuecast.cli import build
    from cuecast.cli.told import Told

    told = Told(level=level, fit=fit, language=language, quiet=quiet)
    build.check(routines, strict, "json" if as_json else format_.value, told)


@app.command(cls=Command)
@command
def plan(
    routine: RoutineArgument,
    format_: Annotated[
        str,
        typer.Option("--format", metavar="NAME", help="How to write it: table or json.", autocompletion=text_formats),
    ] = "table",
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
    voice: VoiceOption = None,
    level: LevelOption = None,
    fit: FitOption = None,
    seed: SeedOption = 0,
    language: LanguageOption = None,
    volume: VolumeOption = None,
    wake: WakeOption = "on",
    jobs: JobsOption = None,
    quiet: QuietOption = False,
) -> None:
    """Show the timeline: what is said and heard, and when."""
    from cuecast.cli import build
    from cuecast.cli.told import Told

    told = Told(voice or (), level, fit, seed, language, volume or (), wake, jobs, quiet)
    build.plan(routine, "json" if as_json else format_, told)


@app.command("import", cls=Command)
@command
def import_(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The file, or - for standard input.")],
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="PATH", help="The routine; by default standard output.")
    ] = None,
    format_: Annotated[
        str | None,
        typer.Option(
            "--format", metavar="NAME", help="What the file is: zwo, intervals or notes.", autocompletion=importers
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file that is there.")] = False,
    quiet: QuietOption = False,
) -> None:
    """Make a routine of a Zwift or intervals.icu file, or of notes."""
    from cuecast.cli import importing

    importing.import_(file, output, format_, force, quiet)


@app.command("list", cls=Command)
@command
def list_(
    what: Annotated[
        Kind | None, typer.Argument(metavar="routines|exercises", help="By default routines; with --json both.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List the routines that have a name, or the exercises."""
    from cuecast.cli import listing

    listing.list_(what.value if what else None, as_json)


@app.command(cls=Command)
@command
def show(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            help="A routine's file or name, or an exercise of the library.",
            autocompletion=routines_and_exercises,
        ),
    ],
    language: LanguageOption = None,
) -> None:
    """Print a routine or an exercise as it is written."""
    from cuecast.cli import listing

    listing.show(name, language)


@app.command(cls=Command)
@command
def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What to call it, for example evening-hips.")],
    like: Annotated[
        str | None,
        typer.Option(metavar="ROUTINE", help="Start from a copy of this one.", autocompletion=known_routines),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file that is there.")] = False,
) -> None:
    """Start a routine of your own: NAME.yaml in the current folder."""
    from cuecast.cli import look

    look.new(name, like, force)


@app.command(cls=Command)
@command
def doctor(as_json: JsonOption = False) -> None:
    """Try all that a build needs; say what to do."""
    from cuecast.cli import look

    look.doctor(as_json)


app.add_typer(groups.voices, name="voices")
app.add_typer(groups.cache, name="cache")
