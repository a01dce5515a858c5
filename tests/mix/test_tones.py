"""The tones as they sound: levels, pitches, edges, and that none is like another."""

from __future__ import annotations

import subprocess
import sys
from itertools import combinations

import numpy as np
import pytest

from cuecast.sound import SAMPLE_RATE, SAMPLES_PER_MS
from cuecast.tones import TONES, Tone, render_tone
from tests.mix.tracks import peak, samples

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
def test_the_claimed_pitch_leads_the_first_150_ms(tone: Tone) -> None:
    assert pitch(render_tone(tone), 0, min(150, tone.ms)) == pytest.approx(tone.hz, rel=0.005)


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


def test_lengths_and_pitches_suit_a_phone_and_an_earbud() -> None:
    assert TONES["start"].hz == 880
    assert TONES["countdown"].ms <= 150
    for tone in TONES.values():
        assert tone.ms <= 950
        if tone.name != "wake":
            assert all(500 <= note.hz <= 1_500 for note in tone.notes)


def gesture(tone: Tone) -> tuple[int, int]:
    """How many notes, and whether they rise, fall or stay."""
    first, last = tone.notes[0].hz, tone.notes[-1].hz
    return len(tone.notes), (last > first) - (last < first)


def test_no_two_are_alike() -> None:
    for one, other in combinations(TONES.values(), 2):
        if gesture(one) == gesture(other):
            apart = abs(12 * np.log2(one.hz / other.hz))
            assert apart > 7, f"{one.name} and {other.name} are {apart:.1f} semitones apart"
            assert one.timbre != other.timbre


def test_they_need_no_numpy() -> None:
    code = (
        "import sys, cuecast.tones as t; [t.render_tone(x) for x in t.TONES.values()]; sys.exit('numpy' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
