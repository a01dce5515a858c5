"""`cuecast` and its commands. Each command is a file of its own, imported only when it is called."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated, Any

import typer

from cuecast import __version__
from cuecast.cli.console import Command, command

COMMANDS = {
    "render": ("render:render", "Make the track: an MP3 with chapters, in the current folder."),
    "batch": ("batch:batch", "Make all tracks of a catalogue that are not up to date."),
    "watch": ("watch:watch", "Make the track again at each save, and say what changed."),
    "play": ("play:play", "Play it here, and show what is on."),
    "check": ("check:check", "Say what is wrong with a routine, and where."),
    "plan": ("plan:plan", "Show the timeline: what is said and heard, and when."),
    "import": ("import_:import_", "Make a routine of notes, a hand-out, a table, or a workout of another app."),
    "list": ("list:list_", "List the routines that have a name, or the exercises."),
    "show": ("show:show", "Print a routine or an exercise as it is written."),
    "new": ("new:new", "Start a routine of your own: NAME.yaml in the current folder."),
    "schema": (
        "schema:schema",
        "Print what editors need to complete and check (JSON Schema).",
    ),
    "doctor": ("doctor:doctor", "Try all that a build needs; say what to do."),
    "share": ("share:share", "Make pages that play tracks on a phone."),
    "inspect": ("inspect:inspect", "Show what is in a track: tags, chapters, the routine."),
    "extract": ("extract:extract", "Take the routine out of a track, with all that it needs."),
    "serve": ("serve:serve", "Put tracks on the phone over Wi-Fi."),
}
"""Each command's function, and its line in `cuecast --help`, which is the first line of the command's own help."""

GROUPS = {
    "voices": ("groups:voices", "List the voices, and whether they can speak here."),
    "cache": ("groups:cache", "Show how much is kept of what was spoken before."),
}

_COMPLETION_VARIABLE = "_CUECAST_COMPLETE"


def make_app(arguments: Sequence[str]) -> typer.Typer:
    """The application. Only the command that is called is imported: all of them take as long as a short build."""
    app = typer.Typer(
        help="Voice-guided routines as MP3: write the steps in YAML, press play, follow with your eyes closed.",
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_root)
    called = next(iter(arguments), "")
    load_all = _COMPLETION_VARIABLE in os.environ  # the shell asks for completions, without arguments
    for name, (path, summary) in COMMANDS.items():
        function = command(load(path)) if load_all or name == called else _placeholder
        app.command(name, cls=Command, help=None if function is not _placeholder else summary)(function)
    for name, (path, summary) in GROUPS.items():
        if load_all or name == called:
            app.add_typer(load(path), name=name)
        else:
            app.command(name, help=summary)(_placeholder)
    return app


def load(path: str) -> Any:
    """The object at `module:name` of this package."""
    module, _, name = path.partition(":")
    return getattr(import_module(f"cuecast.cli.{module}"), name)


def _placeholder() -> None:
    pass


def _print_version(given: bool) -> None:
    if given:
        sys.stdout.write(f"cuecast {__version__}\n")
        raise typer.Exit


def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass
