"""No cue is lost, however often a track is built from nothing with a neural voice: CUECAST_FAULTS times.

Kokoro's `heart` only where CUECAST_KOKORO is the folder of its files (`make test-voices`).
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.cli.running import Home
from tests.encode.decoding import by_miniaudio
from tests.faults.test_faults import TIMES

ROUTINE = """\
title: Short
defaults: {work: 12s, announce: [next], countdown: 0}
steps:
  - exercise: Calves
    cues: {start: Slowly., 5s: Breathe out., -4s: And rest.}
"""
KOKORO = os.environ.get("CUECAST_KOKORO")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    (tmp_path / "here").mkdir()
    return Home(tmp_path)


@pytest.mark.parametrize(
    "voice",
    [
        pytest.param("joe", marks=pytest.mark.skipif(not importlib.util.find_spec("piper"), reason="cuecast[neural]")),
        pytest.param("heart", marks=pytest.mark.skipif(not KOKORO, reason="make test-voices")),
    ],
)
def test_every_cue_is_heard_in_every_build(voice: str, home: Home) -> None:
    voices = home.root / "home" / "voices"
    voices.mkdir(parents=True)
    if voice == "heart":
        (voices / "heart.yaml").write_text(f"like: heart\nmodel: {KOKORO}/model_quantized.onnx\n")
    home.write("short.yaml", ROUTINE)
    track, first = home.here / "short.mp3", b""
    for _ in range(TIMES):
        shutil.rmtree(home.root / "cache", ignore_errors=True)
        done = home.cuecast("render", "short.yaml", "--voice", voice, "--force")
        assert done.returncode == 0, done.stderr
        first = first or track.read_bytes()
        assert track.read_bytes() == first
    plan = json.loads(home.cuecast("plan", "short.yaml", "--voice", voice, "--json").stdout)
    spoken = [event for event in plan["events"] if event["lane"] == "voice"]
    assert {"Slowly.", "Breathe out.", "And rest."} <= {event["text"] for event in spoken}
    sound = by_miniaudio(track)
    for event in spoken:
        part = sound[int(48_000 * event["start"]) : int(48_000 * event["end"])]
        assert np.sqrt(np.mean(part**2)) > 0.01, event["text"]
