"""What is wrong with one take: too short for its words, clipped, too quiet, noisy, cut off, unlike the others."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from statistics import median

import numpy as np
from msgspec import Struct

from cuecast.model.audio_file import AudioFile, Samples
from cuecast.speak.recording.take_processing import MAX_DIFFERENCE_DB, Speech, find_speech, loudness_of, read_take, trim

MIN_RATE = 16_000
"""Sample rate below which a voice sounds like a telephone."""

MIN_LUFS = -42.0
"""A take below this is amplified so much that the recorder's hiss is audible."""

MIN_CLEARANCE_DB = 25.0
"""How far the room's noise must be below the voice."""

MAX_UNLIKE_DB = 6.0
"""How much louder or quieter than the others a take may be."""

_SHORTEST, _LONGEST = 0.55, 2.0  # times what this person would need for the words
_SHORTER_MS, _LONGER_MS = 80, 1_500  # and so much beyond
_TEMPO = (0.6, 2.0)  # the quickest and the slowest speaker, against the estimate
_ENOUGH = 5  # takes that show a person's usual tempo and loudness
_LOUD, _TOP = 0.1, 0.9995  # a peak that can be clipped; how near to it all of a flat top lies
_RUN, _RUNS = 4, 3  # samples side by side on a flat top, and how many of those are no chance


class TakeFacts(Struct, frozen=True):
    """A take that could be read. `ms` is its length without silence, `likely_ms` that of its words (None if unknown)."""

    rate: int
    speech: Speech
    ms: float
    lufs: float
    flat_tops: int
    likely_ms: float | None


def examine(path: Path, likely_ms: float | None) -> TakeFacts:
    """Read a take. Raises UnusableAudioError if there is no speech in it."""
    take = read_take(path)
    speech = find_speech(take)
    spoken = AudioFile(take.samples[speech.start : speech.end], take.rate)
    return TakeFacts(take.rate, speech, spoken.ms, loudness_of(trim(take, speech)), _flat_tops(take.samples), likely_ms)


def tempo_of(takes: Collection[TakeFacts]) -> float:
    """How slowly this person speaks, against the estimate; 1 if there are too few takes."""
    ratios = [take.ms / take.likely_ms for take in takes if take.likely_ms]
    low, high = _TEMPO
    return min(high, max(low, median(ratios))) if len(ratios) >= _ENOUGH else 1.0


def usual_lufs(takes: Collection[TakeFacts]) -> float | None:
    """The median loudness; None if there are too few takes."""
    return median(take.lufs for take in takes) if len(takes) >= _ENOUGH else None


def check_take(take: TakeFacts, tempo: float, usual: float | None) -> Iterator[tuple[str, str]]:
    """What is wrong with it: codes, and messages that say what to do."""
    if take.likely_ms:
        yield from _check_length(take.ms, take.likely_ms * tempo)
    if take.flat_tops >= _RUNS:
        yield "clipped", "it is clipped: the recorder was too loud; turn it down or step back, and record it again"
    if take.lufs < MIN_LUFS:
        yield "too-quiet", f"very quiet ({take.lufs:.0f} LUFS); come nearer to the microphone, and record it again"
    noise = take.speech.noise
    if noise is not None and take.speech.level - noise < MIN_CLEARANCE_DB:
        clear = max(0.0, take.speech.level - noise)
        yield "noisy", f"the room lies only {clear:.0f} dB below the voice; record it again where it is quieter"
    if usual is not None and abs(take.lufs - usual) > MAX_UNLIKE_DB and take.lufs >= MIN_LUFS:
        how, change = ("louder", "lowered") if take.lufs > usual else ("quieter", "raised")
        yield (
            "unlike",
            f"{abs(take.lufs - usual):.0f} dB {how} than the others, and {change} until {MAX_DIFFERENCE_DB:.0f} dB are left; if that can be heard, "
            "record it again from as far away as the others",
        )
    if take.speech.cut_in:
        yield "cut-off", "it begins in the middle of a sound; wait a moment before you speak, and record it again"
    if take.speech.cut_out:
        yield "cut-off", "it ends in the middle of a sound; wait a moment before you stop, and record it again"
    if take.rate < MIN_RATE:
        yield "low-rate", f"{take.rate:,} Hz sounds like a telephone; record at 44,100 Hz or 48,000 Hz"


def _check_length(ms: float, usual_ms: float) -> Iterator[tuple[str, str]]:
    lengths = f"{ms / 1000:.1f} s of speech, where about {usual_ms / 1000:.1f} s was expected"
    if ms < usual_ms * _SHORTEST - _SHORTER_MS:
        yield "too-short", f"{lengths}: are all the words there?"
    elif ms > usual_ms * _LONGEST + _LONGER_MS:
        yield "too-long", f"{lengths}: is there something else in it?"


def _flat_tops(samples: Samples) -> int:
    """How many times several samples in a row have the highest level: the recorder cut off what was above."""
    peak = float(np.abs(samples).max())
    if peak < _LOUD:
        return 0
    # Sound that was clipped before a lossy codec is not found: it swings a little above its flat tops.
    top = np.abs(samples) >= min(peak, 1.0) * _TOP
    edges = np.flatnonzero(np.diff(np.concatenate(([0], top.astype(np.int8), [0])))).reshape(-1, 2)
    return int(np.count_nonzero(edges[:, 1] - edges[:, 0] >= _RUN))
