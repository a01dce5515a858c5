"""The use cases, as chains of stages: check, plan, render. Values in, values and diagnostics out."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Generic, TypeVar

from cuecast.cache import DEFAULT_LIMIT, Cache
from cuecast.diagnostics import Diagnostic, did_you_mean, error, has_errors, in_order, warning
from cuecast.expand import Choices
from cuecast.files import replacing
from cuecast.formats import track_format
from cuecast.layout import Laid, cast_of, default_voice, lay_out
from cuecast.lengths import estimate
from cuecast.mix import windows
from cuecast.phrases import Phrases, UnknownLanguage, languages, phrases_of
from cuecast.ports import EnvironmentFault, Opener, Profile, Progress, SpeechFailed, Tags
from cuecast.profiles import ProfileError, find_profile, list_profiles
from cuecast.read import read
from cuecast.routine import Level, Role, Routine
from cuecast.script import Cast, Utterance
from cuecast.sound import Clip
from cuecast.source import Source, Span
from cuecast.timeline import Speech, Timeline
from cuecast.voices import Speakers
from cuecast.voices.unsaid import Unsaid, Unsayable
from cuecast.wording import Phrase, phrases_to_say

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line can say over the routine's head."""

    voices: Mapping[Role, str] = field(default_factory=dict)
    level: Level | None = None
    fit_ms: int | None = None
    seed: int = 0
    volume: Mapping[str, float | None] = field(default_factory=dict)
    wake: bool = True
    jobs: int = 1


@dataclass(frozen=True, slots=True)
class Places:
    """The folders that a build may look into: voices (the user's before the package's) and the cache.

    `cache_limit` is how many bytes stay in the cache between builds; 0 keeps nothing.
    """

    voices: tuple[Path, ...]
    cache: Path | None
    cache_limit: int = DEFAULT_LIMIT


@dataclass(frozen=True, slots=True)
class RoutineFile:
    """A routine to build: the name for messages, its bytes, and how it comes to the files that it refers to."""

    name: str
    data: bytes
    opener: Opener | None = None


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


def check(file: RoutineFile, options: Options) -> Result[Timeline]:
    """All that can be said of a routine without a voice; lengths of words are estimated."""
    result = _read(file, options)
    if result.value is None:
        return Result(None, result.diagnostics, result.sources)
    routine, phrases = result.value
    choices = _choices(routine, phrases, options)
    laid = lay_out(routine, phrases, choices, options.fit_ms, estimate, estimated=True, wake=options.wake)
    return Result(laid.timeline, in_order((*result.diagnostics, *laid.faults)), result.sources)


def plan(file: RoutineFile, options: Options, places: Places, reporter: Reporter) -> Result[Plan]:
    """The timeline with the real lengths of the words.

    Raises EnvironmentFault where the voice can't speak.
    """
    result = _read(file, options)
    if result.value is None:
        return Result(None, result.diagnostics, result.sources)
    routine, phrases = result.value
    cast = _choices(routine, phrases, options).cast
    profiles, told, texts = profiles_of(cast, routine, places.voices)
    read_so_far = in_order((*result.diagnostics, *told))
    if has_errors(told):
        return Result(None, read_so_far, (*result.sources, *texts))
    cache = Cache(places.cache, places.cache_limit)
    with Speakers(profiles, cache, options.jobs) as speakers:
        laid, clips, unsaid = _settle(routine, phrases, speakers, options, reporter)
    cache.tidy()
    if unsaid:  # what else is wrong rests on guessed lengths
        wanted = _takes_wanted(unsaid, routine, file.name)
        return Result(None, in_order((*read_so_far, *wanted)), result.sources)
    diagnostics = in_order((*read_so_far, *laid.faults))
    if laid.timeline is None or has_errors(diagnostics):
        return Result(None, diagnostics, result.sources)
    return Result(Plan(routine, laid.timeline, clips), diagnostics, result.sources)


def render(file: RoutineFile, target: Path, options: Options, places: Places, reporter: Reporter) -> Result[Track]:
    """The track, written to `target` whole or not at all.

    Raises EnvironmentFault where the voice can't speak or `target` can't be written.
    """
    planned = plan(file, options, places, reporter)
    if planned.value is None:
        return Result(None, planned.diagnostics, planned.sources)
    timeline, clips = planned.value.timeline, planned.value.clips
    mp3 = track_format("mp3")
    tags = Tags(title=timeline.title, comment=planned.value.routine.summary)

    cache = Cache(places.cache, places.cache_limit)
    with replacing(target) as out:
        mp3.write(timeline, windows(timeline, clips), tags, out, options.jobs, reporter.stage("encoding"), cache)
        size = out.tell()
    cache.tidy()
    return Result(Track(target, timeline, size), planned.diagnostics, planned.sources)


def _read(file: RoutineFile, options: Options) -> Result[tuple[Routine, Phrases]]:
    """The routine, with the volume that the options tell, and the phrases of its language."""
    routine, diagnostics, sources = read(file.name, file.data, file.opener)
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
    return Result((routine, phrases), diagnostics, sources)


def _choices(routine: Routine, phrases: Phrases, options: Options) -> Choices:
    cast = cast_of(routine, phrases.language, options.voices)
    return Choices(cast, options.level, None, options.seed)


def profiles_of(
    cast: Cast, routine: Routine, folders: tuple[Path, ...]
) -> tuple[tuple[Profile, ...], list[Diagnostic], list[Source]]:
    """The profile of each voice, also of those that another one asks for; what is to be said of those, and their texts.

    A voice of another language is a warning.
    """
    spans = {casting.voice: casting.span for casting in routine.cast}
    profiles: dict[str, Profile] = {}
    faults: list[Diagnostic] = []
    texts: list[Source] = []
    wanted = [(name, spans.get(name)) for name in dict.fromkeys((cast.main, cast.announcements, cast.countdown))]
    for name, span in wanted:
        try:
            profiles[name] = find_profile(name, folders)
        except ProfileError as fault:
            if fault.diagnostics:
                faults.append(error("unknown-voice", f"the voice `{name}` can't be used: its file has errors", span))
            else:
                faults.append(error("unknown-voice", str(fault), span, _other_voices(name, folders)))
            faults += fault.diagnostics
            texts += fault.sources
            continue
        if not _suits(profiles[name], routine.language):
            faults.append(_other_language(profiles[name], routine.language, span, folders))
        other = profiles[name].settings.get("otherwise")
        if isinstance(other, str) and other not in dict(wanted):
            wanted.append((other, span))
    return tuple(profiles.values()), faults, texts


def _suits(profile: Profile, language: str) -> bool:
    """Whether the voice speaks the language; silence is the same in all."""
    return profile.engine == "silent" or _base(profile.language) == _base(language)


def _other_language(profile: Profile, language: str, span: Span | None, folders: tuple[Path, ...]) -> Diagnostic:
    suiting = [each.name for each in list_profiles(folders) if _base(each.language) == _base(language)]
    message = f"the voice `{profile.name}` speaks “{profile.language}”, and the routine is in “{language}”"
    return warning("voice-language", message, span, f"for “{language}” there are: {', '.join(suiting)}")


def _base(language: str) -> str:
    return language.partition("-")[0]


def _settle(
    routine: Routine, phrases: Phrases, speakers: Speakers, options: Options, reporter: Reporter
) -> tuple[Laid, Mapping[Utterance, Clip], Mapping[Unsaid, Span | None]]:
    """Lay out with the lengths known so far, speak what was guessed, and again until nothing was.

    So no form of an announcement is spoken that never had a chance to be heard. `fit` starts from guesses, then from
    measured words; from there on works only get shorter, so that it ends.

    What a person has no take of, or none that can be used, stays guessed: so all of it is found, with the places where
    it is written. No other voice speaks from then on.
    """
    lengths = _Lengths()
    choices = _choices(routine, phrases, options)
    at_most = Fraction(1)
    spoken = 0
    unsaid: dict[Utterance, Unsaid] = {}
    spans: dict[Utterance, Span] = {}
    while True:
        laid = lay_out(routine, phrases, choices, options.fit_ms, lengths, wake=options.wake, at_most=at_most)
        for said in laid.timeline.events if laid.timeline else ():
            if isinstance(said, Speech) and said.span:
                spans.setdefault(said.utterance, said.span)
        guessed = [u for u in laid.utterances if u not in lengths.clips and u not in unsaid]
        if unsaid:
            guessed = [u for u in guessed if speakers.plays_take(u)]
        if not guessed:
            return laid, lengths.clips, {fault: spans.get(each) for each, fault in unsaid.items()}
        try:
            lengths.clips |= speakers.speak(guessed, reporter.stage("speaking"))
        except Unsayable as failure:
            unsaid |= {fault.utterance: fault for fault in failure.faults}
        except SpeechFailed as failure:
            raise _located(failure, laid.timeline) from failure
        spoken += 1
        if spoken > 1 and laid.fraction is not None:
            at_most = laid.fraction


@dataclass(slots=True)
class _Lengths:
    """The lengths of what has been spoken; those of other words are guessed."""

    clips: dict[Utterance, Clip] = field(default_factory=dict)

    def __call__(self, utterance: Utterance) -> int:
        clip = self.clips.get(utterance)
        return estimate(utterance) if clip is None else clip.ms


def _located(failure: SpeechFailed, timeline: Timeline | None) -> EnvironmentFault:
    """The same failure, with the line whose words could not be spoken."""
    spans = (
        e.span
        for e in (timeline.events if timeline else ())
        if isinstance(e, Speech) and e.utterance.text == failure.text
    )
    span = next(spans, None)
    where = f"{span}: " if span else ""
    return EnvironmentFault(f"{where}{failure.message}", failure.remedy)


def _takes_wanted(unsaid: Mapping[Unsaid, Span | None], routine: Routine, name: str) -> list[Diagnostic]:
    """Each phrase that can't be said for want of a take, at its line; an announcement at the voice's name."""
    voices = {casting.voice: casting.span for casting in routine.cast}
    if not Path(name).is_file():  # the package's own are called as their files, but found by name; or it is piped in
        name = Path(name).stem if Path(name).suffix in (".yaml", ".yml") else "ROUTINE"
    found = []
    for fault, span in unsaid.items():
        look = f"`cuecast voices check {fault.voice} {shlex.quote(name)}`"
        hint = f"{look} says what is wrong with each take"
        if fault.code == "missing-take":
            other = default_voice(fault.utterance.language)
            hint = (
                f"record it, or name the voice for the rest in the profile: `otherwise: {other}`; {look} lists all "
                "that is missing"
            )
        found.append(error(fault.code, fault.message, span or voices.get(fault.utterance.voice), hint))
    return found


def _other_voices(name: str, folders: Iterable[Path]) -> str:
    known = [profile.name for profile in list_profiles(tuple(folders))]
    return did_you_mean(name, known) or f"there are: {', '.join(known)}"


def phrases(file: RoutineFile, options: Options) -> Result[tuple[Phrase, ...]]:
    """All that the routine may say with these options, whatever its words last: what a person has to record."""
    result = _read(file, options)
    if result.value is None:
        return Result(None, result.diagnostics, result.sources)
    routine, words = result.value
    found, faults = phrases_to_say(routine, words, _choices(routine, words, options), options.fit_ms)
    return Result(found, in_order((*result.diagnostics, *faults)), result.sources)
