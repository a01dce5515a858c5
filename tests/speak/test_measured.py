"""The gains that come with the package are what a measurement gives.

`python -m tests.speak.test_measured` prints them anew.
"""

from __future__ import annotations

from contextlib import closing

import pytest

from cuecast.cache import Cache
from cuecast.errors import EngineUnavailable
from cuecast.files import data_dir
from cuecast.protocols import Profile
from cuecast.read.profiles import list_profiles
from cuecast.speak.default_gains import GAINS
from cuecast.speak.pool import VoicePools
from cuecast.speak.speaker import Speaker
from tests.builds import voices_in
from tests.speak.conftest import check

PROFILES = [profile for profile in list_profiles(voices_in(data_dir("voices"))) if profile.engine != "silent"]

NEAR_DB = 0.05
"""Other processors round otherwise."""


def measure(profile: Profile) -> tuple[str, float]:
    """The cache key of a voice's gain, and the gain, measured now."""
    with closing(VoicePools()) as pools:
        speaker = Speaker(profile, Cache(None), pools)
        return speaker.gain_key, speaker.measure_gain()


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
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
    print("\n".join(f'    "{key}": {gain},  # {each.name}' for each in PROFILES for key, gain in [measure(each)]))
