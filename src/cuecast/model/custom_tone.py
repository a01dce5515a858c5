"""A sound file of one's own in place of a tone: as a value, ready to be laid out and mixed."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

LONGEST_MS: Mapping[str, int] = MappingProxyType(
    {
        "countdown": 900,
        "start": 2_500,
        "interval": 2_000,
        "halfway": 2_000,
        "end": 5_000,
        "finish": 5_000,
    }
)
"""The tones that can be replaced, and how long each may be, in milliseconds.

One of a countdown comes every second. No cue may wait for a start tone so long that it comes too late. What sounds
inside the work is left out where it has no room, and a gong is for what ends.
"""

SHORTEST_MS = 20
"""Less than this is a click and no tone."""

MAX_FILE = 4_000_000
"""The largest file of such a sound: five seconds at 96 kHz in stereo and 32 bits."""


class CustomTone(Struct, frozen=True):
    """What sounds in place of the tone `name`: `ms` of PCM as the mixer has it, at that tone's own peak.

    It begins with its first sound. `file` is what the routine calls it. Those of the same `mark` sound the same.
    """

    name: str
    file: str
    ms: int
    mark: str
    pcm: bytes

    def __repr__(self) -> str:
        return f"CustomTone({self.name!r}, {self.file!r}, {self.ms}, {self.mark!r})"
