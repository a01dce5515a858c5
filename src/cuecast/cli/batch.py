"""`batch`: the tracks of a manifest that are not up to date, made by all cores or by a cluster."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from msgspec import Struct
from msgspec.structs import replace

from cuecast import api
from cuecast.batch.apart import apart
from cuecast.batch.catalogue import Lookups, RoutineVariant
from cuecast.batch.engine import Engine
from cuecast.batch.items import MAX_PREPARED, BatchItem, BatchItems
from cuecast.batch.job import Failure, Outcome
from cuecast.batch.matrix import Matrix, matrix
from cuecast.batch.row import Row, State
from cuecast.batch.workers import Workers
from cuecast.cli import report
from cuecast.cli.batch_report import Journal, Line, plain, put_report, put_table, put_timings, summary
from cuecast.cli.console import ENVIRONMENT, FAULTY, INTERRUPTED, print_stderr, usage_error
from cuecast.cli.environment import build_options
from cuecast.cli.params import HomeOption, JobsOption, MusicOption, QuietOption, SeedOption, VolumeOption, WakeOption
from cuecast.library.routines import read_bytes
from cuecast.model.diagnostics import Diagnostic, has_errors
from cuecast.model.limits import MAX_BYTES
from cuecast.model.source import Source
from cuecast.options import Options
from cuecast.read import read_manifest


def batch(
    manifest: Annotated[str, typer.Argument(metavar="MANIFEST", help="The file that says which tracks there are.")],
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="DIR", help="The folder; by default the manifest's.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be made.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Make all anew, even where nothing has changed.")] = False,
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="A Dask cluster that makes the tracks, in place of this machine's cores."),
    ] = None,
    timings: Annotated[bool, typer.Option("--timings", help="Say how long each stage took.")] = False,
    log: Annotated[
        str | None, typer.Option(metavar="FILE", help="Note what happens in this file, a JSON object on each line.")
    ] = None,
    cover: Annotated[
        str | None, typer.Option(metavar="FILE|off", help="A picture of your own for all tracks, PNG or JPEG, or none.")
    ] = None,
    source: Annotated[
        bool, typer.Option("--source/--no-source", help="Whether routines go along in their tracks, for `extract`.")
    ] = True,
    seed: SeedOption = 0,
    music: MusicOption = None,
    volume: VolumeOption = None,
    wake: WakeOption = "on",
    home: HomeOption = None,
    jobs: JobsOption = None,
    quiet: QuietOption = False,
    as_json: Annotated[bool, typer.Option("--json", help="The report as JSON.")] = False,
) -> None:
    """Make all tracks of a catalogue that are not up to date."""
    options = build_options(
        seed=seed, volume=volume or (), wake=wake, music=music, cover=cover, source=source, jobs=jobs or 0
    )
    run_batch(manifest, options, Asked(output, force, dry_run, as_json, timings, scheduler, log), quiet)


class Asked(Struct, frozen=True):
    """What the command line asks for, besides the options that all builds share."""

    output: str | None = None
    force: bool = False
    dry_run: bool = False
    as_json: bool = False
    timings: bool = False
    scheduler: str | None = None
    log: str | None = None


def run_batch(manifest: str, options: Options, asked: Asked, quiet: bool) -> None:
    """Make what is due. A track that can't be made does not stop the others."""
    begun = time.monotonic()
    teller = _Teller(quiet)
    found = _matrix(manifest, options, teller, asked.as_json)
    jobs = BatchItems(options, _folder(manifest, asked.output), api.open_cache(options))
    items = [jobs.item(cell) for cell in found.cells]
    rows = {item: jobs.state(item, asked.force) for item in items}
    for row in rows.values():
        teller.tell(row.diagnostics, row.sources)
    for item, fault in jobs.overwriting(rows, Path(manifest)):
        rows[item] = replace(rows[item], state=State.FAILED, fault=fault)
        _tell_fault(rows[item])
    logged = asked.dry_run or _make(rows, jobs, options.cores, teller, quiet, asked)
    table = list(rows.values())
    if asked.as_json:
        put_report(table, found.excluded, teller.of_manifest)
    elif not quiet:
        put_table(table)
    if asked.timings:
        put_timings(table)
    if not quiet:
        print_stderr(summary(table, found.excluded, time.monotonic() - begun))
    _end(table, teller.erred, logged)


class _Teller:
    """Tells each diagnostic once, however many tracks it concerns."""

    def __init__(self, quiet: bool) -> None:
        self.erred = False
        self._quiet = quiet
        self._told: set[Diagnostic] = set()
        self.manifest: tuple[Source, ...] = ()
        """Its text, to which all that is made of it may refer."""
        self.of_manifest: tuple[Diagnostic, ...] = ()
        """What there is to say of itself."""

    def tell(self, diagnostics: Sequence[Diagnostic], sources: Sequence[Source] = ()) -> None:
        new = [d for d in dict.fromkeys(diagnostics) if d not in self._told]
        self._told.update(new)
        self.erred = self.erred or has_errors(new)
        report.print_report(new, (*sources, *self.manifest), self._quiet)


def _matrix(manifest: str, options: Options, teller: _Teller, as_json: bool) -> Matrix[RoutineVariant]:
    """The tracks that the manifest asks for; one with errors of its own ends the command."""
    path = Path(manifest)
    if manifest == "-" or path.is_dir():
        raise usage_error(f"batch needs a manifest's file, and {manifest} is none", "docs/batch.md shows one")
    read = read_manifest(str(path), read_bytes(path, MAX_BYTES))
    teller.manifest = read.sources
    if read.manifest is None:
        teller.tell(read.diagnostics)
        if as_json:
            put_report((), 0, read.diagnostics)
        raise typer.Exit(FAULTY)
    found = matrix(read.manifest, Lookups(path, options))
    teller.of_manifest = (*read.diagnostics, *found.diagnostics)
    teller.tell(teller.of_manifest)
    return found


def _folder(manifest: str, output: str | None) -> Path:
    folder = Path(manifest).parent if output is None else Path(output)
    if output is not None and (not output or (folder.exists() and not folder.is_dir())):
        raise usage_error(f"-o {output}: this is not a folder", "name a folder; it need not be there yet")
    return folder


def _make(
    rows: dict[BatchItem, Row], jobs: BatchItems, processes: int, teller: _Teller, quiet: bool, asked: Asked
) -> bool:
    """Have the tracks made that are due; `rows` then says how it went. Whether all went into the log."""
    due = [item for item, row in rows.items() if row.state is State.DUE]
    count = min(processes, max(1, len(due)))  # where there are fewer tracks than cores, a track gets several
    done = 0
    with (
        Journal(asked.log) as journal,
        Workers(count, asked.scheduler if due else None, jobs.folder) as workers,
        Line(len(due), quiet) as line,
    ):
        journal.write("began", tracks=len(rows), due=len(due), workers=workers.count())
        engine = Engine[BatchItem](
            workers.start, workers.count, workers.function, lambda why: journal.write("lost a worker", why=why)
        )
        try:
            order = apart(due, lambda item: item.kinship, min(workers.count(), MAX_PREPARED))
            for item, outcome in jobs.outcomes(engine, order, workers.shared, processes // count):
                rows[item] = row = _row(rows[item], outcome)
                done += 1
                line.clear()
                teller.tell(outcome.diagnostics, outcome.sources)
                _tell_fault(row)
                line.count(row)
                journal.write(row.state.value, **plain(row))
        except KeyboardInterrupt:
            journal.write("interrupted", done=done)
            line.clear()
            print_stderr(
                f"cuecast: interrupted; {done} of {len(due)} were done. Call it again, and it goes on from there"
            )
            raise typer.Exit(INTERRUPTED) from None
        journal.write("ended", done=done)
    return journal.is_whole


def _tell_fault(row: Row) -> None:
    if row.fault:
        print_stderr(f"cuecast: {row.path} was not made: {row.fault.message}")
        print_stderr(f"  {row.fault.hint or row.fault.detail or ''}".rstrip())


def _row(row: Row, outcome: Outcome) -> Row:
    made = outcome.record is not None
    return replace(
        row,
        state=State.MADE if made else State.FAILED,
        summary=outcome.record.summary if outcome.record else None,
        diagnostics=outcome.diagnostics,
        fault=outcome.fault,
        stages=outcome.stages,
        worker=outcome.worker,
    )


def _end(rows: Sequence[Row], erred: bool, logged: bool) -> None:
    """End the command as it went."""
    failed = [row for row in rows if row.state is State.FAILED]
    if failed and not erred and all(row.fault and row.fault.kind is Failure.ENVIRONMENT for row in failed):
        raise typer.Exit(ENVIRONMENT)
    if failed or erred:
        raise typer.Exit(FAULTY)
    if not logged:
        raise typer.Exit(ENVIRONMENT)
