"""`cuecast import`: a routine from another format."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from cuecast.cli import completion
from cuecast.cli.params import QuietOption


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
            help="What the file is: zwo, intervals or notes.",
            autocompletion=completion.importers,
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file that exists.")] = False,
    quiet: QuietOption = False,
) -> None:
    """Make a routine of a Zwift or intervals.icu file, or of notes."""
    from cuecast import api
    from cuecast.cli import report
    from cuecast.cli.console import FAULTY, STANDARD_INPUT, read_stdin, write_stdout
    from cuecast.cli.new import write_new_routine
    from cuecast.importers import MAX_BYTES
    from cuecast.library.routines import read_bytes

    target = None if output is None else _target(output, force)
    if file == "-":
        name, data = STANDARD_INPUT, read_stdin(MAX_BYTES)
    else:
        name, data = file, read_bytes(Path(file), MAX_BYTES)
    result = api.import_routine(name, data, format_)
    report.print_report(result.diagnostics, result.sources, quiet)
    if result.value is None:
        raise typer.Exit(FAULTY)
    if target is None:
        write_stdout(result.value.encode())
    else:
        write_new_routine(target, result.value.encode(), force, quiet)


def _target(output: str, force: bool) -> Path:
    from cuecast.cli.console import usage_error
    from cuecast.cli.new import file_exists

    target = Path(output)
    if not output or target.suffix not in (".yaml", ".yml"):
        message = f"-o {shlex.quote(output)}: the name of a routine's file ends in .yaml"
        raise usage_error(message, "for example -o evening-hips.yaml")
    if target.exists() and not force:
        raise file_exists(target)
    return target
