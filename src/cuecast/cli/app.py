"""`cuecast` and its commands."""

from __future__ import annotations

from typing import Annotated

import typer

from cuecast import __version__
from cuecast.cli import build, look

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


for function in (build.render, build.check, build.plan, look.list_, look.show, look.new, look.voices, look.doctor):
    app.command(function.__name__.rstrip("_"))(function)
