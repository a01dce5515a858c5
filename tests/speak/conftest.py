from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cuecast.cache import Cache
from cuecast.model.script import Utterance
from cuecast.protocols import Profile
from cuecast.speak import Speaker, registry
from tests.speak import faulty

VOICES = Path(__file__).parents[2] / "voices"


def quiet(done: int, total: int) -> None:
    """A progress that nobody watches."""


def says(*texts: str) -> list[Utterance]:
    return [Utterance(text, "any", "en") for text in texts]


def levelled(profile: Profile, cache: Cache, jobs: int = 0) -> Speaker:
    """A speaker of a voice whose loudness is known: where it does not matter, the long passage need not be spoken."""
    made = Speaker(profile, cache, jobs)
    cache.put(made.gain_key, b"3.0")
    return made


@pytest.fixture
def faulty_speaker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Speaker]:
    """Makes a speaker whose engine is a class of `faulty`, with little patience."""

    def make(engine: type[faulty.Hums], patience: float = 5.0) -> Speaker:
        monkeypatch.setitem(registry.ENGINES, "faulty", f"{engine.__module__}:{engine.__qualname__}")
        profile = Profile("any", "faulty", "en", names={"linux": (str(tmp_path),)})
        return Speaker(profile, Cache(tmp_path / "cache"), 2, patience)

    return make
