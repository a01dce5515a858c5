"""`batch`: the tracks of a manifest that are not up to date, made by all cores or by a cluster."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import typer
from msgspec import Struct
from msgspec.structs import replace

from cuecast.batch.apart import apart
from cuecast.batch.engine import Engine
from cuecast.batch.job import Failure, Outcome
from cuecast.batch.matrix import Matrix, matrix
from cuecast.batch.row import Row, State
from cuecast.batch.workers import Workers
from cuecast.cache import Cache
from cuecast.cli import report
from cuecast.cli.batch_items import KEPT, Jobs, Wish
from cuecast.cli.batch_report import Journal, Line, plain, put_report, put_table, put_timings, summary
from cuecast.cli.catalogue import Listed, Lookups
from cuecast.cli.console import ENVIRONMENT, FAULTY, INTERRUPTED, tell, usage
from cuecast.cli.find import cache_dir, cache_limit, content
from cuecast.cli.options import Told, options_of
from cuecast.model.diagnostics import Diagnostic, has_errors
from cuecast.model.field_types import MAX_BYTES
from cuecast.model.source import Source
from cuecast.read import read_manifest


class Asked(Struct, frozen=True):
    """What the command line asks for, besides the options that all builds share."""

    output: str | None = None
    force: bool = False
    dry_run: bool = False
    as_json: bool = False
    timings: bool = False
    scheduler: str | None = None
    log: str | None = None


def batch(manifest: str, told: Told, asked: Asked) -> None:
    """Make what is due. What can't be made does not stop the rest."""
    begun = time.monotonic()
    processes = options_of(told).jobs  # wrongly told, it ends here
    teller = _Teller(told.quiet)
    found = _matrix(manifest, teller, asked.as_json)
    jobs = Jobs(told, _folder(manifest, asked.output), Cache(cache_dir(), cache_limit()))
    wishes = [jobs.wish(cell) for cell in found.cells]
    rows = {wish: jobs.looked_at(wish, asked.force) for wish in wishes}
    for row in rows.values():
        teller.tell(row.diagnostics, row.sources)
    for wish, fault in jobs.in_the_way(rows, Path(manifest)):
        rows[wish] = replace(rows[wish], state=State.FAILED, fault=fault)
        _tell_fault(rows[wish])
    logged = asked.dry_run or _make(rows, jobs, processes, teller, told.quiet, asked)
    table = list(rows.values())
    if asked.as_json:
        put_report(table, found.excluded, teller.of_manifest)
    elif not told.quiet:
        put_table(table)
    if asked.timings:
        put_timings(table)
    if not told.quiet:
        tell(summary(table, found.excluded, time.monotonic() - begun))
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
        report.tell(new, (*sources, *self.manifest), self._quiet)


def _matrix(manifest: str, teller: _Teller, as_json: bool) -> Matrix[Listed]:
    """The tracks that the manifest asks for; one with errors of its own ends the command."""
    path = Path(manifest)
    if manifest == "-" or path.is_dir():
        raise usage(f"batch needs a manifest's file, and {manifest} is none", "docs/batch.md shows one")
    read = read_manifest(str(path), content(path, MAX_BYTES))
    teller.manifest = read.sources
    if read.manifest is None:
        teller.tell(read.diagnostics)
        if as_json:
            put_report((), 0, read.diagnostics)
        raise typer.Exit(FAULTY)
    found = matrix(read.manifest, Lookups(path))
    teller.of_manifest = (*read.diagnostics, *found.diagnostics)
    teller.tell(teller.of_manifest)
    return found


def _folder(manifest: str, output: str | None) -> Path:
    folder = Path(manifest).parent if output is None else Path(output)
    if output is not None and (not output or (folder.exists() and not folder.is_dir())):
        raise usage(f"-o {output}: this is not a folder", "name a folder; it need not be there yet")
    return folder


def _make(rows: dict[Wish, Row], jobs: Jobs, processes: int, teller: _Teller, quiet: bool, asked: Asked) -> bool:
    """Have the tracks made that are due; `rows` then says how it went. Whether all went into the log."""
    due = [wish for wish, row in rows.items() if row.state is State.DUE]
    count = min(processes, max(1, len(due)))  # where there are fewer tracks than cores, a track gets several
    done = 0
    with (
        Journal(asked.log) as journal,
        Workers(count, asked.scheduler if due else None, jobs.folder) as workers,
        Line(len(due), quiet) as line,
    ):
        journal.write("began", tracks=len(rows), due=len(due), workers=workers.count())
        engine = Engine[Wish](
            workers.start, workers.count, workers.function, lambda why: journal.write("lost a worker", why=why)
        )
        try:
            order = apart(due, lambda wish: wish.alike, min(workers.count(), KEPT))
            for wish, outcome in jobs.outcomes(engine, order, workers.shared, processes // count):
                rows[wish] = row = _row(rows[wish], outcome)
                done += 1
                line.clear()
                teller.tell(outcome.diagnostics, outcome.sources)
                _tell_fault(row)
                line.count(row)
                journal.write(row.state.value, **plain(row))
        except KeyboardInterrupt:
            journal.write("interrupted", done=done)
            line.clear()
            tell(f"cuecast: interrupted; {done} of {len(due)} were done. Call it again, and it goes on from there")
            raise typer.Exit(INTERRUPTED) from None
        journal.write("ended", done=done)
    return journal.is_whole


def _tell_fault(row: Row) -> None:
    if row.fault:
        tell(f"cuecast: {row.path} was not made: {row.fault.message}")
        tell(f"  {row.fault.hint or row.fault.detail or ''}".rstrip())


def _row(row: Row, outcome: Outcome) -> Row:
    made = outcome.record is not None
    return replace(
        row,
        state=State.MADE if made else State.FAILED,
        finished=outcome.record.finished if outcome.record else None,
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
