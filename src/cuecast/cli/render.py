"""`cuecast render`: make tracks."""

from __future__ import annotations

from typing import Annotated

import typer

from cuecast.cli.console import FAULTY, USAGE, print_stderr, write_json
from cuecast.cli.params import (
    FitOption,
    HomeOption,
    JobsOption,
    LanguageOption,
    LevelOption,
    MusicOption,
    QuietOption,
    RoutinesArgument,
    SeedOption,
    VoiceOption,
    VolumeOption,
    WakeOption,
    WithOption,
    track_formats,
)


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
    sidecars: WithOption = None,
    split: Annotated[
        bool, typer.Option("--split", help="A folder with a file for each chapter, for players without chapters.")
    ] = False,
    cover: Annotated[
        str | None, typer.Option(metavar="FILE|off", help="A picture of your own, PNG or JPEG, or none.")
    ] = None,
    source: Annotated[
        bool, typer.Option("--source/--no-source", help="Whether the track carries its routine, for `extract`.")
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
    as_json: Annotated[bool, typer.Option("--json", help="Print the tracks as JSON on standard output.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Make it again, even if nothing has changed.")] = False,
) -> None:
    """Make the track: an MP3 with chapters, in the current folder. A track that is up to date stays as it is."""
    from cuecast.cli.environment import build_options
    from cuecast.cli.output_paths import output_paths, refuse_overwriting, track_kind
    from cuecast.cli.routine_argument import find_routines
    from cuecast.cli.tracks import print_closing_lines, render_one, to_json

    kind = track_kind(format_, output, sidecars, split)
    options = build_options(
        voice=voice or (), level=level, fit=fit, seed=seed, language=language, volume=volume or (), wake=wake,
        music=music, cover=cover, source=source, jobs=jobs or 0, force=force, split=split, format=kind.format,
        sidecars=kind.sidecars,
    )  # fmt: skip
    found = find_routines(routines, options)
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
    if len(found) < len(routines):
        raise typer.Exit(USAGE)
    if len(tracks) < len(found):
        raise typer.Exit(FAULTY)
