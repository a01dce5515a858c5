"""VLC. It shows no chapters of an MP3, so it goes to a moment."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests.players.conftest import Hold, needed
from tests.players.landing import Samples, Track, decode


def play(track: Track, at: float) -> Samples:
    wav = track.path.with_suffix(".vlc.wav")
    output = ["--no-video", "--aout=afile", f"--audiofile-file={wav}"]
    command = [
        "cvlc",
        "-q",
        "-I",
        "dummy",
        *output,
        f"--start-time={at}",
        "--run-time=5",
        str(track.path),
        "vlc://quit",
    ]
    user = "nobody" if os.geteuid() == 0 else None  # VLC does not run as root
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, user=user, cwd=Path("/"))
    sound = decode("-t", "5", "-i", wav)
    wav.unlink()
    return sound


def test_moments(track: Track, hold: Hold) -> None:
    needed("cvlc", "vlc-bin vlc-plugin-base")
    hold("VLC", [play(track, at) for at in track.moments], track.moments)
