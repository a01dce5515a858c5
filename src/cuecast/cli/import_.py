"""`cuecast import`: a routine from another format."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cuecast import api
from cuecast.cli import completion, report
from cuecast.cli.console import (
    FAULTY,
    STANDARD_INPUT,
    print_stderr,
    program_name,
    read_stdin,
    usage_error,
    write_stdout,
)
from cuecast.cli.environment import user_home
from cuecast.cli.new import file_exists, write_new_routine
from cuecast.cli.params import QuietOption
from cuecast.importers import MAX_FILE_BYTES
from cuecast.library import RoutineSource
from cuecast.library.routines import read_bytes
from cuecast.model.build import Result
from cuecast.model.diagnostics import Severity
from cuecast.model.duration import DurationError, ms_to_clock
from cuecast.model.timeline import Kind
from cuecast.shell import quote


def import_(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The file, or - for standard input.")],
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="PATH", help="The routine; by default standard output.")
    ] = None,
    format_: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="NAME",
            help="What the file is: zwo, plan, fit, erg, apps, intervals or notes.",
            autocompletion=completion.importers,
        ),
    ] = None,
    work: Annotated[
        str | None, typer.Option(metavar="TIME", help="The length of exercises that have none, as 30s or 30s-45s.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file that exists.")] = False,
    quiet: QuietOption = False,
) -> None:
    """Make a routine of notes, a hand-out, a table, or a workout of another app."""
    target = None if output is None else _target(output, force)
    if file == "-":
        name, data = STANDARD_INPUT, read_stdin(MAX_FILE_BYTES)
    else:
        name, data = file, read_bytes(Path(file), MAX_FILE_BYTES)
    try:
        result = api.import_routine(name, data, format_, work=work, home=user_home())
    except DurationError as fault:
        raise usage_error(f"--work {work}: {fault}", "for example --work 30s") from None
    report.print_report(result.diagnostics, result.sources, quiet)
    if result.value is None:
        raise typer.Exit(FAULTY)
    if not quiet:
        print_stderr(_summary(result))
    if target is not None:
        write_new_routine(target, result.value.encode(), force, quiet)
        return
    write_stdout(result.value.encode())
    if not quiet:
        made = "routine.yaml" if file == "-" else f"{Path(file).stem}.yaml"
        print_stderr(
            f"  hear it      {program_name()} import {quote(file)} -o {quote(made)}, then {program_name()} render {quote(made)}"
        )


def _summary(result: Result[str]) -> str:
    """What was imported: `Legs: 12:30, 8 works; guessed in lines 3 and 5, left out in line 9`."""
    checked = api.check(RoutineSource("routine.yaml", (result.value or "").encode(), Path(), "routine"))
    if checked.value is None:
        return "the routine has errors; `check` shows them"
    works = sum(interval.kind is Kind.WORK for interval in checked.value.intervals)
    parts = [
        f"{checked.value.title}: about {ms_to_clock(checked.value.duration)}, {works} work{'s' if works != 1 else ''}"
    ]
    for severity, words in ((Severity.WARNING, "look at"), (Severity.NOTE, "changed or left out")):
        if lines := sorted({d.span.line for d in result.diagnostics if d.severity is severity and d.span}):
            shown = ", ".join(map(str, lines[:20])) + (" …" if len(lines) > 20 else "")
            parts.append(f"  {words:<20} line{'s' if len(lines) > 1 else ''} {shown}")
    return "\n".join(parts)


def _target(output: str, force: bool) -> Path:

    target = Path(output)
    if not output or target.suffix not in (".yaml", ".yml"):
        message = f"-o {quote(output)}: the name of a routine's file ends in .yaml"
        raise usage_error(message, "for example -o evening-hips.yaml")
    if target.exists() and not force:
        raise file_exists(target)
    return target
