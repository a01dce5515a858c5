"""Sounds of one's own in place of tones: what becomes of a file, where it lies in the timeline, how it is cut_short."""

from __future__ import annotations

import json
import pickle
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import miniaudio
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cuecast import api
from cuecast.export.json import Json
from cuecast.mix.mixer import mix
from cuecast.model.build import Track
from cuecast.model.clip import SAMPLES_PER_MS
from cuecast.model.custom_tone import LONGEST_MS, MAX_FILE, CustomTone
from cuecast.model.diagnostics import Diagnostic, has_errors
from cuecast.model.routine import Volume
from cuecast.model.timeline import SpeechEvent, Timeline, ToneEvent
from cuecast.model.tones import TONES
from cuecast.options import Options
from cuecast.pipeline import arrange_to_length
from cuecast.read import read
from cuecast.read.custom_tones import BadToneError, load_tone
from tests.compiler.compiling import word_lengths
from tests.mix.tracks import peak, place_of, samples, timeline
from tests.mix.wav_files import stroke, wav

KINDS = ("u1", "i2", "i3", "i4", "f4", "f8")


def onset_ms(pcm: bytes) -> float:
    """When it first reaches a twentieth of its peak."""
    wave = np.abs(samples(pcm))
    return float(np.argmax(wave > wave.max() / 20)) / SAMPLES_PER_MS


@pytest.mark.parametrize("name", LONGEST_MS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_wav_comes_to_the_tones_own_peak_and_begins_at_once(name: str, kind: str) -> None:
    for channels, extensible in ((1, False), (2, True)):
        tone = load_tone(name, "bell.wav", wav(stroke(300, lead_ms=123.4), 48_000, kind, channels, extensible))
        assert peak(tone.pcm) == round(32_768 * 10 ** (TONES[name].peak_dbfs / 20))
        assert onset_ms(tone.pcm) < 1
        assert len(tone.pcm) == tone.ms * SAMPLES_PER_MS * 2
        assert tone.ms == pytest.approx(300, abs=45)  # the quietest part of the tail is taken for silence


@given(
    st.sampled_from([8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000, 192_000]),
    st.floats(0, 400),
    st.floats(150, 3_000),
)
def test_any_rate_begins_within_the_millisecond_and_keeps_its_pitch(rate: int, lead: float, hz: float) -> None:
    tone = load_tone("end", "bell.wav", wav(stroke(250, rate, hz, lead), rate, "f4"))
    assert onset_ms(tone.pcm) <= 1
    spectrum = np.abs(np.fft.rfft(samples(tone.pcm)[: 200 * SAMPLES_PER_MS], 1 << 18))
    assert np.argmax(spectrum) * 48_000 / (1 << 18) == pytest.approx(hz, rel=0.03)


def test_a_recording_with_hiss_and_beside_zero_begins_with_its_stroke() -> None:
    rng = np.random.default_rng(5)
    wave = np.concatenate([stroke(400, lead_ms=700), np.zeros(48_000)])
    wave += rng.normal(0, 0.0007, len(wave)) + 0.02
    tone = load_tone("end", "bell.wav", wav(wave))
    assert onset_ms(tone.pcm) <= 1
    assert tone.ms < 420
    assert abs(samples(tone.pcm)[-48:]).max() < 1e-3


def test_edges_do_not_click() -> None:
    tone = load_tone("finish", "bell.wav", wav(stroke(300)[: 48 * 200]))  # cut off while it still sounds
    wave = samples(tone.pcm)
    assert wave[0] == 0
    whole = stroke(300) / 0.4 * np.abs(wave).max()
    assert np.abs(np.diff(wave[:144])).max() < 1.3 * np.abs(np.diff(whole)).max()
    assert np.abs(np.diff(wave[-480:])).max() < 0.5 * np.abs(np.diff(wave)).max()
    assert abs(wave[-1]) < 1e-3


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is not a WAV file"),
        (b"ID3" + bytes(500), "is not a WAV file"),
        (b"FORM" + bytes(500), "is not a WAV file"),
        (wav(stroke(300))[:2_000], "can't be read: the sound file is cut off"),
        (wav(stroke(300))[:30], "can't be read"),
        (b"RIFF\x00\x00\x00\x00WAVE", "can't be read"),
        (wav(np.zeros(0)), "can't be read: the sound file holds no samples"),
        (wav(np.full(4_800, np.nan), kind="f4"), "can't be read: the sound file holds values that are not numbers"),
        (wav(np.zeros(4_800)), "is silent"),
        (wav(np.full(4_800, 0.5)), "is silent"),  # a direct current is no sound
        (wav(stroke(300, level=0.0005)), "is silent"),
        (wav(stroke(10)), "it would be a click"),
        (bytes(MAX_FILE + 1), "is larger than 4 MB"),
        (wav(np.tile(stroke(300), 4)), "lasts 1.2 s; 900 ms are the most"),
        (wav(stroke(300), rate=4), "can't be read"),
        (wav(stroke(300), channels=0), "can't be read"),
    ],
)
def test_an_unusable_file_is_an_error_with_a_hint(content: bytes, message: str) -> None:
    with pytest.raises(BadToneError) as fault:
        load_tone("countdown", "x.wav", content)
    assert message in str(fault.value)
    assert fault.value.hint


@given(st.binary(max_size=300), st.booleans())
def test_no_bytes_whatever_are_a_surprise(content: bytes, is_wav: bool) -> None:
    whole = wav(stroke(30))
    damaged = whole[:20] + content + whole[20 + len(content) :] if is_wav else content
    try:
        tone = load_tone("end", "x.wav", damaged)
    except BadToneError:
        return
    assert tone.ms * SAMPLES_PER_MS * 2 == len(tone.pcm)


@pytest.mark.parametrize("name", LONGEST_MS)
def test_each_may_be_as_long_as_it_says(name: str) -> None:
    longest = LONGEST_MS[name]

    def steady(ms: int) -> bytes:
        return wav(0.3 * np.sin(np.arange(ms * 8) * 0.7), 8_000)

    assert load_tone(name, "x.wav", steady(longest - 5)).ms == pytest.approx(longest, abs=8)
    with pytest.raises(BadToneError):
        load_tone(name, "x.wav", steady(longest + 5))


def steady(name: str, ms: int) -> CustomTone:
    return load_tone(name, f"{name}.wav", wav(0.3 * np.sin(np.arange(ms * 48) * 0.1)))


def arranged_with(text: str, tones: Mapping[str, int]) -> tuple[Timeline, tuple[Diagnostic, ...]]:
    """A routine's timeline with custom tones of these lengths, each word 400 ms."""
    routine, diagnostics, *_ = read("x.yaml", f"title: x\n{text}".encode())
    assert routine is not None, diagnostics
    routine = replace(routine, tones=tuple(steady(name, ms) for name, ms in tones.items()))
    arranged = arrange_to_length(routine, Options(wake=False), word_lengths)
    assert arranged.timeline is not None, arranged.faults
    return arranged.timeline, arranged.faults


def beeps(track: Timeline, name: str) -> list[ToneEvent]:
    return [event for event in track.events if isinstance(event, ToneEvent) and event.name == name]


LONG = {"countdown": 890, "start": 2_490, "interval": 1_990, "halfway": 1_990, "end": 4_990, "finish": 4_990}

TWO = """
defaults: {work: 20s, transition: 8s, beeps: [every 6s, half]}
steps:
  - exercise: Calves
    setup: Sit down now
    cues: {start: Slowly, 5s: Breathe out}
  - exercise: Quads
"""


def test_words_wait_for_a_long_tone_and_the_gap_has_room_for_both() -> None:
    track, faults = arranged_with(TWO, LONG)
    assert not has_errors(faults)
    (end,) = beeps(track, "end")
    assert end.custom is not None
    assert end.end - end.start == end.custom.ms
    following = next(event for event in track.events if event.start > end.start)
    assert isinstance(following, SpeechEvent)
    assert following.start == end.end + 150
    cue = next(e for e in track.events if isinstance(e, SpeechEvent) and e.utterance.text == "Slowly")
    start = beeps(track, "start")[0]
    assert cue.start == start.end + 150
    assert beeps(track, "finish")[0].end <= track.duration
    usual, _ = arranged_with(TWO, {})
    gaps = [[i.end - i.start for i in each.intervals if i.kind == "transition"] for each in (usual, track)]
    assert gaps[0][0] == gaps[1][0]
    assert gaps[0][1] == 8_000 < gaps[1][1] <= 12_000
    assert sum(i.end - i.start for i in track.intervals) == track.duration


CASES = [
    TWO,
    TWO.replace("8s", "0s"),
    TWO.replace("20s", "4s").replace("{start: Slowly, 5s: Breathe out}", "{start: Hm}").replace("8s", "0s"),
    TWO.replace("8s", "4s").replace("beeps", "announce: off, beeps"),
    TWO.replace("8s", "4s").replace("beeps", "countdown: 3 spoken, announce: off, beeps"),
    TWO.replace("8s", "5s").replace("beeps", "pace: [in 2s, out 3s], beeps"),
    TWO + "  - say: Well done\n  - pause: 2s\n  - exercise: Shins\n  - rest: 4s\n  - exercise: Hips\n",
]


@pytest.mark.parametrize("text", CASES)
@pytest.mark.parametrize("lengths", [LONG, dict.fromkeys(LONG, 30), {"end": 4_990}, {"start": 2_490}])
def test_one_tone_at_a_time_and_150_ms_between_words_and_a_tone(text: str, lengths: Mapping[str, int]) -> None:
    track, _ = arranged_with(text, lengths)
    for one, other in pairwise(track.events):
        apart = 150 if isinstance(one, SpeechEvent) != isinstance(other, SpeechEvent) else 0
        assert one.end + apart <= other.start, (one, other)
    for event in track.events:
        assert event.start < event.end <= track.duration
        if isinstance(event, ToneEvent) and event.name in lengths:
            assert event.custom is not None
            assert (event.custom.name, event.hz) == (event.name, None)


def test_a_gong_that_the_countdown_cuts_short_fades_out() -> None:
    track, _ = arranged_with(CASES[3], {"end": 4_990})
    (gong,) = beeps(track, "end")
    (first, *_) = [each for each in beeps(track, "countdown") if each.start > gong.start]
    assert gong.end == first.start == gong.start + 1_000
    assert gong.custom is not None
    cut_short = samples(mix(track, {})(gong.start, gong.end + 10))[: 1_000 * SAMPLES_PER_MS]
    whole = samples(gong.custom.pcm)[: 1_000 * SAMPLES_PER_MS]
    fade = 30 * SAMPLES_PER_MS
    assert (cut_short[:-fade] == whole[:-fade]).all()
    assert abs(cut_short[-1]) < 1e-3 < abs(whole[-fade:]).max() / 10
    assert np.abs(np.diff(cut_short)).max() <= 1.05 * np.abs(np.diff(whole)).max()


def test_the_recipe_is_that_of_the_sound_not_of_the_files_name() -> None:
    def recipe(content: bytes, file: str = "gong.wav", cut: int = 0, volume: float = 0.0) -> list[object] | None:
        gong = load_tone("end", file, content)
        track = timeline(
            [ToneEvent(500, 500 + gong.ms - cut, "end", None, custom=gong)], 4_000, volume=Volume(tones=volume)
        )
        return mix(track, {}).recipe(0, 4_000)

    gong = wav(stroke(800))
    assert recipe(gong) is not None
    assert recipe(gong) == recipe(gong, "other.wav") == recipe(wav(stroke(800, lead_ms=90)))
    others = [recipe(wav(stroke(800, hz=910))), recipe(gong, cut=100), recipe(gong, volume=-1.0)]
    assert recipe(gong) not in others
    assert json.dumps(others)


def test_the_timeline_pickles_and_says_which_file() -> None:
    track, _ = arranged_with(TWO, {"end": 700})
    assert pickle.loads(pickle.dumps(track)) == track
    written = json.loads(Json().dump(track))
    (event,) = [each for each in written["events"] if each.get("name") == "end"]
    assert {**event, "start": 0, "end": 0} == {
        "start": 0, "end": 0, "lane": "tones", "kind": "tone", "name": "end", "hz": None, "file": "end.wav",
    }  # fmt: skip
    assert all(each["hz"] for each in written["events"] if each["kind"] == "tone" and each["name"] != "end")


ROUTINE = """\
title: With bells
voice: silent
volume: {tones: -3dB}
tones: {countdown: tick.wav, start: whistle.wav, end: gong.wav, finish: gong.wav}
steps:
  - exercise: Calves
    sides: [left, right]
    work: 12s
"""


def test_in_the_decoded_track_each_begins_to_the_millisecond_and_has_its_level(tmp_path: Path) -> None:
    (tmp_path / "tick.wav").write_bytes(wav(stroke(80, 44_100, 1_200, 33), 44_100, "i3", 2))
    (tmp_path / "whistle.wav").write_bytes(wav(stroke(700, 22_050, 2_000, 500), 22_050))
    gong = tmp_path / "home" / "tones" / "gong.wav"
    gong.parent.mkdir(parents=True)
    gong.write_bytes(wav(stroke(2_500, 96_000, 320, 12.3), 96_000, "f4"))
    (tmp_path / "x.yaml").write_text(ROUTINE)

    def build() -> Track:
        options = Options(jobs=2, home=tmp_path / "home", cache=tmp_path / "cache")
        result = api.render(tmp_path / "x.yaml", tmp_path / "x.mp3", options)
        assert result.value is not None, result.diagnostics
        return result.value

    track = build()
    assert track.timeline is not None
    decoded = miniaudio.mp3_read_file_f32(str(track.path))
    wave = np.frombuffer(decoded.samples, np.float32).astype(np.float64)
    assert len(wave) == track.timeline.duration * SAMPLES_PER_MS
    tones = [each for each in track.timeline.events if isinstance(each, ToneEvent) and each.custom]
    assert {each.name for each in tones} == {"countdown", "start", "end", "finish"}
    for each in tones:
        assert each.custom is not None
        around = wave[(each.start - 50) * SAMPLES_PER_MS : (each.end + 50) * SAMPLES_PER_MS]
        lag = place_of(samples(each.custom.pcm)[: len(around) // 2], around)
        assert abs(lag - 50 * SAMPLES_PER_MS) <= SAMPLES_PER_MS, each
        level = 20 * np.log10(np.abs(around).max())
        assert level == pytest.approx(TONES[each.name].peak_dbfs - 3, abs=0.7), each

    bytes_before = track.path.read_bytes()
    gong.write_bytes(wav(stroke(2_500, 96_000, 330, 12.3), 96_000, "f4"))
    assert build().path.read_bytes() != bytes_before  # nothing of the old gong comes from the cache
