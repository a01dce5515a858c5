"""Every packaged routine holds with every voice of its language, by lengths that are measured."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from cuecast import api
from cuecast.files import data_dir
from cuecast.model.diagnostics import Severity
from cuecast.model.routine import Role
from cuecast.options import Options
from cuecast.read.profiles import can_speak, list_profiles
from tests.builds import voices_in

ALL = os.environ.get("CUECAST_VOICES") == "all"
"""Whether all voices are tried with all routines, which takes half an hour; else a few with the machine's voices."""

ROUTINES = sorted(data_dir("routines").glob("*.yaml"))


def pairs() -> Iterator[tuple[Path, str]]:
    """Routines with voices. Those that are a choice of others go without saying."""
    profiles = [each for each in list_profiles(voices_in(data_dir("voices"))) if each.engine != "silent"]
    for path in ROUTINES if ALL else [path for path in ROUTINES if path.stem.startswith(("desk-break", "tabata"))]:
        language = path.stem.partition(".")[2] or "en"
        for profile in profiles:
            of_language = profile.language.partition("-")[0] == language
            if of_language and not profile.choices and (ALL or profile.engine == "pyttsx3"):
                yield path, profile.name


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The user's folder, with Kokoro's voices if their model was downloaded."""
    home = tmp_path_factory.mktemp("home")
    if kokoro := os.environ.get("CUECAST_KOKORO"):
        (home / "voices").mkdir()
        for name in ("heart", "michael", "emma", "george", "dora", "alex"):
            text = f"like: {name}\nmodel: {kokoro}/model_quantized.onnx\n"
            (home / "voices" / f"{name}.yaml").write_text(text)
    return home


@pytest.mark.parametrize(("path", "voice"), list(pairs()), ids=lambda each: getattr(each, "stem", each))
def test_a_routine_holds_with_a_voice(path: Path, voice: str, home: Path) -> None:
    library = voices_in(home / "voices", data_dir("voices"))
    if not any(each.name == voice and can_speak(each) for each in list_profiles(library)):
        pytest.skip(f"{voice} is not on this machine")
    result = api.plan(path, Options(voice={Role.MAIN: voice}, home=home, cache=home / "cache"))
    assert result.value is not None, result.diagnostics
    assert [each for each in result.diagnostics if each.severity is not Severity.NOTE] == []


def test_every_routine_holds_with_a_voice_that_speaks_two_fifths_longer_than_is_estimated(tmp_path: Path) -> None:
    """Whichever voice comes: estimates are for 170 words a minute, `calm` speaks 140, which is a fifth longer."""
    (tmp_path / "voices").mkdir()
    (tmp_path / "voices" / "slow.yaml").write_text("like: silent\nrate: 121\n")
    for path in ROUTINES:
        options = Options(voice={Role.MAIN: "slow"}, home=tmp_path, cache=tmp_path / "cache")
        result = api.plan(path, options)
        assert result.value is not None, (path.name, result.diagnostics)
        assert [each for each in result.diagnostics if each.severity is not Severity.NOTE] == [], path.name
