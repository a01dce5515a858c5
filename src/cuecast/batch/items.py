"""The tracks of a batch: prepared as jobs for workers, and put in their places."""

from __future__ import annotations

import os
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from cuecast import api, pipeline
from cuecast.batch.catalogue import RoutineVariant
from cuecast.batch.engine import Engine
from cuecast.batch.job import Failure, Fault, Job, Outcome, Shared
from cuecast.batch.matrix import Cell
from cuecast.batch.row import Row, State
from cuecast.cache import Cache
from cuecast.errors import SetupError
from cuecast.files import atomic_write, is_safe_to_overwrite
from cuecast.library import Library, RoutineSource, file_digest, folders, input_files, state_of
from cuecast.library.build_record import is_up_to_date, load_record, save_record
from cuecast.model.build import PreparedRoutine, Result
from cuecast.model.diagnostics import Diagnostic
from cuecast.model.duration import text_to_ms
from cuecast.model.source import Span
from cuecast.model.voice import Profile, VoiceFingerprint
from cuecast.options import Options, parse_options
from cuecast.speak.engines import voice_fingerprint
from cuecast.versions import environment_digest

MAX_PREPARED = 64
"""Routines that stay in memory as they were read: as many can be built by turns."""


class BatchItem(Struct, frozen=True, eq=False):
    """A track of the catalogue: its routine, its options, its place, and the key of its record."""

    source: RoutineSource
    options: Options
    target: Path
    key: str
    row: Row
    length_span: Span | None = None
    """Where the manifest gives its length."""

    @property
    def kinship(self) -> Hashable:
        """The same for tracks that have much in common: one routine, spoken by one voice."""
        return self.source, tuple(self.options.voice.items())


class Prepared(Struct, frozen=True):
    """A routine as it was read with some voice, and the music files that it may play."""

    result: Result[PreparedRoutine]
    inputs: Mapping[str, str]
    music: tuple[Path, ...]


class BatchItems:
    """Makes jobs of items. The state of a file, and the fingerprint of a voice, is looked up once in a batch."""

    def __init__(self, options: Options, folder: Path, store: Cache) -> None:
        """`options` are those of all tracks; tracks go into `folder`, their records into `store`."""
        self.folder = folder
        self._options, self._store = options, store
        self._environment = environment_digest()
        self._states = cache(state_of)
        self._fingerprints: dict[str, VoiceFingerprint] = {}
        self._prepare = lru_cache(MAX_PREPARED)(self._read)

    def item(self, cell: Cell[RoutineVariant]) -> BatchItem:
        """The track that `render` would make with the options of the cell."""
        source, target = cell.routine.source, self.folder / cell.output
        options = replace(
            self._options,
            voice=parse_options(voice=cell.voice).voice if cell.voice else self._options.voice,
            level=cell.level,
            fit_ms=text_to_ms(cell.length.text) if cell.length else None,
            format=cell.format,
        )
        key = api.request_key(source, target, options, self._environment)
        level, length = cell.level.value if cell.level else None, cell.length.text if cell.length else None
        row = Row(target, cell.routine.stem, cell.language, cell.voice, level, length, cell.format)
        return BatchItem(source, options, target, key, row, cell.length.span if cell.length else None)

    def state(self, item: BatchItem, force: bool) -> Row:
        """Whether the track is up to date or due."""
        known = None if force else load_record(self._store, item.key)
        if known is None or not is_up_to_date(known, item.target, self._fingerprint, self._states):
            return item.row
        return replace(
            item.row,
            state=State.UNCHANGED,
            summary=known.summary,
            diagnostics=known.diagnostics,
            sources=known.sources,
        )

    def overwriting(self, rows: Mapping[BatchItem, Row], manifest: Path) -> Iterator[tuple[BatchItem, Fault]]:
        """The tracks that are due and would overwrite a file that any track here is made from.

        The routines are read for it only if something lies at a target that is not a track of ours.
        """
        due = [item for item, row in rows.items() if row.state is State.DUE]
        inputs = {os.path.realpath(path) for path in (manifest, *(item.source.path for item in rows))}
        if not all(is_safe_to_overwrite(item.target) for item in due):
            for item in {item.kinship: item for item in rows}.values():
                prepared = self._prepared(item)
                inputs |= input_files(prepared.inputs) | set(map(os.path.realpath, prepared.music))
        for item in due:
            if os.path.realpath(item.target) in inputs:
                yield item, _fault_of(pipeline.overwrites_input(item.target))

    def outcomes(
        self, engine: Engine[BatchItem], items: Iterable[BatchItem], shared: Shared | None, threads: int = 1
    ) -> Iterator[tuple[BatchItem, Outcome]]:
        """The outcome of each item as it is done. Tracks are put in their places, and their records stored.

        Each worker has `threads` threads.
        """
        not_built: list[tuple[BatchItem, Outcome]] = []

        def jobs() -> Iterator[tuple[BatchItem, Job]]:
            for item in items:
                job = self._job(item, shared, threads)
                if isinstance(job, Job):
                    yield item, job
                else:
                    not_built.append((item, job))

        for item, outcome in engine.run(jobs()):
            while not_built:
                yield not_built.pop(0)
            yield item, self._finish(item, outcome, save=shared is not None)
        yield from not_built

    def _job(self, item: BatchItem, shared: Shared | None, threads: int) -> Job | Outcome:
        """The job of an item, or its outcome if its routine has errors or its folder can't be made."""
        prepared = self._prepared(item)
        result = prepared.result
        if result.value is None:
            return Outcome(diagnostics=result.diagnostics, sources=result.sources)
        try:
            item.target.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            message = f"cannot make the folder {item.target.parent}: {error.strerror}"
            return Outcome(fault=Fault(Failure.ENVIRONMENT, message, "write elsewhere (-o DIR)"))
        if os.path.realpath(item.target) in input_files(prepared.inputs):
            return Outcome(fault=_fault_of(pipeline.overwrites_input(item.target)))
        # The workers of a cluster have caches of their own, and know music by its digest.
        cache_folder, key = (self._store.root, item.key) if shared is None else (None, None)
        music = {} if shared is None else dict(self._digests(prepared.music))
        routine = result.value
        if music and routine.bundle is not None:
            digests = {str(path): digest for path, digest in music.items()}
            routine = replace(routine, bundle=routine.bundle.with_music_digests(digests))
        options = replace(item.options, jobs=threads, cache=cache_folder)
        return Job(routine, options, item.target.absolute(), key=key, music=music, shared=shared)

    def _prepared(self, item: BatchItem) -> Prepared:
        return self._prepare(item.source, tuple(item.options.voice.items()))

    def _read(self, source: RoutineSource, voice: tuple[tuple[str, str], ...]) -> Prepared:
        options = replace(self._options, voice=dict(voice))
        where = folders(options.home)
        library = Library(source.folder, where, other_music=options.music is not None, states=self._states)
        result = pipeline.prepare(source, library, options)
        return Prepared(result, library.inputs, library.music_files)

    def _digests(self, paths: Sequence[Path]) -> Iterator[tuple[Path, str]]:
        """The SHA-256 of those that are files."""
        for path in paths:
            if digest := file_digest(self._states(str(path))):
                yield path, digest

    def _finish(self, item: BatchItem, outcome: Outcome, save: bool) -> Outcome:
        """Put a track in its place if the worker could not, and `save` its record if no worker could."""
        if outcome.data is not None:
            try:
                with atomic_write(item.target) as file:
                    file.write(outcome.data)
            except SetupError as fault:
                return replace(outcome, record=None, data=None, fault=_fault_of(fault))
        if save and outcome.record is not None:
            inputs = dict(outcome.record.inputs)
            if outcome.data is not None:  # the worker has not seen our music files
                inputs |= {str(path): self._states(str(path)) for path in self._prepared(item).music}
            save_record(self._store, item.key, replace(outcome.record, inputs=inputs))
        return replace(outcome, data=None, diagnostics=tuple(_at_length(d, item) for d in outcome.diagnostics))

    def _fingerprint(self, profile: Profile) -> VoiceFingerprint:
        name = repr(profile)
        if name not in self._fingerprints:
            self._fingerprints[name] = voice_fingerprint(profile)
        return self._fingerprints[name]


def _fault_of(error: SetupError) -> Fault:
    return Fault(Failure.ENVIRONMENT, error.message, error.hint)


def _at_length(diagnostic: Diagnostic, item: BatchItem) -> Diagnostic:
    """A length that can't be reached, with its place in the manifest."""
    if diagnostic.span is not None or diagnostic.code != "cannot-fit":
        return diagnostic
    return replace(diagnostic, message=f"{item.row.path}: {diagnostic.message}", span=item.length_span)
