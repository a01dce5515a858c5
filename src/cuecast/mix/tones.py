"""Synthesis of the tones, without numpy: to import it takes four times as long as to make all of them."""

from __future__ import annotations

import math
import sys
from array import array
from functools import cache, lru_cache
from itertools import accumulate, repeat
from operator import add, mul

from cuecast.model.clip import SAMPLE_RATE, SAMPLES_PER_MS
from cuecast.model.tones import PACE_DBFS, PACE_TIMBRE, Note, Timbre, Tone, fade_curve


@cache
def render_tone(tone: Tone) -> bytes:
    """The PCM of a tone: exactly `tone.ms` long, with exactly its peak."""
    mixed: list[float] = []
    for note in tone.notes:
        start, sound = note.start * SAMPLES_PER_MS, _render_note(note, tone.timbre)
        mixed += repeat(0.0, start - len(mixed))
        end = min(start + len(sound), len(mixed))
        mixed[start:end] = map(add, mixed[start:end], sound)
        mixed += sound[end - start :]
    scale = _full_scale(tone.peak_dbfs) / max(max(mixed), -min(mixed))
    return _to_pcm(array("h", [round(scale * value) for value in mixed]))


@lru_cache(maxsize=64)
def render_glide(hz: int, to_hz: int, ms: int) -> bytes:
    """The PCM of a pace tone, `ms` long: its pitch moves from `hz` to `to_hz`, evenly to the ear."""
    count = ms * SAMPLES_PER_MS
    ratio = (to_hz / hz) ** (1 / count)
    steps = accumulate(repeat(ratio, count - 1), mul, initial=math.tau * hz / SAMPLE_RATE)
    peak = _full_scale(PACE_DBFS) / _wave_peak(PACE_TIMBRE.harmonics)
    first, second, third = (weight * peak for weight in PACE_TIMBRE.harmonics)
    sin = math.sin
    sound = [first * sin(at) + second * sin(2 * at) + third * sin(3 * at) for at in accumulate(steps)]
    return _to_pcm(array("h", map(round, _faded(sound, PACE_TIMBRE))))


def _render_note(note: Note, timbre: Timbre) -> list[float]:
    # A pitch of whole hertz repeats exactly within a second, most within some milliseconds: compute one period only.
    period = SAMPLE_RATE // math.gcd(note.hz, SAMPLE_RATE)
    step = math.tau * note.hz / SAMPLE_RATE
    sine = [math.sin(step * i) for i in range(period)]
    wave = [0.0] * period
    for k, weight in enumerate(timbre.harmonics, 1):
        wave = [value + weight * sine[k * i % period] for i, value in enumerate(wave)]
    decay = 0.5 ** (1 / (timbre.half_life_ms * SAMPLES_PER_MS))
    sound = list(map(mul, wave, accumulate(repeat(decay), mul, initial=1.0)))
    decay_in_period = decay**period  # an exponential falls by the same factor in each period
    count = note.ms * SAMPLES_PER_MS
    while len(sound) < count:
        sound += [value * decay_in_period for value in sound[-period:]] if decay_in_period < 1 else sound
    return _faded(sound[:count], timbre)


def _faded(sound: list[float], timbre: Timbre) -> list[float]:
    for i, gain in enumerate(fade_curve(timbre.attack_ms * SAMPLES_PER_MS)):
        sound[i] *= gain
    for i, gain in enumerate(fade_curve(timbre.release_ms * SAMPLES_PER_MS), 1):
        sound[-i] *= gain
    return sound


@cache
def _wave_peak(harmonics: tuple[float, ...]) -> float:
    """The largest value of a wave of these harmonics, which never peak all at once."""
    turns = (math.tau * i / 1_000 for i in range(1_000))
    return max(sum(weight * math.sin(k * at) for k, weight in enumerate(harmonics, 1)) for at in turns)


def _full_scale(dbfs: float) -> float:
    return float(32_768 * 10 ** (dbfs / 20))


def _to_pcm(samples: array[int]) -> bytes:
    """16-bit samples as little-endian bytes."""
    if sys.byteorder == "big":
        samples.byteswap()
    return samples.tobytes()
