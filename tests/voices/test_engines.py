"""The contract that every engine fulfils."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from pathlib import Path

import pytest

from cuecast.cache import Cache
from cuecast.ports import EngineUnavailable, Profile, SpeechFailed
from cuecast.sound import SAMPLES_PER_MS
from cuecast.voices import ENGINES, Speaker, check, engine_names, registry
from cuecast.voices.registry import load_engine
from tests.voices import faulty
from tests.voices.conftest import quiet, says

LINUX = {"linux": ("en-us",)}


@pytest.fixture(params=sorted(ENGINES))
def profile(request: pytest.FixtureRequest) -> Profile:
    made = Profile("any", request.param, "en", names=LINUX if request.param == "pyttsx3" else {})
    try:
        check(made)
    except EngineUnavailable as fault:
        pytest.skip(f"{fault}: {fault.remedy}")
    return made


def test_contract(profile: Profile, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    short, long, marked = says("Three", "Sit down with your legs straight.", "<b>Hold</b> [[h@l'oU]] \x01 still")
    with Speaker(profile, Cache(tmp_path / "one")) as speaker:
        first = speaker.speak([short, long, marked, short], quiet)
    with Speaker(profile, Cache(tmp_path / "two"), jobs=1) as speaker:
        second = speaker.speak([marked, long, short], quiet)
    assert set(first) == {short, long, marked}
    assert 300 < first[short].ms < 1_200 < first[long].ms < 4_000
    for clip in first.values():
        assert len(clip.read()) == clip.samples * 2
        assert clip.samples % SAMPLES_PER_MS == 0
    if load_engine(profile.engine).repeatable:
        assert all(first[u].read() == second[u].read() for u in first)
    assert capfd.readouterr() == ("", "")


def test_engine_modules_are_quick_to_import() -> None:
    code = """
import sys
from cuecast.voices import ENGINES, check
from cuecast.voices.registry import load_engine
from cuecast.ports import Profile
for name in ENGINES:
    engine = load_engine(name)(Profile("any", name, "en"))
    assert engine.fingerprint() == engine.fingerprint()
    engine.check()
print(sorted({"numpy", "soxr", "pyttsx3", "importlib.metadata", "espeakng_loader"} & set(sys.modules)))
"""
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_rate_changes_length(profile: Profile, tmp_path: Path) -> None:
    lengths = []
    for rate in (120, 240):
        with Speaker(dataclasses.replace(profile, rate=rate), Cache(tmp_path)) as speaker:
            ((_, clip),) = speaker.speak(says("Sit down with your legs straight."), quiet).items()
            lengths.append(clip.ms)
    assert 1.5 < lengths[0] / lengths[1] < 2.5


def test_unknown_engine() -> None:
    with pytest.raises(EngineUnavailable, match="no voice engine called parrot") as caught:
        check(Profile("any", "parrot", "en"))
    assert "pyttsx3, silent" in (caught.value.remedy or "")


def test_an_engine_that_is_not_installed_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.ENGINES, "gone", "cuecast.voices.engine_gone:Gone")
    with pytest.raises(EngineUnavailable, match="can't be loaded"):
        check(Profile("any", "gone", "en"))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="eSpeak")
def test_unknown_voice_of_an_engine(tmp_path: Path) -> None:
    profile = Profile("any", "pyttsx3", "en", names={"linux": ("nobody",)})
    with pytest.raises(EngineUnavailable, match="espeak has no voice called nobody"):
        Speaker(profile, Cache(tmp_path))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="eSpeak")
def test_missing_library_is_told_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cuecast.voices.espeak.LIBRARY", "libnothing.so.1")
    with pytest.raises(EngineUnavailable, match="eSpeak NG is missing") as caught:
        check(Profile("any", "pyttsx3", "en"))
    assert "pip install espeakng-loader" in (caught.value.remedy or "")


def test_another_package_adds_an_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "hums-1.0.dist-info"
    package.mkdir()
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: hums\nVersion: 1.0\n")
    (package / "entry_points.txt").write_text(f"[cuecast.engines]\nhums = {faulty.__name__}:Hums\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert "hums" in engine_names()
    profile = Profile("any", "hums", "en", names={"linux": (str(tmp_path),)})
    with Speaker(profile, Cache(tmp_path / "cache")) as speaker:
        assert speaker.speak(says("Hello"), quiet)


def test_nothing_to_say(tmp_path: Path) -> None:
    with (
        Speaker(Profile("any", "silent", "en"), Cache(tmp_path)) as speaker,
        pytest.raises(SpeechFailed, match="nothing to say in “…!”"),
    ):
        speaker.speak(says("…!"), quiet)
