"""From an engine's take to a clip: 48 kHz, trimmed, levelled, limited, 16 bits."""

from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np
import numpy.typing as npt
import soxr
from msgspec import Struct

from cuecast.model.audio_file import AudioFile, BadTake, Samples
from cuecast.model.clip import SAMPLE_RATE, SAMPLES_PER_MS
from cuecast.model.loudness import gated, powers
from cuecast.speak.limiter import OVERSAMPLING, gains, peaks, ramped

TARGET_LUFS = -19.0
"""Loudness of speech in mono (design.md, section 6)."""

_SILENCE_DBFS = -62.0  # of 5 ms, at the voice's level: breath and the end of an "s" lie above it
_FRAME_MS = 5
_FRAME = _FRAME_MS * SAMPLES_PER_MS
_LEAD = 10 * SAMPLES_PER_MS  # kept before the first sound and faded in; and after the last, faded out
_TAIL = 25 * SAMPLES_PER_MS
_PAUSE = 15  # frames of a pause that stay at either side, when a voice's loudness is measured
_STOPPED_HZ = 40.0  # half of what is here goes, all that is below 20 and nothing above 65: a deep voice begins at 70
_SLOW_HZ = 1_400  # the rate at which what is to be stopped is looked at
_CALIBRATIONS = 2


class _Sound(Struct, frozen=True):
    """A take at 48 kHz, and the true peak of each of its milliseconds."""

    samples: Samples
    peaks: Samples

    def levelled(self, gain_db: float) -> Samples:
        return self.samples * ramped(gains(self.peaks, gain_db), len(self.samples))


def warm_up() -> None:
    """Have the libraries import and set up what they leave until it is used, before processes are forked."""
    voice_gain(AudioFile(np.sin(np.arange(8_000, dtype=np.float32)), 16_000))


def pcm(take: AudioFile, gain_db: float) -> bytes:
    """The clip's samples, signed 16-bit little endian; a whole number of milliseconds.

    Raises BadTake where the take is silent.
    """
    return _to_16_bits(_trimmed(_at_48k(_high_passed(take)).levelled(gain_db)))


def voice_gain(passage: AudioFile) -> float:
    """The gain in dB that brings a voice to the target loudness, measured on its take of a standard passage.

    Raises BadTake where the take is silent.
    """
    passage = _high_passed(passage)
    sound = _at_48k(passage)
    peak = float(sound.peaks.max())
    if peak == 0:
        raise BadTake("the sound file is silent")
    weighted = powers(
        *((passage.samples, passage.rate) if passage.rate < SAMPLE_RATE else (sound.samples, SAMPLE_RATE))
    )
    plain = np.add.reduceat(np.square(sound.samples), np.arange(0, len(sound.samples), SAMPLES_PER_MS))
    count = min(len(weighted), len(plain)) // _FRAME_MS * _FRAME_MS
    # Measured at full scale, so that an engine that speaks very softly does not fall under the gate.
    gain = TARGET_LUFS - gated(weighted / peak**2) - 20 * math.log10(peak)
    for _ in range(_CALIBRATIONS):  # limiting takes a little away, which a little more gain gives back
        # A limiter's gain moves so slowly that it may come after the weighting as well as before.
        power = np.square(gains(sound.peaks, gain))[:count]
        near = _near_sound((plain[:count] * power).reshape(-1, _FRAME_MS).sum(axis=1))
        gain += TARGET_LUFS - gated((weighted[:count] * power).reshape(-1, _FRAME_MS)[near].reshape(-1))
    return round(gain, 2)


def _near_sound(energies: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Which frames of a levelled passage stay if its sentences were cues, each trimmed: a track has no pauses."""
    near: npt.NDArray[np.bool_] = np.convolve(_sounding(energies), np.ones(2 * _PAUSE + 1), mode="same") > 0.5
    return near


def _at_48k(take: AudioFile) -> _Sound:
    samples, rate = take.samples, take.rate
    if rate > SAMPLE_RATE:
        samples, rate = soxr.resample(samples, rate, SAMPLE_RATE, "HQ"), SAMPLE_RATE
    # Oversampled for its true peak, as often as BS.1770-4 does, by the rate that the take itself needs.
    times = OVERSAMPLING if 2 * rate > SAMPLE_RATE else OVERSAMPLING // 2
    oversampled = soxr.resample(samples, rate, times * SAMPLE_RATE, "HQ")
    return _Sound(oversampled[::times], peaks(oversampled, times * SAMPLES_PER_MS))


def _high_passed(take: AudioFile) -> AudioFile:
    """Without what lies below a voice: eSpeak's takes are off centre by 0.006 of full scale, which is no sound.

    What is to go is worked out at a low rate, and taken away at the take's own.
    """
    samples, rate = take.samples, take.rate
    block = max(1, rate // _SLOW_HZ)
    blocks = -(-len(samples) // block)
    slow = np.pad(samples, (0, blocks * block - len(samples)), mode="edge").reshape(-1, block).mean(axis=1)
    filter = _low_pass(rate / block)
    reach = len(filter) // 2
    # Half a block more at each side: lines go from the middle of one to that of the next.
    low = np.convolve(np.pad(slow, reach + 1, mode="edge"), filter, mode="valid").astype(np.float32)[:, None]
    ramp: Samples = ((np.arange(block) + 0.5) / block).astype(np.float32)
    lines: Samples = low[:-1] + (low[1:] - low[:-1]) * ramp
    return AudioFile(samples - lines.reshape(-1)[block // 2 :][: len(samples)], rate)


@functools.lru_cache(maxsize=1)
def _low_pass(rate: float) -> npt.NDArray[np.float64]:
    """A filter with a length of three periods of the frequency that is stopped, and no gain of its own."""
    reach = round(1.75 * rate / _STOPPED_HZ)
    filter: npt.NDArray[np.float64] = np.sinc(2 * _STOPPED_HZ / rate * np.arange(-reach, reach + 1))
    filter *= np.hanning(2 * reach + 3)[1:-1]
    filter /= filter.sum()
    return filter


def _trimmed(samples: Samples) -> Samples:
    """Without the silence at both ends, faded over a margin that is kept so that no consonant is touched."""
    start, first, last, end = ends(samples)
    kept = samples[start:end].copy()
    fade_in, fade_out = max(first - start, SAMPLES_PER_MS), max(end - last, SAMPLES_PER_MS)
    kept[:fade_in] *= _rise(fade_in)
    kept[-fade_out:] *= _rise(fade_out)[::-1]
    return np.pad(kept, (0, -len(kept) % SAMPLES_PER_MS))


def ends(samples: Samples) -> tuple[int, int, int, int]:
    """Where a levelled take is cut, where its sound begins, where that ends, and where it is cut again.

    Raises BadTake where it is silent.
    """
    energies = np.add.reduceat(np.square(samples), np.arange(0, len(samples), _FRAME))
    loud = np.flatnonzero(_sounding(energies))
    if not len(loud):
        raise BadTake("the sound file is silent")
    first, last = int(loud[0]) * _FRAME, int(loud[-1] + 1) * _FRAME
    return max(0, first - _LEAD), first, min(last, len(samples)), min(len(samples), last + _TAIL)


def _sounding(energies: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Which frames, of these energies, hold sound."""
    sounding: npt.NDArray[np.bool_] = energies > 10 ** (_SILENCE_DBFS / 10) * _FRAME
    return sounding


def _rise(samples: int) -> Samples:
    return (0.5 - 0.5 * np.cos(np.pi * (np.arange(samples) + 0.5) / samples)).astype(np.float32)


def _to_16_bits(samples: Samples) -> bytes:
    # Rounded without dither: the same sound must give the same bytes, and the noise lies at -98 dBFS.
    scaled = samples * np.float32(32767)
    return bytes(np.rint(scaled, out=scaled).astype("<i2").data)
