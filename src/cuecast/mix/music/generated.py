"""The sounds that cuecast makes itself: noises, waves of the sea, and a chord. Each is a loop without a seam.

All are drawn as spectra, whose inverse Fourier transform goes on at its end where it began. Chance comes from one
stream of PCG64's `random`, which numpy keeps the same through its versions.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from functools import partial

import numpy as np
import numpy.typing as npt

from cuecast.cache import Cache, recipe_key
from cuecast.mix.music.loudness_meter import Frames
from cuecast.mix.music.pcm_cache import Stored, known, note, store
from cuecast.model.clip import SAMPLE_RATE
from cuecast.model.music import GeneratedSound
from cuecast.versions import version

MADE_VERSION = 2
"""Raise it when one of these sounds comes to sound otherwise."""

NOISE_S, OCEAN_S, DRONE_S = 24, 120, 96
"""The lengths of the loops: of whole MP3 frames, and long enough that nothing in them is known again."""

_WATER_S = 40
"""Of the water alone: what one knows waves by is how they rise and fall, in a loop that is three times as long."""

_TOGETHER = 0.45
"""How alike left and right are: wide in headphones, without holes where a phone makes one of both."""

_LOW_CUT_HZ = 30.0
_PEAK = 0.9
_BLOCK = 1 << 16

Values = npt.NDArray[np.float64]
Samples = npt.NDArray[np.float32]
Shape = Callable[[Values], Values]


def made_sound(made: GeneratedSound, cache: Cache) -> Stored:
    """The sound as stored sound; made where the cache does not have it. It is all of a loop."""
    recipe: dict[str, object] = {"made": str(made), "version": MADE_VERSION, "with": version("numpy", "numpy")}
    mark = recipe_key(recipe)
    measures = known(cache, recipe)
    if measures is None:
        measures = store(cache, mark, _blocks(made))
        note(cache, recipe, measures)
    return Stored(mark, measures, cache, partial(_again, made, mark, cache))


def frames_of(made: GeneratedSound) -> Frames:
    """The loop's samples."""
    both = _MAKERS[made](_chance(made))
    frames: Frames = np.ascontiguousarray(both.T, dtype=np.float32)
    frames *= np.float32(_PEAK / np.abs(frames).max())
    return frames


def _blocks(made: GeneratedSound) -> Iterator[Frames]:
    frames = frames_of(made)
    for at in range(0, len(frames), _BLOCK):
        yield frames[at : at + _BLOCK]


def _again(made: GeneratedSound, mark: str, cache: Cache) -> None:
    store(cache, mark, _blocks(made))


def _chance(made: GeneratedSound) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(int.from_bytes(hashlib.sha256(made.encode()).digest()[:8], "little")))


def _falling(db_an_octave: float, chance: np.random.Generator) -> Values:
    """Noise whose level falls by so much with each octave."""
    return _both(lambda hz: np.power(np.maximum(hz, 1.0), db_an_octave / 20 / np.log10(2)), NOISE_S, chance)


def _both(shape: Shape, seconds: int, chance: np.random.Generator, together: float = _TOGETHER) -> Values:
    """Noise of a shape for left and right, alike by `together`."""
    middle, left, right = (_noise(shape, seconds, chance) for _ in range(3))
    common, own = np.sqrt(together), np.sqrt(1 - together)
    return np.stack([common * middle + own * left, common * middle + own * right])


def _noise(shape: Shape, seconds: float, chance: np.random.Generator) -> Values:
    """A loop of noise with mean power 1, whose spectrum has the shape; each line of it is as strong as told.

    Even lines make for an even sound: no stretch of the loop stands out by chance more than it must.
    """
    size = round(seconds * SAMPLE_RATE)
    hz = np.arange(size // 2 + 1) / seconds
    cut = 1 / np.sqrt(1 + np.power(_LOW_CUT_HZ / np.maximum(hz, 1e-3), 6))
    strength = shape(hz) * cut
    strength[0] = strength[-1] = 0.0
    noise: Values = np.fft.irfft(strength * np.exp(2j * np.pi * chance.random(len(hz))), size)
    noise /= np.sqrt(np.mean(np.square(noise)))
    return noise


def _slow(seconds: int, period_s: float, chance: np.random.Generator) -> Values:
    """A slow, smooth course about 0, with deviation 1, that comes back to its start; a value for every 10 ms."""
    size = seconds * 100
    hz = np.arange(size // 2 + 1) / seconds
    strength = np.exp(-np.square(hz * period_s)) * (hz > 0)
    course: Values = np.fft.irfft(strength * np.exp(2j * np.pi * chance.random(len(hz))), size)
    course /= course.std()
    return course


def _round(course: Values) -> Values:
    """A course with its start once more at its end: there it goes on."""
    return np.append(course, course[..., :1], axis=-1)


def _stretched(course: Values) -> Values:
    """Some of a course of a value each 10 ms (and one more, where it goes on), with a value for each sample."""
    step = SAMPLE_RATE // 100
    at = np.arange((len(course) - 1) * step) / step
    stretched: Values = np.interp(at, np.arange(len(course)), course)
    return stretched


def _ocean(chance: np.random.Generator) -> Samples:
    """Waves that roll in and run out, each by its own measure; brighter as they break, here and there on the shore."""
    seconds = OCEAN_S
    swell = _both(lambda hz: np.power(np.maximum(hz, 90.0), -1.1) / (1 + np.power(hz / 500, 2)), _WATER_S, chance)
    body = _both(lambda hz: np.power(np.maximum(hz, 90.0), -0.6) / (1 + np.power(hz / 1_500, 2)), _WATER_S, chance)
    spray = _both(_spray, _WATER_S, chance, 0.3)
    times = np.arange(seconds * 100) / 100
    rolling, breaking = np.zeros((2, 2, len(times)))
    for start, length, height, side in _waves(seconds, chance):
        at = np.minimum(np.mod(times - start, seconds) / length, 1.0)  # from 0 to 1, where the wave is over
        sides = np.array([[1 - side], [1 + side]])
        rolling += 1.3 * height * sides * np.power(np.sin(np.pi * np.power(at, 0.72)), 2)
        breaking += 0.22 * height**1.5 * sides * np.power(np.sin(np.pi * np.power(at, 1.05)), 4)
    resting, rolling, breaking = map(_round, (0.6 + 0.08 * _slow(seconds, 6.0, chance), rolling, breaking))
    size = _WATER_S * SAMPLE_RATE
    ocean = np.empty((2, seconds * SAMPLE_RATE), np.float32)
    for start in range(0, seconds, _WATER_S):  # by parts: the whole in double precision would be half a gigabyte
        part = slice(start * 100, (start + _WATER_S) * 100 + 1)
        for side in (0, 1):
            water = swell[side] * _stretched(resting[part])
            water += body[side] * _stretched(rolling[side, part])
            water += spray[side] * _stretched(breaking[side, part])
            ocean[side, start * SAMPLE_RATE :][:size] = water
    return ocean


def _spray(hz: Values) -> Values:
    """The shape of what hisses where a wave breaks."""
    shape: Values = np.power(hz / 900, 2) / (1 + np.power(hz / 900, 2.6)) / (1 + np.power(hz / 5_000, 2))
    return shape


def _waves(seconds: int, chance: np.random.Generator) -> Iterator[tuple[float, float, float, float]]:
    """Each wave's start, its length (longer than to the next one), its height, and how far it is to one side."""
    gaps = 7 + 5 * chance.random(int(seconds / 9.5))
    gaps *= seconds / gaps.sum()
    for start, gap in zip(np.cumsum(gaps) - gaps, gaps, strict=True):
        yield (
            float(start),
            float(gap * (1.15 + 0.25 * chance.random())),
            float(0.7 + 0.3 * chance.random()),
            float(0.5 * chance.random() - 0.25),
        )


_CHORD = (
    # hertz, strength, how far apart the two voices of a note are (they beat once in as many seconds)
    (55.0, 0.55, 24.0),
    (110.0, 1.0, 16.0),
    (165.0, 0.55, 12.0),
    (220.0, 0.55, 9.6),
    (330.0, 0.22, 8.0),
    (440.0, 0.12, 6.4),
)


def _drone(chance: np.random.Generator) -> Samples:
    """A root, its fifth and octaves, each of a few voices that beat slowly. In the loop all turn whole times."""
    seconds = DRONE_S
    lines = np.zeros((2, seconds * SAMPLE_RATE // 2 + 1), np.complex128)
    for hertz, strength, apart in _CHORD:
        for overtone, share in ((1, 1.0), (2, 0.22), (3, 0.07)):
            for off, part in ((-1.0, 0.3), (0.0, 1.0), (1.0, 0.3)):
                turns = round((hertz * overtone + off * overtone / apart) * seconds)
                phase, lean = chance.random(), 0.5 * (chance.random() - 0.5)
                for side, here in enumerate((1 - lean, 1 + lean)):
                    lines[side, turns] += (
                        strength * share * part * here * np.exp(2j * np.pi * (phase + 0.08 * side * off))
                    )
    tones = np.fft.irfft(lines, seconds * SAMPLE_RATE)
    tones /= np.sqrt(np.mean(np.square(tones), axis=1, keepdims=True))
    breath = _both(lambda hz: 1 / (1 + np.power(hz / 300, 2)), NOISE_S, chance)
    for side in (0, 1):
        tones[side] *= 1 + 0.10 * _stretched(_round(_slow(seconds, 12.0, chance)))
        tones[side].reshape(-1, len(breath[side]))[:] += 0.035 * breath[side]
    drone: Samples = tones.astype(np.float32)
    return drone


_MAKERS: Mapping[GeneratedSound, Callable[[np.random.Generator], Values | Samples]] = {
    GeneratedSound.BROWN: partial(_falling, -6.0206),
    GeneratedSound.PINK: partial(_falling, -3.0103),
    GeneratedSound.WHITE: partial(_falling, 0.0),
    GeneratedSound.OCEAN: _ocean,
    GeneratedSound.DRONE: _drone,
}
