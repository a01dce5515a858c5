"""Loudness against the standard's own test signals, the limiter against what it promises, files of all kinds."""

from __future__ import annotations

import struct
import wave
from pathlib import Path

import numpy as np
import pytest
import soxr

from cuecast.model.audio_file import AudioFile, BadTake, Samples, read_take
from cuecast.model.clip import SAMPLE_RATE
from cuecast.model.loudness import loudness
from cuecast.speak import clip_processing as shape
from cuecast.speak.limiter import CEILING_DBTP, gains, peaks, ramped


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


def test_limiter_only_amplifies_what_stays_below() -> None:
    assert gains(peaks(oversampled(sine(-20, 1)), 192), 6) == pytest.approx(10 ** (6 / 20))


def bursts() -> Samples:
    noise = np.random.default_rng(1).normal(0, 1, SAMPLE_RATE).astype(np.float32)
    made: Samples = sine(-1, 1, 440) * (np.arange(SAMPLE_RATE) // 4800 % 2) + noise * np.float32(0.02)
    return made


@pytest.mark.parametrize("rate", [8_000, 22_050, 24_000, 44_100, 48_000, 96_000])
@pytest.mark.parametrize("gain", [0.0, 6.0, 20.0])
def test_limiter_holds_the_ceiling_without_corners(gain: float, rate: int) -> None:
    sound = shape._at_48k(AudioFile(soxr.resample(bursts(), SAMPLE_RATE, rate, "VHQ"), rate))
    assert peak_db(sound.levelled(gain)) <= CEILING_DBTP + 0.05
    factors = ramped(gains(sound.peaks, gain), len(sound.samples))
    assert len(factors) == len(sound.samples)
    assert 20 * np.abs(np.diff(np.log10(factors))).max() < 0.03  # dB from one sample to the next


def test_limiter_does_not_pump() -> None:
    """What lasts is turned down evenly, whatever its pitch; and what comes 60 ms after it not at all."""
    for hz in (70, 110, 220, 997):
        tone = np.pad(sine(0, 1, hz), SAMPLE_RATE // 2)
        db = 20 * np.log10(gains(peaks(oversampled(tone), 192), 6.0))
        assert np.ptp(db[550:1450]) < 0.1
        assert db[1000] == pytest.approx(CEILING_DBTP, abs=0.1)
        assert db[:440] == pytest.approx(6.0)
        assert db[1560:] == pytest.approx(6.0)


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 44_100, 48_000])
@pytest.mark.parametrize(
    ("hz", "lowest", "highest"), [(10, -99, -40), (20, -99, -26), (70, -0.5, 0.1), (1000, -0.01, 0.01)]
)
def test_only_what_lies_below_a_voice_is_taken_away(hz: float, lowest: float, highest: float, rate: int) -> None:
    n = np.arange(2 * rate)
    take = AudioFile((0.5 * np.sin(2 * np.pi * hz * n / rate) + 0.01).astype(np.float32), rate)
    passed = shape._high_passed(take).samples[rate // 2 : -rate // 2]
    assert abs(passed.mean()) < 1e-4
    assert lowest <= 20 * np.log10(np.abs(passed).max() / 0.5) <= highest


def test_clip_of_a_take() -> None:
    tone = np.pad(sine(-12, 0.5), SAMPLE_RATE)
    clip = np.frombuffer(shape.pcm(AudioFile(tone, SAMPLE_RATE), 6.0), "<i2")
    assert 535 <= len(clip) / 48 <= 580  # 35 ms of margin, and the ringing of the filters at such hard edges
    assert np.abs(clip).max() == pytest.approx(32767 * 10 ** (-6 / 20), rel=0.02)
    with pytest.raises(BadTake):
        shape.pcm(AudioFile(np.zeros(1000, np.float32), SAMPLE_RATE), 0.0)


def test_voice_gain_brings_any_level_to_the_target() -> None:
    rng = np.random.default_rng(1)
    murmur = (rng.normal(0, 0.1, 5 * 22_050) * np.sin(np.arange(5 * 22_050) / 3000) ** 2).astype(np.float32)
    loud, faint = AudioFile(murmur, 22_050), AudioFile(murmur / np.float32(3000), 22_050)
    assert shape.voice_gain(faint) - shape.voice_gain(loud) == pytest.approx(20 * np.log10(3000), abs=0.02)
    with pytest.raises(BadTake):
        shape.voice_gain(AudioFile(np.zeros(1000, np.float32), 22_050))


RAMP = [0, 1000, -1000, 32767, -32768, 5]


def riff(code: int, channels: int, bits: int, data: bytes, claimed: int | None = None) -> bytes:
    fmt = struct.pack("<HHIIHH", code, channels, 16_000, 16_000 * channels * bits // 8, channels * bits // 8, bits)
    body = b"WAVEfmt " + struct.pack("<I", 16) + fmt + b"LIST" + struct.pack("<I", 3) + b"abc\0"
    body += b"data" + struct.pack("<I", len(data) if claimed is None else claimed) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


def aiff(kind: bytes, code: bytes, bits: int, data: bytes) -> bytes:
    rate = struct.pack(">HQ", 16383 + 14, 22_050 << (63 - 14))
    common = struct.pack(">hIh", 1, len(data) * 8 // bits, bits) + rate + code
    sound = struct.pack(">II", 0, 0) + data
    body = kind + b"COMM" + struct.pack(">I", len(common)) + common + b"SSND" + struct.pack(">I", len(sound)) + sound
    return b"FORM" + struct.pack(">I", len(body)) + body


@pytest.mark.parametrize(
    ("content", "rate"),
    [
        (riff(1, 1, 16, struct.pack("<6h", *RAMP)), 16_000),
        (riff(1, 1, 16, struct.pack("<6h", *RAMP), 0x7FFFFFFF), 16_000),
        (riff(1, 2, 16, struct.pack("<12h", *(v for v in RAMP for _ in "lr"))), 16_000),
        (riff(1, 1, 24, b"".join(struct.pack("<i", v << 8)[:3] for v in RAMP)), 16_000),
        (riff(1, 1, 32, struct.pack("<6i", *(v << 16 for v in RAMP))), 16_000),
        (riff(3, 1, 32, struct.pack("<6f", *(v / 32768 for v in RAMP))), 16_000),
        (aiff(b"AIFF", b"", 16, struct.pack(">6h", *RAMP)), 22_050),
        (aiff(b"AIFF", b"", 24, b"".join(struct.pack(">i", v << 8)[1:] for v in RAMP)), 22_050),
        (aiff(b"AIFC", b"sowt\0\0", 16, struct.pack("<6h", *RAMP)), 22_050),
        (aiff(b"AIFC", b"fl32\0\0", 32, struct.pack(">6f", *(v / 32768 for v in RAMP))), 22_050),
    ],
)
def test_kinds_of_files(content: bytes, rate: int, tmp_path: Path) -> None:
    (tmp_path / "take").write_bytes(content)
    take = read_take(tmp_path / "take")
    assert take.rate == rate
    assert take.samples == pytest.approx(np.array(RAMP) / 32768, abs=1e-6)


def test_eight_bits(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "take"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8_000)
        file.writeframes(bytes([128, 255, 0]))
    assert read_take(tmp_path / "take").samples == pytest.approx([0, 127 / 128, -1])


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"RIFF", "neither"),
        (riff(1, 1, 16, b""), "no samples"),
        (riff(1, 1, 16, bytes(100), 200), "cut off: 100 of 200 bytes"),
        (riff(85, 1, 16, bytes(100)), "compressed"),
        (riff(1, 0, 16, bytes(100)), "0 channels"),
        (riff(1, 1, 20, bytes(100)), None),
        (riff(3, 1, 32, struct.pack("<f", float("nan"))), "no numbers"),
        (aiff(b"AIFC", b"ima4\0\0", 16, bytes(4)), "compressed"),
        (riff(1, 1, 16, bytes(100))[:30], "cut off"),
        (aiff(b"AIFF", b"", 16, bytes(100))[:25], "cut off"),
    ],
)
def test_bad_files(content: bytes, why: str | None, tmp_path: Path) -> None:
    (tmp_path / "take").write_bytes(content)
    if why is None:
        read_take(tmp_path / "take")
        return
    with pytest.raises(BadTake, match=why):
        read_take(tmp_path / "take")
