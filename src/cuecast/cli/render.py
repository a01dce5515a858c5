"""`cuecast render`: make tracks."""

from __future__ import annotations

from typing import Annotated

import typer
from msgspec.structs import replace

from cuecast.cli import completion
from cuecast.cli.console import FAULTY, USAGE, print_stderr, write_json
from cuecast.cli.output_paths import output_paths, refuse_overwriting, track_kind
from cuecast.cli.params import QuietOption, RoutinesArgument, WithOption, with_build_options
from cuecast.cli.routine_argument import expand_references, find_routines
from cuecast.cli.tracks import print_closing_lines, render_one, to_json
from cuecast.options import Options


@with_build_options(
    "voice", "level", "fit", "seed", "language", "music", "volume", "wake", "cover", "id3", "source", "force", "jobs"
)
def render(
    options: Options,
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
            autocompletion=completion.track_formats,
        ),
    ] = None,
    sidecars: WithOption = None,
    split: Annotated[
        bool, typer.Option("--split", help="A folder with a file for each chapter, for players without chapters.")
    ] = False,
    quiet: QuietOption = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the tracks as JSON on standard output.")] = False,
) -> None:
    """Make the track: an MP3 with chapters, in the current folder. A track that is up to date stays as it is."""
    kind = track_kind(format_, output, sidecars, split)
    options = replace(options, split=split, format=kind.format, sidecars=kind.sidecars)
    references = expand_references(routines, quiet=quiet)
    found = find_routines(references, options)
    targets = output_paths(found, output, kind, split)
    refuse_overwriting(found, targets, options)
    tracks = []
    for routine, target in zip(found, targets, strict=True):
        track = render_one(routine, target, options, quiet)
        if track is None:
            print_stderr(f"cuecast: {target} was not made")
        else:
            tracks.append((routine, track))
    if as_json:
        write_json({"tracks": [to_json(track) for _, track in tracks]})
    if tracks and not quiet:
        print_closing_lines(tracks, advise=not as_json)
    if len(found) < len(references):
        raise typer.Exit(USAGE)
    if len(tracks) < len(found):
        raise typer.Exit(FAULTY)
