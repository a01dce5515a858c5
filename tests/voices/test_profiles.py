from __future__ import annotations

from pathlib import Path

import pytest

from cuecast.ports import Profile
from cuecast.profiles import KEYS, ProfileError, find_profile, list_profiles, read_profile
from cuecast.voices import engine_names
from tests.voices.conftest import VOICES


def write(folder: Path, text: str | bytes, name: str = "mine") -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_full_profile(tmp_path: Path) -> None:
    text = """
engine: pyttsx3
language: en-GB   # a comment
description: "Mine: soft"
rate: 150
pitch: 40
gain: -2.5 dB
names: {linux: en, darwin: com.apple.voice.compact.en-GB.Daniel, win32: no}
"""
    names = {"linux": ("en",), "darwin": ("com.apple.voice.compact.en-GB.Daniel",), "win32": ("no",)}
    assert read_profile(write(tmp_path, text)) == Profile(
        "mine", "pyttsx3", "en-GB", "Mine: soft", 150, 40, -2.5, names
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("engine: silent\nlanguage: en\nspeed: 3", ":3:1: `speed` is not a voice's key; "),
        ("engine: silent\nlanguage: en\nrat: 3", ":3:1: `rat` is not a voice's key; did you mean `rate`?"),
        ("engine: silent\nlanguage: en\nrate: 3", ":3:7: a number from 80 to 400 belongs here"),
        ("engine: silent\nlanguage: en\nrate: quick", ":3:7: a number from 80 to 400 belongs here"),
        ("engine: silent\nlanguage: en\npitch: [1]", ":3:8: text belongs here"),
        ("engine: silent\nlanguage: en\ngain: .inf", ":3:7: a number from -20 to 6 belongs here"),
        ("engine: silent\nlanguage: English", ":2:11: 'English' is no language tag"),
        ("engine: silent\nlanguage: en\nlanguage: de", ":3:1: `language` is there twice"),
        ("engine: silent\nlanguage: en\nnames: en", ":3:8: lines of the form `key: value` belong here"),
        ("engine: silent\nlanguage: en\nnames: {macos: x}", ":3:9: `macos` is not a platform; there are: linux, "),
        ("engine: silent", ": `language` is missing"),
        ("language: en", ": `engine` is missing"),
        ("- engine", ":1:1: lines of the form `key: value` belong here"),
        ("engine: [", ":1:10: not YAML: "),
        ("a: &x [*x]", "mine.yaml"),
        ("a: b\n---\nc: d", "not YAML"),
        ("", ": empty; a voice needs at least `engine` and `language`"),
        (b"\xff\xfe\x00", ": not text in UTF-8"),
        ("engine: \0", "not YAML"),
        (b"#" * 70_000, ": larger than 64 KB"),
        ("[" * 2_000, "mine.yaml"),
    ],
)
def test_a_faulty_profile_is_told_with_its_place(text: str | bytes, said: str, tmp_path: Path) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ProfileError) as caught:
        read_profile(path)
    assert str(caught.value).startswith(str(path))
    assert said in str(caught.value)
    assert list_profiles([tmp_path]) == ()


def test_the_first_folder_counts(tmp_path: Path) -> None:
    mine, theirs = tmp_path / "mine", tmp_path / "theirs"
    write(mine, "engine: silent\nlanguage: de", "coach")
    write(theirs, "engine: silent\nlanguage: en", "coach")
    write(theirs, "engine: silent\nlanguage: en", "calm")
    folders = [mine, theirs, tmp_path / "missing"]
    assert find_profile("coach", folders).language == "de"
    assert [(p.name, p.language) for p in list_profiles(folders)] == [("calm", "en"), ("coach", "de")]


@pytest.mark.parametrize("name", ["nobody", "../coach", "a/b", "", "coach.yaml", "x" * 99])
def test_a_voice_that_is_not_there(name: str) -> None:
    with pytest.raises(ProfileError):
        find_profile(name, [VOICES])


def test_packaged_voices() -> None:
    profiles = list_profiles([VOICES])
    assert {"coach", "calm", "brisk", "silent"} <= {profile.name for profile in profiles}
    assert len(profiles) == len(list(VOICES.glob("*.yaml")))
    assert {profile.engine for profile in profiles} <= set(engine_names())
    assert all(profile.description for profile in profiles)


def test_every_key_is_a_field() -> None:
    assert set(KEYS) <= set(Profile.__dataclass_fields__)
