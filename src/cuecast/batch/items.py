"""The tracks of a batch: which are up to date, and the jobs that make the others."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from cuecast import api, pipeline
from cuecast.batch.job import Job, JobResult, failed
from cuecast.batch.matrix import TrackSpec
from cuecast.batch.runner import JobRunner, Workers, interleave
from cuecast.cache import Cache
from cuecast.errors import SetupError
from cuecast.files import atomic_write
from cuecast.library import Library, RoutineSource, file_digest, folders, input_files, state_of
from cuecast.library.build_record import is_up_to_date, load_record, save_record
from cuecast.model.build import PreparedRoutine, Result, TrackSummary
from cuecast.model.diagnostics import Diagnostic
from cuecast.model.routine import Role
from cuecast.model.voice import Profile, VoiceFingerprint
from cuecast.options import Options, parse_options
from cuecast.phrases.lengths import text_to_ms
from cuecast.speak.engines import voice_fingerprint
from cuecast.versions import environment_digest

MAX_PREPARED = 64
"""Routines that stay in memory after they were read. No more of them are built in turns."""


class BatchItem(Struct, frozen=True, eq=False):
    """A track of the manifest, its options, its path and the key of its record."""

    spec: TrackSpec
    options: Options
    target: Path
    key: str

    @property
    def group(self) -> tuple[RoutineSource, tuple[tuple[Role, str], ...]]:
        """The same for tracks of one routine with one voice, which have much in common."""
        return self.spec.routine.source, tuple(self.options.voice.items())


class TrackState(StrEnum):
    """What the batch has done about a track."""

    PENDING = "due"
    UNCHANGED = "unchanged"
    BUILT = "made"
    FAILED = "failed"


class TrackReport(Struct, frozen=True):
    """The state of a track, and the result of its last build."""

    item: BatchItem
    state: TrackState
    result: JobResult = JobResult()

    @property
    def summary(self) -> TrackSummary | None:
        """The facts about the finished track, if there is one."""
        return self.result.record.summary if self.result.record else None


class BatchItems:
    """Checks and builds items. Each file's state and each voice's fingerprint is looked up once in a batch."""

    def __init__(self, options: Options, folder: Path, store: Cache) -> None:
        """`options` apply to all tracks; tracks go into `folder`, their records into `store`."""
        self._options, self._folder, self._store = options, folder, store
        self._environment = environment_digest()
        self._states = cache(state_of)
        self._fingerprints: dict[str, VoiceFingerprint] = {}
        self._prepare = lru_cache(MAX_PREPARED)(self._read)

    def item(self, spec: TrackSpec) -> BatchItem:
        """The item of a track. `render` makes the same track with these options."""
        options = replace(
            self._options,
            voice=parse_options(voice=spec.voice).voice if spec.voice else self._options.voice,
            level=spec.level,
            fit_ms=text_to_ms(spec.length.text) if spec.length else None,
            format=spec.format,
        )
        target = self._folder / spec.output
        return BatchItem(
            spec, options, target, api.request_key(spec.routine.source, target, options, self._environment)
        )

    def check(self, item: BatchItem) -> TrackReport:
        """Whether the track is up to date."""
        record = None if item.options.force else load_record(self._store, item.key)
        if record is None or not is_up_to_date(record, item.target, self._fingerprint, self._states):
            return TrackReport(item, TrackState.PENDING)
        return TrackReport(item, TrackState.UNCHANGED, JobResult(record, record.diagnostics, record.sources))

    def refuse_overwriting(self, reports: Iterable[TrackReport], manifest: Path) -> Iterator[TrackReport]:
        """The reports. A pending track that would overwrite a file that any track is made from has failed."""
        reports = list(reports)
        targets = [report.item.target for report in reports if report.state is TrackState.PENDING]
        sources = [manifest, *(report.item.spec.routine.source.path for report in reports)]
        groups = {report.item.group: report.item for report in reports}
        libraries = (self._prepare(*item.group)[1] for item in groups.values())
        errors = dict(api.overwritten_inputs(targets, libraries, sources))
        for report in reports:
            error = errors.get(report.item.target)
            yield TrackReport(report.item, TrackState.FAILED, failed(error)) if error else report

    def build(
        self, items: Sequence[BatchItem], workers: Workers, threads: int, on_lost: Callable[[str], None]
    ) -> Iterator[TrackReport]:
        """The report of each item once it is built. Each worker uses `threads` threads.

        `on_lost` is called with the reason whenever a worker is lost.
        """
        order = interleave(items, lambda item: item.group, min(workers.count(), MAX_PREPARED))
        jobs = ((item, self._job(item, workers.is_remote, threads)) for item in order)
        for item, result in JobRunner[BatchItem](workers, on_lost).run(jobs):
            finished = self._finish(item, result)
            yield TrackReport(item, TrackState.BUILT if finished.record else TrackState.FAILED, finished)

    def _job(self, item: BatchItem, is_remote: bool, threads: int) -> Job | JobResult:
        """The job of an item, or its result if it can't be built."""
        result, library = self._prepare(*item.group)
        if result.value is None:
            return JobResult(diagnostics=result.diagnostics, sources=result.sources)
        try:
            item.target.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            message = f"cannot make the folder {item.target.parent}: {error.strerror}"
            return failed(SetupError(message, "write elsewhere (-o DIR)"))
        if os.path.realpath(item.target) in input_files(result.value.inputs):
            return failed(pipeline.overwrites_input(item.target))
        if not is_remote:
            options = replace(item.options, jobs=threads, cache=self._store.root)
            return Job(result.value, options, item.target.absolute(), item.key)
        # A remote worker has a cache of its own, and identifies music by its digest.
        states = {path: file_digest(self._states(str(path))) for path in library.music_files}
        music = {path: digest for path, digest in states.items() if digest}
        prepared = result.value
        if music and prepared.bundle is not None:
            bundle = prepared.bundle.with_music_digests({str(path): digest for path, digest in music.items()})
            prepared = replace(prepared, bundle=bundle)
        options = replace(item.options, jobs=threads, cache=None)
        return Job(prepared, options, item.target.absolute(), music=music)

    def _read(
        self, source: RoutineSource, voice: tuple[tuple[Role, str], ...]
    ) -> tuple[Result[PreparedRoutine], Library]:
        options = replace(self._options, voice=dict(voice))
        other_music = options.music is not None
        where = folders(options.home)
        library = Library(source.folder, where, root=options.root, other_music=other_music, states=self._states)
        return pipeline.prepare(source, library, options), library

    def _finish(self, item: BatchItem, result: JobResult) -> JobResult:
        """Write a track that came from another machine, and its record."""
        if result.data is not None and result.record is not None:
            try:
                with atomic_write(item.target) as file:
                    file.write(result.data)
            except SetupError as error:
                return failed(error)
            # The worker does not know the states of the user's music files.
            music = {str(path): self._states(str(path)) for path in self._prepare(*item.group)[1].music_files}
            inputs = {**result.record.inputs, **music}
            save_record(self._store, item.key, replace(result.record, inputs=inputs))
        return replace(result, data=None, diagnostics=tuple(_at_length(d, item) for d in result.diagnostics))

    def _fingerprint(self, profile: Profile) -> VoiceFingerprint:
        name = repr(profile)
        if name not in self._fingerprints:
            self._fingerprints[name] = voice_fingerprint(profile)
        return self._fingerprints[name]


def _at_length(diagnostic: Diagnostic, item: BatchItem) -> Diagnostic:
    """The error about a length that can't be reached, at the length's place in the manifest."""
    if diagnostic.span is not None or diagnostic.code != "cannot-fit" or item.spec.length is None:
        return diagnostic
    return replace(diagnostic, message=f"{item.target}: {diagnostic.message}", span=item.spec.length.span)
