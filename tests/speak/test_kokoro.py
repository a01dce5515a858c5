"""The engine kokoro. What needs its model runs with `make test-voices`, which downloads it: CUECAST_KOKORO is its folder."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

import pytest
from msgspec.structs import replace

from cuecast.cache import Cache
from cuecast.errors import EngineUnavailable
from cuecast.model.clip import Clip
from cuecast.model.routine import Pronunciation
from cuecast.model.voice import Profile
from cuecast.speak import Speakers
from cuecast.speak.engines import make_engine, voice_fingerprint
from tests.speak.conftest import check, no_progress, utterances

FOLDER = Path(os.environ.get("CUECAST_KOKORO", "/nowhere"))
HEART = Profile("any", "kokoro", "en", rate=165, settings={"model": "model_quantized.onnx"}, folder=FOLDER)

installed = pytest.mark.skipif(find_spec("kokoro_onnx") is None, reason="cuecast[neural]")
downloaded = pytest.mark.skipif(not (FOLDER / "model_quantized.onnx").is_file(), reason="make test-voices")


def speak(profile: Profile, *texts: str, folder: Path) -> list[Clip]:
    with Speakers([profile], Cache(folder)) as speakers:
        return list(speakers.speak(utterances(*texts), no_progress).values())


@pytest.fixture
def files(tmp_path: Path) -> Profile:
    """A voice whose files look right from outside."""
    (tmp_path / "model.onnx").write_bytes(b"not a model")
    (tmp_path / "af_heart.bin").write_bytes(bytes(522_240))
    return Profile("any", "kokoro", "en", settings={"model": "model.onnx"}, folder=tmp_path)


@installed
def test_what_is_missing_is_said(files: Profile) -> None:
    check(files)
    for settings, language, message in (
        ({}, "en", "not on this machine yet"),
        ({"model": "gone.onnx"}, "en", "there is no model"),
        ({"model": "model.onnx", "style": "af_gone"}, "en", "there is no style"),
        ({"model": "model.onnx", "style": "./model.onnx"}, "en", "is not a style vector"),
        ({"model": "model.onnx"}, "de", "does not speak the language de"),
    ):
        with pytest.raises(EngineUnavailable, match=message) as caught:
            check(replace(files, settings=settings, language=language))
        assert caught.value.hint


@installed
def test_a_damaged_model_is_said(files: Profile) -> None:
    with pytest.raises(EngineUnavailable, match="can't be loaded"):
        make_engine(files).prepare()


@installed
def test_the_fingerprint_changes_with_the_files(files: Profile) -> None:
    before, voice = voice_fingerprint(files)
    assert voice == "af_heart"
    assert files.folder is not None
    (files.folder / "af_heart.bin").write_bytes(b"x" + bytes(522_239))
    assert voice_fingerprint(files)[0] != before


@downloaded
def test_a_word_given_by_its_sounds(tmp_path: Path) -> None:
    spelt = replace(HEART, lexicon=(Pronunciation("psoas", None, "ˈsoʊæs"),))
    as_written, by_sounds = (speak(each, "Stretch your psoas, slowly.", folder=tmp_path)[0] for each in (HEART, spelt))
    assert as_written.read() != by_sounds.read()
    # Sounds that the model does not have: it says the word as it is written.
    odd = replace(HEART, lexicon=(Pronunciation("psoas", None, "ʘʘʘ"),))
    assert speak(odd, "psoas", folder=tmp_path)[0].read() == speak(HEART, "psoas", folder=tmp_path)[0].read()


@downloaded
def test_every_style_that_is_packaged_speaks(tmp_path: Path) -> None:
    for style, language in (("am_michael", "en"), ("bf_emma", "en-GB"), ("bm_george", "en-GB"), ("ef_dora", "es")):
        profile = replace(HEART, language=language, settings={**HEART.settings, "style": style})
        (clip,) = speak(profile, "Uno, dos, tres." if language == "es" else "One, two, three.", folder=tmp_path)
        assert 800 < clip.ms < 3_000
