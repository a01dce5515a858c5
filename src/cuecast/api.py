"""The use cases, one function each: values in, a result with diagnostics out. Nothing here prints or exits.

What only a build needs is imported when one begins: a track that is up to date is recognised without it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from cuecast.cache import Cache
from cuecast.files import is_safe_to_overwrite, user_cache
from cuecast.library import (
    ENGLISH,
    KINDS,
    Folders,
    Library,
    RoutineNotFound,
    RoutineSource,
    folders,
    input_files,
    named_routines,
)
from cuecast.library import find_routine as _find_routine
from cuecast.library.build_record import BuildRecord, is_up_to_date, load_record, record_key, save_record
from cuecast.library.routines import is_file, load_routine, read_bytes, translation_paths
from cuecast.model.build import Result, Track
from cuecast.model.diagnostics import Diagnostic, has_errors, in_order
from cuecast.model.limits import MAX_BYTES
from cuecast.model.progress import ProgressListener
from cuecast.options import Options, parse_options
from cuecast.versions import environment_digest

if TYPE_CHECKING:
    from cuecast.errors import SetupError
    from cuecast.model.timeline import Timeline
    from cuecast.protocols import MixedSound
    from cuecast.speak.recording.script import PhraseToRecord
    from cuecast.tags.extract import Extracted

Routine = str | os.PathLike[str] | RoutineSource
"""A routine: its path, its name, or its text with where it comes from."""


def check(routine: Routine, options: Options | None = None, **choices: Any) -> Result[Timeline]:
    """Everything that can be said of a routine without a voice, and its timeline with estimated words.

    Options are one `Options`, or keyword arguments as on the command line (`options.parse_options`).
    Raises RoutineNotFound, and OptionError for an option that can't be used.
    """
    from cuecast import pipeline

    options = options or parse_options(**choices)
    source = find_routine(routine, options)
    return pipeline.check(source, open_library(source, options), options)


def plan(
    routine: Routine,
    options: Options | None = None,
    *,
    listener: ProgressListener | None = None,
    **choices: Any,
) -> Result[Timeline]:
    """The timeline, with the lengths that the words have when the voice speaks them.

    Raises as `check` does, and SetupError if a voice can't speak.
    """
    from cuecast import pipeline

    options = options or parse_options(**choices)
    source = find_routine(routine, options)
    prepared = pipeline.prepare(source, open_library(source, options), options)
    if prepared.value is None:
        return Result(None, prepared.diagnostics, prepared.sources)
    planned = pipeline.plan(prepared.value, options, open_cache(options), listener or ProgressListener())
    return Result(planned.value.timeline if planned.value else None, planned.diagnostics, planned.sources)


def mix(
    routine: Routine,
    options: Options | None = None,
    *,
    listener: ProgressListener | None = None,
    **choices: Any,
) -> Result[tuple[Timeline, MixedSound]]:
    """The timeline and its sound, to be played without being encoded. Raises as `plan` does."""
    from cuecast import pipeline

    options = options or parse_options(**choices)
    source, cache, listener = find_routine(routine, options), open_cache(options), listener or ProgressListener()
    library = open_library(source, options)
    prepared = pipeline.prepare(source, library, options)
    if prepared.value is None:
        return Result(None, prepared.diagnostics, prepared.sources)
    planned = pipeline.plan(prepared.value, options, cache, listener)
    if planned.value is None:
        return Result(None, planned.diagnostics, planned.sources)
    mixed = pipeline.mix(planned.value, library, cache, listener)
    value = (planned.value.timeline, mixed.value) if mixed.value else None
    return Result(value, in_order((*planned.diagnostics, *mixed.diagnostics)), planned.sources)


def render(
    routine: Routine,
    target: str | os.PathLike[str] | None = None,
    options: Options | None = None,
    *,
    listener: ProgressListener | None = None,
    library: Library | None = None,
    **choices: Any,
) -> Result[Track]:
    """The track at `target`, written whole or not at all. One that is up to date stays as it is.

    With `split` the target is a folder. By default it has the routine's name and lies in the current folder. A caller
    that wants to know what was read, also of a routine with errors, passes the `library` (`open_library`).

    Raises as `plan` does, SetupError if the target can't be written, and UnknownPlugin for an unknown format.
    """
    options = options or parse_options(**choices)
    source = find_routine(routine, options)
    target = Path(target) if target is not None else Path(source.stem if options.split else f"{source.stem}.mp3")
    cache = open_cache(options)
    key = request_key(source, target, options)  # before anything is read that may change meanwhile
    known = None
    if not (options.force or options.sidecars or options.split):
        known = load_record(cache, key)
        if known is not None and is_current(known, target):
            return track_of(known, target)
    if not known:  # something is new, so something will be spoken
        from cuecast.speak.pool import prestart

        prestart()
    from cuecast import pipeline

    library = library or open_library(source, options)
    prepared = pipeline.prepare(source, library, options)
    if prepared.value is None:
        return Result(None, prepared.diagnostics, prepared.sources)
    sources = prepared.sources

    def save(track: Track, diagnostics: tuple[Diagnostic, ...]) -> None:
        save_record(cache, key, record_of(track, Result(track, diagnostics, sources)))

    listener = listener or ProgressListener()
    return pipeline.render(prepared.value, target, options, cache, listener, library, on_complete=save)


def find_routine(routine: Routine, options: Options) -> RoutineSource:
    """The routine that is meant, in the language that the options choose. Raises RoutineNotFound."""
    source = routine if isinstance(routine, RoutineSource) else _find_routine(os.fspath(routine), folders(options.home))
    return source if options.language is None else in_language(source, options)


def in_language(source: RoutineSource, options: Options) -> RoutineSource:
    """The file of that language beside a routine, NAME.de.yaml, or a routine that is in it. Raises RoutineNotFound."""
    language = options.language or ""
    path, original = translation_paths(source, language)
    if is_file(path):
        return load_routine(path, source.packaged)
    candidates = [source]
    if original is not None and is_file(original):
        candidates.append(load_routine(original, source.packaged))
    for candidate in candidates:
        if language_of(candidate, options) == language:
            return candidate
    raise RoutineNotFound(
        f"{source.name} does not exist in the language {language}", f"it would be {path.name}, beside it"
    )


def language_of(source: RoutineSource, options: Options) -> str | None:
    """The language of a routine; None if it has errors."""
    from cuecast.read import read

    routine = read(source.name, source.data, Library(source.folder, folders(options.home), other_music=True)).value
    return routine.language if routine else None


def open_library(source: RoutineSource | None, options: Options) -> Library:
    """The files that a build of the routine may read."""
    folder = source.folder if source else None
    return Library(folder, folders(options.home), other_music=options.music is not None)


def open_cache(options: Options) -> Cache:
    """The cache that the options choose."""
    root = cache_folder(options)
    return Cache(root) if options.cache_limit is None else Cache(root, options.cache_limit)


def cache_folder(options: Options) -> Path:
    """The folder of the cache."""
    return options.cache or user_cache(None)


def request_key(source: RoutineSource, target: Path, options: Options, environment: str | None = None) -> str:
    """The key of the record of a build: everything that was asked for, and where.

    `environment` is `versions.environment_digest()`, if it is known already.
    """
    where = folders(options.home)
    request = {
        "routine": [source.name, os.path.realpath(source.folder), hashlib.sha256(source.data).hexdigest()],
        "options": {**options.to_json(), "source": options.source, "format": options.format},
        "folders": [os.path.realpath(folder) for kind in KINDS for folder in where.of(kind)],
        "working folder": str(Path.cwd()),  # music and cover are relative to it
        "target": os.path.abspath(target),  # noqa: PTH100
    }
    return record_key(request, environment or environment_digest())


def is_current(record: BuildRecord, target: Path) -> bool:
    """Whether a build would make the track at `target` again as it is."""
    from cuecast.speak.engines import voice_fingerprint

    return is_up_to_date(record, target, voice_fingerprint)


def record_of(track: Track, result: Result[Track]) -> BuildRecord:
    """The record of a finished track."""
    return BuildRecord(track.inputs, track.voices, track.digest, track.summary, result.diagnostics, result.sources)


def track_of(record: BuildRecord, target: Path) -> Result[Track]:
    """The track that a record describes."""
    track = Track(target, record.summary, is_new=False, digest=record.digest, inputs=record.inputs)
    return Result(track, record.diagnostics, record.sources)


def read_inputs(source: RoutineSource, options: Options) -> Library:
    """A library that has recorded all files that a build of the routine reads."""
    from cuecast import pipeline

    library = open_library(source, options)
    pipeline.prepare(source, library, options)
    return library


def overwritten_inputs(
    targets: Iterable[Path], libraries: Iterable[Library], sources: Iterable[Path] = ()
) -> Iterator[tuple[Path, SetupError]]:
    """The targets that would overwrite one of `sources` or a file that a library has recorded, each with its error.

    `libraries` is not iterated if at each target there is nothing, or a track of ours.
    """
    targets = list(targets)
    inputs = set(map(os.path.realpath, sources))
    if not all(map(is_safe_to_overwrite, targets)):
        for library in libraries:
            inputs |= input_files(library.inputs) | set(map(os.path.realpath, library.music_files))
    for target in targets:
        if os.path.realpath(target) in inputs:
            from cuecast import pipeline

            yield target, pipeline.overwrites_input(target)


class Listed(Struct, frozen=True):
    """A routine or an exercise in one language. `category` is an exercise's kind."""

    name: str
    title: str
    language: str | None
    summary: str | None = None
    category: str | None = None


def list_routines(where: Folders) -> Iterator[Listed]:
    """All routines that have a name, sorted, each language by itself."""
    from cuecast.read import read

    for name, path in named_routines(where):
        suffix = path.stem.removeprefix(name).removeprefix(".") or None
        try:
            source = load_routine(path, packaged=True)
        except RoutineNotFound:
            yield Listed(name, "(can't be read)", suffix)
            continue
        routine = read(path.name, source.data, Library(path.parent, where)).value
        if routine is None:
            yield Listed(name, "(has errors)", suffix)
        else:
            yield Listed(name, routine.title, routine.language, routine.summary)


def list_exercises(where: Folders) -> Iterator[Listed]:
    """All exercises of the library, sorted, each language by itself."""
    from cuecast.read import read_exercise

    library = Library(None, where)
    languages = {path.name.split(".")[1] for folder in where.exercises for path in folder.glob("*.*.yaml")}
    files = [
        (name, language, path)
        for language in {ENGLISH, *languages}
        for name, path in library.exercises(language)
        if path.name == f"{name}.{language}.yaml" or (language == ENGLISH and path.name == f"{name}.yaml")
    ]
    for name, language, path in sorted(files):
        try:
            exercise = read_exercise(path.name, read_bytes(path, MAX_BYTES)).value
        except RoutineNotFound:
            yield Listed(name, "(can't be read)", language)
            continue
        if exercise is None:
            yield Listed(name, "(has errors)", language)
        else:
            title = "".join(part for part in exercise.exercise.name.parts if isinstance(part, str))
            yield Listed(name, title, exercise.language or language, exercise.about, exercise.exercise.kind)


def import_routine(
    name: str,
    data: bytes,
    format_: str | None = None,
    *,
    work: str | None = None,
    home: Path | None = None,
) -> Result[str]:
    """The text of a routine, made from a file in another format; None if nothing can be made of it.

    `name` is what messages call the file; `format_` is an importer's name, None to find out. `work` (`30s`) is the length of
    exercises in notes that have none; `home` is the user's own folder, whose exercises are used.
    Raises DurationError for a bad `work`, UnknownPlugin for an unknown format, and SetupError for a plug-in that does not load.
    """
    from cuecast import importers
    from cuecast.model.duration import text_to_range

    usual = text_to_range(work) if work else None
    imported = importers.convert(name, data, format_, usual, folders(home))
    source, _ = importers.read_text(name, data)
    text = None if has_errors(imported.diagnostics) else imported.yaml
    return Result(text or None, imported.diagnostics, (source,))


def phrases_to_record(routine: Routine, options: Options) -> Result[tuple[PhraseToRecord, ...]]:
    """Every phrase that a person has to record to speak the routine, whatever length the takes will have."""
    from cuecast import pipeline
    from cuecast.model.speech_duration import estimate_ms
    from cuecast.speak.recording.script import phrases_to_record as record_list

    source = find_routine(routine, options)
    read = pipeline.read_routine(source, open_library(source, options), options)
    if read.value is None:
        return Result(None, read.diagnostics, read.sources)
    arranged = pipeline.arrange_to_length(read.value, options, estimate_ms, estimated=True)
    diagnostics = in_order((*read.diagnostics, *arranged.faults))
    if arranged.script is None or arranged.timeline is None or has_errors(arranged.faults):
        return Result(None, diagnostics, read.sources)
    target = options.fit_ms or read.value.fit_ms
    phrases = record_list(arranged.script, target or arranged.timeline.duration, is_estimate=target is None)
    return Result(phrases, diagnostics, read.sources)


def inspect(track: Path) -> dict[str, object] | None:
    """What is in an MP3, as JSON values (`tags.inspection`); None for anything else. Raises OSError."""
    from cuecast.tags.inspection import inspect_track

    return inspect_track(track)


def extract(track: Path, folder: Path, force: bool = False) -> Extracted:
    """The routine that a track carries, written into a folder, all of it or nothing.

    Raises ExtractError, OSError if the track can't be read, and SetupError if the folder can't be written.
    """
    from cuecast.tags.extract import extract as extract_files

    return extract_files(track, folder, force)
