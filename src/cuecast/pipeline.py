"""The order of the stages: read, expand, arrange, speak, mix, encode."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from fractions import Fraction
from functools import partial, wraps
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO, ParamSpec, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from cuecast.arrange import arrange
from cuecast.arrange.fit import LengthUnreachable, fit, length_fault
from cuecast.cache import Cache
from cuecast.encode import track_format, write_track
from cuecast.encode.split import SplitTrack
from cuecast.errors import ClipLost, SetupError, SpeechFailed
from cuecast.expand import Choices, expand
from cuecast.export import export_format, sidecar_path, to_bytes
from cuecast.files import atomic_write
from cuecast.library import Library, RoutineSource, input_files
from cuecast.mix import mixer, music
from cuecast.model.build import Plan, PreparedRoutine, Result, Track, summarise
from cuecast.model.clip import Clip
from cuecast.model.diagnostics import Diagnostic, Severity, has_errors, in_order
from cuecast.model.progress import ProgressListener
from cuecast.model.routine import Routine
from cuecast.model.script import Script, Utterance
from cuecast.model.source import Span
from cuecast.model.speech_duration import estimate_ms
from cuecast.model.tags import Tags
from cuecast.model.timeline import BedSegment, SpeechEvent, Timeline
from cuecast.model.voice import Profile
from cuecast.options import OFF, Options
from cuecast.phrases import Phrases, phrases_of
from cuecast.protocols import MixedSound, TrackRequest
from cuecast.read import read
from cuecast.read.music import music_option
from cuecast.read.voice_selection import check_language, default_voice, resolve_voices, voice_inputs, voice_map
from cuecast.speak import Speakers
from cuecast.speak.speech_faults import SpeechFault, SpeechFaultsError, likely_too_long, speech_diagnostic
from cuecast.tags.bundling import pack
from cuecast.tags.id3 import id3_notes

P = ParamSpec("P")
T = TypeVar("T")

_RETRIES = 2
_NONE: Mapping[Path, Path] = MappingProxyType({})

StartSpeakers = Callable[[Sequence[Profile], Cache, int], AbstractContextManager[Speakers]]
"""Starts the voices of a build on a number of cores, and stops them when its words are spoken."""


class Arranged(Struct, frozen=True):
    """A timeline, None if errors prevent it, with its faults.

    `fraction` is where in their ranges the works lie, if a length was asked for. `utterances` are all whose lengths
    the timeline depends on, also those that are not spoken in it.
    """

    timeline: Timeline | None
    faults: tuple[Diagnostic, ...]
    fraction: Fraction | None = None
    utterances: tuple[Utterance, ...] = ()
    script: Script | None = None


def read_routine(source: RoutineSource, library: Library, options: Options) -> Result[Routine]:
    """The routine as it is written, with the music and volume that the options choose."""
    routine, diagnostics, sources, fixes = read(source.name, source.data, library)
    if routine is not None:
        diagnostics = in_order((*diagnostics, *check_language(routine)))
    if routine is None or has_errors(diagnostics):
        return Result(None, in_order(diagnostics), sources, fixes)
    if options.music is not None:
        routine = replace(routine, other_music=music_option(options.music, library))
    routine = replace(routine, volume=replace(routine.volume, **options.volume))
    return Result(routine, diagnostics, sources, fixes)


def prepare(source: RoutineSource, library: Library, options: Options) -> Result[PreparedRoutine]:
    """The routine and its voices, read. From here on a build can go on in another process.

    Raises OptionError for music or a cover that can't be used.
    """
    result = read_routine(source, library, options)
    if result.value is None:
        return Result(None, result.diagnostics, result.sources)
    routine = result.value
    profiles, faults, texts = resolve_voices(voice_map(routine, options.voice), routine, library)
    diagnostics, sources = in_order((*result.diagnostics, *faults)), (*result.sources, *texts)
    if has_errors(faults):
        return Result(None, diagnostics, sources)
    picture = None
    if options.cover not in (None, OFF):
        from cuecast.tags.artwork import read_cover  # imports Pillow

        picture = read_cover(Path(options.cover or ""), library)
    bundle = None
    if options.source:
        bundle = pack(source, library.inputs, voice_inputs(profiles, library.folders), library.folders, options)
    prepared = PreparedRoutine(source.name, routine, profiles, library.inputs, picture, bundle, diagnostics, sources)
    return Result(prepared, diagnostics, sources)


def check(source: RoutineSource, library: Library, options: Options) -> Result[Timeline]:
    """The timeline with estimated words. No voice is needed: one that does not exist here is a warning."""
    result = read_routine(source, library, options)
    if result.value is None:
        return Result(None, result.diagnostics, result.sources, result.fixes)
    routine = result.value
    arranged = arrange_to_length(routine, options, estimate_ms, estimated=True)
    profiles, faults, texts = resolve_voices(voice_map(routine, {}), routine, library)
    voice_warnings = [replace(fault, severity=Severity.WARNING) for fault in faults] if arranged.timeline else []
    if arranged.timeline:
        recorded = {profile.name for profile in profiles if profile.engine == "recorded"}
        voice_warnings += likely_too_long(arranged.timeline, recorded)
    diagnostics = in_order((*result.diagnostics, *arranged.faults, *voice_warnings))
    return Result(arranged.timeline, diagnostics, (*result.sources, *texts), result.fixes)


def plan(
    prepared: PreparedRoutine,
    options: Options,
    cache: Cache,
    listener: ProgressListener,
    start_speakers: StartSpeakers = Speakers,
) -> Result[Plan]:
    """The timeline with spoken words.

    Raises SetupError if a voice can't speak.
    """
    routine, profiles = prepared.routine, prepared.profiles
    with start_speakers(profiles, cache, options.cores) as speakers:
        arranged, clips, missing = _arrange_spoken(routine, options, speakers, listener)
        fingerprints = speakers.fingerprints()
    cache.prune()
    if missing:  # other faults depend on the guessed lengths of these
        voices = {assignment.voice: assignment.span for assignment in routine.cast}
        fallback = default_voice(routine.language)
        faults = tuple(
            speech_diagnostic(take, span or voices.get(take.utterance.voice), prepared.name, fallback)
            for take, span in missing.items()
        )
        return Result(None, in_order((*prepared.diagnostics, *faults)), prepared.sources)
    diagnostics = in_order((*prepared.diagnostics, *arranged.faults))
    if arranged.timeline is None or has_errors(diagnostics):
        return Result(None, diagnostics, prepared.sources)
    spoken_by = {profile.name: profile.spoken_by for profile in profiles if profile.spoken_by}
    timeline = replace(arranged.timeline, spoken_by=spoken_by)
    voices_used = tuple((profile, fingerprints[profile.name]) for profile in profiles)
    return Result(Plan(routine, timeline, clips, voices_used), diagnostics, prepared.sources)


def mix(
    plan: Plan, library: Library | None, cache: Cache, listener: ProgressListener, moved: Mapping[Path, Path] = _NONE
) -> Result[MixedSound]:
    """The sound of a plan, music and all. `library` records the music that is read; `moved` says where some of it lies
    on this machine.
    """
    timeline = plan.timeline
    if not timeline.bed:
        return Result(mixer.mix(timeline, plan.clips))
    if moved:
        timeline = replace(timeline, bed=tuple(_move_music(segment, moved) for segment in timeline.bed))
    if library is not None:
        for path in {recording.path for segment in timeline.bed for recording in segment.music.recordings}:
            library.record(path)
    bed, faults = music.prepare(timeline, cache, listener.stage("music"))
    return Result(mixer.mix(timeline, plan.clips, bed) if bed else None, faults)


def _retry(build: Callable[P, T]) -> Callable[P, T]:
    """Build again if clips are gone before they are mixed (`cache clear`): only those are spoken again."""

    @wraps(build)
    def attempts(*args: P.args, **kwargs: P.kwargs) -> T:
        for _ in range(_RETRIES):
            with suppress(ClipLost):
                return build(*args, **kwargs)
        return build(*args, **kwargs)

    return attempts


@_retry
def render(
    prepared: PreparedRoutine,
    target: Path,
    options: Options,
    cache: Cache,
    listener: ProgressListener,
    library: Library,
    *,
    start_speakers: StartSpeakers = Speakers,
    moved_music: Mapping[Path, Path] = _NONE,
    on_complete: Callable[[Track, tuple[Diagnostic, ...]], None] = lambda track, diagnostics: None,
) -> Result[Track]:
    """The track, written to `target` whole or not at all; with `options.split` a file for each chapter in that folder.

    `on_complete` is called with a track in one file a moment before it gets its name, so that its record exists
    whenever the track does, even if the build is killed in between.

    Raises SetupError if a voice can't speak or `target` can't be written, and UnknownPlugin for an unknown format.
    """
    sidecar_formats = [export_format(name) for name in options.sidecars]
    encoder = track_format(options.format or "mp3")
    planned = plan(prepared, options, cache, listener, start_speakers)
    if planned.value is None:
        return Result(None, planned.diagnostics, planned.sources)
    timeline = planned.value.timeline
    parts = SplitTrack(target, timeline) if options.split else None
    mixed = mix(planned.value, library, cache, listener, moved_music)
    lost = id3_notes(timeline, planned.value.routine.summary, options.id3) if encoder.name == "mp3" else ()
    diagnostics = in_order((*planned.diagnostics, *mixed.diagnostics, *lost))
    if mixed.value is None:
        return Result(None, diagnostics, planned.sources)
    inputs = {**prepared.inputs, **library.inputs}
    if os.path.realpath(target) in input_files(inputs):
        raise overwrites_input(target)
    tags = partial(_tags, planned.value, prepared, options, cache)
    request = TrackRequest(timeline, mixed.value, tags, options.cores, listener.stage("encoding"), cache)
    if parts:
        size = parts.write(request)
        cache.prune()
        track = Track(parts.playlist, summarise(timeline, size), timeline=timeline, parts=parts.files)
        return Result(track, diagnostics, planned.sources)
    sidecars = {sidecar_path(target, form): to_bytes(form, timeline) for form in sidecar_formats}
    with atomic_write(target) as file:
        write_track(encoder, request, file)
        summary = summarise(timeline, file.tell())
        track = Track(
            target,
            summary,
            timeline=timeline,
            sidecars=tuple(sidecars),
            digest=_digest(file),
            voices=planned.value.voices,
            inputs=inputs,
        )
        on_complete(track, diagnostics)
    cache.prune()
    for path, data in sidecars.items():
        with atomic_write(path) as file:
            file.write(data)
    return Result(track, diagnostics, planned.sources)


def overwrites_input(target: Path) -> SetupError:
    """The error for a track that would overwrite a file that a track is made from."""
    message = f"cannot write {target}: a track is made from this very file (a routine, its music, a tone)"
    return SetupError(message, "write elsewhere (-o PATH)")


def arrange_to_length(
    routine: Routine,
    options: Options,
    durations: Callable[[Utterance], int],
    *,
    estimated: bool = False,
    max_fraction: Fraction = Fraction(1),
) -> Arranged:
    """The timeline of a routine, if a length is asked for with works that give it.

    `durations` returns the length of an utterance in ms; `estimated` says that these are estimates.
    `max_fraction` is the largest fraction of their ranges that works may take.
    """
    asked: dict[Utterance, None] = {}

    def remember(utterance: Utterance) -> int:
        asked[utterance] = None
        return durations(utterance)

    phrases = phrases_of(routine.language)
    choices = Choices(voice_map(routine, options.voice), options.level, None, options.seed)
    target = options.fit_ms or routine.fit_ms
    fraction, unreachable = None, None
    if target is not None:
        found = _fit(routine, phrases, choices, durations, target, max_fraction)
        if isinstance(found, tuple):
            return Arranged(None, found)
        if isinstance(found, LengthUnreachable):
            unreachable = found
            choices = replace(choices, fraction=Fraction(0 if target < found.shortest else 1))
        else:
            fraction = found
            choices = replace(choices, fraction=fraction)
    script, faults = expand(routine, phrases, choices)
    if script is None:
        return Arranged(None, faults)
    fill_to = None if unreachable else target
    timeline, more = arrange(script, remember, estimated=estimated, wake=options.wake, target_ms=fill_to)
    if unreachable and target:
        span = None if options.fit_ms else routine.fit_span
        more = (*more, length_fault(script, target, unreachable, span, estimated))
    return Arranged(timeline, (*faults, *more), fraction, tuple(asked), script)


def _fit(
    routine: Routine,
    phrases: Phrases,
    choices: Choices,
    durations: Callable[[Utterance], int],
    target: int,
    max_fraction: Fraction,
) -> Fraction | LengthUnreachable | tuple[Diagnostic, ...]:
    """Where in their ranges all works lie, or why the length can't be reached, or the routine's faults."""
    shortest, faults = expand(routine, phrases, replace(choices, fraction=Fraction(0)))
    if shortest is None:
        return faults

    def length(fraction: Fraction) -> int:
        script, _ = expand(routine, phrases, replace(choices, fraction=fraction))
        assert script is not None  # faults do not depend on the fraction
        return arrange(script, durations, estimated=True, target_ms=target, fill=False)[0].duration

    return fit(length, shortest.increments, target, max_fraction)


def _arrange_spoken(
    routine: Routine, options: Options, speakers: Speakers, listener: ProgressListener
) -> tuple[Arranged, Mapping[Utterance, Clip], Mapping[SpeechFault, Span | None]]:
    """Arrange with the lengths known so far, speak what was only estimated, arrange again, until nothing is estimated.

    So no form of an announcement is spoken that never had a chance to be heard. `fit` starts from estimates and then
    uses measured lengths; from there on works only get shorter, so the loop ends.

    What a person has no usable take of stays estimated, so that all of it is found in one go, each with its line in
    the routine. Once one is missing, no other voice speaks.
    """
    clips: dict[Utterance, Clip] = {}
    missing: dict[Utterance, SpeechFault] = {}
    spans: dict[Utterance, Span] = {}
    max_fraction = Fraction(1)
    passes = 0

    def duration(utterance: Utterance) -> int:
        clip = clips.get(utterance)
        return estimate_ms(utterance) if clip is None else clip.ms

    while True:
        arranged = arrange_to_length(routine, options, duration, max_fraction=max_fraction)
        for event in arranged.timeline.events if arranged.timeline else ():
            if isinstance(event, SpeechEvent) and event.span:
                spans.setdefault(event.utterance, event.span)
        estimated = [each for each in arranged.utterances if each not in clips and each not in missing]
        if missing:
            estimated = [each for each in estimated if speakers.plays_take(each)]
        if not estimated:
            return arranged, clips, {take: spans.get(each) for each, take in missing.items()}
        try:
            clips |= speakers.speak(estimated, listener.stage("speaking"))
        except SpeechFaultsError as failure:
            missing |= {fault.utterance: fault for fault in failure.faults}
        except SpeechFailed as failure:
            raise _with_line(failure, arranged.timeline) from failure
        passes += 1
        if passes > 1 and arranged.fraction is not None:
            max_fraction = arranged.fraction


def _with_line(failure: SpeechFailed, timeline: Timeline | None) -> SetupError:
    """The same failure, with the line of the words that could not be spoken."""
    events = timeline.events if timeline else ()
    spans = (e.span for e in events if isinstance(e, SpeechEvent) and e.utterance.text == failure.text)
    span = next(spans, None)
    return SetupError(f"{span}: {failure.message}" if span else failure.message, failure.hint)


def _tags(plan: Plan, prepared: PreparedRoutine, options: Options, cache: Cache) -> Tags:
    cover = prepared.picture
    if cover is None and options.cover != OFF:
        from cuecast.tags.artwork import draw_cover  # imports Pillow

        cover = draw_cover(plan.timeline, cache)
    source = prepared.bundle.to_bytes(plan.timeline, options.to_json()) if prepared.bundle else None
    return Tags(plan.timeline.title, comment=plan.routine.summary, cover=cover, id3=options.id3, source=source)


def _move_music(segment: BedSegment, moved: Mapping[Path, Path]) -> BedSegment:
    recordings = tuple(replace(each, path=moved.get(each.path, each.path)) for each in segment.music.recordings)
    return replace(segment, music=replace(segment.music, recordings=recordings))


def _digest(file: BinaryIO) -> str:
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
