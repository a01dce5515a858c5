"""The gains that come with the package are what a measurement gives.

`python -m tests.speak.test_measured` prints them anew; Kokoro's, too, where CUECAST_KOKORO is the folder of its files.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from pathlib import Path
from types import MappingProxyType

import pytest

from cuecast.cache import Cache
from cuecast.errors import EngineUnavailable
from cuecast.files import data_dir
from cuecast.model.voice import Profile
from cuecast.read.profiles import find_profile, list_profiles
from cuecast.speak.default_gains import GAINS
from cuecast.speak.pool import VoicePools
from cuecast.speak.speaker import Speaker
from tests.builds import voices_in
from tests.examples import THOROUGH
from tests.speak.conftest import check

VOICES = data_dir("voices")
KOKORO = os.environ.get("CUECAST_KOKORO")


def packaged() -> Iterator[Profile]:
    """Every packaged voice that is heard; of a choice of several each one, called `calm-joe`."""
    with tempfile.TemporaryDirectory() as folder:
        for profile in list_profiles(voices_in(VOICES), "kokoro") if KOKORO else ():
            model = f"model: {KOKORO}/model_quantized.onnx"
            (Path(folder) / f"{profile.name}.yaml").write_text(f"like: {profile.name}\n{model}\n", encoding="utf-8")
        for profile in list_profiles(voices_in(VOICES)):
            text = (VOICES / f"{profile.name}.yaml").read_text(encoding="utf-8")
            has_list = re.search(r"^like: \[", text, re.MULTILINE)
            for choice in profile.choices if has_list else (profile.name,):
                name = f"{profile.name}-{choice}" if has_list else choice
                one = re.sub(r"^like: \[.*\]", f"like: {choice}", text, flags=re.MULTILINE)
                if has_list or profile.engine != "kokoro":
                    (Path(folder) / f"{name}.yaml").write_text(one, encoding="utf-8")
                if profile.engine != "silent":
                    yield find_profile(name, voices_in(Path(folder), VOICES))


PROFILES = tuple(packaged())

NEAR_DB = 0.05
"""Other processors round otherwise."""


def measure(profile: Profile, known: Mapping[str, float] = MappingProxyType({})) -> tuple[str, float]:
    """The cache key of a voice's gain, and the gain: one that is known, else measured now."""
    with closing(VoicePools()) as pools:
        speaker = Speaker(profile, Cache(None), pools)
        return speaker.gain_key, known.get(speaker.gain_key) or speaker.measure_gain()


@pytest.mark.parametrize(
    "profile",
    [each for each in PROFILES if THOROUGH or not each.is_neural or each.name == "joe"],
    ids=lambda profile: profile.name,
)
def test_a_gain_is_what_is_measured(profile: Profile) -> None:
    try:
        check(profile)
    except EngineUnavailable as fault:
        pytest.skip(fault.message)
    key, gain = measure(profile)
    if key not in GAINS:
        pytest.skip("this engine is of another version than the one that was measured")
    assert gain == pytest.approx(GAINS[key], abs=NEAR_DB)


if __name__ == "__main__":
    gains: dict[str, float] = {}
    for each in PROFILES:
        with suppress(EngineUnavailable):
            key, gain = measure(each, gains)
            if key not in gains:
                print(f'    "{key}": {gain},  # {each.name}', flush=True)
            gains[key] = gain
