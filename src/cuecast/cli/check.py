"""`cuecast check`: what is wrong with a routine, and where; with `--fix`, what is certain is written into it."""

from __future__ import annotations

from typing import Annotated

import typer
from msgspec.structs import replace

from cuecast import api
from cuecast.cli import report
from cuecast.cli.console import FAULTY, STANDARD_INPUT, USAGE, print_stderr, program_name, usage_error, write_stdout
from cuecast.cli.params import QuietOption, ReportFormat, RoutinesOrFoldersArgument, with_build_options
from cuecast.cli.routine_argument import expand_references, find_routines
from cuecast.files import atomic_write
from cuecast.library import RoutineSource
from cuecast.model.diagnostics import has_errors
from cuecast.model.duration import ms_to_clock
from cuecast.options import Options


@with_build_options("level", "fit", "language", "music")
def check(
    options: Options,
    routines: RoutinesOrFoldersArgument,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings are errors.")] = False,
    write_fixes: Annotated[
        bool, typer.Option("--fix", help="Write the corrections that are certain; comments and layout stay.")
    ] = False,
    format_: Annotated[
        ReportFormat, typer.Option("--format", metavar="text|json|github", help="How to write the report.")
    ] = ReportFormat.TEXT,
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
    quiet: QuietOption = False,
) -> None:
    """Say what is wrong with a routine, and where. No voice needed."""
    references = expand_references(routines, folders=True, quiet=quiet)
    found = find_routines(references, options)
    if write_fixes:
        found = [_fix(routine, options, quiet) for routine in found]
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
            if fixes := {each for each in result.fixes if each.span.file == routine.name}:
                command = f"{program_name()} check --fix {routine.name}"
                print_stderr(f"  {len(fixes)} of its values can be written in the plain form: {command}")
    if len(found) < len(references):
        raise typer.Exit(USAGE)
    if has_errors(diagnostics):
        raise typer.Exit(FAULTY)


def _fix(routine: RoutineSource, options: Options, quiet: bool) -> RoutineSource:
    """Write the certain corrections of a routine into its file; gives the routine as it is then."""
    if routine.name == STANDARD_INPUT or routine.packaged:
        raise usage_error("--fix wants a file of yours", "name a file; `cuecast new NAME --like ROUTINE` makes one")
    data, fixes = api.fix(routine, options)
    if fixes:
        with atomic_write(routine.path) as file:
            file.write(data)
    for fix in fixes if not quiet else ():
        print_stderr(f"{fix.span}: wrote {fix.text}")
    return replace(routine, data=data)
