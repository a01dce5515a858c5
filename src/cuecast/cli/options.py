"""The options of a build: as they were typed, and as the pipeline takes them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import asdict

from cuecast.cli.console import usage

if TYPE_CHECKING:  # imported where they are needed: a track that is up to date is found out without them
    from cuecast.model.music import MusicSetting
    from cuecast.model.routine import Role
    from cuecast.options import Options


class Told(Struct, frozen=True):
    """The options that all builds share, as they were typed. No jobs is all cores."""

    voice: Sequence[str] = ()
    level: str | None = None
    fit: str | None = None
    seed: int = 0
    language: str | None = None
    volume: Sequence[str] = ()
    wake: str = "on"
    jobs: int | None = None
    quiet: bool = False
    music: str | None = None
    cover: str | None = None
    source: bool = True
    form: str | None = None

    def said(self) -> dict[str, object]:
        """Those that a track carries, by the names that they have on the command line."""
        return {name: value for name, value in self.plain().items() if name not in ("source", "form")}

    def plain(self) -> dict[str, object]:
        """All that may change the track, as JSON values."""
        return {name: value for name, value in asdict(self).items() if name not in ("jobs", "quiet")}


def options_of(told: Told) -> Options:
    """What they come to; wrongly told, the command ends with exit status 2."""
    from cuecast.model.decibels import text_to_db
    from cuecast.model.routine import Level, Volume
    from cuecast.options import Options

    known = Volume.__struct_fields__
    if told.wake not in ("on", "off"):
        raise usage(f"--wake is on or off, not {told.wake}")
    lanes: dict[str, float | None] = {}
    for words in told.volume:
        lane, _, level = words.replace(":", "=", 1).partition("=")
        if lane not in known:
            raise usage(
                f"--volume {words}: there is no lane {lane}",
                f"write --volume {known[0]}=-3dB; lanes: {', '.join(known)}",
            )
        try:
            lanes[lane] = text_to_db(level)
        except ValueError as fault:
            raise usage(f"--volume {words}: {fault}", f"for example {lane}=-6dB, or {lane}=off") from None
    return Options(
        voices=_voices(told.voice),
        level=Level(told.level) if told.level else None,
        fit_ms=_fit(told.fit),
        seed=told.seed,
        volume=lanes,
        wake=told.wake == "on",
        jobs=told.jobs or _cores(),
        music=_music(told.music),
    )


def _music(told: str | None) -> MusicSetting | None:
    if told is None:
        return None
    from cuecast.cli.music import music_told

    return music_told(told)


def _voices(told: Sequence[str]) -> dict[Role, str]:
    """The voice of each role that was told: `joe` for all that have none of their own, `countdown=brisk` for one."""
    from cuecast.model.diagnostics import did_you_mean
    from cuecast.model.routine import Role

    voices: dict[Role, str] = {}
    for words in told:
        role, given, name = words.rpartition("=")
        if not name or (given and not role):
            missing = "role" if name else "name"
            raise usage(f"--voice {words}: a {missing} is missing", "for example --voice calm, or countdown=brisk")
        if given and role not in set(Role):
            hint = did_you_mean(role, list(Role)) or f"roles: {', '.join(Role)}"
            raise usage(f"--voice {words}: there is no role {role}", hint)
        chosen = Role(role) if given else Role.MAIN
        if voices.setdefault(chosen, name) != name:
            hint = f"for a second voice say what it is for: --voice {Role.COUNTDOWN}={name}"
            raise usage(f"--voice: two voices for {chosen}, {voices[chosen]} and {name}", hint)
    return voices


def _fit(told: str | None) -> int | None:
    if told is None:
        return None
    from cuecast.model.duration import FORMS, DurationError, text_to_ms

    try:
        ms = text_to_ms(told)
    except DurationError as fault:
        raise usage(f"--fit: {fault}", f"write it as {FORMS}") from None
    if ms == 0:
        raise usage("--fit 0s: a track lasts a second at least")
    return ms


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
