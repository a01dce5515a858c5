"""ffmpeg, and with it what many apps use: an exact seek, and the fast one."""

from __future__ import annotations

from tests.players.conftest import Hold
from tests.players.landing import Track, decode


def test_exact(track: Track, hold: Hold) -> None:
    hold("ffmpeg", [decode("-ss", str(at), "-t", "5", "-i", track.path) for at in track.moments], track.moments)


def test_fast(track: Track, hold: Hold) -> None:
    fast = ["-fflags", "+fastseek"]
    heard = [decode(*fast, "-ss", str(at), "-t", "5", "-i", track.path) for at in track.moments]
    hold("ffmpeg, fast seek", heard, track.moments)
