"""`cuecast plan`: the timeline of a routine."""

from __future__ import annotations

from typing import Annotated

import typer

from cuecast.cli.params import (
    FitOption,
    HomeOption,
    JobsOption,
    LanguageOption,
    LevelOption,
    MusicOption,
    QuietOption,
    RoutineArgument,
    SeedOption,
    VoiceOption,
    VolumeOption,
    WakeOption,
    plan_formats,
)


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
    from cuecast import api
    from cuecast.cli import plan_output, report
    from cuecast.cli.console import FAULTY, print_stderr
    from cuecast.cli.environment import build_options
    from cuecast.cli.progress import TerminalReporter
    from cuecast.cli.routine_argument import find_routine

    export_format, target = plan_output.format_and_target("json" if as_json else format_, output)
    options = build_options(
        voice=voice or (), level=level, fit=fit, seed=seed, language=language, volume=volume or (), wake=wake,
        music=music, jobs=jobs or 0,
    )  # fmt: skip
    source = find_routine(routine, options)
    if target:
        plan_output.refuse_overwriting_source(source, target)
    with TerminalReporter(quiet) as listener:
        result = api.plan(source, options, listener=listener)
    report.print_report(result.diagnostics, result.sources, quiet)
    if result.value is None:
        raise typer.Exit(FAULTY)
    plan_output.write_timeline(result.value, export_format, target)
    if target and not quiet:
        print_stderr(str(target))
