"""mpv: a moment, exact and by key frames; a chapter by its number."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.players.conftest import Hold, needed
from tests.players.landing import Samples, Track, decode


def play(track: Track, folder: Path, *options: str) -> Samples:
    needed("mpv", "mpv")
    wav = folder / "heard.wav"
    quiet = ["--no-config", "--no-video", "--really-quiet", "--ao=pcm", f"--ao-pcm-file={wav}", "--length=5"]
    subprocess.run(["mpv", *quiet, *options, track.path], check=True, stdin=subprocess.DEVNULL)
    return decode("-i", wav)


def test_moments(track: Track, hold: Hold, tmp_path: Path) -> None:
    hold("mpv", [play(track, tmp_path, f"--start={at}") for at in track.moments], track.moments)


def test_key_frames(track: Track, hold: Hold, tmp_path: Path) -> None:
    heard = [play(track, tmp_path, f"--start={at}", "--hr-seek=no") for at in track.moments]
    hold("mpv, key frames", heard, track.moments)


def test_chapters(track: Track, hold: Hold, tmp_path: Path) -> None:
    heard = [play(track, tmp_path, f"--start=#{number + 1}") for number in track.numbers]
    hold("mpv, by chapter", heard, track.chapters)
