"""`check` and `plan`: the commands that compile a routine and make no track."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer
from msgspec.structs import replace

from cuecast import pipeline
from cuecast.cli import plan_output as planned
from cuecast.cli import report
from cuecast.cli.console import (
    FAULTY,
    USAGE,
    put,
    tell,
)
from cuecast.cli.find import Found, find_routine, find_routines, folders, places
from cuecast.cli.options import Told, options_of
from cuecast.cli.progress import TerminalReporter
from cuecast.layout import voice_map
from cuecast.model.diagnostics import Diagnostic, Severity, has_errors, in_order
from cuecast.model.duration import ms_to_clock
from cuecast.model.timeline import Timeline
from cuecast.options import Options, Result
from cuecast.read.voice_selection import resolve_voices


def check(routines: Sequence[str], strict: bool, format_: str, told: Told) -> None:
    """Say what is wrong."""
    options, quiet = options_of(told), told.quiet
    found = find_routines(routines, told.language)
    results = [_with_voices(routine, pipeline.check(routine.file, options), options) for routine in found]
    diagnostics = [_strictly(d) if strict else d for result in results for d in result.diagnostics]
    shown = [d for d in diagnostics if not quiet or d.severity is Severity.ERROR]
    sources = [source for result in results for source in result.sources]
    match format_:
        case "json":
            put(report.as_json(shown))
        case "github":
            put(report.as_github(shown))
        case _:
            put(report.shown(shown, sources, sys.stdout))
            if not quiet:
                for result, routine in zip(results, found, strict=True):
                    said = report.summary(result.diagnostics) or "no faults"
                    length = f", about {ms_to_clock(result.value.duration)}" if result.value else ""
                    tell(f"{routine.file.name}: {said}{length}")
    if len(found) < len(routines):
        raise typer.Exit(USAGE)
    if has_errors(diagnostics):
        raise typer.Exit(FAULTY)


def plan(reference: str, format_: str | None, output: str | None, told: Told) -> None:
    """Show the timeline, or write it to a file."""
    form, target = planned.form_of(format_, output)
    found = find_routine(reference, told.language)
    if target:
        planned.spare_source(found, target)
    with TerminalReporter(told.quiet) as reporter:
        result = pipeline.plan(found.file, options_of(told), places(), reporter)
    report.tell(result.diagnostics, result.sources, told.quiet)
    if result.value is None:
        raise typer.Exit(FAULTY)
    planned.hand_over(result.value.timeline, form, target)
    if target and not told.quiet:
        tell(str(target))


def _with_voices(routine: Found, result: Result[Timeline], options: Options) -> Result[Timeline]:
    """The same, with a warning for each voice that is not there: another machine may have it."""
    if result.value is None:
        return result
    written = pipeline.read_file(routine.file, options).routine
    if written is None:
        return result
    cast = voice_map(written, result.value.language, {})
    _, unknown, texts = resolve_voices(cast, written, folders("voices"))
    warned = [replace(diagnostic, severity=Severity.WARNING) for diagnostic in unknown]
    diagnostics = in_order((*result.diagnostics, *warned))
    return replace(result, diagnostics=diagnostics, sources=(*result.sources, *texts))


def _strictly(diagnostic: Diagnostic) -> Diagnostic:
    warned = diagnostic.severity is Severity.WARNING
    return replace(diagnostic, severity=Severity.ERROR) if warned else diagnostic
