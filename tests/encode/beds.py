"""Stereo under the voice, for the formats: a loop of something like music, which ducks as a bed does."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from cuecast.model.clip import SAMPLE_RATE, SAMPLES_PER_MS
from cuecast.model.music import GeneratedSound, Music
from cuecast.model.timeline import BedSegment, SpeechEvent, Timeline

Sound = npt.NDArray[np.float64]

LOOP_MS = 6_000
DUCKED = 10 ** (-12 / 20)


def with_bed(made: Timeline, *stretches: tuple[int, int], music: Music | None = None) -> Timeline:
    """The timeline with a bed from and to these times (ms); all along where none are told."""
    music = music or Music(GeneratedSound.DRONE)
    bed = tuple(BedSegment(start, end, music, -18.0) for start, end in stretches or ((0, made.duration),))
    return replace(made, bed=bed)


@cache
def chords(ms: int = LOOP_MS) -> Sound:
    """Chords whose notes stand left and right, plucked strings that go back and forth, and soft cymbals. It loops."""
    rng = np.random.default_rng(11)
    n = ms * SAMPLES_PER_MS
    sound = np.zeros((n, 2))

    def add(at: int, note: Sound, left: float) -> None:
        np.add.at(sound, (at + np.arange(len(note))) % n, note[:, None] * np.array([left, 1 - left]))

    t = np.arange(n // 2) / SAMPLE_RATE
    swell = np.sin(np.pi * t / t[-1])
    for half, root in enumerate((220.0, 174.6)):
        for ratio, left in ((1, 0.3), (1.25, 0.75), (1.5, 0.4)):
            tones = [np.sin(2 * np.pi * root * ratio * k * t + rng.uniform(0, 6)) / k**1.7 for k in range(1, 9)]
            add(half * n // 2, np.sum(tones, axis=0) * swell, left)
    t = np.arange(SAMPLE_RATE // 2) / SAMPLE_RATE
    for at in range(0, n, SAMPLE_RATE // 4):
        hz = 220 * rng.choice([2.0, 2.5, 3.0, 4.0])
        string = np.sum([np.sin(2 * np.pi * hz * k * t) * np.exp(-t * (5 + 3 * k)) / k for k in range(1, 7)], axis=0)
        add(at, 1.5 * string * np.minimum(1, (0.5 - t) * 20), rng.uniform(0.1, 0.9))
        add(at + SAMPLE_RATE // 8, np.diff(rng.normal(0, 0.4, len(t)), prepend=0) * np.exp(-60 * t), 0.6)
    loop: Sound = sound / np.abs(sound).max()
    return loop


class LoopBed:
    """The loop, from the start of each stretch on; 12 dB lower from 250 ms before speech to 600 ms after it."""

    channels = 2

    def __init__(self, made: Timeline, peak: float = 0.1, loop_ms: int = LOOP_MS) -> None:
        self._loop_ms = loop_ms
        self._samples = chords(loop_ms) * peak * 32_767
        self._gain = np.zeros(made.duration + 1_000)
        for stretch in made.bed:
            self._gain[stretch.start : stretch.end] = 1
        for event in made.events:
            if isinstance(event, SpeechEvent):
                at = np.arange(max(0, event.start - 450), event.end + 1_200)
                way = [event.start - 450, event.start - 250, event.end + 600, event.end + 1_200]
                depth = np.interp(at, way, [1, DUCKED, DUCKED, 1])
                self._gain[at[0] : at[-1] + 1] = np.minimum(self._gain[at[0] : at[-1] + 1], depth)

    def __call__(self, start: int, end: int) -> bytes:
        sound = self._samples[np.arange(start * SAMPLES_PER_MS, end * SAMPLES_PER_MS) % len(self._samples)]
        gain = np.repeat(self._gain[start:end], SAMPLES_PER_MS)
        return np.round(sound * gain[:, None]).astype("<i2").tobytes()

    def recipe(self, start: int, end: int) -> list[object]:
        gain = self._gain[start:end]
        even = bool((gain == gain[0]).all())
        return [self._loop_ms, start % self._loop_ms, gain[:1].tolist() if even else gain.tolist()]
