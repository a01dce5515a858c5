"""`gstreamer_skips.py TRACK FOLDER SECONDS…`: skip to each moment; FOLDER/0.raw … are the 5 s heard after each.

Debian's Python runs it, so it imports nothing of cuecast.
"""

# mypy: ignore-errors
from __future__ import annotations

import sys
from pathlib import Path

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstApp", "1.0")
from gi.repository import Gst, GstApp  # noqa: E402, F401 - GstApp adds the methods of `appsink`

BYTES = 5 * 48_000 * 2


def main(track: str, folder: str, *moments: str) -> None:
    Gst.init(None)
    sink = "appsink name=out sync=false caps=audio/x-raw,format=S16LE,rate=48000,channels=1"
    player = Gst.parse_launch(f"filesrc location={track} ! decodebin ! audioconvert ! audioresample ! {sink}")
    player.set_state(Gst.State.PAUSED)
    player.get_state(Gst.CLOCK_TIME_NONE)
    for i, moment in enumerate(moments):
        player.seek_simple(Gst.Format.TIME, Gst.SeekFlags.FLUSH, int(float(moment) * Gst.SECOND))
        player.set_state(Gst.State.PLAYING)
        heard = b""
        while len(heard) < BYTES:
            buffer = player.get_by_name("out").pull_sample().get_buffer()
            heard += buffer.extract_dup(0, buffer.get_size())
        player.set_state(Gst.State.PAUSED)
        Path(folder, f"{i}.raw").write_bytes(heard)
    player.set_state(Gst.State.NULL)


main(*sys.argv[1:])
