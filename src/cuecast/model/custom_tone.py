"""A user's own sound in place of a tone, as a value that can be arranged and mixed."""

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
"""The tones that can be replaced, and the greatest length of each in milliseconds.

The countdown sounds every second. A cue must not wait too long for the start tone. Tones inside the work are left out
if they have no room. A gong is for the end.
"""

SHORTEST_MS = 20
"""A shorter sound is a click."""

MAX_FILE = 4_000_000
"""The largest file in bytes: five seconds at 96 kHz in stereo and 32 bits."""


class CustomTone(Struct, frozen=True):
    """The sound in place of the tone `name`: `ms` of PCM as the mixer needs it, at the peak of that tone.

    It begins with its first sound; one of 0 ms is turned off. `file` is what the routine calls it. Tones of the same `mark` sound the same.
    """

    name: str
    file: str
    ms: int
    mark: str
    pcm: bytes

    def __repr__(self) -> str:
        return f"CustomTone({self.name!r}, {self.file!r}, {self.ms}, {self.mark!r})"
