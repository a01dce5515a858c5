"""The tail of a user's own sound: behind its clear part it is ducked under speech, as the bed is."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from cuecast.mix.music.curves import BEFORE_MS, DOWN_MS, DuckingCurve
from cuecast.model.clip import SAMPLES_PER_MS
from cuecast.model.timeline import SpeechEvent, ToneEvent


def ducking_curve(tone: ToneEvent, speech: Iterable[SpeechEvent]) -> DuckingCurve:
    """How much softer the tone is because of `speech` after its clear part, which keeps its full level.

    If words follow at once, the tail falls from the end of the clear part on, and is ducked 50 ms after their start.
    """
    earliest = tone.clear_end + DOWN_MS + BEFORE_MS
    return DuckingCurve((max(each.start, earliest), each.end) for each in speech if each.start >= tone.clear_end)


def duck(pcm: bytes, start: int, curve: DuckingCurve) -> bytes:
    """Mono PCM that begins at `start` (ms in the track), ducked: a straight line from each millisecond to the next.

    Each sample depends on its own place in the track only, so windows joined are the same as one big window.
    """
    samples = np.frombuffer(pcm, "<i2")
    times = start + np.arange(len(samples) // SAMPLES_PER_MS + 1)
    factors = np.power(10.0, curve.values(times.astype(np.float64)) / 20)
    places = start * SAMPLES_PER_MS + np.arange(len(samples))
    return np.rint(samples * np.interp(places, times * SAMPLES_PER_MS, factors)).astype("<i2").tobytes()
