"""From a user's sound file to a tone: mono, 48 kHz, from its first sound to its last, at the peak of the tone's own."""

from __future__ import annotations

from hashlib import sha256

import numpy as np
import numpy.typing as npt

from cuecast.library.decode import BadSound, opened
from cuecast.model.clip import SAMPLE_RATE, SAMPLES_PER_MS
from cuecast.model.custom_tone import LONGEST_MS, MAX_FILE, SHORTEST_MS, CustomTone
from cuecast.model.tones import PEAK_DBFS, TONES, fade_curve

_SILENCE_DBFS = -60.0  # a file with a lower peak is silent to everybody
_START_DB = -30.0  # under the peak: within the first millisecond of a stroke, but above hiss and breath
_END_DB = -50.0  # under the peak, the power of 10 ms: where a gong's tail fades into the noise of the room
_BLOCK = 10 * SAMPLES_PER_MS
_LEAD = SAMPLES_PER_MS // 4  # kept before the first sound
_FADE_IN = 3 * SAMPLES_PER_MS  # because many files are cut where they already sound
_FADE_OUT = 20 * SAMPLES_PER_MS
_MAX_DECODED_S = 120  # with the silence around the sound

_Samples = npt.NDArray[np.float64]


class BadToneError(Exception):
    """A file that can't be a tone; the message says why, and `hint` what to do."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def load_tone(name: str, file: str, content: bytes) -> CustomTone:
    """The tone `name` made of `content`, a sound file that the routine calls `file`. Raises BadToneError."""
    if len(content) > MAX_FILE:
        raise BadToneError(f"is larger than {MAX_FILE // 1_000_000} MB", "shorten it, or save it as FLAC or MP3")
    samples = _faded(_decoded(content))
    peak_dbfs = TONES[name].peak_dbfs if name in TONES else PEAK_DBFS
    pcm = np.round(samples * (32_768 * 10 ** (peak_dbfs / 20) / np.abs(samples).max())).astype("<i2").tobytes()
    return CustomTone(name, file, len(samples) // SAMPLES_PER_MS, sha256(pcm).hexdigest(), pcm)


def _decoded(content: bytes) -> _Samples:
    """The whole sound in mono, checked."""
    blocks, count = [], 0
    try:
        with opened(content) as decoder:
            for block in decoder.blocks():
                blocks.append(block.mean(axis=1, dtype=np.float64))
                count += len(block)
                if count > _MAX_DECODED_S * SAMPLE_RATE:
                    raise _too_long(f"more than {_MAX_DECODED_S // 60} minutes")
            is_broken = decoder.broken
    except BadSound as fault:
        raise BadToneError(f"can't be read: {fault}", fault.hint or "save it again, as WAV, FLAC or MP3") from None
    samples = np.concatenate([*blocks, np.zeros(0)])
    if is_broken:
        raise BadToneError("is damaged: it breaks off", "copy the file again, or take another one")
    samples -= np.median(samples) if count else 0  # some recordings lie off zero
    if not count or float(np.abs(samples).max()) < 10 ** (_SILENCE_DBFS / 20):
        raise BadToneError("is silent", "without tones: `volume: {tones: off}`")
    first, last = _extent(samples)
    ms = (last - first) / SAMPLES_PER_MS
    if ms < SHORTEST_MS:
        raise BadToneError(f"lasts {ms:.0f} ms: it would be a click", f"{SHORTEST_MS} ms are the least")
    if ms > LONGEST_MS:
        raise _too_long(f"{ms / 1_000:.1f} s")
    return samples


def _faded(samples: _Samples) -> _Samples:
    """From just before the first sound to the last, with fades; a whole number of milliseconds."""
    first, last = _extent(samples)
    lead = samples[max(0, first - _LEAD) : first]
    sound = np.concatenate([np.zeros(_LEAD - len(lead)), lead, samples[first:last]])
    sound[:_FADE_IN] *= fade_curve(_FADE_IN)
    fade_out = min(_FADE_OUT, len(sound) // 4)
    sound[-fade_out:] *= fade_curve(fade_out)[::-1]
    return np.pad(sound, (0, -len(sound) % SAMPLES_PER_MS))


def _extent(samples: _Samples) -> tuple[int, int]:
    """Where the first sound begins and the last one ends."""
    size = np.abs(samples)
    peak = size.max()
    first = int(np.argmax(size > peak * 10 ** (_START_DB / 20)))
    starts = np.arange(0, len(size), _BLOCK)
    powers = np.add.reduceat(size**2, starts) / np.diff(starts, append=len(size))
    last = int(np.flatnonzero(powers > peak**2 * 10 ** (_END_DB / 10)).max(initial=0))
    return first, int([*starts, len(size)][last + 1])


def _too_long(length: str) -> BadToneError:
    return BadToneError(f"lasts {length}; {LONGEST_MS // 1_000} s are the most", "shorten it, and let it fade out")
