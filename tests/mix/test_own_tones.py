"""Sounds of one's own in place of tones: what becomes of a file, where it lies in the timeline, how it is heard."""

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

from cuecast import pipeline
from cuecast.cache import Cache
from cuecast.export.json import Json
from cuecast.library import Folders, Library
from cuecast.mix.mixer import mix
from cuecast.mix.tones import render_tone
from cuecast.model.build import Track
from cuecast.model.clip import SAMPLES_PER_MS
from cuecast.model.custom_tone import LONGEST_MS, MAX_FILE, CustomTone
from cuecast.model.diagnostics import Diagnostic, has_errors
from cuecast.model.progress import ProgressListener
from cuecast.model.routine import Volume
from cuecast.model.timeline import SpeechEvent, Timeline, ToneEvent
from cuecast.model.tones import TONES
from cuecast.options import Options
from cuecast.pipeline import arrange_to_length
from cuecast.read import read
from cuecast.read.custom_tones import BadToneError, load_tone
from tests.builds import VOICES, source
from tests.compiler.compiling import word_lengths
from tests.mix.own import stroke, wav
from tests.mix.tracks import at_ms, beep, peak, place_of, samples, timeline

KINDS = ("u1", "i2", "i3", "i4", "f4", "f8")


def onset_ms(pcm: bytes) -> float:
    """When it first reaches a twentieth of its peak."""
    wave = np.abs(samples(pcm))
    return float(np.argmax(wave > wave.max() / 20)) / SAMPLES_PER_MS


@pytest.mark.parametrize("name", LONGEST_MS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_wav_comes_to_the_tones_own_peak_and_begins_at_once(name: str, kind: str) -> None:
    for channels, extensible in ((1, False), (2, True)):
        made = load_tone(name, "bell.wav", wav(stroke(300, lead_ms=123.4), 48_000, kind, channels, extensible))
        assert peak(made.pcm) == round(32_768 * 10 ** (TONES[name].peak_dbfs / 20))
        assert onset_ms(made.pcm) < 1
        assert len(made.pcm) == made.ms * SAMPLES_PER_MS * 2
        assert made.ms == pytest.approx(300, abs=45)  # the quietest part of the tail is taken for silence


@given(
    st.sampled_from([8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000, 192_000]),
    st.floats(0, 400),
    st.floats(150, 3_000),
)
def test_any_rate_begins_within_the_millisecond_and_keeps_its_pitch(rate: int, lead: float, hz: float) -> None:
    made = load_tone("end", "bell.wav", wav(stroke(250, rate, hz, lead), rate, "f4"))
    assert onset_ms(made.pcm) <= 1
    spectrum = np.abs(np.fft.rfft(samples(made.pcm)[: 200 * SAMPLES_PER_MS], 1 << 18))
    assert np.argmax(spectrum) * 48_000 / (1 << 18) == pytest.approx(hz, rel=0.03)


def test_a_recording_with_hiss_and_beside_zero_begins_with_its_stroke() -> None:
    rng = np.random.default_rng(5)
    wave = np.concatenate([stroke(400, lead_ms=700), np.zeros(48_000)])
    wave += rng.normal(0, 0.0007, len(wave)) + 0.02
    made = load_tone("end", "bell.wav", wav(wave))
    assert onset_ms(made.pcm) <= 1
    assert made.ms < 420
    assert abs(samples(made.pcm)[-48:]).max() < 1e-3


def test_edges_do_not_click() -> None:
    made = load_tone("finish", "bell.wav", wav(stroke(300)[: 48 * 200]))  # cut off while it still sounds
    wave = samples(made.pcm)
    assert wave[0] == 0
    whole = stroke(300) / 0.4 * np.abs(wave).max()
    assert np.abs(np.diff(wave[:144])).max() < 1.3 * np.abs(np.diff(whole)).max()
    assert np.abs(np.diff(wave[-480:])).max() < 0.5 * np.abs(np.diff(wave)).max()
    assert abs(wave[-1]) < 1e-3


@pytest.mark.parametrize(
    ("content", "said"),
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
def test_what_is_no_tone_is_told(content: bytes, said: str) -> None:
    with pytest.raises(BadToneError) as told:
        load_tone("countdown", "x.wav", content)
    assert said in str(told.value)
    assert told.value.hint


@given(st.binary(max_size=300), st.booleans())
def test_no_bytes_whatever_are_a_surprise(content: bytes, is_wav: bool) -> None:
    whole = wav(stroke(30))
    damaged = whole[:20] + content + whole[20 + len(content) :] if is_wav else content
    try:
        made = load_tone("end", "x.wav", damaged)
    except BadToneError:
        return
    assert made.ms * SAMPLES_PER_MS * 2 == len(made.pcm)


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


def laid(text: str, tones: Mapping[str, int]) -> tuple[Timeline, tuple[Diagnostic, ...]]:
    """A routine's timeline with tones of one's own of these lengths, each word 400 ms."""
    routine, found, _ = read("x.yaml", f"title: x\n{text}".encode())
    assert routine is not None, found
    routine = replace(routine, tones=tuple(steady(name, ms) for name, ms in tones.items()))
    made = arrange_to_length(routine, Options(wake=False), word_lengths)
    assert made.timeline is not None, made.faults
    return made.timeline, made.faults


def beeps(made: Timeline, name: str) -> list[ToneEvent]:
    return [event for event in made.events if isinstance(event, ToneEvent) and event.name == name]


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
    made, faults = laid(TWO, LONG)
    assert not has_errors(faults)
    (end,) = beeps(made, "end")
    assert end.custom is not None
    assert end.end - end.start == end.custom.ms
    following = next(event for event in made.events if event.start > end.start)
    assert isinstance(following, SpeechEvent)
    assert following.start == end.end + 150
    cue = next(e for e in made.events if isinstance(e, SpeechEvent) and e.utterance.text == "Slowly")
    start = beeps(made, "start")[0]
    assert cue.start == start.end + 150
    assert beeps(made, "finish")[0].end <= made.duration
    usual, _ = laid(TWO, {})
    gaps = [[i.end - i.start for i in each.intervals if i.kind == "transition"] for each in (usual, made)]
    assert gaps[0][0] == gaps[1][0]
    assert gaps[0][1] == 8_000 < gaps[1][1] <= 12_000
    assert sum(i.end - i.start for i in made.intervals) == made.duration


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
    made, _ = laid(text, lengths)
    for one, other in pairwise(made.events):
        apart = 150 if isinstance(one, SpeechEvent) != isinstance(other, SpeechEvent) else 0
        assert one.end + apart <= other.start, (one, other)
    for event in made.events:
        assert event.start < event.end <= made.duration
        if isinstance(event, ToneEvent) and event.name in lengths:
            assert event.custom is not None
            assert (event.custom.name, event.hz) == (event.name, None)


def test_a_gong_that_the_countdown_cuts_short_fades_out() -> None:
    made, _ = laid(CASES[3], {"end": 4_990})
    (gong,) = beeps(made, "end")
    (first, *_) = [each for each in beeps(made, "countdown") if each.start > gong.start]
    assert gong.end == first.start == gong.start + 1_000
    assert gong.custom is not None
    heard = samples(mix(made, {})(gong.start, gong.end + 10))[: 1_000 * SAMPLES_PER_MS]
    whole = samples(gong.custom.pcm)[: 1_000 * SAMPLES_PER_MS]
    fade = 30 * SAMPLES_PER_MS
    assert (heard[:-fade] == whole[:-fade]).all()
    assert abs(heard[-1]) < 1e-3 < abs(whole[-fade:]).max() / 10
    assert np.abs(np.diff(heard)).max() <= 1.05 * np.abs(np.diff(whole)).max()


@given(st.lists(st.integers(0, 6_000), max_size=6))
def test_windows_joined_are_the_whole(cuts: list[int]) -> None:
    gong = steady("end", 3_000)
    made = timeline([ToneEvent(500, 2_700, "end", None, custom=gong), beep(2_700, "start")], 6_000)
    window = mix(made, {})
    edges = [0, *sorted(cuts), 6_000]
    assert b"".join(window(a, b) for a, b in pairwise(edges)) == window(0, 6_000)


def test_the_recipe_is_that_of_the_sound_not_of_the_files_name() -> None:
    def recipe(content: bytes, file: str = "gong.wav", cut: int = 0, volume: float = 0.0) -> list[object] | None:
        own = load_tone("end", file, content)
        made = timeline(
            [ToneEvent(500, 500 + own.ms - cut, "end", None, custom=own)], 4_000, volume=Volume(tones=volume)
        )
        return mix(made, {}).recipe(0, 4_000)

    gong = wav(stroke(800))
    assert recipe(gong) is not None
    assert recipe(gong) == recipe(gong, "other.wav") == recipe(wav(stroke(800, lead_ms=90)))
    others = [recipe(wav(stroke(800, hz=910))), recipe(gong, cut=100), recipe(gong, volume=-1.0)]
    assert recipe(gong) not in others
    assert json.dumps(others)


@pytest.mark.parametrize(("gain", "level"), [(None, -12.0), (-6.0, -18.0), (3.0, -9.0)])
def test_volume_moves_it_with_the_tones(gain: float | None, level: float) -> None:
    own = load_tone("end", "gong.wav", wav(stroke(800, level=0.05)))
    made = timeline([ToneEvent(0, own.ms, "end", None, custom=own)], 2_000, volume=Volume(tones=gain or 0.0))
    assert 20 * np.log10(peak(mix(made, {})(0, 2_000)) / 32_768) == pytest.approx(level, abs=0.02)


def test_the_timeline_pickles_and_says_which_file() -> None:
    made, _ = laid(TWO, {"end": 700})
    assert pickle.loads(pickle.dumps(made)) == made
    written = json.loads(Json().dump(made))
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
    own = tmp_path / "own"
    own.mkdir()
    (own / "gong.wav").write_bytes(wav(stroke(2_500, 96_000, 320, 12.3), 96_000, "f4"))

    def build() -> Track:
        library = Library(tmp_path, Folders(voices=(VOICES,), tones=own))
        prepared = pipeline.prepare(source("x.yaml", ROUTINE, tmp_path), library, Options()).value
        assert prepared is not None
        cache = Cache(tmp_path / "cache")
        result = pipeline.render(prepared, tmp_path / "x.mp3", Options(jobs=2), cache, ProgressListener(), library)
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
    (own / "gong.wav").write_bytes(wav(stroke(2_500, 96_000, 330, 12.3), 96_000, "f4"))
    assert build().path.read_bytes() != bytes_before  # another gong under the same name is no old one from the cache


def test_tones_of_the_product_are_never_cut() -> None:
    made = timeline([beep(0, "start"), beep(300, "end")], 2_000)
    assert at_ms(mix(made, {})(0, 2_000), 0, 300) == at_ms(render_tone(TONES["start"]), 0, 300)
