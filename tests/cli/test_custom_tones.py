"""A routine with sounds of one's own, as a person makes one: beside it or in their own folder, right or wrong."""

from __future__ import annotations

import json

import numpy as np
import pytest

from tests.cli.running import SILENT, Home
from tests.mix.wav_files import stroke, wav

WITH = SILENT + "tones: {end: gong.wav, start: sounds/start.wav}\n"


@pytest.fixture
def bells(home: Home) -> Home:
    (home.here / "sounds").mkdir()
    (home.here / "sounds" / "start.wav").write_bytes(wav(stroke(300)))
    (home.root / "home" / "tones").mkdir(parents=True)
    (home.root / "home" / "tones" / "gong.wav").write_bytes(wav(stroke(1_500, 44_100), 44_100, "f4", 2))
    home.write("bells.yaml", WITH)
    return home


def test_check_plan_and_render_find_them(bells: Home) -> None:
    checked = bells.cuecast("check", "bells.yaml", "--strict")
    assert (checked.returncode, checked.stdout) == (0, ""), checked.stderr
    planned = bells.cuecast("plan", "bells.yaml", "--format", "json")
    events = [each for each in json.loads(planned.stdout)["events"] if "file" in each]
    assert [(each["name"], each["file"], each["hz"]) for each in events] == [
        ("start", "sounds/start.wav", None),
        ("end", "gong.wav", None),
        ("start", "sounds/start.wav", None),
    ]
    assert bells.cuecast("render", "bells.yaml").returncode == 0
    assert "bells.mp3" in bells.files()


def test_a_routine_that_is_piped_in_has_those_of_the_folder(bells: Home) -> None:
    done = bells.cuecast("check", "-", stdin=WITH)
    assert (done.returncode, done.stdout) == (0, "")
    planned = bells.cuecast("plan", "-", "--format", "json", stdin=WITH)
    assert planned.stdout == bells.cuecast("plan", "bells.yaml", "--format", "json").stdout


def test_what_is_wrong_is_told_at_its_line(bells: Home) -> None:
    (bells.here / "gong.wav").write_bytes(wav(np.tile(stroke(900, 8_000), 40), 8_000))
    done = bells.cuecast("check", "bells.yaml")
    assert done.returncode == 1
    assert "bells.yaml:7:14" in done.stdout
    assert "[bad-tone]" in done.stdout
    assert "30 s are the most" in done.stdout
    missing = bells.write("missing.yaml", WITH.replace("gong.wav", "bong.wav"))
    done = bells.cuecast("render", missing.name)
    assert done.returncode == 1
    assert "did you mean `gong.wav`?" in done.stderr
    assert "missing.mp3" not in bells.files()
