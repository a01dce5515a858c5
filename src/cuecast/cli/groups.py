"""The commands of `cuecast voices` and `cuecast cache`."""

from __future__ import annotations

from typing import Annotated

import typer

from cuecast.cli.completion import routines
from cuecast.cli.completion import voices as known_voices
from cuecast.cli.console import Command, command
from cuecast.cli.params import JsonOption, LevelOption, RoutinesArgument

_SETTINGS = {"help_option_names": ["-h", "--help"]}

voices = typer.Typer(
    help="List the voices, and whether they can speak here. Try one, make one, record your own.",
    invoke_without_command=True,
    rich_markup_mode=None,
    context_settings=_SETTINGS,
)
cache = typer.Typer(
    help="Show how much is kept of what was spoken before. Prune it, check it.\n\nWhat was used within the last hour "
    "stays whatever the limit, so that it may be above it for a while.",
    invoke_without_command=True,
    rich_markup_mode=None,
    context_settings=_SETTINGS,
)

VoiceArgument = Annotated[
    str,
    typer.Argument(
        metavar="VOICE", help="The name of a voice; `cuecast voices` lists them.", autocompletion=known_voices
    ),
]
NewVoiceArgument = Annotated[str, typer.Argument(metavar="NAME", help="What to call it, for example anna.")]
LanguageOption = Annotated[str | None, typer.Option(metavar="CODE", help="The language that it speaks: en, de, es.")]


@voices.callback()
@command
def list_voices(context: typer.Context, as_json: JsonOption = False) -> None:
    """List the voices, and whether they can speak here. Try one, make one, record your own."""
    if context.invoked_subcommand is None:
        from cuecast.cli import voices as work

        work.list_(as_json)


@voices.command("list", cls=Command)
@command
def list_again(as_json: JsonOption = False) -> None:
    """List the voices, as `cuecast voices` alone does."""
    from cuecast.cli import voices as work

    work.list_(as_json)


@voices.command("try", cls=Command)
@command
def try_(
    voice: VoiceArgument,
    text: Annotated[
        str | None, typer.Argument(metavar="TEXT", help="What to say; - takes it from standard input.")
    ] = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="Write it to this WAV file, and play nothing.")
    ] = None,
    rate: Annotated[
        int | None,
        typer.Option(metavar="N", help="Words a minute, from 80 to 400, in place of the voice's own speed."),
    ] = None,
) -> None:
    """Hear a voice, as loud as it is in a track."""
    from cuecast.cli import voices_try as work

    work.voices_try(voice, text, output, rate)


@voices.command("new", cls=Command)
@command
def new(
    name: NewVoiceArgument,
    like: Annotated[
        str | None,
        typer.Option(metavar="VOICE", help="Start from a copy of this one.", autocompletion=known_voices),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="A neural voice for Piper: FILE.onnx, with FILE.onnx.json beside it."),
    ] = None,
    takes: Annotated[
        str | None, typer.Option(metavar="FOLDER", help="Your own recordings; `cuecast voices script` says which.")
    ] = None,
    otherwise: Annotated[
        str | None,
        typer.Option(
            metavar="VOICE", help="With --takes: who says what you did not record.", autocompletion=known_voices
        ),
    ] = None,
    language: LanguageOption = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a voice of yours that is there.")] = False,
) -> None:
    """Start a voice of your own: a file to change, in your own folder."""
    from cuecast.cli import voices_new as work

    work.voices_new(name, work.NewVoice(like, model, takes, otherwise, language), force)


@voices.command("get", cls=Command)
@command
def get(
    name: Annotated[
        str | None,
        typer.Argument(metavar="NAME", help="A voice, such as heart or thorsten, or a language, such as de."),
    ] = None,
    source: Annotated[
        str | None, typer.Option("--catalogue", metavar="FILE", help="Other addresses and digests: of a mirror.")
    ] = None,
) -> None:
    """Get a voice from its publisher, once. Without a name, list those that there are.

    This is the only command that opens a connection to elsewhere. What is cut off goes on where it ended.
    """
    from cuecast.cli import voices_get as work

    work.voices_get(name, source)


@voices.command("remove", cls=Command)
@command
def remove(voice: VoiceArgument) -> None:
    """Remove a voice that `get` got, with its files."""
    from cuecast.cli import voices_get as work

    work.voices_remove(voice)


@voices.command("script", cls=Command)
@command
def script(
    routines: RoutinesArgument,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="FOLDER", help="Write the script there, ready for the recordings."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a script that is there.")] = False,
    voice: Annotated[
        str | None,
        typer.Option(metavar="VOICE", help="Leave out what this voice has recorded.", autocompletion=known_voices),
    ] = None,
    language: Annotated[
        str | None, typer.Option(metavar="CODE", help="The routine in this language: NAME.de.yaml beside NAME.yaml.")
    ] = None,
    level: LevelOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write down what to record, with a file name for each phrase."""
    from cuecast.cli import voices_script as work

    work.script(routines, output, force, voice, language, level, as_json)


@voices.command("check", cls=Command)
@command
def check(
    voice: VoiceArgument,
    routines: Annotated[
        list[str] | None,
        typer.Argument(metavar="ROUTINE", help="Routines whose phrases should all be there.", autocompletion=routines),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Check recordings: too short, clipped, missing."""
    from cuecast.cli import voices_check as work

    work.check_takes(voice, routines or [], as_json)


@cache.callback()
@command
def show(context: typer.Context, as_json: JsonOption = False) -> None:
    """Show how much is kept between builds. Prune it, check it."""
    if context.invoked_subcommand is None:
        from cuecast.cli import cache as work

        work.show(as_json)


@cache.command("prune", cls=Command)
@command
def prune(
    most: Annotated[
        str | None, typer.Option("--max", metavar="SIZE", help="How much may stay: 500M, 2G. By default the limit.")
    ] = None,
    older: Annotated[
        str | None, typer.Option(metavar="TIME", help="Also remove entries that were not used for this time: 30d, 12h.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Remove the least recently used entries. What was used within the last hour stays."""
    from cuecast.cli import cache as work

    work.prune(most, older, as_json)


@cache.command("clear", cls=Command)
@command
def clear(as_json: JsonOption = False) -> None:
    """Remove everything. The next tracks take longer, because all is spoken again."""
    from cuecast.cli import cache as work

    work.clear(as_json)


@cache.command("verify", cls=Command)
@command
def verify(as_json: JsonOption = False) -> None:
    """Read all entries, and remove damaged ones."""
    from cuecast.cli import cache as work

    work.verify(as_json)
