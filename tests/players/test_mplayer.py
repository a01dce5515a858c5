"""MPlayer."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.players.conftest import Hold, needed
from tests.players.landing import Samples, Track, decode


def play(track: Track, folder: Path, at: float) -> Samples:
    wav = folder / "heard.wav"
    output = ["-vo", "null", "-ao", f"pcm:fast:file={wav}", "-endpos", "5"]
    command = ["mplayer", "-really-quiet", "-nolirc", *output, "-ss", str(at), str(track.path)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return decode("-i", wav)


def test_moments(track: Track, hold: Hold, tmp_path: Path) -> None:
    needed("mplayer", "mplayer")
    hold("MPlayer", [play(track, tmp_path, at) for at in track.moments], track.moments)
