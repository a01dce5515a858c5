"""A quick look at voices: which of its engine's voices each has taken here, or why it can't speak."""

from __future__ import annotations

import contextlib
import io
import threading
import time
from collections.abc import Sequence

from msgspec import Struct

from cuecast.errors import EngineUnavailable
from cuecast.protocols import Profile
from cuecast.speak.engines import make_engine

PATIENCE_S = 10.0
"""Seconds that all the looks together may take: an engine that hangs must not hold up the others."""


class Look(Struct, frozen=True):
    """What was seen of a voice: the engine's voice, or why not and what to do."""

    profile: Profile
    voice: str | None = None
    why: str | None = None
    hint: str | None = None

    @property
    def speaks(self) -> bool:
        """Whether it can speak here."""
        return self.why is None


def look_at(profiles: Sequence[Profile], patience: float = PATIENCE_S) -> list[Look]:
    """Look at each; nothing is spoken, and one that hangs or breaks can't speak."""
    seen: dict[int, Look] = {}

    def look(number: int, profile: Profile) -> None:
        seen[number] = _look(profile)

    threads = [threading.Thread(target=look, args=each, daemon=True) for each in enumerate(profiles)]
    deadline = time.monotonic() + patience
    with contextlib.redirect_stdout(io.StringIO()):  # ours is for data, whatever an engine prints
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))
    return [seen.get(number) or _hangs(profile) for number, profile in enumerate(profiles)]


def _look(profile: Profile) -> Look:
    try:
        engine = make_engine(profile)
        engine.check()
        return Look(profile, engine.voice())
    except EngineUnavailable as fault:
        return Look(profile, None, fault.message, fault.hint)
    except Exception as fault:  # an engine is anybody's code
        return Look(profile, None, f"its engine {profile.engine} is faulty: {fault or type(fault).__name__}")


def _hangs(profile: Profile) -> Look:
    return Look(profile, None, f"its engine {profile.engine} does not answer")
