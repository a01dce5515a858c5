"""`cuecast check`: what is wrong with a routine, and where."""

from __future__ import annotations

from typing import Annotated

import typer

from cuecast.cli.params import QuietOption, ReportFormat, RoutinesArgument, with_build_options
from cuecast.options import Options


@with_build_options("level", "fit", "language", "music")
def check(
    options: Options,
    routines: RoutinesArgument,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings are errors.")] = False,
    format_: Annotated[
        ReportFormat, typer.Option("--format", metavar="text|json|github", help="How to write the report.")
    ] = ReportFormat.TEXT,
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
    quiet: QuietOption = False,
) -> None:
    """Say what is wrong with a routine, and where. No voice needed."""
    from cuecast import api
    from cuecast.cli import report
    from cuecast.cli.console import FAULTY, USAGE, print_stderr, write_stdout
    from cuecast.cli.routine_argument import find_routines
    from cuecast.model.diagnostics import has_errors
    from cuecast.model.duration import ms_to_clock

    found = find_routines(routines, options)
    results = [api.check(routine, options) for routine in found]
    diagnostics = [d for result in results for d in result.diagnostics]
    if strict:
        diagnostics = report.warnings_as_errors(diagnostics)
    sources = [source for result in results for source in result.sources]
    write_stdout(report.format_report(diagnostics, sources, "json" if as_json else format_.value, quiet))
    if format_ is ReportFormat.TEXT and not as_json and not quiet:
        for result, routine in zip(results, found, strict=True):
            counts = report.summary(result.diagnostics) or "no faults"
            length = f", about {ms_to_clock(result.value.duration)}" if result.value else ""
            print_stderr(f"{routine.name}: {counts}{length}")
    if len(found) < len(routines):
        raise typer.Exit(USAGE)
    if has_errors(diagnostics):
        raise typer.Exit(FAULTY)
