"""Synthetic timelines and clips: what the mixer and the formats are measured with."""

from __future__ import annotations

import random
from array import array
from pathlib import Path

import numpy as np
import numpy.typing as npt

from cuecast.model.clip import SAMPLE_RATE, SAMPLES_PER_MS, Clip
from cuecast.model.routine import Side, Volume
from cuecast.model.script import Utterance
from cuecast.model.source import Span
from cuecast.model.timeline import Chapter, Event, Interval, Kind, SpeechEvent, Timeline, ToneEvent
from cuecast.model.tones import TONES

Clips = dict[Utterance, Clip]


def voiced(samples: int, seed: int, peak: int = 9_000) -> bytes:
    """Something like a voice: a gliding pitch with harmonics, syllables, and hiss between them."""
    rng = np.random.default_rng(seed)
    t = np.arange(samples) / SAMPLE_RATE
    phase = 2 * np.pi * np.cumsum(rng.uniform(95, 150) + 20 * np.sin(2 * np.pi * 0.7 * t)) / SAMPLE_RATE
    tone = sum(np.sin(k * phase + k * k) / k for k in range(1, 25))
    sound = tone * np.clip(np.sin(2 * np.pi * 3.1 * t + 0.2), 0, 1) + 0.1 * rng.normal(0, 1, samples)
    edge = np.minimum(1, np.minimum(np.arange(samples), np.arange(samples)[::-1]) / 200)
    sound = sound * edge / np.abs(sound).max()
    return bytes(np.round(sound * peak).astype("<i2"))


def make_clip(folder: Path, name: str, samples: int, seed: int = 0, peak: int = 9_000) -> tuple[Utterance, Clip]:
    path = folder / f"{name}.pcm"
    path.write_bytes(voiced(samples, seed, peak))
    return Utterance(name, "coach", "en"), Clip(path, samples)


def beep(start: int, name: str) -> ToneEvent:
    return ToneEvent(start, start + TONES[name].ms, name, TONES[name].hz)


def speech(start: int, utterance: Utterance, clips: Clips, span: Span | None = None) -> SpeechEvent:
    return SpeechEvent(start, start + clips[utterance].ms, utterance, span)


def timeline(
    events: list[Event], duration: int, chapters: tuple[Chapter, ...] = (), volume: Volume | None = None
) -> Timeline:
    ordered = tuple(sorted(events, key=lambda e: (e.start, e.end)))
    whole = (Interval(0, duration, Kind.PAUSE),)
    return Timeline("A track", "en", "coach", duration, whole, ordered, chapters, volume or Volume())


def session(folder: Path, rounds: int = 1, work: int = 20_000) -> tuple[Timeline, Clips]:
    """A small routine with all tones, clips of odd lengths, and sounds near to and far from each other."""
    rng = random.Random(7)
    clips = dict(make_clip(folder, f"words {i}", rng.randrange(30_000, 150_000), seed=i) for i in range(4))
    words = list(clips)
    events: list[Event] = [beep(550, "wake"), speech(1_000, words[0], clips)]
    intervals = [Interval(0, 5_000, Kind.LEAD_IN)]
    chapters: list[Chapter] = []
    at = 5_000
    for number in range(1, rounds + 1):
        for side in (Side.LEFT, Side.RIGHT):
            begin = at + 8_000
            end = begin + work
            gap = Interval(at, begin, Kind.TRANSITION, "Calves", side, number, rounds)
            intervals += [gap, Interval(begin, end, Kind.WORK, "Calves", side, number, rounds)]
            events += [beep(at, "end")] if at > 5_000 else []
            events += [speech(at + 650, words[1], clips), *(beep(begin - s * 1_000, "countdown") for s in (3, 2, 1))]
            source = Span("calves.yaml", 14, 9, 14, 30)
            events += [beep(begin, "start"), speech(begin + 551, words[2], clips, source)]
            events += [beep(begin + work // 2, "halfway"), beep(end - 5_000, "interval")]
            chapters.append(Chapter(chapters[-1].end if chapters else 0, end, f"Calves, {side}, {number} of {rounds}"))
            at = end
    events += [beep(at, "finish"), speech(at + 1_100, words[3], clips)]
    close = -(-(at + 1_100 + clips[words[3]].ms) // 1_000) * 1_000
    intervals.append(Interval(at, close, Kind.CLOSE))
    chapters[-1] = Chapter(chapters[-1].start, close, chapters[-1].title)
    ordered = tuple(sorted(events, key=lambda e: (e.start, e.end)))
    rollout = Timeline("Rollout", "en", "coach", close, tuple(intervals), ordered, tuple(chapters))
    return rollout, clips


def place_of(sound: npt.NDArray[np.float64], around: npt.NDArray[np.float64]) -> int:
    """Where within `around` a shorter sound lies: the sample at which the two are most alike."""
    size = 1 << len(around).bit_length()  # no sound reaches round the end
    alike = np.fft.irfft(np.fft.rfft(around, size) * np.conj(np.fft.rfft(sound, size)), size)
    return int(np.argmax(alike[: len(around) - len(sound) + 1]))


def samples(pcm: bytes) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.frombuffer(pcm, "<i2").astype(np.float64) / 32_768


def peak(pcm: bytes) -> int:
    return max(map(abs, array("h", pcm)), default=0)


def at_ms(pcm: bytes, start: int, end: int) -> bytes:
    return pcm[start * SAMPLES_PER_MS * 2 : end * SAMPLES_PER_MS * 2]
