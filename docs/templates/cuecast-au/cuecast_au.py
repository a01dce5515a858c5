"""A track format from another package: Sun's `.au`, a header and big-endian samples.

cuecast render ROUTINE --format au
cuecast render ROUTINE -o track.au
"""

from __future__ import annotations

import struct
import sys
from array import array
from typing import BinaryIO, ClassVar

from cuecast.model.clip import SAMPLE_BYTES, SAMPLE_RATE, SAMPLES_PER_MS
from cuecast.protocols import TrackRequest

_LINEAR_16 = 3
_MAX_SIZE = 0xFFFF_FFFF


class Au:
    """PCM, 16 bits, 48 kHz, mono or stereo, with the title."""

    name: ClassVar[str] = "au"
    suffix: ClassVar[str] = ".au"

    def write(self, track: TrackRequest, target: BinaryIO) -> None:
        """Write the whole track to `target`, an empty file."""
        channels = track.sound.channels
        size = track.timeline.duration * SAMPLES_PER_MS * channels * SAMPLE_BYTES
        # By the word `cuecast` in its first bytes a track is known as one of ours, which may be replaced without asking.
        note = f"made by cuecast: {track.tags().title}".encode("utf-8", "replace")
        note = note.ljust((len(note) // 8 + 1) * 8, b"\0")
        head = struct.pack(">4s5I", b".snd", 24 + len(note), min(size, _MAX_SIZE), _LINEAR_16, SAMPLE_RATE, channels)
        target.write(head + note)
        for _, pcm in track.seconds():
            samples = array("h", pcm)
            if sys.byteorder == "little":
                samples.byteswap()
            target.write(samples)
