"""The places that players compute for a skip hold the sound of that moment. `make test-players` tries real players."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.encode.conftest import Rendered, render
from tests.encode.decoding import KBITS, Track
from tests.mix.tracks import beep, timeline

FRAME = 0.024
LIMIT = 0.048
"""Seconds: two frames."""
DELAY = (576 + 529) / 48_000
"""The encoder's and the decoder's (s): that much sound of the frames lies before the first moment."""

Compute = Callable[[Track, float], float]


def by_bit_rate(track: Track, moment: float) -> float:
    """Behind the header (Android, GStreamer)."""
    return len(track.info) + moment * KBITS[track.frames[0][2] >> 4] * 125


def by_first_frame(track: Track, moment: float) -> float:
    """By the header's own bit rate, as if it were sound (simple players)."""
    return moment * KBITS[track.info[2] >> 4] * 125


def by_size(track: Track, moment: float) -> float:
    """By the share of the bytes and frames that the header states (mpg123, ffmpeg)."""
    frames, size = (int.from_bytes(track.fields[at : at + 4], "big") for at in (8, 12))
    return moment / (frames * FRAME) * size


@pytest.fixture(scope="module")
def an_hour(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    path = tmp_path_factory.mktemp("long") / "track.mp3"
    return render(timeline([beep(start, "start") for start in range(0, 3_600_000, 60_000)], 3_600_000), {}, path)


@pytest.mark.parametrize("compute", [by_bit_rate, by_first_frame, by_size])
@pytest.mark.parametrize("name", ["rendered", "over_bed", "an_hour"])
def test_computed_places(request: pytest.FixtureRequest, name: str, compute: Compute) -> None:
    rendered: Rendered = request.getfixturevalue(name)
    track = Track.read(rendered.path)
    for moment in (rendered.timeline.duration / 1e3 * share / 50 for share in range(1, 50)):
        first = -(-compute(track, moment) // len(track.info)) - 1  # the first whole frame there; 0 follows the header
        assert abs(first * FRAME - DELAY - moment) <= LIMIT
