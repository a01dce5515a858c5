"""From an engine's take to a clip: 48 kHz, trimmed, levelled, limited, 16 bits."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import soxr

from cuecast.sound import SAMPLE_RATE, SAMPLES_PER_MS
from cuecast.voices.levels import OVERSAMPLING, fast_size, limiter, loudness
from cuecast.voices.takes import BadTake, Samples, Take

TARGET_LUFS = -19.0
"""Loudness of speech in mono (design.md, section 6)."""

_SILENCE_DBFS = -62.0  # of 5 ms, at the voice's level: breath and the end of an "s" lie above it
_FRAME = 5 * SAMPLES_PER_MS
_LEAD = 10 * SAMPLES_PER_MS  # kept before the first sound and faded in; and after the last, faded out
_TAIL = 25 * SAMPLES_PER_MS
_PAUSE = 15  # frames of a pause that stay at either side, when a voice's loudness is measured
_STOPPED_HZ = (20.0, 60.0)  # nothing below, everything above: a deep voice begins at 70 Hz
_CALIBRATIONS = 2


def warm_up() -> None:
    """Have the libraries import and set up what they leave until it is used, before processes are forked."""
    voice_gain(Take(np.sin(np.arange(8_000, dtype=np.float32)), 16_000))


def pcm(take: Take, gain_db: float) -> bytes:
    """The clip's samples, signed 16-bit little endian; a whole number of milliseconds.

    Raises BadTake where the take is silent.
    """
    plain, oversampled = _at_48k(take)
    return _to_16_bits(_trimmed(plain * limiter(oversampled, gain_db)))


def voice_gain(passage: Take) -> float:
    """The gain in dB that brings a voice to the target loudness, measured on its take of a standard passage.

    Raises BadTake where the take is silent.
    """
    plain, oversampled = _at_48k(passage)
    peak = float(np.abs(plain).max())
    if peak == 0:
        raise BadTake("the sound file is silent")
    # Measured at full scale, so that an engine that speaks very softly does not fall under the gate.
    gain = TARGET_LUFS - loudness(plain / np.float32(peak)) - 20 * math.log10(peak)
    for _ in range(_CALIBRATIONS):  # limiting takes a little away, which a little more gain gives back
        gain += TARGET_LUFS - loudness(_without_pauses(plain * limiter(oversampled, gain)))
    return round(gain, 2)


def _without_pauses(samples: Samples) -> Samples:
    """A levelled passage as if its sentences were cues, each trimmed: what is loud in a track has no pauses."""
    frames = samples[: len(samples) // _FRAME * _FRAME].reshape(-1, _FRAME)
    near = np.convolve(_sounding(frames), np.ones(2 * _PAUSE + 1), mode="same") > 0.5
    return frames[near].reshape(-1)


def _at_48k(take: Take) -> tuple[Samples, Samples]:
    """The sound at 48 kHz, and oversampled for its true peak: every fourth sample of the one is the other."""
    samples, rate = _high_passed(take.samples, take.rate), take.rate
    if rate > SAMPLE_RATE:
        samples, rate = soxr.resample(samples, rate, SAMPLE_RATE, "VHQ"), SAMPLE_RATE
    oversampled = soxr.resample(samples, rate, OVERSAMPLING * SAMPLE_RATE, "VHQ")
    return oversampled[::OVERSAMPLING], oversampled


def _high_passed(samples: Samples, rate: int) -> Samples:
    """Without what lies below a voice: eSpeak's takes are off centre by 0.006 of full scale, which is no sound."""
    size = fast_size(len(samples) + rate // 5)  # the transform takes the end for what comes before the beginning
    spectrum = np.fft.rfft(samples, size)
    low, high = _STOPPED_HZ
    hz = np.arange(int(high * size / rate) + 1) * (rate / size)
    spectrum[: len(hz)] *= 0.5 - 0.5 * np.cos(np.pi * np.clip((hz - low) / (high - low), 0.0, 1.0))
    passed: Samples = np.fft.irfft(spectrum, size)[: len(samples)].astype(np.float32)
    return passed


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
    whole = len(samples) // _FRAME * _FRAME
    frames, rest = samples[:whole].reshape(-1, _FRAME), samples[whole:]
    loud = np.flatnonzero(np.append(_sounding(frames), _sounding(rest[None, :])))
    if not len(loud):
        raise BadTake("the sound file is silent")
    first, last = int(loud[0]) * _FRAME, int(loud[-1] + 1) * _FRAME
    return max(0, first - _LEAD), first, min(last, len(samples)), min(len(samples), last + _TAIL)


def _sounding(frames: Samples) -> npt.NDArray[np.bool_]:
    """Which of the frames hold sound."""
    sounding: npt.NDArray[np.bool_] = np.einsum("ij,ij->i", frames, frames) > 10 ** (_SILENCE_DBFS / 10) * _FRAME
    return sounding


def _rise(samples: int) -> Samples:
    return (0.5 - 0.5 * np.cos(np.pi * (np.arange(samples) + 0.5) / samples)).astype(np.float32)


def _to_16_bits(samples: Samples) -> bytes:
    # Rounded without dither: the same sound must give the same bytes, and the noise lies at -98 dBFS.
    scaled = samples * np.float32(32767)
    return bytes(np.rint(scaled, out=scaled).astype("<i2").data)
