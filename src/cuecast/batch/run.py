"""The use case: make all tracks of a manifest that are not up to date."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from threading import Event
from typing import Unpack

from msgspec import Struct
from msgspec.structs import replace

from cuecast import api
from cuecast.batch.catalogue import Catalogue
from cuecast.batch.items import BatchItems, TrackReport, TrackState
from cuecast.batch.job import FailureKind
from cuecast.batch.matrix import track_matrix
from cuecast.batch.runner import Workers
from cuecast.batch.workers import WorkerPool
from cuecast.library.routines import read_bytes
from cuecast.model.diagnostics import Diagnostic
from cuecast.model.limits import MAX_BYTES
from cuecast.model.source import Source
from cuecast.options import OptionKeywords, Options
from cuecast.read import read_manifest


class BatchReport(Struct, frozen=True):
    """What a batch has done. `diagnostics` are those of the manifest itself; with errors in it there are no tracks."""

    tracks: tuple[TrackReport, ...] = ()
    excluded: int = 0
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether no track has failed."""
        return all(track.state is not TrackState.FAILED for track in self.tracks)

    @property
    def has_faulty_tracks(self) -> bool:
        """Whether a track has failed for another reason than the machine."""
        failed = (track.result.failure for track in self.tracks if track.state is TrackState.FAILED)
        return any(failure is None or failure.kind is not FailureKind.ENVIRONMENT for failure in failed)


class BatchListener:
    """Follows a batch. The methods of this one do nothing."""

    def read(self, diagnostics: Sequence[Diagnostic], sources: Sequence[Source]) -> None:
        """The manifest was read."""

    def checked(self, tracks: Sequence[TrackReport]) -> None:
        """All tracks were compared with their records."""

    def started(self, tracks: int, pending: int, workers: int) -> None:
        """The build of the pending tracks begins."""

    def finished(self, track: TrackReport) -> None:
        """A track was built or has failed."""

    def lost_worker(self, reason: str) -> None:
        """A worker was lost. Its track is made again."""


def batch(
    manifest: str | os.PathLike[str],
    options: Options | None = None,
    *,
    folder: str | os.PathLike[str] | None = None,
    dry_run: bool = False,
    scheduler: str | None = None,
    listener: BatchListener | None = None,
    on_progress: api.OnProgress | None = None,
    cancel: Event | None = None,
    **keywords: Unpack[OptionKeywords],
) -> BatchReport:
    """Make all tracks that are not up to date. A track that fails does not stop the others.

    Tracks go into `folder`, by default the manifest's. With `dry_run` nothing is made. `scheduler` is the address of a
    Dask cluster that makes the tracks. Raises RoutineNotFound if the manifest can't be read, OptionError for an option that can't be used,
    SetupError if no worker can start, and Cancelled once `cancel` is set: tracks that are finished stay.
    """
    options, manifest = api.options_of(options, keywords), Path(manifest)
    options = replace(options, root=options.root or manifest.parent)
    listener = listener or BatchListener()
    result = read_manifest(str(manifest), read_bytes(manifest, MAX_BYTES))
    if result.value is None:
        listener.read(result.diagnostics, result.sources)
        return BatchReport(diagnostics=result.diagnostics)
    matrix = track_matrix(result.value, Catalogue(manifest, options))
    diagnostics = (*result.diagnostics, *matrix.diagnostics)
    listener.read(diagnostics, result.sources)
    folder = manifest.parent if folder is None else Path(folder)
    items = BatchItems(options, folder, api.open_cache(options))
    reports = items.refuse_overwriting([items.check(items.item(spec)) for spec in matrix.specs], manifest)
    tracks = {report.item: report for report in reports}
    listener.checked(tuple(tracks.values()))
    if not dry_run:
        pending = [item for item, report in tracks.items() if report.state is TrackState.PENDING]
        processes = min(options.cores, max(1, len(pending)))
        with _open_workers(processes, scheduler if pending else None) as workers:
            listener.started(len(tracks), len(pending), workers.count())
            progress = api.listener_of(on_progress, cancel).stage("tracks")
            progress(0, len(pending))
            threads = options.cores // processes  # with fewer tracks than cores, each track gets several
            for done, report in enumerate(items.build(pending, workers, threads, listener.lost_worker), 1):
                tracks[report.item] = report
                listener.finished(report)
                progress(done, len(pending))
    return BatchReport(tuple(tracks.values()), matrix.excluded, diagnostics)


def _open_workers(processes: int, scheduler: str | None) -> AbstractContextManager[Workers]:
    """Workers on this machine, or those of a Dask cluster."""
    if scheduler is None:
        return contextlib.nullcontext(Workers(partial(WorkerPool, processes), lambda: processes))
    from cuecast.batch.cluster import connect

    return connect(scheduler)
