"""GStreamer: Rhythmbox, GNOME Music, Totem and other players of Linux desktops."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.players.conftest import Hold
from tests.players.landing import Track, decode_raw

PYTHON = "/usr/bin/python3"
"""Debian's own: it has the bindings."""


def test_moments(track: Track, hold: Hold, tmp_path: Path) -> None:
    bindings = "import gi; gi.require_version('GstApp', '1.0')"
    if (
        not Path(PYTHON).exists()
        or subprocess.run([PYTHON, "-c", bindings], check=False, capture_output=True).returncode
    ):
        packages = "python3-gst-1.0 gir1.2-gst-plugins-base-1.0 gstreamer1.0-plugins-good"
        pytest.skip(f"GStreamer is not installed; on Debian: apt-get install {packages}")
    script = Path(__file__).with_name("gstreamer_skips.py")
    subprocess.run([PYTHON, script, track.path, tmp_path, *map(str, track.moments)], check=True)
    heard = [decode_raw((tmp_path / f"{i}.raw").read_bytes()) for i in range(len(track.moments))]
    hold("GStreamer", heard, track.moments)
