"""Takes as a person would record them, made of a murmur instead of a voice."""

from __future__ import annotations

import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

from cuecast.model.script import Utterance
from cuecast.model.speech_duration import estimate_ms
from cuecast.model.voice import Profile
from cuecast.speak.slug import slug

Sound = npt.NDArray[np.float64]
RATE = 48_000

PHRASES = (
    "Next: Calves, left",
    "Calves, left",
    "Sit with your legs straight, hands flat behind you, and lift your backside off the floor.",
    "Slowly. Stay on the tender spot and breathe out.",
    "Ten seconds left",
    "Switch sides: right",
    "Halfway",
    "Three",
)


def murmur(text: str, rate: int = RATE) -> Sound:
    """A buzz in syllables, different for each text, about as long as its words would be; at -20 dB of full scale."""
    seconds = (estimate_ms(Utterance(text, "", "")) - 300) / 1000
    t = np.arange(round(seconds * rate)) / rate
    pitch = 110 + zlib.crc32(text.encode()) % 60
    buzz = sum((np.sin(2 * np.pi * pitch * n * t + n * n) / n for n in range(1, 25)), start=np.zeros(len(t)))
    syllables = 0.1 + np.abs(np.sin(np.pi * t * round(4 * seconds) / seconds))
    sound: Sound = buzz * syllables * np.minimum(1, np.minimum(t, t[::-1]) / 0.02)
    levelled: Sound = sound * (0.1 / np.sqrt(np.mean(sound**2)))
    return levelled


def in_a_room(sound: Sound, rate: int = RATE, before: float = 0.6, after: float = 0.8, noise_db: float = -70) -> Sound:
    """The sound with quiet around it, as quiet as a room is."""
    whole = np.concatenate([np.zeros(round(before * rate)), sound, np.zeros(round(after * rate))])
    random = np.random.default_rng(len(whole))
    noisy: Sound = whole + random.normal(0, 10 ** (noise_db / 20), len(whole))
    return noisy


def record(folder: Path, text: str, sound: Sound | None = None, suffix: str = ".wav", rate: int = RATE) -> Path:
    """Keep a take of `text`; without a sound, a good one."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{slug(text)}{suffix}"
    kinds = {".ogg": ("OGG", "VORBIS"), ".aiff": ("AIFF", "PCM_24"), ".opus": ("OGG", "OPUS")}
    kind, subtype = kinds.get(suffix, (suffix[1:].upper(), None))
    soundfile.write(path, in_a_room(murmur(text)) if sound is None else sound, rate, format=kind, subtype=subtype)
    return path


def recorded(folder: Path, otherwise: str | None = None, name: str = "anna") -> Profile:
    settings = {"takes": str(folder)} | ({"otherwise": otherwise} if otherwise else {})
    return Profile(name, "recorded", "en", settings=settings)
