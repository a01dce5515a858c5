"""Whether a routine is in a language that cuecast speaks, and which voices it is spoken with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from cuecast.errors import SetupError
from cuecast.library import Folders, Library
from cuecast.model.diagnostics import Diagnostic, did_you_mean, error, warning
from cuecast.model.routine import Role, Routine
from cuecast.model.script import VoiceMap
from cuecast.model.source import Source, Span
from cuecast.model.voice import Profile
from cuecast.phrases import languages
from cuecast.read.profiles import ProfileError, find_profile, list_profiles


def check_language(routine: Routine) -> Iterator[Diagnostic]:
    """An error for an unknown language; a warning if the name of the file, as in NAME.de.yaml, says another one."""
    primary = routine.language.partition("-")[0]
    if primary not in languages():
        message, hint = f"cuecast does not speak “{routine.language}” yet", f"it speaks {', '.join(languages())}"
        yield error("unknown-language", message, routine.language_span, hint)
    name, _, language = routine.name.rpartition(".")
    if name and language in languages() and language != primary:
        message = f"the name of this file says “{language}”, but the routine is in “{routine.language}”"
        span = routine.language_span or Span(routine.source.name, 1, 1, 1, 1)
        hint = f"write `language: {language}`, or call the file {name}.yaml"
        yield warning("language-of-name", message, span, hint)


def voice_map(routine: Routine, chosen: Mapping[Role, str]) -> VoiceMap:
    """The name of the voice for each role: as `chosen`, else as the routine says, else the language's own voice.

    A chosen main voice takes all roles that are not chosen themselves.
    """
    written = {} if Role.MAIN in chosen else {assignment.role: assignment.voice for assignment in routine.cast}
    voices = {Role.MAIN: default_voice(routine.language), **written, **chosen}
    main = voices[Role.MAIN]
    announcements = voices.get(Role.ANNOUNCEMENTS, main)
    return VoiceMap(main, announcements, voices.get(Role.COUNTDOWN, announcements))


def default_voice(language: str) -> str:
    """The voice of a routine that names none."""
    primary = _primary(language)
    return "coach" if primary == "en" else f"coach-{primary}"


def resolve_voices(
    voices: VoiceMap, routine: Routine, library: Library
) -> tuple[tuple[Profile, ...], list[Diagnostic], list[Source]]:
    """The profile of each voice, and of those that they name for the rest; their faults; the texts of faulty files.

    A voice of another language is a warning.
    """
    spans: dict[str, Span | None] = {assignment.voice: assignment.span for assignment in routine.cast}
    profiles: dict[str, Profile] = {}
    faults: list[Diagnostic] = []
    sources: list[Source] = []
    names = list(dict.fromkeys((voices.main, voices.announcements, voices.countdown)))
    for name in names:
        span = spans.get(name)
        try:
            profile = profiles[name] = find_profile(name, library)
        except ProfileError as fault:
            if fault.diagnostics:
                faults.append(error("unknown-voice", f"the voice `{name}` can't be used: its file has errors", span))
            else:
                faults.append(error("unknown-voice", str(fault), span, _similar_voices(name, library)))
            faults += fault.diagnostics
            sources += fault.sources
            continue
        # Silence is the same in all languages.
        if profile.engine != "silent" and _primary(profile.language) != _primary(routine.language):
            faults.append(_other_language(profile, routine.language, span, library))
        fallback = profile.settings.get("otherwise")
        if isinstance(fallback, str) and fallback not in names:
            names.append(fallback)
            spans.setdefault(fallback, span)  # it is named in the profile, which the routine names there
    return tuple(profiles.values()), faults, sources


def with_fallbacks(profile: Profile, library: Library) -> tuple[Profile, ...]:
    """The voice, and those that say what it has no takes of. Raises SetupError if one of these can't be used."""
    voices = {profile.name: profile}
    last = profile
    while isinstance(other := last.settings.get("otherwise"), str) and other not in voices:
        try:
            last = find_profile(other, library)
        except ProfileError as fault:
            raise SetupError(f"{last.name} needs another voice: {fault}") from fault
        voices[other] = last
    return tuple(voices.values())


def voice_inputs(profiles: Iterable[Profile], folders: Folders) -> Mapping[str, str]:
    """The states of the files of these voices alone. The hint of a fault lists other voices, and so reads them, too."""
    library = Library(None, folders)
    for profile in profiles:
        find_profile(profile.name, library)
    return library.inputs


def _other_language(profile: Profile, language: str, span: Span | None, library: Library) -> Diagnostic:
    suitable = [each.name for each in list_profiles(library) if _primary(each.language) == _primary(language)]
    message = f"the voice `{profile.name}` speaks “{profile.language}”, and the routine is in “{language}”"
    return warning("voice-language", message, span, f"for “{language}” there are: {', '.join(suitable)}")


def _primary(language: str) -> str:
    return language.partition("-")[0]


def _similar_voices(name: str, library: Library) -> str:
    known = [profile.name for profile in list_profiles(library)]
    return did_you_mean(name, known) or f"there are: {', '.join(known)}"
