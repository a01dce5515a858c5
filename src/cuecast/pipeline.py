"""The use cases, as chains of stages: check, plan, render. Values in, values and diagnostics out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Generic, TypeVar

from cuecast.arrange import arrange
from cuecast.cache import Cache
from cuecast.diagnostics import Diagnostic, did_you_mean, error, has_errors, in_order
from cuecast.expand import expand
from cuecast.files import replacing
from cuecast.formats import track_format
from cuecast.lengths import estimate
from cuecast.mix import windows
from cuecast.phrases import UnknownLanguage, languages, phrases_of
from cuecast.ports import EnvironmentFault, Progress, SpeechFailed, Tags
from cuecast.read import read
from cuecast.routine import Routine
from cuecast.script import Script, Utterance
from cuecast.sound import Clip
from cuecast.source import Source
from cuecast.timeline import Speech, Timeline
from cuecast.voices import Speaker
from cuecast.voices.profiles import ProfileError, find_profile, list_profiles

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line can say over the routine's head."""

    voice: str | None = None
    volume: Mapping[str, float | None] = field(default_factory=dict)
    wake: bool = True
    jobs: int = 1


@dataclass(frozen=True, slots=True)
class Places:
    """The folders that a build may look into: voices (the user's before the package's) and the cache."""

    voices: tuple[Path, ...]
    cache: Path | None


@dataclass(frozen=True, slots=True)
class Result(Generic[T]):
    """A stage's value, None where errors prevent it, with all that there is to say about the files read."""

    value: T | None
    diagnostics: tuple[Diagnostic, ...]
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """A routine's timeline, and the clips that were made to know its lengths."""

    routine: Routine
    timeline: Timeline
    clips: Mapping[Utterance, Clip]


@dataclass(frozen=True, slots=True)
class Track:
    """A finished file."""

    path: Path
    timeline: Timeline
    size: int


class Reporter:
    """Hears how a build goes on. The default says nothing."""

    def stage(self, name: str) -> Progress:
        """A stage begins; what it returns is told (done, of all)."""
        return lambda done, total: None


def check(name: str, data: bytes, options: Options) -> Result[Timeline]:
    """All that can be said of a routine without a voice; lengths of words are estimated."""
    compiled = _compile(name, data, options)
    if compiled.value is None:
        return Result(None, compiled.diagnostics, compiled.sources)
    _, script = compiled.value
    timeline, faults = arrange(script, estimate, estimated=True, wake=options.wake)
    return Result(timeline, in_order((*compiled.diagnostics, *faults)), compiled.sources)


def plan(name: str, data: bytes, options: Options, places: Places, reporter: Reporter) -> Result[Plan]:
    """The timeline with the real lengths of the words.

    Raises EnvironmentFault where the voice can't speak.
    """
    compiled = _compile(name, data, options)
    if compiled.value is None:
        return Result(None, compiled.diagnostics, compiled.sources)
    routine, script = compiled.value
    try:
        profile = find_profile(script.voice, places.voices)
    except ProfileError as fault:
        span = None if options.voice else routine.voice_span
        unknown = error("unknown-voice", str(fault), span, _other_voices(script.voice, places.voices))
        return Result(None, in_order((*compiled.diagnostics, unknown)), compiled.sources)
    with Speaker(profile, Cache(places.cache), options.jobs) as speaker:
        timeline, clips, faults = _settle(script, speaker, options, reporter)
    diagnostics = in_order((*compiled.diagnostics, *faults))
    value = None if has_errors(diagnostics) else Plan(routine, timeline, clips)
    return Result(value, diagnostics, compiled.sources)


def render(name: str, data: bytes, target: Path, options: Options, places: Places, reporter: Reporter) -> Result[Track]:
    """The track, written to `target` whole or not at all.

    Raises EnvironmentFault where the voice can't speak or `target` can't be written.
    """
    planned = plan(name, data, options, places, reporter)
    if planned.value is None:
        return Result(None, planned.diagnostics, planned.sources)
    timeline, clips = planned.value.timeline, planned.value.clips
    mp3 = track_format("mp3")
    tags = Tags(title=timeline.title, comment=planned.value.routine.summary)

    with replacing(target) as out:
        mp3.write(timeline, windows(timeline, clips), tags, out, options.jobs, reporter.stage("encoding"))
        size = out.tell()
    return Result(Track(target, timeline, size), planned.diagnostics, planned.sources)


def _compile(name: str, data: bytes, options: Options) -> Result[tuple[Routine, Script]]:
    """Text to script: read and expand."""
    routine, diagnostics, sources = read(name, data)
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
    routine = replace(routine, volume=replace(routine.volume, **options.volume))
    script, faults = expand(routine, phrases, options.voice)
    diagnostics = in_order((*diagnostics, *faults))
    return Result(None if script is None else (routine, script), diagnostics, sources)


def _settle(
    script: Script, speaker: Speaker, options: Options, reporter: Reporter
) -> tuple[Timeline, Mapping[Utterance, Clip], Sequence[Diagnostic]]:
    """Arrange with the lengths known so far, speak what was asked for, and again until nothing was guessed.

    So no form of an announcement is spoken that never had a chance to be heard.
    """
    lengths = _Lengths()
    while True:
        timeline, faults = arrange(script, lengths, wake=options.wake)
        if not lengths.guessed:
            return timeline, lengths.clips, faults
        try:
            lengths.clips |= speaker.speak(sorted(lengths.guessed, key=repr), reporter.stage("speaking"))
        except SpeechFailed as failure:
            raise _located(failure, timeline) from failure
        lengths.guessed.clear()


@dataclass(slots=True)
class _Lengths:
    """The lengths of what has been spoken; those of other words are guessed, and remembered as guesses."""

    clips: dict[Utterance, Clip] = field(default_factory=dict)
    guessed: set[Utterance] = field(default_factory=set)

    def __call__(self, utterance: Utterance) -> int:
        clip = self.clips.get(utterance)
        if clip is not None:
            return clip.ms
        self.guessed.add(utterance)
        return estimate(utterance)


def _located(failure: SpeechFailed, timeline: Timeline) -> EnvironmentFault:
    """The same failure, with the line whose words could not be spoken."""
    spans = (e.span for e in timeline.events if isinstance(e, Speech) and e.utterance.text == failure.text)
    span = next(spans, None)
    where = f"{span}: " if span else ""
    return EnvironmentFault(f"{where}{failure.message}", failure.remedy)


def _other_voices(name: str, folders: Iterable[Path]) -> str:
    known = [profile.name for profile in list_profiles(tuple(folders))]
    return did_you_mean(name, known) or f"there are: {', '.join(known)}"
