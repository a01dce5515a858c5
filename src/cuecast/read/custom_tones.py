"""From a WAV file of the user's to a tone: mono, 48 kHz, from its first sound to its last, at that tone's own peak."""

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

_SILENCE_DBFS = -60.0  # of the highest peak: nobody hears such a file, whatever is made of it
_BEGINS_DB = -30.0  # under the peak: within the first millisecond of a stroke, above hiss and a whistler's breath
_ENDS_DB = -50.0  # under the peak, the power of 10 ms: a gong's tail fades out over the room's own noise
_BLOCKS = 100  # in a second
_LEAD = SAMPLES_PER_MS // 4  # kept before the first sound
_ATTACK = 3 * SAMPLES_PER_MS  # faded in: a file is often cut where it sounds already
_TAIL = 20 * SAMPLES_PER_MS  # faded out at the end
_MARGIN_MS = 20  # what a resampler needs at either side

_Samples = npt.NDArray[np.float64]


class BadToneError(Exception):
    """A file that can't sound in place of a tone; the message says why, for people. `hint` says what to do."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def load_tone(name: str, file: str, content: bytes) -> CustomTone:
    """What `content`, a WAV file that the routine calls `file`, sounds like in place of the tone `name`.

    Raises BadToneError.
    """
    if len(content) > MAX_FILE:
        raise BadToneError(
            f"is larger than {MAX_FILE // 1_000_000} MB", "save it as 16-bit mono at 48,000 Hz, and shorter"
        )
    samples = _sound(_at_48k(_trimmed(name, _read(content))))
    peak = 32_768 * 10 ** (TONES[name].peak_dbfs / 20) / np.abs(samples).max()
    pcm = np.round(samples * peak).astype("<i2").tobytes()
    return CustomTone(name, file, len(samples) // SAMPLES_PER_MS, sha256(pcm).hexdigest(), pcm)


def _read(content: bytes) -> AudioFile:
    if content[:4] != b"RIFF":
        raise BadToneError("is not a WAV file", "convert it: ffmpeg -i SOUND.mp3 SOUND.wav")
    try:
        return decode_audio(BytesIO(content))
    except UnusableAudioError as fault:
        raise BadToneError(f"can't be read: {fault}", "save it anew, as 16-bit PCM") from None


def _trimmed(name: str, take: AudioFile) -> AudioFile:
    """The take without the silence around it, looked at before anything costly is made of it."""
    samples = take.samples - np.median(take.samples)  # some recordings stand beside zero
    peak = float(np.abs(samples).max())
    if peak < 10 ** (_SILENCE_DBFS / 20):
        raise BadToneError("is silent", "without tones: `volume: {tones: off}`")
    first, last = _extent(samples, take.rate)
    ms = (last - first) * 1_000 / take.rate
    if ms < SHORTEST_MS:
        raise BadToneError(f"lasts {ms:.0f} ms: it would be a click", f"{SHORTEST_MS} ms are the least")
    if ms > LONGEST_MS[name]:
        message = f"lasts {ms / 1_000:.1f} s; {_seconds(LONGEST_MS[name])} are the most for `{name}`"
        raise BadToneError(message, "shorten it, and let it fade out")
    margin = take.rate * _MARGIN_MS // 1_000
    return AudioFile(samples[max(0, first - margin) : last + margin], take.rate)


def _at_48k(take: AudioFile) -> _Samples:
    samples = take.samples.astype(np.float64)
    if take.rate == SAMPLE_RATE:
        return samples
    resampled: _Samples = soxr.resample(samples, take.rate, SAMPLE_RATE, quality="HQ")
    return resampled


def _sound(samples: _Samples) -> _Samples:
    """From just before the first sound to the last one, with soft edges; a whole number of ms."""
    first, last = _extent(samples, SAMPLE_RATE)
    sound = np.concatenate([np.zeros(_LEAD), samples[first:last]])
    lead = samples[max(0, first - _LEAD) : first]
    sound[_LEAD - len(lead) : _LEAD] = lead
    sound[:_ATTACK] *= fade_curve(_ATTACK)
    tail = min(_TAIL, len(sound) // 4)
    sound[-tail:] *= fade_curve(tail)[::-1]
    return np.pad(sound, (0, -len(sound) % SAMPLES_PER_MS))


def _extent(samples: npt.NDArray[np.floating], rate: int) -> tuple[int, int]:
    """Where the first sound begins and the last one is over."""
    size = np.abs(samples)
    peak = size.max()
    first = int(np.argmax(size > peak * 10 ** (_BEGINS_DB / 20)))
    starts = np.arange(0, len(size), max(1, rate // _BLOCKS))
    powers = np.add.reduceat(size.astype(np.float64) ** 2, starts) / np.diff(starts, append=len(size))
    last = int(np.flatnonzero(powers > peak**2 * 10 ** (_ENDS_DB / 10)).max(initial=0))
    return first, int([*starts, len(size)][last + 1])


def _seconds(ms: int) -> str:
    return f"{ms} ms" if ms < 1_000 else f"{ms / 1_000:g} s"
