"""The tones as a table: each meaning has its own sound.

Eyes closed, a listener tells them apart by gesture before pitch. Tones that lead, at full level, are dry and even: one
short pip counts down, a rise starts, a fall ends, a climbing chord finishes. Tones that only inform, inside the work,
are a softer bell: struck once for an interval, twice for halfway. Fundamentals lie between 500 and 1,400 Hz, with a few
weak harmonics: enough for a phone's loudspeaker, and nothing shrill in an earbud. `wake` is for the circuits of
headphones, not for ears.
"""

from __future__ import annotations

import math
from functools import cache

from msgspec import Struct

PEAK_DBFS = -12.0
"""Sample peak of the tones that lead."""

SOFT_DBFS = -17.0
"""Sample peak of the tones inside the work."""


class Timbre(Struct, frozen=True):
    """How a note sounds: the weights of its harmonics, its fades, and the time in which it falls by half."""

    harmonics: tuple[float, ...]
    attack_ms: int
    release_ms: int
    half_life_ms: float = math.inf


DRY = Timbre((1.0, 0.30, 0.20, 0.06), attack_ms=3, release_ms=25)
BELL = Timbre((1.0, 0.25, 0.12), attack_ms=3, release_ms=80, half_life_ms=110)
CHIME = Timbre((1.0, 0.30, 0.15, 0.05), attack_ms=3, release_ms=120, half_life_ms=160)
HUM = Timbre((1.0,), attack_ms=60, release_ms=60)


class Note(Struct, frozen=True):
    """A pitch that sounds from `start` for `ms` milliseconds."""

    hz: int
    start: int
    ms: int


class Tone(Struct, frozen=True):
    """A beep: its sample peak, and its notes in order of time, all of one timbre."""

    name: str
    peak_dbfs: float
    timbre: Timbre
    notes: tuple[Note, ...]

    @property
    def ms(self) -> int:
        """Its length."""
        return max(note.start + note.ms for note in self.notes)

    @property
    def hz(self) -> int:
        """The pitch of its first note, which the timeline shows."""
        return self.notes[0].hz


TONES: dict[str, Tone] = {
    tone.name: tone
    for tone in (
        Tone("countdown", PEAK_DBFS, DRY, (Note(660, 0, 120),)),
        Tone("start", PEAK_DBFS, DRY, (Note(880, 0, 150), Note(1320, 150, 250))),
        Tone("interval", SOFT_DBFS, BELL, (Note(1100, 0, 320),)),
        Tone("halfway", SOFT_DBFS, BELL, (Note(740, 0, 200), Note(740, 200, 320))),
        Tone("end", PEAK_DBFS, DRY, (Note(780, 0, 180), Note(520, 180, 320))),
        Tone(
            "finish",
            PEAK_DBFS,
            CHIME,
            (Note(520, 0, 400), Note(660, 150, 400), Note(780, 300, 400), Note(1040, 450, 500)),
        ),
        Tone("wake", -40.0, HUM, (Note(200, 0, 300),)),
    )
}

PACE = "pace"
"""The tone that leads a breath or a movement: a glide as long as the part of the pace that it leads."""

PACE_LOW_HZ, PACE_HIGH_HZ = 294, 440
"""The ends of a glide: a fifth, below all beeps, so that nobody mistakes it for one."""

PACE_DBFS = -28.0
"""Sample peak of a glide: under the voice and every beep, and still audible in a quiet room."""

PACE_TIMBRE = Timbre((1.0, 0.7, 0.4), attack_ms=120, release_ms=180)
"""Strong harmonics: a phone's loudspeaker can't play the fundamental."""


@cache
def fade_curve(samples: int) -> tuple[float, ...]:
    """The factors of a fade-in: a raised cosine, which has no corner and therefore does not click."""
    return tuple(0.5 - 0.5 * math.cos(math.pi * i / samples) for i in range(samples))
