"""From an engine's sound file to a clip: high-pass, 48 kHz, even loudness, limiter, trim, 16 bits."""

from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np
import numpy.typing as npt
import soxr
from msgspec import Struct

from cuecast.model.audio_file import AudioFile, Samples
from cuecast.model.clip import BYTES_PER_MS, SAMPLE_RATE, SAMPLES_PER_MS, SilentAudioError, UnusableAudioError
from cuecast.model.loudness import gated, powers
from cuecast.speak.limiter import OVERSAMPLING, apply_gains, limiter_gains, true_peaks

TARGET_LUFS = -19.0
"""Loudness of speech in mono."""

_SILENCE_DBFS = -62.0  # of a frame, after levelling: breath and the end of an "s" lie above it
_FRAME_MS = 5
_FRAME = _FRAME_MS * SAMPLES_PER_MS
_FADE_IN, _FADE_OUT = 10 * SAMPLES_PER_MS, 25 * SAMPLES_PER_MS  # kept around the sound
_PAUSE_FRAMES = 15  # of a pause that count at either side, when a voice's loudness is measured
_STOPPED_HZ = 40.0  # half of what is here goes, all that is below 20 and nothing above 65: a deep voice begins at 70
_SLOW_HZ = 1_400  # the rate at which the low frequencies are computed
_GAIN_PASSES = 2


class _Audio48k(Struct, frozen=True):
    """A recording at 48 kHz, and the true peak of each of its milliseconds."""

    samples: Samples
    peaks: Samples


def to_clip(audio: AudioFile, gain_db: float) -> bytes:
    """The clip's samples, signed 16-bit little endian; a whole number of milliseconds.

    Raises UnusableAudioError for silence.
    """
    return _to_16_bits(_trim(level(audio, gain_db)))


def level(audio: AudioFile, gain_db: float) -> Samples:
    """The recording at 48 kHz without low frequencies, amplified and limited."""
    sound = _at_48k(high_pass(audio))
    return apply_gains(sound.samples, limiter_gains(sound.peaks, gain_db))


def silence(ms: float) -> bytes:
    """The clip of an engine that is silent on purpose."""
    return bytes(math.ceil(ms) * BYTES_PER_MS)


def measure_gain(audio: AudioFile) -> float:
    """The gain in dB that brings a voice to the target loudness, measured on its calibration text.

    Raises UnusableAudioError for silence.
    """
    audio = high_pass(audio)
    sound = _at_48k(audio)
    peak = float(sound.peaks.max())
    if peak == 0:
        raise UnusableAudioError("the sound file is silent")
    weighted = powers(*((audio.samples, audio.rate) if audio.rate < SAMPLE_RATE else (sound.samples, SAMPLE_RATE)))
    plain = np.add.reduceat(np.square(sound.samples), np.arange(0, len(sound.samples), SAMPLES_PER_MS))
    count = min(len(weighted), len(plain)) // _FRAME_MS * _FRAME_MS
    # Measured at full scale: otherwise a very soft engine would fall below the gate.
    gain = TARGET_LUFS - gated(weighted / peak**2) - 20 * math.log10(peak)
    for _ in range(_GAIN_PASSES):  # the limiter takes a little away, which a little more gain gives back
        # The limiter's gain changes so slowly that it may be applied after the weighting as well as before.
        power = np.square(limiter_gains(sound.peaks, gain))[:count]
        counted = _near_sound((plain[:count] * power).reshape(-1, _FRAME_MS).sum(axis=1))
        gain += TARGET_LUFS - gated((weighted[:count] * power).reshape(-1, _FRAME_MS)[counted].reshape(-1))
    return round(gain, 2)


def trim_points(samples: Samples) -> tuple[int, int, int, int]:
    """Of levelled samples: where the clip begins, where its sound begins, where that ends, where the clip ends.

    Raises UnusableAudioError for silence.
    """
    energies = np.add.reduceat(np.square(samples), np.arange(0, len(samples), _FRAME))
    frames = np.flatnonzero(_is_sound(energies))
    if not len(frames):
        raise SilentAudioError("the sound file is silent")
    first, last = int(frames[0]) * _FRAME, int(frames[-1] + 1) * _FRAME
    return max(0, first - _FADE_IN), first, min(last, len(samples)), min(len(samples), last + _FADE_OUT)


def warm_up() -> None:
    """Make the libraries import and set up what they leave until it is used, before processes are forked."""
    measure_gain(AudioFile(np.sin(np.arange(8_000, dtype=np.float32)), 16_000))


def _near_sound(energies: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Which frames would stay if each sentence were a clip: a track has no pauses."""
    near = np.convolve(_is_sound(energies), np.ones(2 * _PAUSE_FRAMES + 1), mode="same") > 0.5
    return np.asarray(near)


def _is_sound(energies: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    return np.asarray(energies > 10 ** (_SILENCE_DBFS / 10) * _FRAME)


def _at_48k(audio: AudioFile) -> _Audio48k:
    samples, rate = audio.samples, audio.rate
    if rate > SAMPLE_RATE:
        samples, rate = soxr.resample(samples, rate, SAMPLE_RATE, "HQ"), SAMPLE_RATE
    # Oversampled once, for the true peak as BS.1770-4 has it: by 4 against the rate that the recording itself needs.
    times = OVERSAMPLING if 2 * rate > SAMPLE_RATE else OVERSAMPLING // 2
    oversampled = soxr.resample(samples, rate, times * SAMPLE_RATE, "HQ")
    return _Audio48k(oversampled[::times], true_peaks(oversampled, times * SAMPLES_PER_MS))


def high_pass(audio: AudioFile) -> AudioFile:
    """Remove what lies below a voice: eSpeak's samples have an offset of 0.006 of full scale.

    The low frequencies are computed at a low rate and subtracted at the recording's own.
    """
    samples, rate = audio.samples, audio.rate
    block = max(1, rate // _SLOW_HZ)
    blocks = -(-len(samples) // block)
    slow = np.pad(samples, (0, blocks * block - len(samples)), mode="edge").reshape(-1, block).mean(axis=1)
    kernel = _low_pass(rate / block)
    reach = len(kernel) // 2
    # One block more at each side: lines go from the middle of a block to the middle of the next.
    low = np.convolve(np.pad(slow, reach + 1, mode="edge"), kernel, mode="valid").astype(np.float32)[:, None]
    ramp: Samples = ((np.arange(block) + 0.5) / block).astype(np.float32)
    lines: Samples = low[:-1] + (low[1:] - low[:-1]) * ramp
    return AudioFile(samples - lines.reshape(-1)[block // 2 :][: len(samples)], rate)


@functools.lru_cache(maxsize=1)
def _low_pass(rate: float) -> npt.NDArray[np.float64]:
    """A filter as long as three periods of the stopped frequency, with unity gain."""
    reach = round(1.75 * rate / _STOPPED_HZ)
    kernel: npt.NDArray[np.float64] = np.sinc(2 * _STOPPED_HZ / rate * np.arange(-reach, reach + 1))
    kernel *= np.hanning(2 * reach + 3)[1:-1]
    kernel /= kernel.sum()
    return kernel


def _trim(samples: Samples) -> Samples:
    """Cut the silence at both ends, with fades in a margin around the sound: no consonant is touched."""
    start, first, last, end = trim_points(samples)
    clip = samples[start:end].copy()
    fade_in, fade_out = max(first - start, SAMPLES_PER_MS), max(end - last, SAMPLES_PER_MS)
    clip[:fade_in] *= fade_curve(fade_in)
    clip[-fade_out:] *= fade_curve(fade_out)[::-1]
    return np.pad(clip, (0, -len(clip) % SAMPLES_PER_MS))


def fade_curve(samples: int) -> Samples:
    """The factors of a fade-in: half a cosine."""
    return (0.5 - 0.5 * np.cos(np.pi * (np.arange(samples) + 0.5) / samples)).astype(np.float32)


def _to_16_bits(samples: Samples) -> bytes:
    # Rounded without dither: the same sound must give the same bytes, and the noise lies at -98 dBFS.
    scaled = samples * np.float32(32767)
    return bytes(np.rint(scaled, out=scaled).astype("<i2").data)
