"""`cuecast` and its commands. Each command is a file of its own, imported only when it is called."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated

import typer

from cuecast import __version__
from cuecast.cli.console import Command, command

COMMANDS = {
    "render": "render:render",
    "batch": "batch:batch",
    "watch": "watch:watch",
    "play": "play:play",
    "check": "check:check",
    "plan": "plan:plan",
    "import": "import_:import_",
    "list": "list:list_",
    "show": "show:show",
    "new": "new:new",
    "doctor": "doctor:doctor",
    "share": "share:share",
    "inspect": "inspect:inspect",
    "extract": "extract:extract",
    "serve": "serve:serve",
}
"""The command's name, and where its function is; in the order of `--help`."""

GROUPS = {"voices": "groups:voices", "cache": "groups:cache"}


def make_app(arguments: Sequence[str]) -> typer.Typer:
    """The application with the command that is called, or with all of them for `--help` and for errors.

    All of them together take as long to import as a short routine to compile.
    """
    app = typer.Typer(
        help="Voice-guided routines as MP3: write the steps in YAML, press play, follow with your eyes closed.",
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_root)
    called = next(iter(arguments), "")
    for name, path in COMMANDS.items():
        if called == name or called not in COMMANDS:
            app.command(name, cls=Command)(command(_load(path)))
    if called not in COMMANDS:
        for name, path in GROUPS.items():
            app.add_typer(_load(path), name=name)
    return app


def _root(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=lambda given: _print_version(given), is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    pass


def _print_version(given: bool) -> None:
    if given:
        sys.stdout.write(f"cuecast {__version__}\n")
        raise typer.Exit


def _load(path: str):  # type: ignore[no-untyped-def]
    module, _, name = path.partition(":")
    return getattr(import_module(f"cuecast.cli.{module}"), name)
