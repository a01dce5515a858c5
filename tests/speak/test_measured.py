"""The gains that come with the package are what a measurement gives.

`python -m tests.speak.test_measured` prints them anew.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from cuecast.cache import Cache
from cuecast.errors import EngineUnavailable
from cuecast.files import data_dir
from cuecast.protocols import Profile
from cuecast.read.profiles import list_profiles
from cuecast.speak.default_gains import GAINS
from cuecast.speak.registry import engine_of
from cuecast.speak.speaker import Speaker

PROFILES = [profile for profile in list_profiles((data_dir("voices"),)) if profile.engine != "silent"]

NEAR_DB = 0.05
"""Other processors round otherwise."""


def measured(profile: Profile, folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, float]:
    """The key of a voice's gain, and the gain, spoken and measured anew."""
    monkeypatch.setattr("cuecast.speak.speaker.GAINS", {})
    with Speaker(profile, Cache(folder)) as speaker:
        ((task, outcome),) = speaker._performed({0: speaker._measuring()})
        assert outcome.gain is not None
        return task.key, outcome.gain


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
def test_a_gain_is_what_is_measured(profile: Profile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        engine_of(profile).check()
    except EngineUnavailable as fault:
        pytest.skip(fault.message)
    key, gain = measured(profile, tmp_path, monkeypatch)
    if key not in GAINS:
        pytest.skip("this engine is of another version than the one that was measured")
    assert gain == pytest.approx(GAINS[key], abs=NEAR_DB)


def test_a_known_voice_does_not_speak_its_passage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Speaker(PROFILES[0], Cache(tmp_path)) as speaker:
        monkeypatch.setattr("cuecast.speak.speaker.GAINS", {speaker.gain_key: -3.5})
        monkeypatch.setattr(speaker, "_measuring", lambda: pytest.fail("it would measure"))
        speaker.begin()
        assert speaker._known_gain() == -3.5


def _all() -> Iterator[str]:
    for profile in PROFILES:
        with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
            key, gain = measured(profile, Path(folder), patch)
            yield f'    "{key}": {gain},  # {profile.name}'


if __name__ == "__main__":
    print("\n".join(dict.fromkeys(_all())))
