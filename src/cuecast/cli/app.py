"""`cuecast`, its commands and options. What they do is imported when it is asked for, so that `--help` is quick."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer
from typer.models import CommandInfo

from cuecast import __version__
from cuecast.cli import groups
from cuecast.cli.console import Command, command
from cuecast.cli.params import (
    FitOption,
    HomeOption,
    JobsOption,
    JsonOption,
    Kind,
    LanguageOption,
    LevelOption,
    MusicOption,
    QuietOption,
    ReportFormat,
    RoutineArgument,
    RoutinesArgument,
    SeedOption,
    VoiceOption,
    VolumeOption,
    WakeOption,
    WithOption,
    importers,
    plan_formats,
    routines_and_exercises,
    track_formats,
)
from cuecast.cli.params import routines as known_routines

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
    format_: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="NAME",
            help="mp3, or wav, flac, ogg, opus, m4a. By default what -o names, else mp3.",
            autocompletion=track_formats,
        ),
    ] = None,
    beside: WithOption = None,
    split: Annotated[
        bool, typer.Option("--split", help="A folder with a file for each chapter, for players without chapters.")
    ] = False,
    cover: Annotated[
        str | None, typer.Option(metavar="FILE|off", help="A picture of your own, PNG or JPEG, or none.")
    ] = None,
    source: Annotated[
        bool, typer.Option("--source/--no-source", help="Whether the routine goes along in the track, for `extract`.")
    ] = True,
    voice: VoiceOption = None,
    level: LevelOption = None,
    fit: FitOption = None,
    seed: SeedOption = 0,
    language: LanguageOption = None,
    music: MusicOption = None,
    volume: VolumeOption = None,
    wake: WakeOption = "on",
    home: HomeOption = None,
    jobs: JobsOption = None,
    quiet: QuietOption = False,
    as_json: Annotated[bool, typer.Option("--json", help="Say on standard output what was made, as JSON.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Make it anew, even where nothing has changed.")] = False,
) -> None:
    """Make the track: an MP3 with chapters, in the current folder. One that is up to date stays as it is."""
    from cuecast.cli import render as rendering
    from cuecast.cli.options import Told

    told = Told(voice or (), level, fit, seed, language, volume or (), wake, jobs, quiet, music, cover, source, format_)
    rendering.render(routines, output, told, as_json, force, beside, split)


@app.command(cls=Command)
@command
def batch(
    manifest: Annotated[str, typer.Argument(metavar="MANIFEST", help="The file that says which tracks there are.")],
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="DIR", help="The folder; by default the manifest's.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be made.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Make all anew, even where nothing has changed.")] = False,
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="A Dask cluster that makes the tracks, in place of this machine's cores."),
    ] = None,
    timings: Annotated[bool, typer.Option("--timings", help="Say how long each stage took.")] = False,
    log: Annotated[
        str | None, typer.Option(metavar="FILE", help="Note what happens in this file, a JSON object on each line.")
    ] = None,
    cover: Annotated[
        str | None, typer.Option(metavar="FILE|off", help="A picture of your own for all tracks, PNG or JPEG, or none.")
    ] = None,
    source: Annotated[
        bool, typer.Option("--source/--no-source", help="Whether routines go along in their tracks, for `extract`.")
    ] = True,
    seed: SeedOption = 0,
    music: MusicOption = None,
    volume: VolumeOption = None,
    wake: WakeOption = "on",
    home: HomeOption = None,
    jobs: JobsOption = None,
    quiet: QuietOption = False,
    as_json: Annotated[bool, typer.Option("--json", help="The report as JSON.")] = False,
) -> None:
    """Make all tracks of a catalogue that are not up to date."""
    from cuecast.cli import batch as batching
    from cuecast.cli.options import Told

    told = Told(
        seed=seed, volume=volume or (), wake=wake, jobs=jobs, quiet=quiet, music=music, cover=cover, source=source
    )
    batching.batch(manifest, told, batching.Asked(output, force, dry_run, as_json, timings, scheduler, log))


@app.command(cls=Command)
@command
def watch(
    routine: RoutineArgument,
    output: Annotated[str | None, typer.Option("--output", "-o", metavar="PATH", help="The track.")] = None,
    voice: VoiceOption = None,
    level: LevelOption = None,
    fit: FitOption = None,
    seed: SeedOption = 0,
    language: LanguageOption = None,
    music: MusicOption = None,
    volume: VolumeOption = None,
    wake: WakeOption = "on",
    jobs: JobsOption = None,
    home: HomeOption = None,
) -> None:
    """Make the track anew at each save, and say what changed."""
    from cuecast.cli import watch as watching
    from cuecast.cli.options import Told

    told = Told(voice or (), level, fit, seed, language, volume or (), wake, jobs, music=music)
    watching.watch(routine, output, told)


@app.command(cls=Command)
@command
def play(
    what: Annotated[
        str,
        typer.Argument(metavar="ROUTINE", help="A routine, as for render; or an MP3.", autocompletion=known_routines),
    ],
    start: Annotated[
        str | None, typer.Option("--from", metavar="TIME|CHAPTER", help="Begin there: 2m30s, or how a title begins.")
    ] = None,
    silent: Annotated[bool, typer.Option("--silent", help="Only the view, in real time, without a device.")] = False,
    voice: VoiceOption = None,
    level: LevelOption = None,
    fit: FitOption = None,
    seed: SeedOption = 0,
    language: LanguageOption = None,
    music: MusicOption = None,
    volume: VolumeOption = None,
    wake: WakeOption = "on",
    jobs: JobsOption = None,
    home: HomeOption = None,
    quiet: QuietOption = False,
) -> None:
    """Play it here, and show what is on. Keys: space, arrows, q."""
    from cuecast.cli import play as playing
    from cuecast.cli.options import Told

    told = Told(voice or (), level, fit, seed, language, volume or (), wake, jobs, quiet, music)
    playing.play(what, start, silent, told)


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
    music: MusicOption = None,
    quiet: QuietOption = False,
    home: HomeOption = None,
) -> None:
    """Say what is wrong with a routine, and where. No voice needed."""
    from cuecast.cli import check_plan as build
    from cuecast.cli.options import Told

    told = Told(level=level, fit=fit, language=language, quiet=quiet, music=music)
    build.check(routines, strict, "json" if as_json else format_.value, told)


@app.command(cls=Command)
@command
def plan(
    routine: RoutineArgument,
    output: Annotated[
        str | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Write it to this file, in the format that its name tells."
        ),
    ] = None,
    format_: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="NAME",
            help="How to write it: table, json, lrc, vtt, vtt-chapters, chapters, audacity, csv, ffmetadata, html, "
            "svg, or png, which needs -o.",
            autocompletion=plan_formats,
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
    voice: VoiceOption = None,
    level: LevelOption = None,
    fit: FitOption = None,
    seed: SeedOption = 0,
    language: LanguageOption = None,
    music: MusicOption = None,
    volume: VolumeOption = None,
    wake: WakeOption = "on",
    jobs: JobsOption = None,
    quiet: QuietOption = False,
    home: HomeOption = None,
) -> None:
    """Show the timeline: what is said and heard, and when."""
    from cuecast.cli import check_plan as build
    from cuecast.cli.options import Told

    told = Told(voice or (), level, fit, seed, language, volume or (), wake, jobs, quiet, music)
    build.plan(routine, "json" if as_json else format_, output, told)


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
    from cuecast.cli import import_ as importing

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
    from cuecast.cli import list as listing

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
    from cuecast.cli import list as listing

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
    from cuecast.cli import doctor_new as look

    look.new(name, like, force)


@app.command(cls=Command)
@command
def doctor(as_json: JsonOption = False) -> None:
    """Try all that a build needs; say what to do."""
    from cuecast.cli import doctor_new as look

    look.doctor(as_json)


@app.command(cls=Command)
@command
def share(
    tracks: Annotated[list[str], typer.Argument(metavar="TRACK", help="An MP3 that cuecast made, or another one.")],
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="DIR", help="The folder; what was shared there before stays.")
    ],
    title: Annotated[str | None, typer.Option(metavar="TEXT", help="What the collection is called.")] = None,
    url: Annotated[
        str | None, typer.Option(metavar="URL", help="Where the folder will lie: podcast apps need to know.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace files there that cuecast did not write.")] = False,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Make pages that play tracks on a phone.

    The folder goes to any web host.
    """
    from cuecast.cli import share as sharing

    sharing.share(tracks, output, title, url, force, quiet, as_json)


@app.command(cls=Command)
@command
def inspect(
    track: Annotated[str, typer.Argument(metavar="TRACK", help="An MP3, of cuecast or of anybody else.")],
    as_json: JsonOption = False,
) -> None:
    """Show what is in a track: tags, chapters, the routine."""
    from cuecast.cli import inspect as inspecting

    inspecting.inspect(track, as_json)


@app.command(cls=Command)
@command
def extract(
    track: Annotated[str, typer.Argument(metavar="TRACK", help="An MP3 that `cuecast render` made.")],
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="DIR", help="The folder; by default one named as the track.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace files of the same names in the folder.")] = False,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Take the routine out of a track, with all that it needs."""
    from cuecast.cli import inspect as inspecting

    inspecting.extract(track, output, force, quiet, as_json)


@app.command(cls=Command)
@command
def serve(
    paths: Annotated[
        list[str], typer.Argument(metavar="TRACK", help="MP3 files, or one folder that `cuecast share` made.")
    ],
    wifi: Annotated[bool, typer.Option("--wifi", help="For all in the same Wi-Fi who have the address.")] = False,
    host: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Which of this machine's addresses, in place of --wifi.")
    ] = None,
    port: Annotated[int, typer.Option(metavar="N", min=0, max=65_535, help="By default one that is free.")] = 0,
    idle: Annotated[
        str | None, typer.Option("--for", metavar="TIME", help="Stop after so long without a request: 2h.")
    ] = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Put tracks on the phone over Wi-Fi.

    Shows an address and its code for the camera, and stops by itself.
    """
    from cuecast.cli.serve import serve_paths

    serve_paths(paths, wifi, host, port, idle, quiet, as_json)


app.add_typer(groups.voices, name="voices")
app.add_typer(groups.cache, name="cache")


def leave_out_others(arguments: Sequence[str]) -> None:
    """Have only the command that is called made ready: all others together take as long as a short routine to compile.

    Where the first argument is none of the commands here, all of them stay, so that the answer can name them.
    """
    called = [each for each in app.registered_commands if _name(each) == next(iter(arguments), None)]
    if called:
        app.registered_commands, app.registered_groups = called, []


def _name(command: CommandInfo) -> str | None:
    return command.name or (command.callback.__name__ if command.callback else None)
