"""`cuecast` and its commands. Each command is a file of its own, imported only when it is called."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
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

VOICES = {
    "list": ("voices:list_again", "List the voices, as `cuecast voices` alone does."),
    "try": ("voices_try:voices_try", "Hear a voice, as loud as it is in a track."),
    "samples": (
        "voices_samples:voices_samples",
        "Make a page to compare the voices: the same three sentences by each one that can speak here.",
    ),
    "new": ("voices_new:voices_new", "Start a voice of your own: a file to change, in your own folder."),
    "get": (
        "voices_get:voices_get",
        "Get a voice from its publisher, once. Without a name, list those that there are.",
    ),
    "remove": ("voices_get:voices_remove", "Remove a voice that `get` got, with its files."),
    "script": ("voices_script:script", "Write down what to record, with a file name for each phrase."),
    "check": ("voices_check:check_takes", "Check recordings: too short, clipped, missing."),
}
CACHE = {
    "prune": ("cache:prune", "Remove the least recently used entries. What was used within the last hour stays."),
    "clear": ("cache:clear", "Remove everything. The next tracks take longer, because all is spoken again."),
    "verify": ("cache:verify", "Read all entries, and remove damaged ones."),
}
GROUPS = {
    "voices": ("voices:list_voices", "List the voices, and whether they can speak here.", VOICES),
    "cache": ("cache:show", "Show how much is kept of what was spoken before.", CACHE),
}
"""Commands that have commands of their own; alone, each calls its function."""

_COMPLETION_VARIABLE = "_CUECAST_COMPLETE"
_SETTINGS: dict[str, Any] = {
    "rich_markup_mode": None,
    "context_settings": {"help_option_names": ["-h", "--help"]},
}


def make_app(arguments: Sequence[str]) -> typer.Typer:
    """The application. Only the command that is called is imported: all of them take as long as a short build."""
    app = typer.Typer(
        help="Voice-guided routines as MP3: write the steps in YAML, press play, follow with your eyes closed.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        **_SETTINGS,
    )
    app.callback()(_root)
    called = next(iter(arguments), "")
    _add_commands(app, COMMANDS, called)
    for name, (path, summary, commands) in GROUPS.items():
        if not _is_wanted(name, called):
            app.command(name, help=summary)(_placeholder)
            continue
        group = typer.Typer(invoke_without_command=True, **_SETTINGS)
        group.callback()(command(load(path)))
        _add_commands(group, commands, next((word for word in arguments[1:] if word in commands), ""))
        app.add_typer(group, name=name)
    return app


def _add_commands(app: typer.Typer, commands: Mapping[str, tuple[str, str]], called: str) -> None:
    for name, (path, summary) in commands.items():
        is_wanted = _is_wanted(name, called)
        function = command(load(path)) if is_wanted else _placeholder
        app.command(name, cls=Command, help=None if is_wanted else summary)(function)


def _is_wanted(name: str, called: str) -> bool:
    """Whether a command is imported. All are if the shell asks for completions: it gives no arguments."""
    return name == called or _COMPLETION_VARIABLE in os.environ


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
