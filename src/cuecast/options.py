"""What a caller may choose: one frozen value, passed whole from the command line to the stage that obeys it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypedDict, Unpack

from msgspec import Struct, field

from cuecast.model.decibels import text_to_db
from cuecast.model.diagnostics import did_you_mean
from cuecast.model.duration import FORMS, DurationError, ms_to_text
from cuecast.model.routine import Level, Role, Volume

OFF = "off"
MAIN, *_OTHER_ROLES = Role
LANES = Volume.__struct_fields__
ID3_VERSIONS = ("2.4", "2.3")


class OptionError(ValueError):
    """An option's value that can't be used. `hint` says what can."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


class Options(Struct, frozen=True, kw_only=True):
    """The options of a build, named as on the command line. The defaults choose nothing: the routine decides."""

    voice: Mapping[Role, str] = field(default_factory=dict)
    """The voice of each role. The main voice also takes the roles that are not named."""
    level: Level | None = None
    fit_ms: int | None = None
    """Length of the whole track in ms."""
    seed: int = 0
    """Seed of the order and the encouragements that a routine leaves open."""
    language: str | None = None
    volume: Mapping[str, float | None] = field(default_factory=dict)
    """Gain in dB of each lane (voice, tones, music); None turns it off."""
    wake: bool = True
    """Whether a wake tone sounds before sound that follows a long silence."""
    music: str | None = None
    """A file, a folder, a generated sound's name or `off`, in place of the routine's music."""
    cover: str | None = None
    """The path of a picture, or `off`; None draws one."""
    id3: str = ID3_VERSIONS[0]
    """The version of an MP3's tag."""
    source: bool = True
    """Whether the track carries its routine."""
    format: str | None = None
    """The kind of sound file; None is what the target's name says, else mp3."""
    sidecars: tuple[str, ...] = ()
    """Names of the text and picture formats that are written beside the track."""
    split: bool = False
    """Whether each chapter becomes a file of its own."""
    force: bool = False
    """Whether a track that is up to date is made again."""
    jobs: int = 0
    """Threads and processes to use; 0 is one for each core."""
    home: Path | None = None
    """The user's own folder of voices, routines, exercises, music and tones; None is the usual one."""
    root: Path | None = None
    """The folder in or below which a routine's files lie, if the routine lies there, too; None is the routine's own."""
    cache: Path | None = None
    """The folder of the cache; None is the usual one."""
    cache_limit: int | None = None
    """Bytes that stay in the cache between builds; None is the usual limit, 0 keeps nothing."""

    @property
    def cores(self) -> int:
        """How many threads and processes to use, at least 1."""
        if self.jobs:
            return self.jobs
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

    def to_json(self) -> dict[str, str | int | list[str]]:
        """The options that change a track, as JSON values that `parse_options` takes back. Defaults are left out."""
        values: dict[str, str | int | list[str] | None] = {
            "voice": [name if role is MAIN else f"{role}={name}" for role, name in self.voice.items()],
            "level": self.level.value if self.level else None,
            "fit": ms_to_text(self.fit_ms) if self.fit_ms else None,
            "seed": self.seed,
            "language": self.language,
            "volume": [f"{lane}={OFF if db is None else f'{db:g}dB'}" for lane, db in self.volume.items()],
            "wake": None if self.wake else OFF,
            "music": self.music,
            "cover": self.cover,
            "id3": None if self.id3 == ID3_VERSIONS[0] else self.id3,
        }
        return {name: value for name, value in values.items() if value}


class OptionKeywords(TypedDict, total=False):
    """The options as keyword arguments, in the forms of the command line. None is the default of each."""

    voice: str | Sequence[str] | None
    """`joe`, or one for a role: `["joe", "countdown=brisk"]`."""
    level: str | None
    fit: str | int | None
    """`10m`; a number is in seconds."""
    seed: int | None
    language: str | None
    volume: str | Sequence[str] | None
    """`tones=-6dB`, `voice=off`, or several."""
    wake: str | bool | None
    music: str | os.PathLike[str] | None
    cover: str | os.PathLike[str] | None
    id3: str | None
    source: bool | None
    format: str | None
    sidecars: str | Sequence[str] | None
    """`lrc,svg`, or several."""
    split: bool | None
    force: bool | None
    jobs: int | None
    home: str | os.PathLike[str] | None
    root: str | os.PathLike[str] | None
    cache: str | os.PathLike[str] | None
    cache_limit: int | None


def parse_options(**typed: Unpack[OptionKeywords]) -> Options:
    """The options in the forms of the command line: `fit="10m"`, `voice=["joe", "countdown=brisk"]`.

    Raises OptionError, which names the option.
    """
    values: dict[str, Any] = {}
    for name, value in typed.items():
        if name not in OptionKeywords.__annotations__:
            raise OptionError(f"there is no option {name}", did_you_mean(name, OptionKeywords.__annotations__))
        if value is not None:
            parse = _PARSERS.get(name)
            values["fit_ms" if name == "fit" else name] = parse(value) if parse else value
    return Options(**values)


def _parse_voices(words: str | Sequence[str]) -> dict[Role, str]:
    """The voice of each role: `joe` is the main voice, `countdown=brisk` the voice of one role."""
    voices: dict[Role, str] = {}
    for word in _several(words):
        role, has_role, name = word.rpartition("=")
        if not name or (has_role and not role):
            missing = "role" if name else "name"
            raise OptionError(f"--voice {word}: a {missing} is missing", "for example --voice calm, or countdown=brisk")
        if has_role and role not in set(Role):
            hint = did_you_mean(role, list(Role)) or f"roles: {', '.join(Role)}"
            raise OptionError(f"--voice {word}: there is no role {role}", hint)
        chosen = Role(role) if has_role else MAIN
        if voices.setdefault(chosen, name) != name:
            hint = f"to give a second voice a role: --voice {Role.COUNTDOWN}={name}"
            raise OptionError(f"--voice: two voices for {chosen}, {voices[chosen]} and {name}", hint)
    return voices


def _parse_level(word: str) -> Level:
    try:
        return Level(word)
    except ValueError:
        known = ", ".join(Level)
        raise OptionError(f"--level {word}: there is no such level", f"levels: {known}") from None


def _parse_fit(word: str | int) -> int:
    from cuecast.phrases.lengths import text_to_ms  # slow, and few commands need it

    try:
        ms = text_to_ms(str(word))
    except DurationError as fault:
        raise OptionError(f"--fit: {fault}", f"write it as {FORMS}") from None
    if ms == 0:
        raise OptionError("--fit 0s: a track lasts a second at least")
    return ms


def _parse_volume(words: str | Sequence[str]) -> dict[str, float | None]:
    """The gain of each lane: `tones=-6dB`, `voice=off`."""
    volume: dict[str, float | None] = {}
    for word in _several(words):
        lane, _, level = word.replace(":", "=", 1).partition("=")
        if lane not in LANES:
            hint = f"write --volume {LANES[0]}=-3dB; lanes: {', '.join(LANES)}"
            raise OptionError(f"--volume {word}: there is no lane {lane}", hint)
        try:
            volume[lane] = text_to_db(level)
        except ValueError as fault:
            raise OptionError(f"--volume {word}: {fault}", f"for example {lane}=-6dB, or {lane}=off") from None
    return volume


def _parse_wake(value: str | bool) -> bool:
    if value in (True, "on"):
        return True
    if value in (False, OFF):
        return False
    raise OptionError(f"--wake is on or off, not {value}")


def _parse_id3(version: str) -> str:
    if version in ID3_VERSIONS:
        return version
    raise OptionError(f"--id3 {version}: no such version is written", f"versions: {', '.join(ID3_VERSIONS)}")


def _parse_names(names: str | Sequence[str]) -> tuple[str, ...]:
    return tuple(name.strip() for name in (names.split(",") if isinstance(names, str) else names))


def _several(words: str | Sequence[str]) -> Sequence[str]:
    return [words] if isinstance(words, str) else words


def _whole(name: str, least: int | None = None) -> Callable[[object], int]:
    """A parser of a whole number."""

    def parse(value: object) -> int:
        if isinstance(value, int) and (least is None or value >= least):
            return value
        raise OptionError(f"--{name} {value}: it is a whole number" + ("" if least is None else f", at least {least}"))

    return parse


_PARSERS: dict[str, Callable[[Any], object]] = {
    "voice": _parse_voices,
    "level": _parse_level,
    "fit": _parse_fit,
    "volume": _parse_volume,
    "wake": _parse_wake,
    "music": os.fspath,
    "cover": os.fspath,
    "id3": _parse_id3,
    "seed": _whole("seed"),
    "jobs": _whole("jobs", 0),
    "cache_limit": _whole("cache-limit", 0),
    "sidecars": _parse_names,
    "home": Path,
    "root": Path,
    "cache": Path,
}
