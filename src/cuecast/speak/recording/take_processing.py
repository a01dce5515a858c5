"""A person's take before it is levelled like every voice: decoded, trimmed to the speech, evened out.

A room is never silent, so the level of its noise decides where speech begins. And nobody speaks as evenly as a
machine, or holds the microphone the same way on the next day.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import median

import numpy as np
import numpy.typing as npt
import soundfile
import soxr
from msgspec import Struct

from cuecast.errors import UnusableAudioError
from cuecast.model.audio_file import AudioFile, Samples, read_audio
from cuecast.model.clip import SAMPLE_RATE
from cuecast.model.loudness import loudness
from cuecast.speak.clip_processing import fade_curve, high_pass
from cuecast.speak.recording.takes import UNREADABLE_SUFFIXES, describe_unreadable

MAX_SECONDS = 180
"""Maximum length of a take: the longest text of a routine takes half of it."""

MAX_SAMPLE_SECONDS = 120
"""How much of the takes is enough to measure a voice's loudness."""

MAX_DIFFERENCE_DB = 3.0
"""How much louder or quieter than usual a take may stay."""

_FRAME_S = 0.01
_ABOVE_NOISE_DB, _BELOW_SPEECH_DB, _FAINTEST_DB = 8.0, 45.0, -78.0
"""Speech is above the room's noise by the first, and not further below its own loudest part than the second."""
_STEADY, _STEADY_DB, _NOISE_BELOW_DB = 20, 3.0, 20.0
"""Noise keeps its level for so many frames, at least so far below speech: no consonant is that long."""
_LOUD = 8  # frames that make the loudest part: a click has fewer
_CLICK_FRAMES, _GAP_FRAMES = 5, 20  # frames: a sound as short as this and as far from the rest is a button, not a word
_EDGE_DB = 25.0  # a take whose first or last frame is louder than so far below the speech is cut off
_LEAD_FRAMES, _TAIL_FRAMES = 3, 8  # frames kept before and after, faded: breath, and the end of an "s"
_GAP_S = 0.1  # between takes, where they are joined


class Speech(Struct, frozen=True):
    """Where a person speaks in a take: samples from `start` to `end`. Levels are in dB of full scale.

    `level` is that of the speech, `noise` of the room (None if unknown). With `cut_in` or `cut_out` the take begins or
    ends in the middle of a sound.
    """

    start: int
    end: int
    level: float
    noise: float | None
    cut_in: bool = False
    cut_out: bool = False


def read_take(path: Path) -> AudioFile:
    """A take, mixed to mono.

    Raises UnusableAudioError if it can't be read, is silent, or is far too long for a phrase.
    """
    if path.suffix.lower() in UNREADABLE_SUFFIXES:
        raise UnusableAudioError(describe_unreadable(path))
    try:
        take = read_audio(path, MAX_SECONDS)
    except (UnusableAudioError, OSError) as fault:
        raise UnusableAudioError("it can't be read as sound; record it again, or export it as WAV") from fault
    if len(take.samples) > MAX_SECONDS * take.rate:
        raise UnusableAudioError(f"it is longer than {MAX_SECONDS} seconds; a take holds one phrase")
    if not take.samples.any():
        raise UnusableAudioError("it is silent; record it again")
    return take


def find_speech(take: AudioFile) -> Speech:
    """Where the speech is. Raises UnusableAudioError if there is none."""
    size = max(1, round(_FRAME_S * take.rate))
    levels = _levels(high_pass(take).samples, size)
    loudest = float(np.sort(levels)[-min(_LOUD, len(levels) // 4 + 1)])
    noise = _noise(levels, loudest - _NOISE_BELOW_DB)
    threshold = max(loudest - _BELOW_SPEECH_DB, _FAINTEST_DB)
    if noise is not None:
        threshold = max(threshold, noise + _ABOVE_NOISE_DB)
    runs = _without_clicks(_runs(levels > threshold))
    if not runs:
        raise UnusableAudioError("there is no speech in it; record it again")
    first, last = runs[0][0], runs[-1][1]
    speaking = levels[first:last][levels[first:last] > threshold]
    edge = loudest - _EDGE_DB
    return Speech(
        start=first * size,
        end=min(last * size, len(take.samples)),
        level=_mean_db(speaking),
        noise=noise,
        cut_in=first == 0 and bool(levels[0] > edge),
        cut_out=last == len(levels) and bool(levels[-1] > edge),
    )


def trim(take: AudioFile, speech: Speech) -> AudioFile:
    """The speech alone, with fades in a short margin around it: no consonant is touched."""
    size = max(1, round(_FRAME_S * take.rate))
    start, end = max(0, speech.start - _LEAD_FRAMES * size), min(len(take.samples), speech.end + _TAIL_FRAMES * size)
    trimmed = take.samples[start:end].copy()
    for margin, side in ((speech.start - start, trimmed), (end - speech.end, trimmed[::-1])):
        fade = max(1, margin)
        side[:fade] *= fade_curve(fade)
    return AudioFile(trimmed, take.rate)


def read_speech(path: Path) -> AudioFile:
    """A take's speech. Raises UnusableAudioError if there is none."""
    take = read_take(path)
    return trim(take, find_speech(take))


def loudness_of(take: AudioFile) -> float:
    """In LUFS; -inf for silence."""
    return loudness(_at(take, SAMPLE_RATE))


def pick_takes(takes: Mapping[str, Path]) -> tuple[AudioFile, ...]:
    """The speech of takes to measure the voice on: all, or always the same two minutes of them.

    Takes that can't be used are left out. Raises UnusableAudioError if none can.
    """
    picked: list[AudioFile] = []
    seconds = 0.0
    # In an order independent of the words: not all of them may begin with "Next".
    for name in sorted(takes, key=lambda name: hashlib.sha256(name.encode()).digest()):
        try:
            take = read_speech(takes[name])
        except UnusableAudioError:
            continue
        if picked and seconds + take.ms / 1000 > MAX_SAMPLE_SECONDS:
            break
        picked.append(take)
        seconds += take.ms / 1000
    if not picked:
        raise UnusableAudioError("none of the takes can be used")
    return tuple(picked)


def usual_loudness(takes: Iterable[AudioFile]) -> float:
    """The median loudness in LUFS."""
    return median(map(loudness_of, takes))


def even_loudness(take: AudioFile, usual: float) -> AudioFile:
    """The take, at most `MAX_DIFFERENCE_DB` louder or quieter than usual."""
    difference = loudness_of(take) - usual
    excess = math.copysign(max(0.0, abs(difference) - MAX_DIFFERENCE_DB), difference)
    if not excess or not math.isfinite(excess):
        return take
    return AudioFile(take.samples * np.float32(10 ** (-excess / 20)), take.rate)


def concatenate(takes: Sequence[AudioFile]) -> AudioFile:
    """All takes one after the other, with short pauses between them."""
    rate = max(take.rate for take in takes)
    pause = np.zeros(round(_GAP_S * rate), np.float32)
    return AudioFile(np.concatenate([part for take in takes for part in (_at(take, rate), pause)]), rate)


def write_audio(take: AudioFile, target: Path) -> None:
    """Write a WAV file with any suffix. Samples above full scale are kept."""
    with target.open("wb") as file:
        soundfile.write(file, take.samples, take.rate, format="WAV", subtype="FLOAT")


def _at(take: AudioFile, rate: int) -> Samples:
    if take.rate == rate:
        return take.samples
    resampled: Samples = soxr.resample(take.samples, take.rate, rate, "HQ")
    return resampled


def _levels(samples: Samples, size: int) -> npt.NDArray[np.float64]:
    """The level of each frame in dB of full scale; the last one may be short."""
    starts = np.arange(0, len(samples), size)
    energy = np.add.reduceat(np.square(samples.astype(np.float64)), starts)
    return 10 * np.log10(np.maximum(energy / np.diff(np.append(starts, len(samples))), 1e-12))


def _noise(levels: npt.NDArray[np.float64], highest: float) -> float | None:
    """The level of the room: the lowest that is steady for a while. None if nothing below `highest` is."""
    if len(levels) < _STEADY:
        return None
    stretches = np.lib.stride_tricks.sliding_window_view(levels, _STEADY)
    steady = stretches[stretches.std(axis=1) <= _STEADY_DB].mean(axis=1)
    steady = steady[steady < highest]
    return float(steady.min()) if len(steady) else None


def _mean_db(levels: npt.NDArray[np.float64]) -> float:
    return float(10 * np.log10(np.mean(10 ** (levels / 10))))


def _runs(sounding: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Where there is sound, from frame to frame. Gaps shorter than a syllable are closed."""
    edges = np.flatnonzero(np.diff(sounding, prepend=False, append=False))
    runs: list[tuple[int, int]] = []
    for start, end in edges.reshape(-1, 2).tolist():
        if runs and start - runs[-1][1] < _GAP_FRAMES:
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
    return runs


def _without_clicks(runs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Without the clicks of a button before and after, unless all are that short."""
    words = [index for index, (start, end) in enumerate(runs) if end - start > _CLICK_FRAMES]
    return runs[words[0] : words[-1] + 1] if words else runs
