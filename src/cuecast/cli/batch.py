"""`cuecast batch`: make the tracks of a manifest that are not up to date."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cuecast.cli.console import ENVIRONMENT, FAULTY, FINE, INTERRUPTED, usage_error
from cuecast.cli.params import (
    HomeOption,
    Id3Option,
    JobsOption,
    MusicOption,
    QuietOption,
    SeedOption,
    VolumeOption,
    WakeOption,
)


def batch(
    manifest: Annotated[str, typer.Argument(metavar="MANIFEST", help="The file that lists the tracks.")],
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="DIR", help="The folder; by default the manifest's.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be made.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Make all tracks again, even if nothing has changed.")] = False,
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="A Dask cluster that makes the tracks, in place of this machine's cores."),
    ] = None,
    timings: Annotated[bool, typer.Option("--timings", help="Show how long each stage took.")] = False,
    log: Annotated[
        str | None, typer.Option(metavar="FILE", help="Add what happens to this file, one JSON object a line.")
    ] = None,
    cover: Annotated[
        str | None, typer.Option(metavar="FILE|off", help="A picture of your own for all tracks, PNG or JPEG, or none.")
    ] = None,
    id3: Id3Option = "2.4",
    source: Annotated[
        bool, typer.Option("--source/--no-source", help="Whether tracks carry their routines, for `extract`.")
    ] = True,
    seed: SeedOption = 0,
    music: MusicOption = None,
    volume: VolumeOption = None,
    wake: WakeOption = "on",
    home: HomeOption = None,
    jobs: JobsOption = None,
    quiet: QuietOption = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON on standard output.")] = False,
) -> None:
    """Make all tracks of a catalogue that are not up to date."""
    from cuecast.batch.run import batch as run_batch
    from cuecast.cli.batch_report import BatchReporter, print_batch
    from cuecast.cli.environment import build_options

    path, folder = Path(manifest), None if output is None else Path(output)
    if manifest == "-" or path.is_dir():
        raise usage_error(f"batch needs the file of a manifest; {manifest} is not a file", "docs/batch.md shows one")
    if output == "" or (folder and folder.exists() and not folder.is_dir()):
        raise usage_error(f"-o {output}: this is not a folder", "name a folder; batch creates it if necessary")
    options = build_options(
        seed=seed,
        volume=volume or (),
        wake=wake,
        music=music,
        cover=cover,
        id3=id3,
        source=source,
        jobs=jobs or 0,
        force=force,
    )
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
