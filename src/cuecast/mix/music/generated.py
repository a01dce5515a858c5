"""The sounds that cuecast makes itself: noises, waves of the sea, and a chord. Each is a loop without a seam.

All are drawn as spectra: an inverse Fourier transform ends where it begins. Random numbers come from one stream of
PCG64's `random`, which stays the same in all versions of numpy.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from functools import partial

import numpy as np
import numpy.typing as npt

from cuecast.cache import Cache, recipe_key
from cuecast.mix.music.curves import Values
from cuecast.mix.music.loudness_meter import Frames, Measures
from cuecast.mix.music.pcm_cache import CachedSound, load_measures, save_measures, write_sound
from cuecast.model.clip import SAMPLE_RATE
from cuecast.model.music import GeneratedSound
from cuecast.versions import version

GENERATED_VERSION = 2
"""Raise it if one of these sounds comes to sound differently."""

NOISE_S, OCEAN_S, DRONE_S = 24, 120, 96
"""The lengths of the loops: whole MP3 frames, and long enough that nobody notices the repetition."""

_WATER_S = 40
"""The loop of the water itself. Waves are recognised by how they rise and fall, in a loop three times as long."""

_CORRELATION = 0.45
"""Of left and right: wide in headphones, but without holes if a phone makes mono of them."""

_LOW_CUT_HZ = 30.0
_PEAK = 0.9

Samples = npt.NDArray[np.float32]
Shape = Callable[[Values], Values]
"""The amplitude at each frequency."""


def generated_sound(name: GeneratedSound, cache: Cache) -> CachedSound:
    """The loop of a generated sound, from the cache if it is there."""
    recipe: dict[str, object] = {"made": str(name), "version": GENERATED_VERSION, "with": version("numpy", "numpy")}
    key = recipe_key(recipe)

    def write() -> Measures:
        frames = generate(name)
        return write_sound(cache, key, np.split(frames, len(frames) // SAMPLE_RATE))

    measures = load_measures(cache, recipe)
    if measures is None:
        measures = write()
        save_measures(cache, recipe, measures)
    return CachedSound(key, measures, cache, write)


def generate(name: GeneratedSound) -> Frames:
    """The samples of a loop."""
    seed = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "little")
    both = _GENERATORS[name](np.random.Generator(np.random.PCG64(seed)))
    frames: Frames = np.ascontiguousarray(both.T, dtype=np.float32)
    frames *= np.float32(_PEAK / np.abs(frames).max())
    return frames


def _sloping(db_per_octave: float, rng: np.random.Generator) -> Values:
    """Noise whose level changes by so much with each octave."""
    return _stereo_noise(lambda hz: np.power(np.maximum(hz, 1.0), db_per_octave / 20 / np.log10(2)), NOISE_S, rng)


def _stereo_noise(shape: Shape, seconds: int, rng: np.random.Generator, correlation: float = _CORRELATION) -> Values:
    """Noise of a shape for left and right, with that correlation."""
    middle, left, right = (_noise(shape, seconds, rng) for _ in range(3))
    common, single = np.sqrt(correlation), np.sqrt(1 - correlation)
    return np.stack([common * middle + single * left, common * middle + single * right])


def _noise(shape: Shape, seconds: float, rng: np.random.Generator) -> Values:
    """A loop of noise with mean power 1. Its spectrum has exactly that shape, and only the phases are random.

    That makes it even: no part of the loop stands out more than it must.
    """
    size = round(seconds * SAMPLE_RATE)
    hz = np.arange(size // 2 + 1) / seconds
    cut = 1 / np.sqrt(1 + np.power(_LOW_CUT_HZ / np.maximum(hz, 1e-3), 6))
    amplitude = shape(hz) * cut
    amplitude[0] = amplitude[-1] = 0.0
    noise: Values = np.fft.irfft(amplitude * np.exp(2j * np.pi * rng.random(len(hz))), size)
    noise /= np.sqrt(np.mean(np.square(noise)))
    return noise


def _slow_curve(seconds: int, period_s: float, rng: np.random.Generator) -> Values:
    """A random smooth loop around 0, with standard deviation 1: a value for every 10 ms."""
    size = seconds * 100
    hz = np.arange(size // 2 + 1) / seconds
    amplitude = np.exp(-np.square(hz * period_s)) * (hz > 0)
    curve: Values = np.fft.irfft(amplitude * np.exp(2j * np.pi * rng.random(len(hz))), size)
    curve /= curve.std()
    return curve


def _closed(curve: Values) -> Values:
    """A loop with its first value once more at its end."""
    return np.append(curve, curve[..., :1], axis=-1)


def _per_sample(curve: Values) -> Values:
    """A value for each sample, from values for every 10 ms and one more at the end."""
    step = SAMPLE_RATE // 100
    at = np.arange((len(curve) - 1) * step) / step
    values: Values = np.interp(at, np.arange(len(curve)), curve)
    return values


def _ocean(rng: np.random.Generator) -> Samples:
    """Waves that roll in and run out, each with its own height and length, brighter as they break, left and right."""
    seconds = OCEAN_S
    swell = _stereo_noise(lambda hz: np.power(np.maximum(hz, 90.0), -1.1) / (1 + np.power(hz / 500, 2)), _WATER_S, rng)
    body = _stereo_noise(lambda hz: np.power(np.maximum(hz, 90.0), -0.6) / (1 + np.power(hz / 1_500, 2)), _WATER_S, rng)
    spray = _stereo_noise(_spray, _WATER_S, rng, 0.3)
    times = np.arange(seconds * 100) / 100
    rolling, breaking = np.zeros((2, 2, len(times)))
    for start, length, height, side in _waves(seconds, rng):
        at = np.minimum(np.mod(times - start, seconds) / length, 1.0)  # from 0 to 1, when the wave is over
        sides = np.array([[1 - side], [1 + side]])
        rolling += 1.3 * height * sides * np.power(np.sin(np.pi * np.power(at, 0.72)), 2)
        breaking += 0.22 * height**1.5 * sides * np.power(np.sin(np.pi * np.power(at, 1.05)), 4)
    resting, rolling, breaking = map(_closed, (0.6 + 0.08 * _slow_curve(seconds, 6.0, rng), rolling, breaking))
    size = _WATER_S * SAMPLE_RATE
    ocean = np.empty((2, seconds * SAMPLE_RATE), np.float32)
    for start in range(0, seconds, _WATER_S):  # by parts: the whole in double precision would be half a gigabyte
        part = slice(start * 100, (start + _WATER_S) * 100 + 1)
        for side in (0, 1):
            water = swell[side] * _per_sample(resting[part])
            water += body[side] * _per_sample(rolling[side, part])
            water += spray[side] * _per_sample(breaking[side, part])
            ocean[side, start * SAMPLE_RATE :][:size] = water
    return ocean


def _spray(hz: Values) -> Values:
    """The hiss of a wave that breaks."""
    shape: Values = np.power(hz / 900, 2) / (1 + np.power(hz / 900, 2.6)) / (1 + np.power(hz / 5_000, 2))
    return shape


def _waves(seconds: int, rng: np.random.Generator) -> Iterator[tuple[float, float, float, float]]:
    """Each wave's start, its length (it overlaps the next one), its height, and how far it is to one side."""
    gaps = 7 + 5 * rng.random(int(seconds / 9.5))
    gaps *= seconds / gaps.sum()
    for start, gap in zip(np.cumsum(gaps) - gaps, gaps, strict=True):
        yield (
            float(start),
            float(gap * (1.15 + 0.25 * rng.random())),
            float(0.7 + 0.3 * rng.random()),
            float(0.5 * rng.random() - 0.25),
        )


_CHORD = (
    # hertz, amplitude, and the period in seconds at which its voices beat
    (55.0, 0.55, 24.0),
    (110.0, 1.0, 16.0),
    (165.0, 0.55, 12.0),
    (220.0, 0.55, 9.6),
    (330.0, 0.22, 8.0),
    (440.0, 0.12, 6.4),
)


def _drone(rng: np.random.Generator) -> Samples:
    """A root, its fifth and octaves, each of a few voices that beat slowly. All have whole cycles in the loop."""
    seconds = DRONE_S
    spectrum = np.zeros((2, seconds * SAMPLE_RATE // 2 + 1), np.complex128)
    for hertz, amplitude, beat_s in _CHORD:
        for overtone, share in ((1, 1.0), (2, 0.22), (3, 0.07)):
            for detune, part in ((-1.0, 0.3), (0.0, 1.0), (1.0, 0.3)):
                cycles = round((hertz * overtone + detune * overtone / beat_s) * seconds)
                phase, pan = rng.random(), 0.5 * (rng.random() - 0.5)
                for side, weight in enumerate((1 - pan, 1 + pan)):
                    turn = np.exp(2j * np.pi * (phase + 0.08 * side * detune))
                    spectrum[side, cycles] += amplitude * share * part * weight * turn
    tones = np.fft.irfft(spectrum, seconds * SAMPLE_RATE)
    tones /= np.sqrt(np.mean(np.square(tones), axis=1, keepdims=True))
    breath = _stereo_noise(lambda hz: 1 / (1 + np.power(hz / 300, 2)), NOISE_S, rng)
    for side in (0, 1):
        tones[side] *= 1 + 0.10 * _per_sample(_closed(_slow_curve(seconds, 12.0, rng)))
        tones[side].reshape(-1, len(breath[side]))[:] += 0.035 * breath[side]
    drone: Samples = tones.astype(np.float32)
    return drone


_GENERATORS: Mapping[GeneratedSound, Callable[[np.random.Generator], Values | Samples]] = {
    GeneratedSound.BROWN: partial(_sloping, -6.0206),
    GeneratedSound.PINK: partial(_sloping, -3.0103),
    GeneratedSound.WHITE: partial(_sloping, 0.0),
    GeneratedSound.OCEAN: _ocean,
    GeneratedSound.DRONE: _drone,
}
