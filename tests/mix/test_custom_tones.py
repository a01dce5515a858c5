"""Sounds of one's own in place of tones: what becomes of a file, where it lies in the timeline, how its tail is ducked."""

from __future__ import annotations

import json
import pickle
from collections.abc import Mapping
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import miniaudio
import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cuecast import api
from cuecast.export.json import Json
from cuecast.mix.mixer import mix
from cuecast.model.build import Track
from cuecast.model.clip import SAMPLES_PER_MS, Clip
from cuecast.model.custom_tone import LONGEST_MS, MAX_FILE, CustomTone
from cuecast.model.diagnostics import Diagnostic, has_errors
from cuecast.model.routine import Volume
from cuecast.model.script import Utterance
from cuecast.model.timeline import SpeechEvent, Timeline, ToneEvent
from cuecast.model.tones import TONES
from cuecast.options import Options
from cuecast.pipeline import arrange_to_length
from cuecast.read import read
from cuecast.read.custom_tones import BadToneError, load_tone
from tests.compiler.compiling import word_lengths
from tests.mix.tracks import Clips, beep, make_clip, peak, place_of, samples, speech, timeline
from tests.mix.wav_files import Wave, stroke, wav

NAMES = ("countdown", "start", "interval", "halfway", "end", "finish")
ENCODED = (("MP3", "MPEG_LAYER_III"), ("FLAC", "PCM_24"), ("OGG", "VORBIS"), ("OGG", "OPUS"))
WORD = Utterance("word", "coach", "en")
KINDS = ("u1", "i2", "i3", "i4", "f4", "f8")


def onset_ms(pcm: bytes) -> float:
    """When it first reaches a twentieth of its peak."""
    wave = np.abs(samples(pcm))
    return float(np.argmax(wave > wave.max() / 20)) / SAMPLES_PER_MS


@pytest.mark.parametrize("name", NAMES)
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
        (b"", "can't be read: it is empty"),
        (b"ID3" + bytes(500), "can't be read: it is no sound that can be read: MP3, FLAC"),
        (b"FORM" + bytes(500), "can't be read"),
        (wav(stroke(300))[:2_000], "is damaged: it breaks off"),
        (wav(stroke(300))[:30], "can't be read"),
        (b"RIFF\x00\x00\x00\x00WAVE", "can't be read"),
        (wav(np.zeros(0)), "is silent"),
        (wav(np.full(4_800, np.nan), kind="f4"), "can't be read: it is damaged: it holds samples that are no numbers"),
        (wav(np.zeros(4_800)), "is silent"),
        (wav(np.full(4_800, 0.5)), "is silent"),  # a direct current is no sound
        (wav(stroke(300, level=0.0005)), "is silent"),
        (wav(stroke(10)), "it would be a click"),
        (bytes(MAX_FILE + 1), "is larger than 50 MB"),
        (wav(np.tile(stroke(300), 102)), "lasts 30.6 s; 30 s are the most"),
        (wav(stroke(300), rate=4), "can't be read"),
        (wav(stroke(300), channels=0), "can't be read"),
    ],
)
def test_an_unusable_file_is_an_error_with_a_hint(content: bytes, message: str) -> None:
    with pytest.raises(BadToneError) as fault:
        load_tone("countdown", "x.wav", content)
    assert message in str(fault.value)
    assert fault.value.hint


def encoded(wave: Wave, kind: tuple[str, str]) -> bytes:
    out = BytesIO()
    soundfile.write(out, np.stack([wave, wave], axis=1), 48_000, format=kind[0], subtype=kind[1])
    return out.getvalue()


SMALL = (b"", wav(stroke(30)), *(encoded(stroke(90), kind) for kind in ENCODED))


@given(st.sampled_from(SMALL), st.floats(0, 1), st.binary(max_size=300))
def test_no_bytes_whatever_are_a_surprise(whole: bytes, place: float, content: bytes) -> None:
    at = int(place * len(whole))
    damaged = whole[:at] + content + whole[at + len(content) :]
    try:
        tone = load_tone("end", "x.wav", damaged)
    except BadToneError:
        return
    assert tone.ms * SAMPLES_PER_MS * 2 == len(tone.pcm)


def test_it_may_last_half_a_minute() -> None:
    def steady(ms: int) -> bytes:
        return wav(0.3 * np.sin(np.arange(ms * 8) * 0.7), 8_000)

    assert load_tone("end", "x.wav", steady(LONGEST_MS - 5)).ms == pytest.approx(LONGEST_MS, abs=8)
    for ms in (LONGEST_MS + 25, 125_000):
        with pytest.raises(BadToneError, match="30 s are the most"):
            load_tone("end", "x.wav", steady(ms))


@pytest.mark.parametrize("kind", ENCODED)
def test_the_content_decides_which_kind_of_file_it_is(kind: tuple[str, str]) -> None:
    tone = load_tone("end", "gong.wav", encoded(stroke(1_800, 48_000, 700, 90), kind))
    assert peak(tone.pcm) == round(32_768 * 10 ** (TONES["end"].peak_dbfs / 20))
    assert tone.ms == pytest.approx(1_800, abs=300)
    spectrum = np.abs(np.fft.rfft(samples(tone.pcm)[: 900 * SAMPLES_PER_MS], 1 << 18))
    assert np.argmax(spectrum) * 48_000 / (1 << 18) == pytest.approx(700, rel=0.01)


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


def event_seconds(track: Timeline, name: str) -> float:
    return sum(each.custom.ms / 1_000 for each in beeps(track, name)[:1] if each.custom)


LONG = {"countdown": 890, "start": 2_490, "interval": 1_990, "halfway": 29_900, "end": 14_990, "finish": 4_990}

TWO = """
defaults: {work: 20s, transition: 8s, beeps: [every 6s, half]}
steps:
  - exercise: Calves
    setup: Sit down now
    cues: {start: Slowly, 5s: Breathe out}
  - exercise: Quads
"""


def test_words_wait_for_the_first_second_of_a_long_tone() -> None:
    track, faults = arranged_with(TWO, LONG)
    assert not has_errors(faults)
    (end,) = beeps(track, "end")
    assert end.custom is not None
    assert (end.end, end.clear_end) == (end.start + end.custom.ms, end.start + 1_000)
    following = next(event for event in track.events if event.start > end.start)
    assert isinstance(following, SpeechEvent)
    assert following.start == end.clear_end + 150
    cue = next(e for e in track.events if isinstance(e, SpeechEvent) and e.utterance.text == "Slowly")
    start = beeps(track, "start")[0]
    assert cue.start == start.clear_end + 150
    assert beeps(track, "finish")[0].end <= track.duration
    usual, _ = arranged_with(TWO, {})
    gaps = [[i.end - i.start for i in each.intervals if i.kind == "transition"] for each in (usual, track)]
    assert gaps[0] == gaps[1]
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
        assert (one.clear_end if isinstance(one, ToneEvent) else one.end) + apart <= other.start, (one, other)
    for event in track.events:
        assert event.start < event.end <= track.duration
        if isinstance(event, ToneEvent) and event.name in lengths:
            assert event.custom is not None
            assert (event.custom.name, event.hz) == (event.name, None)


def session_with_gongs(tmp_path: Path) -> tuple[Timeline, Clips, CustomTone]:
    """Gongs of 9 s, one over the other, with words from 150 ms behind the clear second of the first on."""
    gong = steady("end", 9_000)
    (words, clip), (more, clip2) = (make_clip(tmp_path, name, 48_000 + 777, seed) for seed, name in enumerate("ab"))
    clips = {words: clip, more: clip2}
    gongs = [ToneEvent(at, at + 9_000, "end", None, None, gong, at + 1_000) for at in (1_000, 6_000)]
    cues = timeline([*gongs, speech(2_150, words, clips), speech(4_500, more, clips), beep(5_700, "start")], 16_000)
    return cues, clips, gong


@given(st.data())
def test_windows_joined_are_the_whole_also_within_tails(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    cues, clips, _ = session_with_gongs(tmp_path_factory.mktemp("gongs"))
    window = mix(cues, clips)
    cuts = sorted(data.draw(st.sets(st.integers(0, cues.duration), max_size=9)) | {0, cues.duration})
    parts = list(pairwise(cuts))
    sound = {part: window(*part) for part in data.draw(st.permutations(parts))}
    assert b"".join(sound[part] for part in parts) == window(0, cues.duration)


def test_the_tail_is_ducked_under_words_as_the_bed_is_and_the_first_second_is_not(tmp_path: Path) -> None:
    cues, clips, gong = session_with_gongs(tmp_path)
    first = replace(cues, events=(*(e for e in cues.events if isinstance(e, SpeechEvent)), cues.events[0]))
    first = timeline(list(first.events), 16_000)
    sound = samples(mix(first, clips)(0, 16_000))
    for event in first.events:
        if isinstance(event, SpeechEvent):
            voice = samples(clips[event.utterance].read())
            sound[event.start * SAMPLES_PER_MS :][: len(voice)] -= voice
    whole = np.concatenate([np.zeros(48_000), samples(gong.pcm)])

    def gain_db(start: int, end: int) -> float:
        part = slice(start * SAMPLES_PER_MS, end * SAMPLES_PER_MS)
        return float(10 * np.log10((sound[part] ** 2).mean() / (whole[part] ** 2).mean()))

    assert (sound[: 2_000 * SAMPLES_PER_MS] == whole[: 2_000 * SAMPLES_PER_MS]).all()
    for start, end in ((2_210, 3_700), (4_250, 6_100)):  # words, and until 600 ms after them
        assert gain_db(start, end) == pytest.approx(-12, abs=0.05)
    assert -12 < gain_db(3_780, 4_050) < -1  # it comes back between the two
    assert gain_db(6_720, 10_000) == pytest.approx(0, abs=0.01)


def test_the_recipe_is_that_of_the_sound_not_of_the_files_name() -> None:
    def recipe(content: bytes, file: str = "gong.wav", volume: float = 0.0, word_at: int = 0) -> list[object] | None:
        gong = load_tone("end", file, content)
        event = ToneEvent(500, 500 + gong.ms, "end", None, custom=gong, clear_until=1_000)
        words = [SpeechEvent(word_at, word_at + 500, WORD)] if word_at else []
        clips = {WORD: Clip(Path("none"), 24_000, mark="word")}
        return mix(timeline([event, *words], 9_000, volume=Volume(tones=volume)), clips).recipe(0, 1_290)

    gong = wav(stroke(800))
    assert recipe(gong) is not None
    assert recipe(gong) == recipe(gong, "other.wav") == recipe(wav(stroke(800, lead_ms=90)))
    others = [recipe(wav(stroke(800, hz=910))), recipe(gong, volume=-1.0), recipe(gong, word_at=1_600)]
    assert recipe(gong) not in others
    assert recipe(gong, word_at=5_000) == recipe(gong)
    assert json.dumps(others)


def test_the_timeline_pickles_and_says_which_file() -> None:
    track, _ = arranged_with(TWO, {"end": 700})
    assert pickle.loads(pickle.dumps(track)) == track
    written = json.loads(Json().dump(track))
    (event,) = [each for each in written["events"] if each.get("name") == "end"]
    assert {**event, "start": 0, "end": 0} == {
        "start": 0, "end": 0, "lane": "tones", "kind": "tone", "name": "end", "hz": None, "file": "end.wav",
    }  # fmt: skip
    track, _ = arranged_with(TWO, {"end": 7_000})
    (event,) = [each for each in json.loads(Json().dump(track))["events"] if each.get("name") == "end"]
    assert event["end"] == event["start"] + 1
    assert event["rings_until"] == event["start"] + event_seconds(track, "end")
    track, _ = arranged_with(TWO, {"finish": 7_000})
    (event,) = [each for each in json.loads(Json().dump(track))["events"] if each.get("name") == "finish"]
    assert event["end"] == event["start"] + event_seconds(track, "finish")  # nothing sounds at the same time
    assert "rings_until" not in event
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
