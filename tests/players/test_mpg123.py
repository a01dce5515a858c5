"""mpg123, which MOC, Audacious and others use: it reads up to the frame, or (fuzzy) computes where it lies."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.players.conftest import Hold, needed
from tests.players.landing import FRAME, Samples, Track, decode


def play(track: Track, folder: Path, at: float, options: list[str]) -> Samples:
    wav = folder / "heard.wav"
    skip = ["-k", str(round(at / FRAME)), "-n", str(round(5 / FRAME))]
    subprocess.run(["mpg123", "-q", *options, *skip, "-w", wav, track.path], check=True)
    return decode("-i", wav)


@pytest.mark.parametrize("options", [[], ["--fuzzy"]])
def test_moments(track: Track, hold: Hold, tmp_path: Path, options: list[str]) -> None:
    needed("mpg123", "mpg123")
    heard = [play(track, tmp_path, at, options) for at in track.moments]
    hold(" ".join(["mpg123", *options]), heard, track.moments)
