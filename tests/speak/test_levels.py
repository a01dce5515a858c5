"""Loudness against the standard's own test signals, the limiter against what it promises, files of all kinds."""

from __future__ import annotations

import io
import struct

import numpy as np
import pytest
import soundfile
import soxr

from cuecast.errors import UnusableAudioError
from cuecast.model.audio_file import AudioFile, Samples, decode_audio
from cuecast.model.clip import SAMPLE_RATE
from cuecast.model.loudness import loudness
from cuecast.speak.clip_processing import high_pass, level, measure_gain, to_clip
from cuecast.speak.limiter import CEILING_DBTP, limiter_gains, true_peaks


def sine(dbfs: float, seconds: float, hz: float = 997.0) -> Samples:
    n = np.arange(round(seconds * SAMPLE_RATE))
    return (10 ** (dbfs / 20) * np.sin(2 * np.pi * hz * n / SAMPLE_RATE)).astype(np.float32)


def test_loudness_of_the_reference_tone() -> None:
    """BS.1770-4: 997 Hz at 0 dBFS in one front channel reads -3.01 LUFS."""
    assert loudness(sine(0, 5)) == pytest.approx(-3.01, abs=0.02)
    assert loudness(sine(-23, 20, 1000)) == pytest.approx(-26.01, abs=0.05)


def test_loudness_is_gated() -> None:
    """EBU Tech 3341, cases 3 and 4, in one channel: what is far below the rest does not count."""
    quiet, loud, faint = sine(-36, 10, 1000), sine(-23, 60, 1000), sine(-72, 10, 1000)
    assert loudness(np.concatenate([quiet, loud, quiet])) == pytest.approx(-26.01, abs=0.1)
    assert loudness(np.concatenate([faint, quiet, loud, quiet, faint])) == pytest.approx(-26.01, abs=0.1)
    assert loudness(np.zeros(SAMPLE_RATE, np.float32)) == -np.inf
    assert loudness(sine(-20, 0.1)) < loudness(sine(-20, 1))


def oversampled(samples: Samples) -> Samples:
    made: Samples = soxr.resample(samples, SAMPLE_RATE, 4 * SAMPLE_RATE, "VHQ")
    return made


def peak_db(samples: Samples) -> float:
    return float(20 * np.log10(np.abs(oversampled(np.pad(samples, 500))).max()))


def bursts() -> Samples:
    noise = np.random.default_rng(1).normal(0, 1, SAMPLE_RATE).astype(np.float32)
    made: Samples = sine(-1, 1, 440) * (np.arange(SAMPLE_RATE) // 4800 % 2) + noise * np.float32(0.02)
    return made


@pytest.mark.parametrize("rate", [8_000, 22_050, 48_000, 96_000])
@pytest.mark.parametrize("gain", [0.0, 20.0])
def test_limiter_holds_the_ceiling(gain: float, rate: int) -> None:
    sound = AudioFile(soxr.resample(bursts(), SAMPLE_RATE, rate, "VHQ"), rate)
    assert peak_db(level(sound, gain)) <= CEILING_DBTP + 0.05


def test_limiter_does_not_pump() -> None:
    """What lasts is turned down evenly, whatever its pitch; and what comes 60 ms after it not at all."""
    for hz in (70, 110, 220, 997):
        tone = np.pad(sine(0, 1, hz), SAMPLE_RATE // 2)
        db = 20 * np.log10(limiter_gains(true_peaks(oversampled(tone), 192), 6.0))
        assert np.ptp(db[550:1450]) < 0.1
        assert db[1000] == pytest.approx(CEILING_DBTP, abs=0.1)
        assert db[:440] == pytest.approx(6.0)
        assert db[1560:] == pytest.approx(6.0)


@pytest.mark.parametrize("rate", [8_000, 22_050, 48_000])
@pytest.mark.parametrize(
    ("hz", "lowest", "highest"), [(10, -99, -40), (20, -99, -26), (70, -0.5, 0.1), (1000, -0.01, 0.01)]
)
def test_only_what_lies_below_a_voice_is_taken_away(hz: float, lowest: float, highest: float, rate: int) -> None:
    n = np.arange(2 * rate)
    take = AudioFile((0.5 * np.sin(2 * np.pi * hz * n / rate) + 0.01).astype(np.float32), rate)
    passed = high_pass(take).samples[rate // 2 : -rate // 2]
    assert abs(passed.mean()) < 1e-4
    assert lowest <= 20 * np.log10(np.abs(passed).max() / 0.5) <= highest


def test_clip_of_a_take() -> None:
    tone = np.pad(sine(-12, 0.5), SAMPLE_RATE)
    clip = np.frombuffer(to_clip(AudioFile(tone, SAMPLE_RATE), 6.0), "<i2")
    assert 535 <= len(clip) / 48 <= 580  # 35 ms of margin, and the ringing of the filters at such hard edges
    assert np.abs(clip).max() == pytest.approx(32767 * 10 ** (-6 / 20), rel=0.02)
    with pytest.raises(UnusableAudioError):
        to_clip(AudioFile(np.zeros(1000, np.float32), SAMPLE_RATE), 0.0)


def test_voice_gain_brings_any_level_to_the_target() -> None:
    rng = np.random.default_rng(1)
    murmur = (rng.normal(0, 0.1, 5 * 22_050) * np.sin(np.arange(5 * 22_050) / 3000) ** 2).astype(np.float32)
    loud, faint = AudioFile(murmur, 22_050), AudioFile(murmur / np.float32(3000), 22_050)
    assert measure_gain(faint) - measure_gain(loud) == pytest.approx(20 * np.log10(3000), abs=0.02)
    with pytest.raises(UnusableAudioError):
        measure_gain(AudioFile(np.zeros(1000, np.float32), 22_050))


RAMP = [0, 1000, -1000, 32767, -32768, 5]
SAMPLES = np.array(RAMP) / 32768


def encoded(kind: str, subtype: str, endian: str = "FILE", channels: int = 1) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, np.stack([SAMPLES] * channels, axis=1), 16_000, format=kind, subtype=subtype, endian=endian)
    return file.getvalue()


def streamed(content: bytes) -> bytes:
    """As a program writes to a pipe: its sizes are placeholders."""
    return content[:4] + b"\xff\xff\xff\x7f" + content[8:40] + b"\xff\xff\xff\x7f" + content[44:]


@pytest.mark.parametrize(
    "content",
    [
        encoded("WAV", "PCM_16"),
        encoded("WAV", "PCM_24", channels=2),
        encoded("WAV", "PCM_32"),
        encoded("WAV", "FLOAT"),
        encoded("WAVEX", "PCM_16"),
        encoded("AIFF", "PCM_16"),
        encoded("AIFF", "PCM_16", "LITTLE"),
        encoded("AIFF", "FLOAT"),
        encoded("FLAC", "PCM_16"),
        streamed(encoded("WAV", "PCM_16")),
    ],
)
def test_kinds_of_files(content: bytes) -> None:
    audio = decode_audio(io.BytesIO(content))
    assert audio.rate == 16_000
    assert audio.samples == pytest.approx(SAMPLES, abs=1e-6)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"RIFF", "cut off"),
        (b"<html>", "can't be read"),
        (encoded("WAV", "PCM_16")[:44], "cut off"),
        (encoded("AIFF", "PCM_16")[:-1], "cut off"),
        (encoded("WAV", "PCM_16")[:-12].replace(b"\x30\0\0\0", b"\x24\0\0\0"), "no samples"),
        (encoded("WAV", "FLOAT")[:-4] + struct.pack("<f", float("nan")), "not numbers"),
    ],
)
def test_bad_files(content: bytes, reason: str) -> None:
    with pytest.raises(UnusableAudioError, match=reason):
        decode_audio(io.BytesIO(content))
