"""`import`: another format in, a routine out."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import typer

from cuecast import importers
from cuecast.cli import report
from cuecast.cli.console import FAULTY, STANDARD_INPUT, colourful, myself, put, say, take, tell, usage
from cuecast.cli.find import content
from cuecast.importers import MAX_BYTES
from cuecast.model.diagnostics import Severity, has_errors
from cuecast.plugins import UnknownPlugin


def import_(reference: str, output: str | None, format_: str | None, force: bool, quiet: bool) -> None:
    """Write the routine that is in a foreign file, to standard output or to a new file."""
    target = None if output is None else _target(output, force)
    piped = reference == "-"
    name = STANDARD_INPUT if piped else reference
    data = take(MAX_BYTES) if piped else content(Path(reference), MAX_BYTES)
    try:
        made = importers.convert(name, data, format_)
    except UnknownPlugin as unknown:
        raise usage(str(unknown), unknown.hint) from None
    shown = [d for d in made.diagnostics if not quiet or d.severity is Severity.ERROR]
    if shown:
        source, _ = importers.decode(name, data)
        say(report.as_text(shown, [source], colourful(sys.stderr)))
    if has_errors(made.diagnostics) or not made.yaml:
        raise typer.Exit(FAULTY)
    if target is None:
        put(made.yaml.encode())
        return
    try:
        with target.open("wb" if force else "xb") as file:
            file.write(made.yaml.encode())
    except FileExistsError:
        raise _is_there(target) from None
    except OSError as fault:
        raise usage(f"can't write {target}: {fault.strerror}") from None
    if not quiet:
        tell(f"{target}\n  change it    open it in any editor\n  hear it      {myself()} render {target}")


def _target(output: str, force: bool) -> Path:
    """The file to write; a wrong one ends the command before anything is read."""
    target = Path(output)
    if not output or target.suffix not in (".yaml", ".yml"):
        raise usage(
            f"-o {shlex.quote(output)}: a routine is a file that ends in .yaml", "for example -o evening-hips.yaml"
        )
    if target.exists() and not force:
        raise _is_there(target)
    return target


def _is_there(target: Path) -> typer.Exit:
    return usage(f"{target} is there already", "choose another name, or add --force to overwrite it")
