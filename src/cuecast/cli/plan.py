"""`cuecast plan`: the timeline of a routine."""

from __future__ import annotations

from typing import Annotated

import typer

from cuecast import api
from cuecast.cli import completion, plan_output, report
from cuecast.cli.console import FAULTY, print_stderr
from cuecast.cli.params import QuietOption, RoutineArgument, with_build_options
from cuecast.cli.progress import TerminalReporter
from cuecast.cli.routine_argument import find_routine
from cuecast.options import Options


@with_build_options("voice", "level", "fit", "seed", "language", "music", "volume", "wake", "jobs")
def plan(
    options: Options,
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
            autocompletion=completion.plan_formats,
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
    quiet: QuietOption = False,
) -> None:
    """Show the timeline: what is said and heard, and when."""
    export_format, target = plan_output.format_and_target("json" if as_json else format_, output)
    source = find_routine(routine, options)
    if target:
        plan_output.refuse_overwriting_source(source, target)
    with TerminalReporter(quiet) as reporter:
        result = api.plan(source, options, on_progress=reporter.show)
    report.print_report(result.diagnostics, result.sources, quiet)
    if result.value is None:
        raise typer.Exit(FAULTY)
    plan_output.write_timeline(result.value, export_format, target)
    if target and not quiet:
        print_stderr(str(target))
