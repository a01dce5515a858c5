"""Whether voices can speak here, and which of its engine's voices each one uses. Nothing is spoken."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

from msgspec import Struct

from cuecast.errors import EngineUnavailable
from cuecast.model.voice import Profile
from cuecast.speak.engines import make_engine

TIME_LIMIT_S = 10.0
"""Seconds for all checks together: an engine that hangs must not hold up the others."""


class VoiceStatus(Struct, frozen=True):
    """The engine's voice, or the problem and what to do about it."""

    profile: Profile
    voice: str | None = None
    problem: str | None = None
    hint: str | None = None

    @property
    def speaks(self) -> bool:
        """Whether it can speak here."""
        return self.problem is None


def check_voices(profiles: Sequence[Profile], time_limit: float = TIME_LIMIT_S) -> list[VoiceStatus]:
    """The status of each voice. An engine that hangs or raises can't speak."""
    results: dict[int, VoiceStatus] = {}

    def check(index: int, profile: Profile) -> None:
        results[index] = _check(profile)

    threads = [threading.Thread(target=check, args=each, daemon=True) for each in enumerate(profiles)]
    deadline = time.monotonic() + time_limit
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    return [results.get(index) or _hanging(profile) for index, profile in enumerate(profiles)]


def _check(profile: Profile) -> VoiceStatus:
    try:
        engine = make_engine(profile)
        engine.check()
        return VoiceStatus(profile, engine.voice())
    except EngineUnavailable as fault:
        return VoiceStatus(profile, None, fault.message, fault.hint)
    except Exception as fault:  # an engine is anybody's code
        return VoiceStatus(profile, None, f"its engine {profile.engine} is faulty: {fault or type(fault).__name__}")


def _hanging(profile: Profile) -> VoiceStatus:
    return VoiceStatus(profile, None, f"its engine {profile.engine} does not answer")
