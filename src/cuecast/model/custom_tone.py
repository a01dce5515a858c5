"""A user's own sound, in place of a tone or as a step, as a value that can be arranged and mixed."""

from __future__ import annotations

from msgspec import Struct

SOUND = "sound"
"""What the timeline calls the sound of a step."""

LONGEST_MS = 30_000
"""The longest sound."""

CLEAR_MS = 1_000
"""No words sound in its first second; what is longer rings on under them."""

SHORTEST_MS = 20
"""A shorter sound is a click."""

MAX_FILE = 50_000_000
"""The largest file in bytes: half a minute at 192 kHz in stereo and 32 bits."""


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

    @property
    def clear_ms(self) -> int:
        """The part in which no words sound."""
        return min(self.ms, CLEAR_MS)
