"""The use cases, as chains of stages: check, plan, render. Values in, values and diagnostics out."""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, BinaryIO, Generic, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from cuecast import bed
from cuecast.cache import DEFAULT_LIMIT, Cache
from cuecast.diagnostics import Diagnostic, did_you_mean, error, has_errors, in_order, warning
from cuecast.expand import Choices
from cuecast.files import replacing
from cuecast.formats import beside_of, contents, plan_format, track_format
from cuecast.layout import Laid, cast_of, default_voice, lay_out
from cuecast.lengths import estimate
from cuecast.looks import Looks
from cuecast.mix import windows
from cuecast.music import MusicTold
from cuecast.overrule import Unheard, with_music
from cuecast.phrases import Phrases, UnknownLanguage, languages, phrases_of
from cuecast.ports import EnvironmentFault, Opener, Picture, Profile, Progress, SpeechFailed, Tags, Windows
from cuecast.profiles import ProfileError, find_profile, list_profiles
from cuecast.read import ReadResult, read
from cuecast.record import Finished, Mark, Record
from cuecast.routine import Level, Role, Routine
from cuecast.script import Cast, Utterance
from cuecast.sound import Clip
from cuecast.source import Source, Span
from cuecast.timeline import Speech, Stretch, Timeline
from cuecast.voices import Speakers
from cuecast.voices.unsaid import Unsaid, Unsayable

if TYPE_CHECKING:
    from cuecast.wording import Phrase

T = TypeVar("T")


class Options(Struct, frozen=True):
    """What the command line can say over the routine's head."""

    voices: Mapping[Role, str] = field(default_factory=dict)
    level: Level | None = None
    fit_ms: int | None = None
    seed: int = 0
    volume: Mapping[str, float | None] = field(default_factory=dict)
    wake: bool = True
    jobs: int = 1
    music: MusicTold | None = None


class Packaging(Struct, frozen=True):
    """What kind of file a track is, and what it carries besides its sound: a picture, drawn where none is given.

    Beside it the timeline is written in the forms of these names. `source` gives the routine to go along, once it is
    known what was read for it.
    """

    beside: tuple[str, ...] = ()
    form: str = "mp3"
    covered: bool = True
    picture: Picture | None = None
    source: Callable[[Plan], bytes | None] | None = None


PLAIN = Packaging()

Casting = Callable[[Sequence[Profile], Cache, int], AbstractContextManager[Speakers]]
"""Makes voices ready that speak on so many processors, and lets them go when a timeline stands."""


class Places(Struct, frozen=True):
    """The folders that a build may look into: voices (the user's before the package's) and the cache.

    `cache_limit` is how many bytes stay in the cache between builds; 0 keeps nothing. In `looks` is noted what of all
    that a build has looked at, for the record of its track.
    """

    voices: tuple[Path, ...]
    cache: Path | None
    cache_limit: int = DEFAULT_LIMIT
    looks: Looks | None = None

    @property
    def store(self) -> Cache:
        """What was made before."""
        return Cache(self.cache, self.cache_limit)


class RoutineFile(Struct, frozen=True):
    """A routine to build: the name for messages, its bytes, and how it comes to the files that it refers to."""

    name: str
    data: bytes
    opener: Opener | None = None


class Ready(Struct, frozen=True):
    """A routine that was read, and the voices that speak it, as values: a build goes on from here in any process.

    It opens nothing else of the user's but music, a person's takes and a voice's model. `name` is what messages call
    the routine. `diagnostics` and `sources` are what there is to say so far.
    """

    name: str
    routine: Routine
    profiles: tuple[Profile, ...]
    diagnostics: tuple[Diagnostic, ...] = ()
    sources: tuple[Source, ...] = ()


class Result(Struct, Generic[T], frozen=True):
    """A stage's value, None where errors prevent it, with all that there is to say about the files read."""

    value: T | None
    diagnostics: tuple[Diagnostic, ...]
    sources: tuple[Source, ...] = ()


class Plan(Struct, frozen=True):
    """A routine's timeline, the clips that were made to know its lengths, and the voices that could be heard."""

    routine: Routine
    timeline: Timeline
    clips: Mapping[Utterance, Clip]
    voices: tuple[tuple[Profile, Mark], ...] = ()


class Track(Struct, frozen=True):
    """A finished file, and its SHA-256; in `beside`, what was written beside it.

    Of one that is split, the path is the playlist's, and `parts` are the files that have the sound.
    """

    path: Path
    timeline: Timeline
    size: int
    digest: str = ""
    voices: tuple[tuple[Profile, Mark], ...] = ()
    beside: tuple[Path, ...] = ()
    parts: tuple[Path, ...] = ()

    @property
    def finished(self) -> Finished:
        """What there is to say of it."""
        of = self.timeline
        heard = dict.fromkeys(event.utterance.voice for event in of.events if isinstance(event, Speech))
        chapters = len(of.chapters)
        return Finished(of.title, of.language, of.voice, tuple(heard), of.duration, chapters, self.size)


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
    made_ready = ready(file, options, places)
    if made_ready.value is None:
        return Result(None, made_ready.diagnostics, made_ready.sources)
    return plan_ready(made_ready.value, options, places.store, reporter)


def render(
    file: RoutineFile,
    target: Path,
    options: Options,
    places: Places,
    reporter: Reporter,
    packaging: Packaging = PLAIN,
) -> Result[Track]:
    """The track, written to `target` whole or not at all.

    Raises EnvironmentFault where the voice can't speak or `target` can't be written; UnknownFormat.
    """
    made_ready = ready(file, options, places)
    if made_ready.value is None:
        return Result(None, made_ready.diagnostics, made_ready.sources)
    return render_ready(made_ready.value, target, options, places.store, reporter, packaging, places.looks)


def ready(file: RoutineFile, options: Options, places: Places) -> Result[Ready]:
    """All that a build needs of the user's files; None where that has errors."""
    result = _read(file, options)
    if result.value is None:
        return Result(None, result.diagnostics, result.sources)
    routine, phrases = result.value
    cast = cast_of(routine, phrases.language, options.voices)
    profiles, told, texts = profiles_of(cast, routine, places.voices, places.looks)
    diagnostics = in_order((*result.diagnostics, *told))
    if has_errors(told):
        return Result(None, diagnostics, (*result.sources, *texts))
    made_ready = Ready(file.name, routine, profiles, diagnostics, result.sources)
    return Result(made_ready, diagnostics, result.sources)


def plan_ready(
    ready: Ready, options: Options, cache: Cache, reporter: Reporter, cast: Casting = Speakers
) -> Result[Plan]:
    """As `plan`, from what was read. `cast` makes the voices ready."""
    routine, profiles = ready.routine, ready.profiles
    with cast(profiles, cache, options.jobs) as speakers:
        laid, clips, unsaid = _settle(routine, phrases_of(routine.language), speakers, options, reporter)
        marks = speakers.marks()
    cache.tidy()
    if unsaid:  # what else is wrong rests on guessed lengths
        wanted = _takes_wanted(unsaid, routine, ready.name)
        return Result(None, in_order((*ready.diagnostics, *wanted)), ready.sources)
    diagnostics = in_order((*ready.diagnostics, *laid.faults))
    if laid.timeline is None or has_errors(diagnostics):
        return Result(None, diagnostics, ready.sources)
    voices = tuple((profile, marks[profile.name]) for profile in profiles)
    return Result(Plan(routine, laid.timeline, clips, voices), diagnostics, ready.sources)


def render_ready(
    ready: Ready,
    target: Path,
    options: Options,
    cache: Cache,
    reporter: Reporter,
    packaging: Packaging = PLAIN,
    looks: Looks | None = None,
    elsewhere: Mapping[Path, Path] = MappingProxyType({}),
    cast: Casting = Speakers,
) -> Result[Track]:
    """As `render`, from what was read: a function of these values, wherever the voices and the music are.

    In `looks` is noted which music is played; `elsewhere` says where some of it lies on this machine. `cast` makes the
    voices ready.
    """
    forms = [plan_format(name) for name in packaging.beside]
    planned = plan_ready(ready, options, cache, reporter, cast)
    if planned.value is None:
        return Result(None, planned.diagnostics, planned.sources)
    timeline = planned.value.timeline
    files = {beside_of(target, form): contents(form, timeline) for form in forms}
    track_form = track_format(packaging.form)
    sound, faults = sound_of(planned.value, cache, reporter, looks, elsewhere)
    diagnostics = in_order((*planned.diagnostics, *faults))
    if sound is None:
        return Result(None, diagnostics, planned.sources)
    tags = Tags(
        timeline.title,
        comment=planned.value.routine.summary,
        cover=cover_of(timeline, packaging, cache),
        source=packaging.source(planned.value) if packaging.source else None,
    )
    with replacing(target) as out:
        track_form.write(timeline, sound, tags, out, options.jobs, reporter.stage("encoding"), cache)
        size, digest = out.tell(), _digest(out)
    cache.tidy()
    for path, data in files.items():
        with replacing(path) as out:
            out.write(data)
    track = Track(target, timeline, size, digest, planned.value.voices, tuple(files))
    return Result(track, diagnostics, planned.sources)


def cover_of(timeline: Timeline, packaging: Packaging, cache: Cache) -> Picture | None:
    """The picture that a track gets, if any."""
    if not packaging.covered or packaging.picture:
        return packaging.picture
    from cuecast.cover import cover  # not for `check` and `plan`

    return cover(timeline, cache)


def sound_of(
    planned: Plan,
    cache: Cache,
    reporter: Reporter,
    looks: Looks | None = None,
    elsewhere: Mapping[Path, Path] = MappingProxyType({}),
) -> tuple[Windows | None, tuple[Diagnostic, ...]]:
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


def _moved(stretch: Stretch, places: Mapping[Path, Path]) -> Stretch:
    recordings = stretch.music.recordings
    moved = tuple(replace(recording, path=places.get(recording.path, recording.path)) for recording in recordings)
    return replace(stretch, music=replace(stretch.music, recordings=moved))


def record_of(result: Result[Track], looks: Looks) -> Record:
    """The record of a track that was made; `looks` is the notebook of all that was read for it."""
    track = result.value
    assert track is not None
    return Record(looks.seen, track.voices, track.digest, track.finished, result.diagnostics, result.sources)


def _digest(file: BinaryIO) -> str:
    """What `looks.digest_of` says of the file once it has its name."""
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]


def read_file(file: RoutineFile, options: Options) -> ReadResult:
    """The routine as it is written; its own music need not be there where other music is told."""
    return read(file.name, file.data, Unheard(file.opener) if file.opener and options.music else file.opener)


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
        routine = with_music(routine, options.music)
    routine = replace(routine, volume=replace(routine.volume, **options.volume))
    return Result((routine, phrases), diagnostics, sources)


def _choices(routine: Routine, phrases: Phrases, options: Options) -> Choices:
    cast = cast_of(routine, phrases.language, options.voices)
    return Choices(cast, options.level, None, options.seed)


def profiles_of(
    cast: Cast, routine: Routine, folders: tuple[Path, ...], looks: Looks | None = None
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
            profiles[name] = find_profile(name, folders, looks)
        except ProfileError as fault:
            if fault.diagnostics:
                faults.append(error("unknown-voice", f"the voice `{name}` can't be used: its file has errors", span))
            else:
                faults.append(error("unknown-voice", str(fault), span, _other_voices(name, folders)))
            faults += fault.diagnostics
            texts += fault.sources
            continue
        if not _suits(profiles[name], routine.language):
            faults.append(_other_language(profiles[name], routine.language, span, folders, looks))
        other = profiles[name].settings.get("otherwise")
        if isinstance(other, str) and other not in dict(wanted):
            wanted.append((other, span))
    return tuple(profiles.values()), faults, texts


def _suits(profile: Profile, language: str) -> bool:
    """Whether the voice speaks the language; silence is the same in all."""
    return profile.engine == "silent" or _base(profile.language) == _base(language)


def _other_language(
    profile: Profile, language: str, span: Span | None, folders: tuple[Path, ...], looks: Looks | None
) -> Diagnostic:
    suiting = [each.name for each in list_profiles(folders, looks) if _base(each.language) == _base(language)]
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


class _Lengths(Struct):
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
    from cuecast.wording import phrases_to_say  # no build needs it

    result = _read(file, options)
    if result.value is None:
        return Result(None, result.diagnostics, result.sources)
    routine, words = result.value
    found, faults = phrases_to_say(routine, words, _choices(routine, words, options), options.fit_ms)
    return Result(found, in_order((*result.diagnostics, *faults)), result.sources)
