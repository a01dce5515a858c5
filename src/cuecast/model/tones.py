"""The tones: a table in which each meaning has its own sound, and their synthesis.

Eyes closed, a listener tells them apart by gesture before pitch. What leads, at full level, is dry and even: one short
pip counts down, a rise starts, a fall ends, a climbing chord finishes. What only informs, inside the work, is a
softer bell that rings: struck once for an interval, twice for halfway. Fundamentals lie between 500 and 1,400 Hz, with
a few weak harmonics: enough for a phone's loudspeaker, nothing shrill in an earbud. `wake` is for headphones' circuits,
not for ears.
"""

from __future__ import annotations

import math
import sys
from array import array
from functools import cache, lru_cache
from itertools import accumulate, repeat
from operator import add, mul

from msgspec import Struct

from cuecast.model.clip import BYTES_PER_MS, SAMPLE_RATE, SAMPLES_PER_MS
from cuecast.model.custom_tone import CustomTone

PEAK_DBFS = -12.0
"""Sample peak of the tones that lead a person (design.md, section 6)."""

SOFT_DBFS = -17.0
"""Sample peak of the tones that sound inside the work."""


class Timbre(Struct, frozen=True):
    """How a note sounds: the weights of its harmonics, its soft edges, and the time in which it falls by half."""

    harmonics: tuple[float, ...]
    attack_ms: int
    release_ms: int
    half_life_ms: float = math.inf


DRY = Timbre((1.0, 0.30, 0.20, 0.06), attack_ms=3, release_ms=25)
BELL = Timbre((1.0, 0.25, 0.12), attack_ms=3, release_ms=80, half_life_ms=110)
CHIME = Timbre((1.0, 0.30, 0.15, 0.05), attack_ms=3, release_ms=120, half_life_ms=160)
HUM = Timbre((1.0,), attack_ms=60, release_ms=60)


class Note(Struct, frozen=True):
    """One sounding part of a tone: a pitch, from `start` for `ms` milliseconds."""

    hz: int
    start: int
    ms: int


class Tone(Struct, frozen=True):
    """A beep: its notes, in order of time, all of one timbre, and its sample peak."""

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
        """The pitch by which the timeline names it: that of its first note."""
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
"""The name of the tone that leads a breath or a pass: a glide as long as the part of the pace that it leads."""

PACE_LOW_HZ, PACE_HIGH_HZ = 294, 440
"""Where a glide begins and ends: a fifth, below all beeps, so that nobody takes it for one."""

PACE_DBFS = -28.0
"""Sample peak of a glide: under the voice and under every beep, and still there in a quiet room."""

_FADE_MS = 30
"""How fast a sound that is cut short fades out."""

_ROUNDS = 1.5 * 2**52
"""A sum with it is rounded to a whole number, as `round` does it: so large a number has no lower bits. The
lowest bytes of the sum are that number, in two's complement."""

_HUMMED = Timbre((1.0, 0.7, 0.4), attack_ms=120, release_ms=180)
# A phone's loudspeaker has nothing to say of the fundamental: the overtones carry the glide there.


@cache
def _crest(weights: tuple[float, ...]) -> float:
    """The largest value of a wave of these harmonics; they never peak all at once."""
    turns = (math.tau * i / 1_000 for i in range(1_000))
    return max(sum(w * math.sin(k * at) for k, w in enumerate(weights, 1)) for at in turns)


@lru_cache(maxsize=64)
def render_glide(hz: int, to_hz: int, ms: int) -> bytes:
    """The PCM of a pace tone, `ms` long: its pitch moves evenly, as the ear hears it, from `hz` to `to_hz`."""
    count = ms * SAMPLES_PER_MS
    ratio = (to_hz / hz) ** (1 / count)
    steps = accumulate(repeat(ratio, count - 1), mul, initial=math.tau * hz / SAMPLE_RATE)
    phases = list(accumulate(steps))
    weights = _HUMMED.harmonics
    peak = 32_768 * 10 ** (PACE_DBFS / 20) / _crest(weights)
    sin = math.sin
    first, second, third = (weight * peak for weight in weights)
    return _pcm(_edged([first * sin(at) + second * sin(2 * at) + third * sin(3 * at) for at in phases], _HUMMED))


@cache
def render_tone(tone: Tone) -> bytes:
    """Its PCM, exactly `tone.ms` long and with exactly its peak; each is made once in a process.

    Without numpy, whose import alone takes four times as long as all the tones together.
    """
    mixed: list[float] = []
    for note in tone.notes:
        start, sound = note.start * SAMPLES_PER_MS, _note(note, tone.timbre)
        mixed += repeat(0.0, start - len(mixed))
        end = min(start + len(sound), len(mixed))
        mixed[start:end] = map(add, mixed[start:end], sound)
        mixed += sound[end - start :]
    return _pcm(mixed, 32_768 * 10 ** (tone.peak_dbfs / 20) / max(max(mixed), -min(mixed)))


@lru_cache(maxsize=64)
def render_own(tone: CustomTone, ms: int) -> bytes:
    """The first `ms` of a sound of the user's own; where there is more of it, it fades out."""
    if ms >= tone.ms:
        return tone.pcm
    pcm = array("h", tone.pcm[: ms * BYTES_PER_MS])
    if sys.byteorder == "big":
        pcm.byteswap()
    for i, gain in enumerate(_rise(min(_FADE_MS, ms)), 1):
        pcm[-i] = round(pcm[-i] * gain)
    if sys.byteorder == "big":
        pcm.byteswap()
    return pcm.tobytes()


def _note(note: Note, timbre: Timbre) -> list[float]:
    # A whole pitch in hertz repeats exactly within a second, most within some milliseconds: one such stretch is enough.
    period = SAMPLE_RATE // math.gcd(note.hz, SAMPLE_RATE)
    step = math.tau * note.hz / SAMPLE_RATE
    sine = [math.sin(step * i) for i in range(period)]
    wave = [0.0] * period
    for k, weight in enumerate(timbre.harmonics, 1):
        wave = [value + weight * sine[k * i % period] for i, value in enumerate(wave)]
    count = note.ms * SAMPLES_PER_MS
    fall = 0.5 ** (1 / (timbre.half_life_ms * SAMPLES_PER_MS))
    sound = list(map(mul, wave, accumulate(repeat(fall), mul, initial=1.0)))
    fallen = fall**period  # an exponential falls by the same factor in each period: the next is the last one, softer
    while len(sound) < count:
        sound += [value * fallen for value in sound[-period:]] if fallen < 1 else sound
    del sound[count:]
    return _edged(sound, timbre)


def _pcm(values: list[float], scale: float = 1.0) -> bytes:
    """Scaled and rounded to 16 bits, little endian."""
    # Three times as fast as to round, and to pack, one by one.
    sums = array("d", [scale * value + _ROUNDS for value in values]).tobytes()
    pcm = bytearray(2 * len(values))
    low = 0 if sys.byteorder == "little" else 7
    pcm[::2], pcm[1::2] = sums[low::8], sums[low ^ 1 :: 8]
    return bytes(pcm)


def _edged(sound: list[float], timbre: Timbre) -> list[float]:
    # Raised cosines: an edge without a corner does not click.
    for i, gain in enumerate(_rise(timbre.attack_ms)):
        sound[i] *= gain
    for i, gain in enumerate(_rise(timbre.release_ms), 1):
        sound[-i] *= gain
    return sound


@cache
def _rise(ms: int) -> tuple[float, ...]:
    count = ms * SAMPLES_PER_MS
    return tuple(0.5 - 0.5 * math.cos(math.pi * i / count) for i in range(count))
