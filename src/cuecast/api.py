"""The use cases, one function each: values in, a result with diagnostics out. Nothing here prints or exits.

What only a build needs is imported when one begins: a track that is up to date is recognised without it.
`docs/python.md` is the page for people who call these.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any, TypeVar, Unpack

from msgspec.structs import replace

from cuecast.cache import Cache
from cuecast.errors import Cancelled
from cuecast.files import is_safe_to_overwrite, user_cache
from cuecast.library import KINDS, Library, RoutineNotFound, RoutineSource, folders, input_files
from cuecast.library import find_routine as _find_routine
from cuecast.library.build_record import BuildRecord, is_up_to_date, load_record, record_key, save_record
from cuecast.library.routines import is_file, load_routine, read_bytes, translation_paths
from cuecast.model import build
from cuecast.model.build import Track
from cuecast.model.diagnostics import Diagnostic, has_errors, in_order
from cuecast.model.progress import ProgressListener
from cuecast.options import OptionError, OptionKeywords, Options, parse_options
from cuecast.versions import environment_digest

if TYPE_CHECKING:
    from cuecast.errors import SetupError
    from cuecast.model.source import Fix
    from cuecast.model.timeline import Timeline
    from cuecast.protocols import MixedSound
    from cuecast.speak.recording.script import PhraseToRecord
    from cuecast.speak.voice_status import VoiceStatus
    from cuecast.tags.extract import Extracted

T = TypeVar("T")

Routine = str | os.PathLike[str] | Mapping[str, Any] | RoutineSource
"""A routine: its path, its name, its YAML text (of more than one line), or plain values: dicts, lists, text, numbers."""

OnProgress = Callable[[str, int, int], object]
"""Called with (stage, done, total) while a stage works, in the thread that called the function."""


VALUES, TEXT = "<values>", "<text>"
"""What messages call a routine that is not a file."""


class Result(build.Result[T], frozen=True):
    """A value, None if errors prevent it, with the diagnostics and the texts that they refer to."""

    def _repr_html_(self) -> str:
        """For a notebook: a timeline's picture, a track's player."""
        from cuecast.export.notebook import to_html

        return to_html(self.value, self.diagnostics)


MAX_FIX_PASSES = 5
"""How often a file is read again after its corrections: some are only seen once others are made."""


def check(routine: Routine, options: Options | None = None, **keywords: Unpack[OptionKeywords]) -> Result[Timeline]:
    """Everything that can be said of a routine without a voice, and its timeline with estimated words.

    Options are one `Options`, or keyword arguments as on the command line. Raises RoutineNotFound, OptionError for an
    option that can't be used, and TypeError for plain values of other types than those of YAML.
    """
    from cuecast import pipeline

    options = options_of(options, keywords)
    source = find_routine(routine, options)
    return _result(source, pipeline.check(source, open_library(source, options), options))


def fix(
    routine: Routine, options: Options | None = None, **keywords: Unpack[OptionKeywords]
) -> tuple[bytes, tuple[Fix, ...]]:
    """The routine's file with all corrections that are certain, and these; nothing is written.

    Only its own file: files that it includes are routines to fix on their own. Raises as `check` does.
    """
    from cuecast import pipeline
    from cuecast.read.fixes import apply_fixes

    options = options_of(options, keywords)
    source = find_routine(routine, options)
    made: list[Fix] = []
    for _ in range(MAX_FIX_PASSES):
        found = pipeline.check(source, open_library(source, options), options).fixes
        data, new = apply_fixes(source.data, [each for each in found if each.span.file == source.name])
        if not new:
            break
        source = replace(source, data=data)
        made += new
    return source.data, tuple(made)


def plan(
    routine: Routine,
    options: Options | None = None,
    *,
    on_progress: OnProgress | None = None,
    cancel: Event | None = None,
    **keywords: Unpack[OptionKeywords],
) -> Result[Timeline]:
    """The timeline, with the lengths that the words have when the voice speaks them.

    Raises as `check` does, SetupError if a voice can't speak, and Cancelled once `cancel` is set.
    """
    from cuecast import pipeline

    options = options_of(options, keywords)
    source = find_routine(routine, options)
    prepared = pipeline.prepare(source, open_library(source, options), options)
    if prepared.value is None:
        return _result(source, prepared, None)
    planned = pipeline.plan(prepared.value, options, open_cache(options), listener_of(on_progress, cancel))
    return _result(source, planned, planned.value.timeline if planned.value else None)


def mix(
    routine: Routine,
    options: Options | None = None,
    *,
    on_progress: OnProgress | None = None,
    cancel: Event | None = None,
    **keywords: Unpack[OptionKeywords],
) -> Result[tuple[Timeline, MixedSound]]:
    """The timeline and its sound, to be played without being encoded. Raises as `plan` does."""
    from cuecast import pipeline

    options = options_of(options, keywords)
    source, cache, listener = find_routine(routine, options), open_cache(options), listener_of(on_progress, cancel)
    library = open_library(source, options)
    prepared = pipeline.prepare(source, library, options)
    if prepared.value is None:
        return _result(source, prepared, None)
    planned = pipeline.plan(prepared.value, options, cache, listener)
    if planned.value is None:
        return _result(source, planned, None)
    mixed = pipeline.mix(planned.value, library, cache, listener)
    diagnostics = in_order((*planned.diagnostics, *mixed.diagnostics))
    value = (planned.value.timeline, mixed.value) if mixed.value else None
    return _result(source, replace(planned, diagnostics=diagnostics), value)


def render(
    routine: Routine,
    target: str | os.PathLike[str] | None = None,
    options: Options | None = None,
    *,
    on_progress: OnProgress | None = None,
    cancel: Event | None = None,
    library: Library | None = None,
    **keywords: Unpack[OptionKeywords],
) -> Result[Track]:
    """The track at `target`, written whole or not at all. One that is up to date stays as it is.

    With `split` the target is a folder. By default it has the routine's name and lies in the current folder. A caller
    that wants to know what was read, also of a routine with errors, passes the `library` (`open_library`).

    Raises as `plan` does, OptionError for a target whose name is not a track's, SetupError if it can't be written, and
    UnknownPlugin for an unknown format.
    """
    options = options_of(options, keywords)
    source = find_routine(routine, options)
    options, target = _format_and_target(source, target, options)
    cache = open_cache(options)
    key = request_key(source, target, options)  # before anything is read that may change meanwhile
    known = None
    if not (options.force or options.sidecars or options.split):
        known = load_record(cache, key)
        if known is not None and is_current(known, target):
            return _result(source, track_of(known, target))
    if not known:  # something is new, so something will be spoken
        from cuecast.speak.processes import prestart

        prestart()
    from cuecast import pipeline

    library = library or open_library(source, options)
    prepared = pipeline.prepare(source, library, options)
    if prepared.value is None:
        return _result(source, prepared, None)
    sources = prepared.sources

    def save(track: Track, diagnostics: tuple[Diagnostic, ...]) -> None:
        save_record(cache, key, record_of(track, build.Result(track, diagnostics, sources)))

    listener = listener_of(on_progress, cancel)
    rendered = pipeline.render(prepared.value, target, options, cache, listener, library, on_complete=save)
    return _result(source, rendered)


def find_routine(routine: Routine, options: Options) -> RoutineSource:
    """The routine that is meant, in the language that the options choose. Raises RoutineNotFound, and TypeError."""
    if isinstance(routine, RoutineSource):
        source = routine
    elif isinstance(routine, Mapping):
        from cuecast.read.plain_values import values_to_yaml

        source = RoutineSource(VALUES, values_to_yaml(routine).encode(), Path(), "routine")
    elif isinstance(routine, str) and ("\n" in routine or routine.lstrip().startswith("{")):
        source = RoutineSource(TEXT, routine.encode(), Path(), "routine")
    else:
        source = _find_routine(os.fspath(routine), folders(options.home))
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

    routine = read(source.name, source.data, _library(source.folder, options, other_music=True)).value
    return routine.language if routine else None


def open_library(source: RoutineSource | None, options: Options) -> Library:
    """The files that a build of the routine may read."""
    return _library(source.folder if source else None, options, other_music=options.music is not None)


def _library(folder: Path | None, options: Options, *, other_music: bool) -> Library:
    return Library(folder, folders(options.home), root=options.root, other_music=other_music)


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


def record_of(track: Track, result: build.Result[Track]) -> BuildRecord:
    """The record of a finished track."""
    return BuildRecord(track.inputs, track.voices, track.digest, track.summary, result.diagnostics, result.sources)


def track_of(record: BuildRecord, target: Path) -> build.Result[Track]:
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


def import_routine(
    file: str | os.PathLike[str],
    data: bytes | None = None,
    format: str | None = None,
    *,
    work: str | None = None,
    home: str | os.PathLike[str] | None = None,
) -> Result[str]:
    """The text of a routine, made from a file in another format; None if nothing can be made of it.

    `data` is its content, if it is not to be read; `format` is an importer's name, None to find out. `work` (`30s`) is
    the length of exercises in notes that have none; `home` is the user's own folder, whose exercises are used.
    Raises RoutineNotFound if the file can't be read, DurationError for a bad `work`, UnknownPlugin for an unknown
    format, and SetupError for a plug-in that does not load.
    """
    from cuecast import importers
    from cuecast.phrases.lengths import text_to_range

    name = os.fspath(file)
    data = read_bytes(Path(file), importers.MAX_FILE_BYTES) if data is None else data
    usual = text_to_range(work) if work else None
    imported = importers.convert(name, data, format, usual, folders(Path(home) if home else None))
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
        return _result(source, read, None)
    target = options.fit_ms or read.value.fit_ms
    arranged = pipeline.arrange_to_length(read.value, options, estimate_ms, estimated=True)
    read = replace(read, diagnostics=in_order((*read.diagnostics, *arranged.faults)))
    if arranged.script is None or arranged.timeline is None or has_errors(arranged.faults):
        return _result(source, read, None)
    phrases = record_list(arranged.script, target or arranged.timeline.duration, is_estimate=target is None)
    return _result(source, read, phrases)


def inspect(track: str | os.PathLike[str]) -> dict[str, object] | None:
    """What is in an MP3, as JSON values; None for anything else. Raises OSError."""
    from cuecast.tags.inspection import inspect_track

    return inspect_track(Path(track))


def extract(
    track: str | os.PathLike[str], folder: str | os.PathLike[str] | None = None, force: bool = False
) -> Extracted:
    """The routine that a track carries, written into a folder (by default one named as the track), all or nothing.

    Raises ExtractError, OSError if the track can't be read, and SetupError if the folder can't be written.
    """
    from cuecast.tags.extract import extract as extract_files

    return extract_files(Path(track), Path(folder if folder is not None else Path(track).stem), force)


def voices(home: str | os.PathLike[str] | None = None) -> list[VoiceStatus]:
    """All voices by name, and whether each can speak here. `home` is the user's own folder."""
    from cuecast.read.profiles import list_profiles
    from cuecast.speak.voice_status import check_voices

    return check_voices(list_profiles(Library(None, folders(Path(home) if home else None))))


def listener_of(on_progress: OnProgress | None, cancel: Event | None) -> ProgressListener:
    """Passes on how far a build is, and ends it with Cancelled once `cancel` is set."""

    def report(stage: str, done: int, total: int) -> None:
        if cancel is not None and cancel.is_set():
            raise Cancelled
        if on_progress is not None:
            on_progress(stage, done, total)

    return ProgressListener(report)


def options_of(options: Options | None, keywords: OptionKeywords) -> Options:
    """The options of a call, in one of the two forms. Raises OptionError."""
    if options is None:
        return parse_options(**keywords)
    if keywords:
        raise OptionError(f"options are given twice: as `options` and as `{next(iter(keywords))}`")
    return options


_SAME: Any = object()


def _result(source: RoutineSource, result: build.Result[Any], value: Any = _SAME) -> Result[Any]:
    """The result of a stage for the caller. Faults in plain values get their path."""
    diagnostics = result.diagnostics
    if source.name == VALUES:
        from cuecast.read.plain_values import with_paths

        diagnostics = with_paths(diagnostics, VALUES, source.data.decode())
    return Result(result.value if value is _SAME else value, diagnostics, result.sources, result.fixes)


def _format_and_target(
    source: RoutineSource, target: str | os.PathLike[str] | None, options: Options
) -> tuple[Options, Path]:
    """The kind of sound file and the path: of what is not chosen, one follows from the other."""
    if target is None:
        format_ = options.format or "mp3"
        suffix = ".mp3"
        if format_ != "mp3":
            from cuecast.encode import track_format

            suffix = track_format(format_).suffix
        name = source.stem if options.split else f"{source.stem}{suffix}"
        return replace(options, format=format_), Path(name)
    path, chosen = Path(target), options.format
    if chosen is None and path.suffix.lower() not in ("", ".mp3") and not options.split:
        from cuecast.encode import format_by_suffix, track_suffixes

        chosen = format_by_suffix(path.suffix)
        if chosen is None:
            endings = ", ".join(track_suffixes())
            raise OptionError(f"{path} does not end as a track does", f"name a `format`, or end it in one of {endings}")
    return replace(options, format=chosen or "mp3"), path
