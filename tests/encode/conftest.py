"""Tracks that several tests measure, each made once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from cuecast.encode import track_format
from cuecast.mix.mixer import mix
from cuecast.model.tags import Tags
from cuecast.model.timeline import Timeline
from cuecast.protocols import MixedSound, TrackRequest
from tests.encode.beds import LoopBed, with_bed
from tests.mix.tracks import Clips, session


@dataclass
class Rendered:
    timeline: Timeline
    clips: Clips
    path: Path
    source: bytes


def render(
    made: Timeline, clips: Clips, path: Path, jobs: int = 2, tags: Tags | None = None, bed: MixedSound | None = None
) -> Rendered:
    window = mix(made, clips, bed)
    with path.open("w+b") as target:
        track_format("mp3").write(TrackRequest(made, window, lambda: tags or Tags(made.title), jobs), target)
    return Rendered(made, clips, path, window(0, made.duration))


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    folder = tmp_path_factory.mktemp("track")
    made, clips = session(folder)
    return render(made, clips, folder / "track.mp3", tags=Tags(made.title, comment="Hands\non the floor"))


@pytest.fixture(scope="session")
def over_bed(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    """The same over a loop of music, from the start to the end."""
    folder = tmp_path_factory.mktemp("over_bed")
    made, clips = session(folder)
    made = with_bed(made)
    return render(made, clips, folder / "track.mp3", bed=LoopBed(made))


@pytest.fixture(params=["rendered", "over_bed"])
def either(request: pytest.FixtureRequest) -> Rendered:
    """A track in mono, and one over a bed in stereo."""
    found: Rendered = request.getfixturevalue(request.param)
    return found
