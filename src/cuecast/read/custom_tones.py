"""From a user's WAV file to a tone: mono, 48 kHz, from its first sound to its last, at the peak of the tone's own."""

from __future__ import annotations

from hashlib import sha256
from io import BytesIO

import numpy as np
import numpy.typing as npt
import soxr

from cuecast.model.audio_file import AudioFile, decode_audio
from cuecast.model.clip import SAMPLE_RATE, SAMPLES_PER_MS, UnusableAudioError
from cuecast.model.custom_tone import LONGEST_MS, MAX_FILE, SHORTEST_MS, CustomTone
from cuecast.model.tones import TONES, fade_curve

_SILENCE_DBFS = -60.0  # a file with a lower peak is silent to everybody
_START_DB = -30.0  # under the peak: within the first millisecond of a stroke, but above hiss and breath
_END_DB = -50.0  # under the peak, the power of 10 ms: where a gong's tail fades into the noise of the room
_BLOCKS_A_SECOND = 100
_LEAD = SAMPLES_PER_MS // 4  # kept before the first sound
_FADE_IN = 3 * SAMPLES_PER_MS  # because many files are cut where they already sound
_FADE_OUT = 20 * SAMPLES_PER_MS
_MARGIN_MS = 20  # that the resampler needs on either side

_Samples = npt.NDArray[np.float64]


class BadToneError(Exception):
    """A file that can't be a tone; the message says why, and `hint` what to do."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def load_tone(name: str, file: str, content: bytes) -> CustomTone:
    """The tone `name` made of `content`, a WAV file that the routine calls `file`. Raises BadToneError."""
    if len(content) > MAX_FILE:
        hint = "save it as 16-bit mono at 48,000 Hz, and shorter"
        raise BadToneError(f"is larger than {MAX_FILE // 1_000_000} MB", hint)
    if content[:4] != b"RIFF":
        raise BadToneError("is not a WAV file", "convert it: ffmpeg -i SOUND.mp3 SOUND.wav")
    try:
        audio = decode_audio(BytesIO(content))
    except UnusableAudioError as fault:
        raise BadToneError(f"can't be read: {fault}", "save it anew, as 16-bit PCM") from None
    samples = _faded(_resampled(_trimmed(name, audio)))
    scale = 32_768 * 10 ** (TONES[name].peak_dbfs / 20) / np.abs(samples).max()
    pcm = np.round(samples * scale).astype("<i2").tobytes()
    return CustomTone(name, file, len(samples) // SAMPLES_PER_MS, sha256(pcm).hexdigest(), pcm)


def _trimmed(name: str, audio: AudioFile) -> AudioFile:
    """The sound without the silence around it. Checks its length before anything costly happens."""
    samples = audio.samples - np.median(audio.samples)  # some recordings lie off zero
    if float(np.abs(samples).max()) < 10 ** (_SILENCE_DBFS / 20):
        raise BadToneError("is silent", "without tones: `volume: {tones: off}`")
    first, last = _extent(samples, audio.rate)
    ms = (last - first) * 1_000 / audio.rate
    if ms < SHORTEST_MS:
        raise BadToneError(f"lasts {ms:.0f} ms: it would be a click", f"{SHORTEST_MS} ms are the least")
    if ms > LONGEST_MS[name]:
        message = f"lasts {ms / 1_000:.1f} s; {_seconds(LONGEST_MS[name])} are the most for `{name}`"
        raise BadToneError(message, "shorten it, and let it fade out")
    margin = audio.rate * _MARGIN_MS // 1_000
    return AudioFile(samples[max(0, first - margin) : last + margin], audio.rate)


def _resampled(audio: AudioFile) -> _Samples:
    samples = audio.samples.astype(np.float64)
    if audio.rate == SAMPLE_RATE:
        return samples
    resampled: _Samples = soxr.resample(samples, audio.rate, SAMPLE_RATE, quality="HQ")
    return resampled


def _faded(samples: _Samples) -> _Samples:
    """From just before the first sound to the last, with fades; a whole number of milliseconds."""
    first, last = _extent(samples, SAMPLE_RATE)
    lead = samples[max(0, first - _LEAD) : first]
    sound = np.concatenate([np.zeros(_LEAD - len(lead)), lead, samples[first:last]])
    sound[:_FADE_IN] *= fade_curve(_FADE_IN)
    fade_out = min(_FADE_OUT, len(sound) // 4)
    sound[-fade_out:] *= fade_curve(fade_out)[::-1]
    return np.pad(sound, (0, -len(sound) % SAMPLES_PER_MS))


def _extent(samples: npt.NDArray[np.floating], rate: int) -> tuple[int, int]:
    """Where the first sound begins and the last one ends."""
    size = np.abs(samples)
    peak = size.max()
    first = int(np.argmax(size > peak * 10 ** (_START_DB / 20)))
    starts = np.arange(0, len(size), max(1, rate // _BLOCKS_A_SECOND))
    powers = np.add.reduceat(size.astype(np.float64) ** 2, starts) / np.diff(starts, append=len(size))
    last = int(np.flatnonzero(powers > peak**2 * 10 ** (_END_DB / 10)).max(initial=0))
    return first, int([*starts, len(size)][last + 1])


def _seconds(ms: int) -> str:
    return f"{ms} ms" if ms < 1_000 else f"{ms / 1_000:g} s"
