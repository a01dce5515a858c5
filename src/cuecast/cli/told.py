"""The options of a build: as they were typed, and as the pipeline takes them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, fields

from cuecast.cli.console import usage
from cuecast.diagnostics import did_you_mean
from cuecast.duration import FORMS, DurationError, text_to_ms
from cuecast.gain import text_to_db
from cuecast.pipeline import Options
from cuecast.routine import Level, Role, Volume

LANES = tuple(field.name for field in fields(Volume))


@dataclass(frozen=True, slots=True)
class Told:
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


def options_of(told: Told) -> Options:
    """What they come to; wrongly told, the command ends with exit status 2."""
    if told.wake not in ("on", "off"):
        raise usage(f"--wake is on or off, not {told.wake}")
    lanes: dict[str, float | None] = {}
    for words in told.volume:
        lane, _, level = words.replace(":", "=", 1).partition("=")
        if lane not in LANES:
            raise usage(
                f"--volume {words}: there is no lane {lane}",
                f"write --volume {LANES[0]}=-3dB; lanes: {', '.join(LANES)}",
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
    )


def _voices(told: Sequence[str]) -> dict[Role, str]:
    """The voice of each role that was told: `joe` for all that have none of their own, `countdown=brisk` for one."""
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
    try:
        ms = text_to_ms(told)
    except DurationError as fault:
        raise usage(f"--fit: {fault}", f"write it as {FORMS}") from None
    if ms == 0:
        raise usage("--fit 0s: a track lasts a second at least")
    return ms


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
