"""From the tracks that a manifest asks for to jobs for workers, and from what became of them to records."""

from __future__ import annotations

import os
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from cuecast import build_record as record
from cuecast.batch.engine import Engine
from cuecast.batch.job import Failure, Fault, Job, Outcome, Shared
from cuecast.batch.matrix import Cell
from cuecast.batch.music import music_of
from cuecast.batch.row import Row, State
from cuecast.build_record import CurrentState, VoiceFingerprint
from cuecast.cache import Cache
from cuecast.cli.catalogue import Listed
from cuecast.cli.find import Found, cache_limit, folders
from cuecast.cli.find import places as places_of
from cuecast.cli.options import Told, options_of
from cuecast.cli.render import KINDS, music_places, picture_of, said_of
from cuecast.errors import SetupError
from cuecast.files import atomic_write, is_safe_to_overwrite
from cuecast.inputs import InputTracker, input_files, state_of, was_input
from cuecast.model.diagnostics import Diagnostic
from cuecast.model.source import Span
from cuecast.options import EmbedOptions, PreparedRoutine, Result
from cuecast.pipeline import overwrites_input, ready
from cuecast.protocols import Profile
from cuecast.speak.engines import voice_fingerprint
from cuecast.tags.bundling import Bundling, Packed
from cuecast.versions import environment_digest

KEPT = 64
"""Routines that are kept as they were read: as many can be worked at by turns."""


class Wish(Struct, frozen=True, eq=False):
    """A track that is wanted: its routine, its options as on the command line, and the key of its record."""

    found: Found
    told: Told
    target: Path
    key: str
    row: Row
    length_at: Span | None = None
    """Where its length is told."""

    @property
    def alike(self) -> Hashable:
        """The same for tracks that have much in common: one routine, spoken by one voice."""
        return self.found, tuple(self.told.voice)


class _Readied(Struct, frozen=True):
    """A routine as it was read with some voice; `seen` is all that was looked at for it."""

    result: Result[PreparedRoutine]
    seen: Mapping[str, str]
    packed: Packed | None
    music: tuple[Path, ...]


class Jobs:
    """Makes jobs of wishes. What is looked at, here and for the records, is looked at once in a run."""

    def __init__(self, told: Told, folder: Path, store: Cache) -> None:
        """`told` are the options for all tracks; they go into `folder`, their records into `store`."""
        self.folder = folder
        self._told, self._store = told, store
        self._runs = environment_digest()
        self._states = cache(state_of)
        self._marks: dict[str, VoiceFingerprint] = {}
        self._now = CurrentState(self._states, self._mark)
        self._readied = lru_cache(KEPT)(self._read)
        self._picture = picture_of(told, InputTracker(self._states))

    def wish(self, cell: Cell[Listed]) -> Wish:
        """What `render` would be told to make that track."""
        told = replace(
            self._told,
            voice=(cell.voice,) if cell.voice else self._told.voice,
            level=cell.level.value if cell.level else None,
            fit=cell.length.text if cell.length else None,
            form=None if cell.format == "mp3" else cell.format,
        )
        found, target = cell.routine.found, self.folder / cell.output
        key = record.key_of(said_of(found, target, told), self._runs)
        row = Row(target, cell.routine.stem, cell.language, cell.voice, told.level, told.fit, cell.format)
        return Wish(found, told, target, key, row, cell.length.span if cell.length else None)

    def looked_at(self, wish: Wish, force: bool) -> Row:
        """How it stands with the track: up to date, or due."""
        known = None if force else record.load(self._store, wish.key)
        if known is None or not record.is_up_to_date(known, wish.target, self._now):
            return wish.row
        return replace(
            wish.row,
            state=State.UNCHANGED,
            finished=known.finished,
            diagnostics=known.diagnostics,
            sources=known.sources,
        )

    def in_the_way(self, rows: Mapping[Wish, Row], manifest: Path) -> Iterator[tuple[Wish, Fault]]:
        """The tracks that are due, and would be written over what any track here is made from.

        Only where something lies in a track's place that is no track, all routines are read beforehand.
        """
        due = [wish for wish, row in rows.items() if row.state is State.DUE]
        inputs = {os.path.realpath(path) for path in (manifest, *(wish.found.path for wish in rows))}
        if not all(is_safe_to_overwrite(wish.target) for wish in due):
            for found, voices in {(wish.found, tuple(wish.told.voice)) for wish in rows}:
                readied = self._readied(found, voices)
                inputs |= input_files(readied.seen) | set(map(os.path.realpath, readied.music))
        for wish in due:
            if os.path.realpath(wish.target) in inputs:
                fault = overwrites_input(wish.target)
                yield wish, Fault(Failure.ENVIRONMENT, fault.message, fault.hint)

    def outcomes(
        self, engine: Engine[Wish], wishes: Iterable[Wish], shared: Shared | None, threads: int = 1
    ) -> Iterator[tuple[Wish, Outcome]]:
        """What becomes of each, as it gets done. Each that can be is put in its place, and its record kept.

        A worker has so many threads.
        """
        unfit: list[tuple[Wish, Outcome]] = []

        def jobs() -> Iterator[tuple[Wish, Job]]:
            for wish in wishes:
                made = self._job(wish, shared, threads)
                if isinstance(made, Job):
                    yield wish, made
                else:
                    unfit.append((wish, made))

        for wish, outcome in engine.run(jobs()):
            while unfit:
                yield unfit.pop(0)
            yield wish, self._settled(wish, outcome, keep=shared is not None)
        yield from unfit

    def _job(self, wish: Wish, shared: Shared | None, threads: int) -> Job | Outcome:
        """The job, or what became of it where its routine has errors or its folder can't be made."""
        options = replace(options_of(wish.told), jobs=threads)
        readied = self._readied(wish.found, tuple(wish.told.voice))
        result = readied.result
        if result.value is None:
            return Outcome(diagnostics=result.diagnostics, sources=result.sources)
        try:
            wish.target.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            message = f"cannot make the folder {wish.target.parent}: {error.strerror}"
            return Outcome(fault=Fault(Failure.ENVIRONMENT, message, "write elsewhere (-o DIR)"))
        if was_input(readied.seen, wish.target):
            fault = overwrites_input(wish.target)
            return Outcome(fault=Fault(Failure.ENVIRONMENT, fault.message, fault.hint))
        # A cluster's workers have caches of their own, and hear of music by its sum.
        own, key = (self._store.root, wish.key) if shared is None else (None, None)
        music = {} if shared is None else dict(self._sums(readied.music))
        source = None
        if readied.packed is not None:
            told = dict(self._bundling(wish.found, wish.told).told())
            source = replace(readied.packed, options=told, music={str(path): sum_ for path, sum_ in music.items()})
        packaging = EmbedOptions((), wish.told.form or "mp3", wish.told.cover != "off", self._picture, source)
        return Job(
            result.value,
            options,
            packaging,
            wish.target.absolute(),
            seen=readied.seen,
            cache=own,
            key=key,
            cache_limit=cache_limit(),
            music=music,
            shared=shared,
        )

    def _read(self, found: Found, voices: tuple[str, ...]) -> _Readied:
        looks = InputTracker(self._states)
        told = replace(self._told, voice=voices)
        for path in (*music_places(told), *([Path(told.cover)] if self._picture and told.cover else [])):
            looks.at(path)
        options = options_of(told)
        result = ready(found.noting(looks), options, places_of(looks))
        if result.value is None:
            return _Readied(result, looks.seen, None, ())
        packed = self._bundling(found, told).packed(looks.seen, result.value.profiles) if told.source else None
        return _Readied(result, looks.seen, packed, music_of(result.value.routine, options.music))

    def _sums(self, paths: Sequence[Path]) -> Iterator[tuple[Path, str]]:
        """The SHA-256 of those that are files."""
        for path in paths:
            kind, sum_, *_ = [*self._states(str(path)).split(" ", 2), ""]
            if kind == "file":
                yield path, sum_

    def _bundling(self, found: Found, told: Told) -> Bundling:
        return Bundling(found.stem, found.data, found.folder, {kind: folders(kind) for kind in KINDS}, told.said())

    def _settled(self, wish: Wish, outcome: Outcome, keep: bool) -> Outcome:
        """Put a track in its place that a worker could not put there; `keep` its record where no worker could."""
        if outcome.data is not None:
            try:
                with atomic_write(wish.target) as file:
                    file.write(outcome.data)
            except SetupError as fault:
                failure = Fault(Failure.ENVIRONMENT, fault.message, fault.hint)
                return replace(outcome, record=None, data=None, fault=failure)
        if keep and outcome.record is not None:
            seen = dict(outcome.record.seen)
            if outcome.data is not None:  # the worker has not seen our files of music
                music = self._readied(wish.found, tuple(wish.told.voice)).music
                seen |= {str(path): self._states(str(path)) for path in music}
            record.save(self._store, wish.key, replace(outcome.record, seen=seen))
        return replace(outcome, data=None, diagnostics=tuple(_placed(d, wish) for d in outcome.diagnostics))

    def _mark(self, profile: Profile) -> VoiceFingerprint:
        name = repr(profile)
        if name not in self._marks:
            self._marks[name] = voice_fingerprint(profile)
        return self._marks[name]


def _placed(diagnostic: Diagnostic, wish: Wish) -> Diagnostic:
    """With its place in the manifest, where it is of the length that is told there."""
    if diagnostic.span is not None or diagnostic.code != "cannot-fit":
        return diagnostic
    return replace(diagnostic, message=f"{wish.row.path}: {diagnostic.message}", span=wish.length_at)
