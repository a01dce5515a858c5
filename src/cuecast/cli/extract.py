"""`cuecast extract`: the routine out of a track."""

from __future__ import annotations

from typing import Annotated

import typer

from cuecast.cli.params import JsonOption, QuietOption


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

    from cuecast.cli.inspect import extract_routine

    extract_routine(track, output, force, quiet, as_json)
