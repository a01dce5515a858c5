"""The tones as they sound: levels, pitches, edges, and that none is like another."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import miniaudio
import numpy as np
import pytest

from cuecast.mix.tones import render_glide, render_tone
from cuecast.model.clip import SAMPLE_RATE, SAMPLES_PER_MS
from cuecast.model.tones import PACE_HIGH_HZ, PACE_LOW_HZ, TONES, Tone
from tests.encode.conftest import render
from tests.mix.ear import (
    Wave,
    a_weighting,
    gesture_of,
    in_noise,
    loudspeaker,
    on_a_phone,
    spectrum,
)
from tests.mix.tracks import beep, peak, samples, timeline

LEADING = ("countdown", "start", "end", "finish")
ALL = pytest.mark.parametrize("tone", TONES.values(), ids=TONES)


def pitch(pcm: bytes, start: int, end: int) -> float:
    part = samples(pcm)[start * SAMPLES_PER_MS : end * SAMPLES_PER_MS]
    size = 1 << 18
    spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)), size))
    return float(np.argmax(spectrum)) * SAMPLE_RATE / size


@ALL
def test_its_length_and_peak_are_exact(tone: Tone) -> None:
    pcm = render_tone(tone)
    assert len(pcm) == tone.ms * SAMPLES_PER_MS * 2
    assert peak(pcm) == round(32_768 * 10 ** (tone.peak_dbfs / 20))


@ALL
def test_each_note_has_its_pitch_where_it_begins(tone: Tone) -> None:
    ends = [note.start for note in tone.notes[1:]] + [tone.ms]
    for note, end in zip(tone.notes, ends, strict=True):
        assert pitch(render_tone(tone), note.start, end) == pytest.approx(note.hz, rel=0.005)


@ALL
def test_it_begins_and_ends_in_silence_without_a_click_or_dc(tone: Tone) -> None:
    wave = samples(render_tone(tone))
    assert wave[0] == 0
    assert abs(wave[-1]) < 2 / 32_768
    assert abs(wave.mean()) < 2 / 32_768
    steps = np.abs(np.diff(wave))
    edge = 8 * SAMPLES_PER_MS
    assert max(steps[:edge].max(), steps[-edge:].max()) <= 1.2 * steps[edge:-edge].max()


def test_levels() -> None:
    assert {TONES[name].peak_dbfs for name in LEADING} == {-12.0}
    assert all(-20 <= TONES[name].peak_dbfs <= -15 for name in ("interval", "halfway"))
    wake = TONES["wake"]
    assert (wake.hz, wake.ms, wake.peak_dbfs) == (200, 300, -40.0)


LEAST_DISTANCE = 2.0
"""How different the gestures of two tones must be."""

PACES = {"pace up": (PACE_LOW_HZ, PACE_HIGH_HZ), "pace down": (PACE_HIGH_HZ, PACE_LOW_HZ)}
SOUNDS = {
    **{name: samples(render_tone(tone)) for name, tone in TONES.items() if name != "wake"},
    **{name: samples(render_glide(*hz, 3_000)) for name, hz in PACES.items()},
}
"""All that a person is meant to hear."""

URGENT = ("countdown", "start", "end")
"""Tones that a person acts on at once."""


def alone(wave: Wave) -> Wave:
    """With quiet around it."""
    quiet = np.zeros(200 * SAMPLES_PER_MS)
    return np.concatenate([quiet, wave, quiet])


def beginning(name: str) -> Wave:
    """Its first 250 ms."""
    return SOUNDS[name][: 250 * SAMPLES_PER_MS]


KNOWN = {name: gesture_of(alone(wave)) for name, wave in SOUNDS.items()}
"""The gesture of each in quiet."""

BEGINNINGS = {name: gesture_of(alone(beginning(name))) for name in URGENT}


@pytest.mark.parametrize(("one", "other"), [*combinations(KNOWN, 2)])
def test_no_two_are_alike(one: str, other: str) -> None:
    assert KNOWN[one].distance(KNOWN[other]) > LEAST_DISTANCE, (KNOWN[one], KNOWN[other])


@pytest.mark.parametrize(("one", "other"), [*combinations(URGENT, 2)])
def test_urgent_tones_differ_within_250_ms(one: str, other: str) -> None:
    assert BEGINNINGS[one].distance(BEGINNINGS[other]) > LEAST_DISTANCE


@pytest.mark.parametrize("seed", range(3))
def test_each_is_recognised_on_a_phone_in_a_noisy_place(seed: int) -> None:
    for known, sounds in ((KNOWN, SOUNDS), (BEGINNINGS, {name: beginning(name) for name in URGENT})):
        for name, wave in sounds.items():
            now = gesture_of(in_noise(on_a_phone(alone(wave)), 20, seed))
            nearest, *others = sorted(known, key=lambda each: now.distance(known[each]))
            assert nearest == name, (now, known[name], known[nearest])
            assert now.distance(known[nearest]) < 0.6 * now.distance(known[others[0]]), (name, others[0])


@pytest.mark.parametrize(("name", "least"), [*((n, 0.75) for n in TONES if n != "wake"), *((n, 0.55) for n in PACES)])
def test_a_phones_loudspeaker_carries_it(name: str, least: float) -> None:
    """That part of its A-weighted power is left between 500 Hz and 4 kHz."""
    hz, power = spectrum(SOUNDS[name])
    audible = power * a_weighting(hz)
    carried = (audible * loudspeaker(hz))[(hz >= 500) & (hz <= 4_000)].sum()
    assert carried / audible.sum() > least


@pytest.mark.parametrize("name", SOUNDS)
def test_nothing_is_shrill_in_an_earbud(name: str) -> None:
    hz, power = spectrum(SOUNDS[name])
    audible = power * a_weighting(hz)
    assert audible[hz > 4_000].sum() / audible.sum() < 0.005
    assert audible[hz > 2_000].sum() / audible.sum() < 0.12


def loudness(wave: Wave) -> float:
    """By curve A, in dB, of the loudest 100 ms."""
    hz, _ = spectrum(wave)
    size = 2 * (len(hz) - 1)
    weighted = np.fft.irfft(np.fft.rfft(wave, size) * np.sqrt(a_weighting(hz)))[: len(wave)]
    span = 100 * SAMPLES_PER_MS
    return 10 * float(np.log10(np.convolve(weighted**2, np.ones(span) / span, "same").max()))


def test_leading_tones_are_about_as_loud_as_a_voice_and_the_others_softer() -> None:
    """Speech is at -19 LUFS, with its loudest 100 ms some 6 dB above."""
    for phone in (False, True):
        level = {name: loudness(on_a_phone(wave) if phone else wave) for name, wave in SOUNDS.items()}
        leading = [level[name] for name in LEADING]
        assert -21 < min(leading) <= max(leading) < -13
        urgent = [level[name] for name in URGENT]
        assert max(urgent) - min(urgent) < 3.5
        for name in ("interval", "halfway"):
            assert -27 < level[name] < min(urgent) - 4
        for name in PACES:
            assert -40 < level[name] < -33


@ALL
def test_it_is_found_to_the_millisecond_in_the_decoded_mp3(tone: Tone, tmp_path: Path) -> None:
    starts = (1_000, 5_007, 9_013, 13_500)
    pips = timeline([beep(start, tone.name) for start in starts], 16_000)
    path = render(pips, {}, tmp_path / "t.mp3").path
    wave = np.abs(np.array(miniaudio.mp3_read_file_f32(str(path)).samples))
    for start in starts:
        around = wave[(start - 400) * SAMPLES_PER_MS : (start + tone.ms) * SAMPLES_PER_MS]
        first = around[: 500 * SAMPLES_PER_MS].max()
        sounds = np.flatnonzero(around > first / 20)
        patience = 12 if tone.name == "wake" else 1
        assert abs(sounds[0] / SAMPLES_PER_MS - 400) <= patience
        full = np.flatnonzero(around > first * 0.6)
        assert tone.name == "wake" or full[0] / SAMPLES_PER_MS - 400 <= 5  # an attack of a few milliseconds
