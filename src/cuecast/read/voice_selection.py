"""Who speaks: the profiles of a routine's voices, and what there is to say of those that can't."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from cuecast.inputs import InputTracker
from cuecast.model.diagnostics import Diagnostic, did_you_mean, error, warning
from cuecast.model.routine import Routine
from cuecast.model.script import VoiceMap
from cuecast.model.source import Source, Span
from cuecast.protocols import Profile
from cuecast.read.profiles import ProfileError, find_profile, list_profiles


def resolve_voices(
    cast: VoiceMap, routine: Routine, folders: tuple[Path, ...], looks: InputTracker | None = None
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
    profile: Profile, language: str, span: Span | None, folders: tuple[Path, ...], looks: InputTracker | None
) -> Diagnostic:
    suiting = [each.name for each in list_profiles(folders, looks) if _base(each.language) == _base(language)]
    message = f"the voice `{profile.name}` speaks “{profile.language}”, and the routine is in “{language}”"
    return warning("voice-language", message, span, f"for “{language}” there are: {', '.join(suiting)}")


def _base(language: str) -> str:
    return language.partition("-")[0]


def _other_voices(name: str, folders: Iterable[Path]) -> str:
    known = [profile.name for profile in list_profiles(tuple(folders))]
    return did_you_mean(name, known) or f"there are: {', '.join(known)}"
