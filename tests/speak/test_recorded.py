"""A person's own voice: which take is which phrase, how it becomes a clip, and what a look at the takes finds."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cuecast.cache import Cache
from cuecast.errors import EngineUnavailable
from cuecast.model.audio_file import Samples
from cuecast.model.clip import Clip
from cuecast.model.loudness import loudness
from cuecast.model.script import Utterance
from cuecast.model.voice import Profile
from cuecast.speak import Speakers
from cuecast.speak.engines.recorded import RecordedEngine
from cuecast.speak.recording.review import review_takes
from cuecast.speak.recording.take_processing import find_speech, read_take
from cuecast.speak.recording.takes import list_takes
from cuecast.speak.sanitise import sanitise_text
from cuecast.speak.slug import MAX_BYTES, is_truncated, slug
from cuecast.speak.speech_faults import SpeechFaultsError
from tests.speak.conftest import no_progress
from tests.speak.taking import PHRASES, RATE, in_a_room, murmur, record, recorded


def utterances(*texts: str, voice: str = "anna") -> list[Utterance]:
    return [Utterance(text, voice, "en") for text in texts]


def sound_of(*clips: Clip) -> Samples:
    whole = np.frombuffer(b"".join(clip.read() for clip in clips), "<i2").astype(np.float32)
    return whole / np.float32(32768)


def spoken(profile: Profile, *texts: str) -> list[Clip]:
    with Speakers([profile], Cache(None), 2) as speakers:
        clips = speakers.speak(utterances(*texts), no_progress)
    return [clips[utterance] for utterance in utterances(*texts)]


# Names


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Next: calves, left.", "next-calves-left"),
        ("2 × 45 seconds", "2-45-seconds"),
        ("Vierfüßler: GROSS", "vierfüssler-gross"),
        ("¡Última ronda!", "última-ronda"),
        ("左足 を", "左足-を"),
        ("Con", "con-"),
    ],
)
def test_slugs(text: str, name: str) -> None:
    assert slug(text) == name
    assert slug(unicodedata.normalize("NFD", text)) == name
    assert slug(text.upper() + "…") == name


@given(st.text(max_size=300))
@example("İ" * 80)
@example("a\u00adb")
@example("con")
@example("{}[[<")
def test_a_slug_is_a_file_name_whatever_the_text(text: str) -> None:
    name = slug(text)
    assert 1 <= len(name.encode()) <= MAX_BYTES
    assert slug(name) == name == slug(sanitise_text(text)) == slug(unicodedata.normalize("NFD", name))
    assert Path(f"{name}.wav").stem == name
    assert not set('/\\:*?"<>|. \0\n') & set(name)
    assert name not in ("con", "nul", "aux", "prn")


def test_long_phrases_that_begin_alike_have_names_of_their_own() -> None:
    start = "Lie on your back with both of your knees bent and your feet flat on the floor, then lift your "
    left, right = slug(f"{start} left leg"), slug(f"{start} right leg")
    assert left != right
    assert is_truncated(left)
    assert left.startswith("lie-on-your-back-with-both-of-your-knees-bent-and-your-feet")


def test_which_file_is_which_phrase(tmp_path: Path) -> None:
    kept = ("Next: calves, left.WAV", "halfway.mp3", "halfway.flac", "Halfway.ogg")
    for name in (*kept, ".hidden.wav", "notes.txt", "script.txt", "go.m4a"):
        (tmp_path / name).touch()
    (tmp_path / "folder.wav").mkdir()
    (tmp_path / unicodedata.normalize("NFD", "hüfte.wav")).touch()
    found = list_takes(tmp_path)
    assert sorted(found.takes) == ["halfway", "hüfte", "next-calves-left"]
    assert found.takes["halfway"].name == "halfway.flac"
    assert [path.name for path in found.duplicates] == ["Halfway.ogg", "halfway.mp3"]
    assert [path.name for path in found.unreadable] == ["go.m4a"]


# The engine


@pytest.mark.parametrize("there", [False, True])
def test_no_takes(tmp_path: Path, there: bool) -> None:
    folder = tmp_path / "takes"
    if there:
        folder.mkdir()
    engine = RecordedEngine(recorded(folder))
    assert engine.fingerprint()
    for look in (engine.check, engine.voice):
        with pytest.raises(EngineUnavailable, match="the voice anna has no takes") as caught:
            look()
        assert "voices script ROUTINE -o" in (caught.value.hint or "")


def test_a_take_that_changes_is_another_voice(tmp_path: Path) -> None:
    record(tmp_path, "Go")
    before = RecordedEngine(recorded(tmp_path)).fingerprint()
    assert RecordedEngine(recorded(tmp_path)).fingerprint() == before
    record(tmp_path, "Go", in_a_room(murmur("Go on")))
    assert RecordedEngine(recorded(tmp_path)).fingerprint() != before


def test_takes_of_different_loudness_are_made_even(tmp_path: Path) -> None:
    for index, text in enumerate(PHRASES):
        record(tmp_path, text, in_a_room(murmur(text) * 10 ** ((-9, 0, 0, 9)[index % 4] / 20), noise_db=-95))
    levels = [loudness(sound_of(clip)) for clip in spoken(recorded(tmp_path), *PHRASES)]
    assert max(levels) - min(levels) < 7.5
    assert loudness(sound_of(*spoken(recorded(tmp_path), *PHRASES))) == pytest.approx(-19, abs=1)


@pytest.mark.parametrize("suffix", [".wav", ".aiff", ".flac", ".ogg", ".opus", ".mp3"])
def test_every_kind_is_truncated_to_the_speech(tmp_path: Path, suffix: str) -> None:
    sound = in_a_room(murmur("Switch sides"), before=1.0)
    take = read_take(record(tmp_path, "Switch sides", sound, suffix))
    assert len(take.samples) / take.rate == pytest.approx(len(sound) / RATE, abs=0.001)
    speech = find_speech(take)
    assert speech.start / take.rate == pytest.approx(1.0, abs=0.03)
    assert (speech.end - speech.start) / take.rate == pytest.approx(len(murmur("Switch sides")) / RATE, abs=0.04)
    (clip,) = spoken(recorded(tmp_path), "Switch sides")
    assert 0 <= clip.ms - len(murmur("Switch sides")) * 1000 / RATE < 150


def test_neither_a_loud_room_nor_a_button_is_speech(tmp_path: Path) -> None:
    sound = in_a_room(murmur("Switch sides"), before=1.0, noise_db=-48)
    sound[10_000:10_400] += 0.3 * np.sin(np.arange(400))
    speech = find_speech(read_take(record(tmp_path, "Switch sides", sound)))
    assert speech.start / RATE == pytest.approx(1.0, abs=0.05)
    assert speech.noise == pytest.approx(-48, abs=1)


def test_a_faint_consonant_at_the_end_is_kept(tmp_path: Path) -> None:
    word = np.concatenate([murmur("Go"), np.random.default_rng(1).normal(0, 0.1 * 10 ** (-32 / 20), RATE // 8)])
    speech = find_speech(read_take(record(tmp_path, "Goes", in_a_room(word, noise_db=-70))))
    assert (speech.end - speech.start) / RATE == pytest.approx(len(word) / RATE, abs=0.03)


@pytest.mark.parametrize("good", [True, False])
def test_all_takes_that_can_not_be_used_are_told_and_not_tried_again(tmp_path: Path, good: bool) -> None:
    if good:  # without one, there is nothing to measure the voice on either
        record(tmp_path, "Go")
    (tmp_path / "stop.mp3").write_text("this is no sound")
    record(tmp_path, "Halfway", np.zeros(RATE))
    record(tmp_path, "Three", np.zeros(0))
    record(tmp_path, "Two", np.full(RATE, 6e-5))
    with Speakers([recorded(tmp_path)], Cache(None), 2) as speakers, pytest.raises(SpeechFaultsError) as caught:
        speakers.speak(utterances("Stop", "Halfway", "Three", "Two", *(["Go"] if good else [])), no_progress)
    told = {
        fault.utterance.text: (fault.code, fault.file and fault.file.name, fault.reason)
        for fault in caught.value.faults
    }
    assert told == {
        "Stop": ("bad-take", "stop.mp3", "it can't be read as sound; record it again, or export it as WAV"),
        "Halfway": ("bad-take", "halfway.wav", "it is silent; record it again"),
        "Three": ("bad-take", "three.wav", "it can't be read as sound; record it again, or export it as WAV"),
        "Two": ("bad-take", "two.wav", "there is no speech in it; record it again"),
    }
    assert "twice" not in str(caught.value)


def test_no_other_voice_takes_the_place_of_a_bad_take(tmp_path: Path) -> None:
    record(tmp_path, "Go")
    record(tmp_path, "Stop", np.zeros(RATE))
    (tmp_path / "wait.m4a").write_bytes(b"a telephone's")
    with (
        Speakers([recorded(tmp_path, "silent"), Profile("silent", "silent", "en")], Cache(None)) as speakers,
        pytest.raises(SpeechFaultsError) as caught,
    ):
        speakers.speak(utterances("Go", "Stop", "Wait", "Halfway"), no_progress)
    told = {fault.utterance.text: fault.message for fault in caught.value.faults}
    assert set(told) == {"Stop", "Wait"}
    assert told["Wait"].endswith("wait.m4a: .m4a can't be read here; export it as WAV: ffmpeg -i wait.m4a wait.wav")


@given(st.sampled_from((b"RIFF", b"fLaC", b"OggS", b"ID3", b"FORM", b"\xff\xfb", b"")), st.binary(max_size=200))
def test_no_bytes_whatever_break_a_review(tmp_path_factory: pytest.TempPathFactory, start: bytes, rest: bytes) -> None:
    folder = tmp_path_factory.mktemp("takes")
    (folder / "go.wav").write_bytes(start + rest)
    assert len(review_takes(list_takes(folder), utterances("Go")).takes) == 1


# With another voice


def test_another_voice_says_the_rest_as_loudly(tmp_path: Path) -> None:
    for text in PHRASES[:4]:
        record(tmp_path, text)
    coach = Profile("coach", "pyttsx3", "en", names={"linux": ("en-us",)})
    with Speakers([recorded(tmp_path, "coach"), coach], Cache(None), 2) as speakers:
        clips = speakers.speak(utterances(*PHRASES), no_progress)
    own, rest = utterances(*PHRASES[:4]), utterances(*PHRASES[4:])
    assert set(clips) == {*own, *rest}
    levels = [loudness(sound_of(*(clips[utterance] for utterance in some))) for some in (own, rest)]
    assert levels[0] == pytest.approx(-19, abs=1)
    assert levels[1] == pytest.approx(levels[0], abs=1.5)


def test_without_another_voice_all_that_is_missing_is_told_before_anything_is_spoken(tmp_path: Path) -> None:
    record(tmp_path, "Go")
    with (
        Speakers([recorded(tmp_path)], Cache(None)) as speakers,
        pytest.raises(SpeechFaultsError, match=r"^“Stop” has no take: there is no .*stop\.wav; and 1 more$") as caught,
    ):
        speakers.speak(utterances("Go", "Stop", "Wait"), no_progress)
    assert [fault.file for fault in caught.value.faults] == [tmp_path.resolve() / f"{n}.wav" for n in ("stop", "wait")]
    assert {fault.code for fault in caught.value.faults} == {"missing-take"}
    assert "otherwise: coach" in (caught.value.hint or "")


def test_two_voices_that_leave_the_rest_to_each_other(tmp_path: Path) -> None:
    record(tmp_path / "a", "Go")
    record(tmp_path / "b", "Stop")
    anna, ben = recorded(tmp_path / "a", "ben"), recorded(tmp_path / "b", "anna", "ben")
    with Speakers([anna, ben], Cache(None)) as speakers:
        assert len(speakers.speak(utterances("Go", "Stop"), no_progress)) == 2
        with pytest.raises(SpeechFaultsError, match="“Wait” has no take"):
            speakers.speak(utterances("Wait"), no_progress)


# The review


def remarks(folder: Path, *texts: str) -> dict[str, list[str]]:
    looked = review_takes(list_takes(folder), utterances(*texts))
    return {take.file.name: [remark.code for remark in take.remarks] for take in looked.takes if take.remarks}


def test_good_takes_pass(tmp_path: Path) -> None:
    for text, suffix in zip(PHRASES, (".wav", ".mp3", ".flac", ".ogg") * 2, strict=True):
        record(tmp_path, text, suffix=suffix)
    looked = review_takes(list_takes(tmp_path), utterances(*PHRASES))
    assert [take.remarks for take in looked.takes] == [()] * len(PHRASES)
    assert looked.missing == ()
    assert looked.usable
    of_name = {take.file.stem: take for take in looked.takes}
    assert of_name["halfway"].words == "Halfway"
    assert of_name["halfway"].seconds == pytest.approx(len(murmur("Halfway")) / RATE, abs=0.05)
    assert of_name["halfway"].lufs == pytest.approx(-20, abs=3)


GOOD = murmur(PHRASES[2])
FAULTS = {
    "too-short": in_a_room(murmur("Sit with your legs")),
    "too-long": in_a_room(np.tile(GOOD, 3)),
    "clipped": in_a_room(np.clip(GOOD * 8, -1, 1) * 0.2, noise_db=-120),
    "too-quiet": in_a_room(GOOD / 40, noise_db=-100),
    "noisy": in_a_room(GOOD, noise_db=-42),
    "unlike": in_a_room(GOOD * 3, noise_db=-70),
    "cut-off": in_a_room(GOOD, before=0)[4_000:],
    "low-rate": in_a_room(murmur(PHRASES[2], 8_000), 8_000),
}


@pytest.mark.parametrize("code", FAULTS)
def test_a_fault_is_found_and_no_other(tmp_path: Path, code: str) -> None:
    for text in PHRASES:
        record(tmp_path, text)
    path = record(tmp_path, PHRASES[2], FAULTS[code], rate=8_000 if code == "low-rate" else RATE)
    assert remarks(tmp_path, *PHRASES) == {path.name: [code]}


def test_a_take_that_nobody_asks_for_and_one_too_many(tmp_path: Path) -> None:
    record(tmp_path, "Halfwy")
    record(tmp_path, "Go")
    record(tmp_path, "Go", suffix=".mp3")
    looked = review_takes(list_takes(tmp_path), utterances("Halfway", "Go"))
    told = {take.file.name: take.remarks for take in looked.takes if take.remarks}
    assert {name: said[0].code for name, said in told.items()} == {"halfwy.wav": "unasked", "go.mp3": "twice"}
    assert "call it halfway.wav" in told["halfwy.wav"][0].message
    assert looked.usable
    assert (
        list_takes(tmp_path).unrecorded(utterances("Halfway", "HALFWAY!", "Go"))
        == looked.missing
        == (*utterances("Halfway"),)
    )
