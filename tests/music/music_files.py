"""Music for the tests, written as files of all kinds, and tracks that it lies under."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

from cuecast.cache import Cache
from cuecast.mix import music as bed
from cuecast.model.clip import SAMPLE_RATE
from cuecast.model.diagnostics import Diagnostic
from cuecast.model.loudness import gated, powers
from cuecast.model.music import GeneratedSound, Music, Recording
from cuecast.model.routine import Volume
from cuecast.model.script import Utterance
from cuecast.model.source import Span
from cuecast.model.timeline import BedSegment, Interval, Kind, SpeechEvent, Timeline
from cuecast.protocols import MixedSound

Frames = npt.NDArray[np.float64]
WORDS = Utterance("words", "coach", "en")
SPAN = Span("routine.yaml", 3, 8, 3, 20)
BROWN, PINK, DRONE = map(Music, (GeneratedSound.BROWN, GeneratedSound.PINK, GeneratedSound.DRONE))


def noise(seconds: float, rate: int = SAMPLE_RATE, channels: int = 2, level: float = 0.1, seed: int = 1) -> Frames:
    """Even noise without highs: what a lossy codec leaves alone."""
    rng = np.random.default_rng(seed)
    frames = rng.normal(0, 1, (round(seconds * rate), channels))
    frames[1:-1] = (frames[:-2] + 2 * frames[1:-1] + frames[2:]) / 4
    scaled: Frames = level * frames / (frames.std() if len(frames) else 1)
    return scaled


def tune(seconds: float, rate: int = SAMPLE_RATE, level: float = 0.3) -> Frames:
    """Something with beats: notes that ring out, a bit to one side each."""
    t = np.arange(round(seconds * rate)) / rate
    beat = t % 0.5
    hz = 220 * 2 ** ((t // 0.5 * 5 % 12) / 12)
    note = np.sin(2 * np.pi * hz * beat) * np.exp(-6 * beat) * np.minimum(1, beat * 200)
    lean = 0.3 * np.sin(t)
    return level * np.stack([note * (1 + lean), note * (1 - lean)], axis=1)


def write(path: Path, frames: Frames, rate: int = SAMPLE_RATE, **kind: str) -> Recording:
    """In pieces: libsndfile crashes on a long piece of Vorbis."""
    if not kind:
        kind = {"format": {".aiff": "AIFF", ".ogg": "OGG"}.get(path.suffix) or path.suffix[1:].upper()}
    with soundfile.SoundFile(str(path), "w", rate, frames.shape[1], **kind) as file:
        for at in range(0, len(frames), 4096):
            file.write(frames[at : at + 4096])
    return Recording(path.name, path)


def music(*recordings: Recording, span: Span | None = SPAN) -> Music:
    return Music(recordings=recordings, span=span)


def track(
    bed: Iterable[BedSegment], duration: int, speech: Iterable[tuple[int, int]] = (), volume: Volume | None = None
) -> Timeline:
    events = tuple(SpeechEvent(start, end, WORDS) for start, end in speech)
    whole = (Interval(0, duration, Kind.PAUSE),)
    return Timeline("A track", "en", "coach", duration, whole, events, (), volume or Volume(), tuple(bed))


def bed_of(timeline: Timeline, cache: Cache) -> MixedSound:
    """The sound of a bed whose files are all right."""
    sound, faults = bed.prepare(timeline, cache, lambda done, total: None)
    assert sound is not None, faults
    assert not faults
    return sound


def faults_of(music: Music, cache: Cache, duration: int = 30_000) -> tuple[Diagnostic, ...]:
    sound, faults = bed.prepare(track([BedSegment(0, duration, music, -18.0)], duration), cache, lambda a, b: None)
    assert (sound is None) == any(fault.severity == "error" for fault in faults)
    return faults


def frames_of(sound: MixedSound, start: int, end: int) -> Frames:
    """A row a sample, full scale is 1."""
    pcm = sound(start, end)
    assert len(pcm) == (end - start) * 48 * 4
    return np.frombuffer(pcm, "<i2").reshape(-1, 2) / 32767


def lufs(frames: Frames) -> float:
    left, right = (powers(frames[:, side].astype(np.float32), SAMPLE_RATE) for side in (0, 1))
    return gated(left + right)


def levels(frames: Frames, ms: int = 50) -> Frames:
    """The level of each stretch of so many ms, in dB."""
    blocks = frames[: len(frames) // (ms * 48) * ms * 48].reshape(-1, ms * 48 * 2)
    return np.asarray(10 * np.log10(np.square(blocks).mean(axis=1) + 1e-12))
