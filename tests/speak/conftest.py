from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from cuecast.cache import Cache
from cuecast.model.script import Utterance
from cuecast.model.voice import Profile
from cuecast.speak import Speakers
from cuecast.speak.engines import make_engine
from cuecast.speak.pool import VoicePools
from tests.speak import faulty

VOICES = Path(__file__).parents[2] / "voices"

MakeSpeakers = Callable[..., Speakers]


def no_progress(done: int, total: int) -> None:
    """Nobody watches."""


def utterances(*texts: str) -> list[Utterance]:
    return [Utterance(text, "any", "en") for text in texts]


def check(profile: Profile) -> None:
    make_engine(profile).check()


def install_engine(folder: Path, engine: type[faulty.Tones]) -> str:
    """Register an engine as another package does, in a folder for the import path; its name for profiles."""
    name = engine.__name__.lower()
    package = folder / f"{name}-1.dist-info"
    package.mkdir(parents=True, exist_ok=True)
    (package / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n")
    (package / "entry_points.txt").write_text(
        f"[cuecast.engines]\n{name} = {engine.__module__}:{engine.__qualname__}\n"
    )
    return name


@pytest.fixture
def pools(request: pytest.FixtureRequest) -> Iterator[VoicePools | None]:
    """With the indirect parameter "spawn", processes start as on macOS and Windows; else voices have their own pools."""
    method = getattr(request, "param", None)
    if method is None:
        yield None
        return
    with closing(VoicePools(method)) as pools:
        yield pools


@pytest.fixture
def faulty_speakers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pools: VoicePools | None) -> MakeSpeakers:
    """Makes the voice "any", whose engine is a class of `faulty`, with a short time limit."""
    packages = tmp_path / "packages"
    packages.mkdir()
    monkeypatch.syspath_prepend(str(packages))

    def make(
        engine: type[faulty.Tones] = faulty.Tones, time_limit: float = 5.0, cache: Cache | None = None
    ) -> Speakers:
        profile = Profile("any", install_engine(packages, engine), "en", names={"linux": (str(tmp_path),)})
        return Speakers([profile], cache or Cache(tmp_path / "cache"), 2, pools, time_limit)

    return make
