"""`cuecast batch`: make the tracks of a manifest that are not up to date."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cuecast.batch.run import batch as run_batch
from cuecast.cli.batch_report import BatchReporter, print_batch
from cuecast.cli.console import ENVIRONMENT, FAULTY, FINE, INTERRUPTED, usage_error
from cuecast.cli.params import QuietOption, with_build_options
from cuecast.options import Options


@with_build_options("seed", "music", "volume", "wake", "cover", "id3", "source", "force", "jobs")
def batch(
    options: Options,
    manifest: Annotated[str, typer.Argument(metavar="MANIFEST", help="The file that lists the tracks.")],
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="DIR", help="The folder; by default the manifest's.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be made.")] = False,
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="A Dask cluster that makes the tracks, in place of this machine's cores."),
    ] = None,
    timings: Annotated[bool, typer.Option("--timings", help="Show how long each stage took.")] = False,
    log: Annotated[
        str | None, typer.Option(metavar="FILE", help="Add what happens to this file, one JSON object a line.")
    ] = None,
    quiet: QuietOption = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON on standard output.")] = False,
) -> None:
    """Make all tracks of a catalogue that are not up to date."""
    path, folder = Path(manifest), None if output is None else Path(output)
    if manifest == "-" or path.is_dir():
        raise usage_error(f"batch needs the file of a manifest; {manifest} is not a file", "docs/batch.md shows one")
    if output == "" or (folder and folder.exists() and not folder.is_dir()):
        raise usage_error(f"-o {output}: this is not a folder", "name a folder; batch creates it if necessary")
    with BatchReporter(quiet, None if dry_run else log) as reporter:
        try:
            batch_report = run_batch(
                path, options, folder=folder, dry_run=dry_run, scheduler=scheduler, listener=reporter
            )
        except KeyboardInterrupt:
            if not reporter.has_started:
                raise
            reporter.print_interruption()
            raise typer.Exit(INTERRUPTED) from None
    print_batch(batch_report, as_json, timings, quiet, reporter.seconds)
    if reporter.has_errors or batch_report.has_faulty_tracks:
        raise typer.Exit(FAULTY)
    raise typer.Exit(FINE if batch_report.is_complete and reporter.log.is_complete else ENVIRONMENT)
