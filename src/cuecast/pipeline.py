"""The use cases, as chains of stages: check, plan, render. Values in, values and diagnostics out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, BinaryIO

from msgspec.structs import replace

from cuecast.build_record import BuildRecord
from cuecast.cache import Cache
from cuecast.encode import track_format
from cuecast.errors import SetupError
from cuecast.expand import Choices
from cuecast.expand.music_override import WithoutMusicFiles, override_music
from cuecast.export import export_format, sidecar_path, to_bytes
from cuecast.files import atomic_write
from cuecast.inputs import InputTracker, was_input
from cuecast.layout import arrange_to_length, voice_map
from cuecast.mix import music as bed
from cuecast.mix.mixer import windows
from cuecast.model.diagnostics import Diagnostic, error, has_errors, in_order, warning
from cuecast.model.routine import Routine
from cuecast.model.source import Span
from cuecast.model.speech_duration import estimate_ms
from cuecast.model.timeline import BedSegment, Timeline
from cuecast.options import (
    DEFAULT_EMBED,
    BuildFolders,
    EmbedOptions,
    Options,
    Plan,
    PreparedRoutine,
    ProgressListener,
    Result,
    RoutineFile,
    Track,
)
from cuecast.phrases import Phrases, UnknownLanguage, languages, phrases_of
from cuecast.protocols import MixedSound, Picture, Profile, Tags
from cuecast.read import ReadResult, read
from cuecast.read.voice_selection import resolve_voices
from cuecast.settling import missing_takes, resolve_lengths
from cuecast.speak import Speakers

if TYPE_CHECKING:
    from cuecast.phrase_list import PhraseToRecord


Casting = Callable[[Sequence[Profile], Cache, int], AbstractContextManager[Speakers]]
"""Makes voices ready that speak on so many processors, and lets them go when a timeline stands."""


def check(file: RoutineFile, options: Options) -> Result[Timeline]:
    """All that can be said of a routine without a voice; lengths of words are estimated."""
    result = _read(file, options)
    if result.value is None:
        return Result(None, result.diagnostics, result.sources)
    routine, phrases = result.value
    choices = _choices(routine, phrases, options)
    laid = arrange_to_length(routine, phrases, choices, options.fit_ms, estimate_ms, estimated=True, wake=options.wake)
    return Result(laid.timeline, in_order((*result.diagnostics, *laid.faults)), result.sources)


def plan(file: RoutineFile, options: Options, places: BuildFolders, reporter: ProgressListener) -> Result[Plan]:
    """The timeline with the real lengths of the words.

    Raises SetupError where the voice can't speak.
    """
    made_ready = ready(file, options, places)
    if made_ready.value is None:
        return Result(None, made_ready.diagnostics, made_ready.sources)
    return plan_ready(made_ready.value, options, places.store, reporter)


def render(
    file: RoutineFile,
    target: Path,
    options: Options,
    places: BuildFolders,
    reporter: ProgressListener,
    packaging: EmbedOptions = DEFAULT_EMBED,
) -> Result[Track]:
    """The track, written to `target` whole or not at all.

    Raises SetupError where the voice can't speak or `target` can't be written; UnknownPlugin.
    """
    made_ready = ready(file, options, places)
    if made_ready.value is None:
        return Result(None, made_ready.diagnostics, made_ready.sources)
    return render_ready(made_ready.value, target, options, places.store, reporter, packaging, places.looks)


def ready(file: RoutineFile, options: Options, places: BuildFolders) -> Result[PreparedRoutine]:
    """All that a build needs of the user's files; None where that has errors."""
    result = _read(file, options)
    if result.value is None:
        return Result(None, result.diagnostics, result.sources)
    routine, phrases = result.value
    cast = voice_map(routine, phrases.language, options.voices)
    profiles, told, texts = resolve_voices(cast, routine, places.voices, places.looks)
    diagnostics = in_order((*result.diagnostics, *told))
    if has_errors(told):
        return Result(None, diagnostics, (*result.sources, *texts))
    made_ready = PreparedRoutine(file.name, routine, profiles, diagnostics, result.sources)
    return Result(made_ready, diagnostics, result.sources)


def plan_ready(
    ready: PreparedRoutine, options: Options, cache: Cache, reporter: ProgressListener, cast: Casting = Speakers
) -> Result[Plan]:
    """As `plan`, from what was read. `cast` makes the voices ready."""
    routine, profiles = ready.routine, ready.profiles
    phrases = phrases_of(routine.language)
    choices = _choices(routine, phrases, options)
    with cast(profiles, cache, options.jobs) as speakers:
        laid, clips, unsaid = resolve_lengths(
            routine,
            phrases,
            choices,
            speakers,
            options.fit_ms,
            options.wake,
            lambda: reporter.stage("speaking"),
        )
        marks = speakers.fingerprints()
    cache.prune()
    if unsaid:  # what else is wrong rests on guessed lengths
        wanted = missing_takes(unsaid, routine, ready.name)
        return Result(None, in_order((*ready.diagnostics, *wanted)), ready.sources)
    diagnostics = in_order((*ready.diagnostics, *laid.faults))
    if laid.timeline is None or has_errors(diagnostics):
        return Result(None, diagnostics, ready.sources)
    voices = tuple((profile, marks[profile.name]) for profile in profiles)
    return Result(Plan(routine, laid.timeline, clips, voices), diagnostics, ready.sources)


def render_ready(
    ready: PreparedRoutine,
    target: Path,
    options: Options,
    cache: Cache,
    reporter: ProgressListener,
    packaging: EmbedOptions = DEFAULT_EMBED,
    looks: InputTracker | None = None,
    elsewhere: Mapping[Path, Path] = MappingProxyType({}),
    cast: Casting = Speakers,
    whole: Callable[[Result[Track]], None] = lambda result: None,
) -> Result[Track]:
    """As `render`, from what was read: a function of these values, wherever the voices and the music are.

    In `looks` is noted which music is played; `elsewhere` says where some of it lies on this machine. `cast` makes the
    voices ready. `whole` is told of the track when all of it is written, a moment before it has its name: what is kept
    of it then is there whenever the track is, also after a build that was killed.
    """
    forms = [export_format(name) for name in packaging.beside]
    planned = plan_ready(ready, options, cache, reporter, cast)
    if planned.value is None:
        return Result(None, planned.diagnostics, planned.sources)
    timeline = planned.value.timeline
    files = {sidecar_path(target, form): to_bytes(form, timeline) for form in forms}
    track_form = track_format(packaging.form)
    sound, faults = sound_of(planned.value, cache, reporter, looks, elsewhere)
    diagnostics = in_order((*planned.diagnostics, *faults))
    if sound is None:
        return Result(None, diagnostics, planned.sources)
    if looks is not None and was_input(looks.seen, target):
        raise overwrites_input(target)
    tags = partial(_tags, planned.value, packaging, cache)
    with atomic_write(target) as out:
        track_form.write(timeline, sound, tags, out, options.jobs, reporter.stage("encoding"), cache)
        track = Track(target, timeline, out.tell(), _digest(out), planned.value.voices, tuple(files))
        result = Result(track, diagnostics, planned.sources)
        whole(result)
    cache.prune()
    for path, data in files.items():
        with atomic_write(path) as out:
            out.write(data)
    return result


def split_ready(
    ready: PreparedRoutine,
    folder: Path,
    options: Options,
    cache: Cache,
    reporter: ProgressListener,
    packaging: EmbedOptions = DEFAULT_EMBED,
    looks: InputTracker | None = None,
) -> Result[Track]:
    """As `render_ready`, but a file for each chapter and a playlist, in `folder`, whose parent must exist.

    Raises SetupError if a file is in the way that cuecast did not make, or if the folder can't be written.
    """
    from cuecast.encode.split import SplitTrack

    planned = plan_ready(ready, options, cache, reporter)
    if planned.value is None:
        return Result(None, planned.diagnostics, planned.sources)
    timeline = planned.value.timeline
    split_track = SplitTrack(folder, timeline)
    sound, faults = sound_of(planned.value, cache, reporter, looks)
    diagnostics = in_order((*planned.diagnostics, *faults))
    if sound is None:
        return Result(None, diagnostics, planned.sources)
    cover = cover_of(timeline, packaging, cache)
    size = split_track.write(sound, cover, options.jobs, reporter.stage("encoding"), cache)
    cache.prune()
    return Result(Track(split_track.playlist, timeline, size, parts=split_track.files), diagnostics, planned.sources)


def overwrites_input(target: Path) -> SetupError:
    """A track would take the place of a file that it is made from, or another one of the same call."""
    message = f"cannot write {target}: a track is made from this very file (a routine, its music, a tone)"
    return SetupError(message, "write elsewhere (-o PATH)")


def _tags(planned: Plan, packaging: EmbedOptions, cache: Cache) -> Tags:
    return Tags(
        planned.timeline.title,
        comment=planned.routine.summary,
        cover=cover_of(planned.timeline, packaging, cache),
        source=packaging.source(planned) if packaging.source else None,
    )


def cover_of(timeline: Timeline, packaging: EmbedOptions, cache: Cache) -> Picture | None:
    """The picture that a track gets, if any."""
    if not packaging.covered or packaging.picture:
        return packaging.picture
    from cuecast.tags.artwork import cover  # not for `check` and `plan`

    return cover(timeline, cache)


def sound_of(
    planned: Plan,
    cache: Cache,
    reporter: ProgressListener,
    looks: InputTracker | None = None,
    elsewhere: Mapping[Path, Path] = MappingProxyType({}),
) -> tuple[MixedSound | None, tuple[Diagnostic, ...]]:
    """The sound of a plan, bed and all, and what there is to say of its music; None where that can't be used.

    In `looks` is noted which music that is; `elsewhere` says where some of it lies on this machine.
    """
    timeline = planned.timeline
    if not timeline.bed:
        return windows(timeline, planned.clips), ()
    if elsewhere:
        timeline = replace(timeline, bed=tuple(_moved(stretch, elsewhere) for stretch in timeline.bed))
    if looks is not None:
        for path in {recording.path for stretch in timeline.bed for recording in stretch.music.recordings}:
            looks.at(path)
    music, faults = bed.prepare(timeline, cache, reporter.stage("music"))
    return windows(timeline, planned.clips, music) if music else None, faults


def _moved(stretch: BedSegment, places: Mapping[Path, Path]) -> BedSegment:
    recordings = stretch.music.recordings
    moved = tuple(replace(recording, path=places.get(recording.path, recording.path)) for recording in recordings)
    return replace(stretch, music=replace(stretch.music, recordings=moved))


def record_of(result: Result[Track], looks: InputTracker) -> BuildRecord:
    """The record of a track that was made; `looks` is the notebook of all that was read for it."""
    track = result.value
    assert track is not None
    return BuildRecord(looks.seen, track.voices, track.digest, track.finished, result.diagnostics, result.sources)


def _digest(file: BinaryIO) -> str:
    """What `looks.digest_of` says of the file once it has its name."""
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]


def read_file(file: RoutineFile, options: Options) -> ReadResult:
    """The routine as it is written; its own music need not be there where other music is told."""
    return read(file.name, file.data, WithoutMusicFiles(file.opener) if file.opener and options.music else file.opener)


def _read(file: RoutineFile, options: Options) -> Result[tuple[Routine, Phrases]]:
    """The routine, with the music and the volume that the options tell, and the phrases of its language."""
    routine, diagnostics, sources = read_file(file, options)
    if routine is None or has_errors(diagnostics):
        return Result(None, in_order(diagnostics), sources)
    try:
        phrases = phrases_of(routine.language)
    except UnknownLanguage:
        unknown = error(
            "unknown-language",
            f"cuecast does not speak “{routine.language}” yet",
            routine.language_span,
            f"these it does: {', '.join(languages())}",
        )
        return Result(None, in_order((*diagnostics, unknown)), sources)
    if options.music:
        routine = override_music(routine, options.music)
    routine = replace(routine, volume=replace(routine.volume, **options.volume))
    return Result((routine, phrases), (*diagnostics, *_misnamed(routine)), sources)


def _misnamed(routine: Routine) -> Iterator[Diagnostic]:
    """A warning where its file's name says another language: NAME.de.yaml is taken for NAME in German."""
    name, _, language = routine.name.rpartition(".")
    if name and language in languages() and routine.language.partition("-")[0] != language:
        message = f"by the name of its file this routine is in “{language}”, and it is in “{routine.language}”"
        span = routine.language_span or Span(routine.source.name, 1, 1, 1, 1)
        hint = f"write `language: {language}`, or call the file {name}.yaml"
        yield warning("language-of-name", message, span, hint)


def _choices(routine: Routine, phrases: Phrases, options: Options) -> Choices:
    cast = voice_map(routine, phrases.language, options.voices)
    return Choices(cast, options.level, None, options.seed)


def phrases(file: RoutineFile, options: Options) -> Result[tuple[PhraseToRecord, ...]]:
    """All that the routine may say with these options, whatever its words last: what a person has to record."""
    from cuecast.phrase_list import phrases_to_record  # no build needs it

    result = _read(file, options)
    if result.value is None:
        return Result(None, result.diagnostics, result.sources)
    routine, words = result.value
    found, faults = phrases_to_record(routine, words, _choices(routine, words, options), options.fit_ms)
    return Result(found, in_order((*result.diagnostics, *faults)), result.sources)
