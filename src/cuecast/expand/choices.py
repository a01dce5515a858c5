"""What the caller of `expand` chooses."""

from __future__ import annotations

from fractions import Fraction

from msgspec import Struct

from cuecast.model.routine import Level
from cuecast.model.script import VoiceMap


class Choices(Struct, frozen=True):
    """The voices; the level, if it is not the routine's own; the seed of all variety.

    `fraction` is the place in every range: 0 is the shortest, 1 the longest, None the middle.
    """

    voices: VoiceMap = VoiceMap("coach", "coach", "coach")
    level: Level | None = None
    fraction: Fraction | None = None
    seed: int = 0
