"""`volume:` in a routine and `--volume` over it, measured on the decoded track of a real voice."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import miniaudio
import numpy as np
import numpy.typing as npt
import pytest

from cuecast.model.build import Track
from cuecast.model.clip import SAMPLES_PER_MS
from cuecast.model.timeline import Event, ToneEvent
from cuecast.options import Options
from tests.builds import render, timeline_of

pytestmark = pytest.mark.slow

ROUTINE = """\
title: Loud and soft
voice: machine
steps:
  - exercise: Calves
    setup: Sit with your legs straight, hands flat behind you.
    sides: [left, right]
    work: 20s
    beeps: [every 15s, half]
    cues: {4s: Slowly.}
"""

Levels = Mapping[tuple[int, str], float]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


def build(folder: Path, cache: Path, written: str, told: Mapping[str, float | None]) -> tuple[Track, Levels]:
    """The track, and the level of each of its sounds in dB, by its start and what it is."""
    text = ROUTINE + (f"volume: {written}\n" if written else "")
    options = Options(volume=told, wake=False, jobs=2, cache=cache)
    track = render("x.yaml", text, folder / "x.mp3", options)
    decoded = miniaudio.mp3_read_file_f32(str(track.path))
    wave = np.frombuffer(decoded.samples, np.float32).astype(np.float64)
    events = timeline_of(track).events
    assert wave.any() == bool(events)
    return track, {(each.start, name(each)): level(wave, each) for each in events}


def name(event: Event) -> str:
    return event.name if isinstance(event, ToneEvent) else "voice"


def level(wave: npt.NDArray[np.float64], event: Event) -> float:
    part = wave[event.start * SAMPLES_PER_MS : event.end * SAMPLES_PER_MS]
    return 10 * float(np.log10(np.mean(part**2)))


@pytest.mark.parametrize(
    ("written", "told", "voice", "tones"),
    [
        ("{tones: -6dB}", {}, 0, -6),
        ("{voice: -9dB, tones: 3}", {}, -9, 3),
        ("{tones: -6dB, voice: -3dB}", {"tones": -12.0}, -3, -12),
        ("{tones: off}", {"tones": 0.0, "voice": -20.0}, -20, 0),
        ("{tones: off}", {}, 0, None),
        ("", {"voice": None}, None, 0),
        ("{voice: -3dB, tones: -3dB}", {"voice": None, "tones": None}, None, None),
    ],
)
def test_each_lane_is_as_loud_as_it_is_told(
    tmp_path: Path,
    cache: Path,
    written: str,
    told: Mapping[str, float | None],
    voice: float | None,
    tones: float | None,
) -> None:
    usual, at_normal = build(tmp_path, cache, "", {})  # what was encoded before is in the cache
    track, levels = build(tmp_path, cache, written, told)
    wanted = {key: voice if key[1] == "voice" else tones for key in at_normal}
    assert set(levels) == {key for key, gain in wanted.items() if gain is not None}
    for key, found in levels.items():
        assert found - at_normal[key] == pytest.approx(wanted[key], abs=0.3), key
    assert timeline_of(track).intervals == timeline_of(usual).intervals  # what is off keeps its time
