"""Measurements on the decoded MP3 of the runner's routine, spoken by the machine's voice; thoroughly, by the best one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import miniaudio
import numpy as np
import numpy.typing as npt
import pytest
from mutagen.id3 import ID3

from cuecast.export.json import Json
from cuecast.files import data_dir
from cuecast.mix.tones import render_tone
from cuecast.model.build import Track
from cuecast.model.clip import SAMPLE_RATE
from cuecast.model.routine import Role
from cuecast.model.tones import TONES
from cuecast.options import Options
from tests.builds import render, timeline_of
from tests.examples import THOROUGH
from tests.mix.tracks import place_of

ROUTINE = "runners-rollout"

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("track")]


@dataclass(frozen=True)
class Made:
    track: Track
    timeline: dict[str, Any]
    sound: npt.NDArray[np.float32]

    def cut(self, start: float, end: float) -> npt.NDArray[np.float32]:
        return self.sound[max(0, round(start * SAMPLE_RATE)) : round(end * SAMPLE_RATE)]

    def events(self, lane: str) -> Iterator[dict[str, Any]]:
        return (event for event in self.timeline["events"] if event["lane"] == lane)


def _render(folder: Path, jobs: int) -> Track:
    data = (data_dir("routines") / f"{ROUTINE}.yaml").read_bytes()
    return render(f"{ROUTINE}.yaml", data, folder / f"{jobs}.mp3", options_of(folder / f"cache-{jobs}", jobs))


def options_of(cache: Path, jobs: int = 2, force: bool = False) -> Options:
    return Options(jobs=jobs, cache=cache, force=force, voice={} if THOROUGH else {Role.MAIN: "machine"})


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    track = _render(tmp_path_factory.mktemp("track"), jobs=2)
    decoded = miniaudio.mp3_read_file_f32(str(track.path))
    assert (decoded.nchannels, decoded.sample_rate) == (1, SAMPLE_RATE)
    timeline = json.loads(Json().dump(timeline_of(track)))
    return Made(track, timeline, np.frombuffer(decoded.samples, dtype=np.float32))


def test_the_decoded_length_is_the_timelines_and_nothing_is_clipped_or_off_centre(made: Made) -> None:
    assert np.abs(made.sound).max() < 10 ** (-1 / 20)
    assert abs(made.sound.mean()) < 1e-4
    assert len(made.sound) == timeline_of(made.track).duration * SAMPLE_RATE // 1000


def test_every_tone_starts_where_the_timeline_says_at_its_level(made: Made) -> None:
    for event in made.events("tones"):
        wanted = np.frombuffer(render_tone(TONES[event["name"]]), dtype="<i2").astype(np.float64)
        slack = SAMPLE_RATE // 20
        around = made.cut(event["start"] - 0.05, event["end"] + 0.05).astype(np.float64)
        lag = place_of(wanted, around) - min(slack, round(event["start"] * SAMPLE_RATE))
        assert abs(lag) <= SAMPLE_RATE // 1000, event
        peak = 20 * np.log10(np.abs(made.cut(event["start"], event["end"])).max())
        assert peak == pytest.approx(TONES[event["name"]].peak_dbfs, abs=0.5), event


def test_digital_quiet_where_nothing_is_due(made: Made) -> None:
    sounding = np.zeros(len(made.sound), dtype=bool)
    for event in made.timeline["events"]:
        start, end = event["start"] - 0.03, event["end"] + 0.06
        sounding[max(0, round(start * SAMPLE_RATE)) : round(end * SAMPLE_RATE)] = True
    assert sounding.mean() < 0.5
    assert np.abs(made.sound[~sounding]).max() < 1e-3


def test_every_cue_sounds_in_its_window(made: Made) -> None:
    for event in made.events("voice"):
        heard = made.cut(event["start"], event["end"])
        loud = np.flatnonzero(np.abs(heard) > 10 ** (-40 / 20))
        assert len(loud), event
        assert loud[0] / SAMPLE_RATE < 0.1, event


def test_chapters_and_tags(made: Made) -> None:
    tags = ID3(made.track.path)
    assert str(tags["TIT2"]) == made.timeline["title"]
    assert int(str(tags["TLEN"])) == timeline_of(made.track).duration
    chapters = sorted(tags.getall("CHAP"), key=lambda chapter: chapter.start_time)
    found = [(c.start_time / 1000, c.end_time / 1000, str(c.sub_frames["TIT2"])) for c in chapters]
    assert found == [(c["start"], c["end"], c["title"]) for c in made.timeline["chapters"]]


def test_the_bytes_depend_on_neither_jobs_nor_cache(made: Made, tmp_path: Path) -> None:
    again = _render(tmp_path, jobs=1)
    first, second = (hashlib.sha256(t.path.read_bytes()).hexdigest() for t in (made.track, again))
    assert first == second


def test_an_edited_cue_encodes_only_its_own_segments(tmp_path: Path) -> None:
    """The cache gets two segments, and the bytes are those of a build that has never seen the routine before."""
    data = (data_dir("routines") / f"{ROUTINE}.yaml").read_bytes()
    words = b"Roll from just above the knee up to your sitting bones."
    assert data.count(words) == 1
    edited = data.replace(words, b"Roll on, up to your sitting bones.")

    def build(data: bytes, cache: Path) -> tuple[int, bytes]:
        target = tmp_path / "t.mp3"
        before = entries(cache)
        render(f"{ROUTINE}.yaml", data, target, options_of(cache, force=True))
        return len(entries(cache) - before), target.read_bytes()

    whole, first = build(data, tmp_path / "cache")
    assert whole > 20
    assert build(data, tmp_path / "cache") == (0, first)
    few, after = build(edited, tmp_path / "cache")
    assert few == 4  # the record, the words, and two segments: they are spoken for the left and for the right
    assert build(edited, tmp_path / "another cache")[1] == after != first


def entries(cache: Path) -> set[Path]:
    return {path for path in cache.glob("??/*") if path.is_file()}
