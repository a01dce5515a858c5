from __future__ import annotations

import pickle
import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from cuecast.errors import FileRefused
from cuecast.files import data_dir
from cuecast.library import Folders, Library
from cuecast.model import field_types as types
from cuecast.model.keys import Key
from cuecast.model.routine import Pronunciation
from cuecast.model.voice import Profile
from cuecast.options import Options
from cuecast.phrases import languages
from cuecast.pipeline import prepare
from cuecast.plugins import ENGINES, engine_keys
from cuecast.read import ReadResult, read, read_profile
from cuecast.read.profiles import (
    MAX_LIKE,
    ProfileError,
    faulty_profiles,
    find_profile,
    is_name,
    list_profiles,
    normalise_name,
)
from cuecast.read.schema import PROFILE
from cuecast.read.voice_selection import default_voice
from tests.builds import source, voices_in
from tests.examples import some
from tests.read.showing import agree_on_faults, check_places
from tests.slips import with_slips

VOICES = data_dir("voices")
CASES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))

OWN = (
    Key("model", types.FILE, "A file.", "model: ~/voices/anna.onnx", required=True),
    Key("program", types.PROGRAM, "A program.", "program: [say, -o, '{file}', '{text}']"),
    Key("depth", types.NUMBER, "A number.", "depth: 0.667"),
    Key("steady", types.BOOLEAN, "Whether.", "steady: true"),
    Key("rate", types.FILE, "A voice's own key comes first.", "rate: x"),
)


def keys_of(engine: str) -> tuple[Key, ...] | None:
    """The engine `full` has all kinds of keys, `plain` none; there are no others."""
    return {"full": OWN, "plain": ()}.get(engine)


def like(names: Sequence[str]) -> Profile:
    name = names[-1]
    if name != "base":
        raise FileRefused("unknown-voice", f"there is no other voice called `{name}`")
    return Profile(
        "base", "full", "en", "The base", 150, 40, -1.0, {"linux": ("en",)}, (Pronunciation("psoas", "so-ass"),),
        {"model": "anna.onnx", "depth": 0.5}, Path("/voices"),
    )  # fmt: skip


def read_text(text: str | bytes) -> ReadResult[Profile]:
    return read_profile("mine.yaml", text.encode() if isinstance(text, str) else text, keys_of, like)


def read_well(text: str) -> Profile:
    result = read_text(text)
    assert result.diagnostics == ()
    assert result.value is not None
    return result.value


def write(folder: Path, text: str | bytes, name: str = "mine") -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_faults_are_told_at_their_place(path: Path) -> None:
    agree_on_faults(path, read_profile(path.name, path.read_bytes(), keys_of, like))


def test_a_full_profile() -> None:
    text = """
engine: full
language: en-GB   # a comment
description: "Mine: soft"
rate: 150 wpm
pitch: 40
gain: -2.5 dB
names: {linux: en, darwin: [com.apple.voice.compact.en-GB.Daniel, any], win32: no}
lexicon:
  psoas: so-ass
  rate: {ipa: reɪt}
model: ../a voice.onnx
program:
  - ./speak
  - -o
  - '{file}'
  - a: b
depth: .5
steady: yes
""".replace("- a: b", "- 'a: b'")
    names = {"linux": ("en",), "darwin": ("com.apple.voice.compact.en-GB.Daniel", "any"), "win32": ("no",)}
    own = {"model": "../a voice.onnx", "program": ("./speak", "-o", "{file}", "a: b"), "depth": 0.5, "steady": True}
    lexicon = (Pronunciation("psoas", "so-ass"), Pronunciation("rate", None, "reɪt"))
    profile = read_well(text)
    assert profile == Profile("mine", "full", "en-GB", "Mine: soft", 150, 40, -2.5, names, lexicon, own)
    assert pickle.loads(pickle.dumps(profile)) == profile


@pytest.mark.parametrize("key", [*PROFILE.keys, *OWN[:4]], ids=lambda key: key.name)
def test_every_example_is_read(key: Key) -> None:
    needed = {"engine": "engine: full", "language": "language: en", "model": "model: x", key.name: key.example}
    if key.name == "like":
        needed = {"like": "like: base"}
    read_well("\n".join(needed.values()))


@pytest.mark.parametrize("engine", ENGINES.builtin)
def test_every_example_of_our_engines_is_read(engine: str) -> None:
    own = engine_keys(engine)
    assert own is not None
    for key in own:
        assert PROFILE.key(key.name) is None, "the key of every voice would stand before it"
        needed = [each.example for each in own if each is key or each.required]
        text = "\n".join([f"engine: {engine}", "language: en", *needed])
        result = read_profile("mine.yaml", text.encode(), engine_keys, like)
        assert result.diagnostics == ()
        assert result.value is not None
        assert key.name in result.value.settings


def test_a_voice_whose_engine_is_not_here_is_no_fault() -> None:
    text = "engine: of-a-stranger\nlanguage: en\nrate: 150\nprogram: [a,\n  b]  # comment\nratee: {deep: [1]}\n"
    assert read_well(text) == Profile("mine", "of-a-stranger", "en", rate=150)
    assert read_text(text + "pitch: high").value is None  # the keys of every voice are held to


def test_a_voice_like_another_says_only_what_differs() -> None:
    mine = read_well("like: base\nrate: 170\ndepth: 0.9")
    assert (mine.name, mine.rate, mine.pitch, mine.description) == ("mine", 170, 40, "The base")
    assert mine.lexicon == (Pronunciation("psoas", "so-ass"),)
    # Its files are still those of the other's folder.
    assert mine.settings == {"model": str(Path("/voices/anna.onnx")), "depth": 0.9}
    assert read_well("like: base\nmodel: bert.onnx").settings["model"] == "bert.onnx"
    home = read_profile("x.yaml", b"like: base", keys_of, lambda names: replace(like(names), settings={"model": "~/a"}))
    assert home.value is not None
    assert home.value.settings["model"] == "~/a"
    # The names of one engine and language mean nothing to another's.
    assert read_well("like: base\nengine: plain") == Profile(
        "mine", "plain", "en", "The base", 150, 40, -1.0, {}, mine.lexicon
    )
    assert read_well("like: base\nlanguage: en-GB").names == {"linux": ("en",)}
    assert read_well("like: base\nlanguage: de").names == {}


def test_the_users_own_coach_is_like_the_packaged_one(tmp_path: Path) -> None:
    mine, theirs = tmp_path / "mine", tmp_path / "theirs"
    write(theirs, "engine: silent\nlanguage: en\nrate: 160\npitch: 30", "coach")
    write(mine, "like: coach\nrate: 180", "coach")
    write(mine, "like: coach\npitch: 20", "mine")
    coach, other = find_profile("coach", voices_in(mine, theirs)), find_profile("mine", voices_in(mine, theirs))
    assert (coach.rate, coach.pitch, coach.folder) == (180, 30, mine)
    assert (other.rate, other.pitch) == (180, 20)


def test_voices_that_are_built_on_each_other(tmp_path: Path) -> None:
    write(tmp_path, "like: b", "a")
    b = write(tmp_path, "like: a", "b")
    with pytest.raises(ProfileError, match="built on each other: a → b → a") as caught:
        find_profile("a", voices_in(tmp_path))
    assert str(caught.value).startswith(f"{b}:1:7: ")
    assert {d.code for d in caught.value.diagnostics} == {"like-loop", "unknown-voice"}
    write(tmp_path, "like: self", "self")
    with pytest.raises(ProfileError, match="there is no other voice called `self`"):
        find_profile("self", voices_in(tmp_path))
    for n in range(MAX_LIKE + 3):
        write(tmp_path, f"like: v{n + 1}", f"v{n}")
    with pytest.raises(ProfileError):
        find_profile("v0", voices_in(tmp_path))


def test_a_faulty_file_is_left_out_and_told_of(tmp_path: Path) -> None:
    path = write(tmp_path, "engine: silent\nlanguage: en\nrat: 3")
    write(tmp_path, "engine: silent\nlanguage: en", "two words")
    write(tmp_path, "engine: silent\nlanguage: en", "good")
    assert [profile.name for profile in list_profiles(voices_in(tmp_path))] == ["good"]
    mine, two = faulty_profiles(voices_in(tmp_path))
    assert mine[0] == "mine"
    assert str(mine[1]).startswith(f"{path}:3:1: a voice has no `rat`; did you mean `rate`?")
    assert "named as its file" in str(two[1])
    assert str(two[1]).endswith("; rename it to two-words.yaml")
    other = write(tmp_path, "engine: pyttsx3\nlanguage: en\nmodel: a.onnx", "other")
    with pytest.raises(ProfileError) as caught:
        find_profile("other", voices_in(tmp_path))
    assert str(caught.value).startswith(f"{other}:3:1: a voice")
    assert "has no `model`; `model` belongs to the engine kokoro or piper: " in str(caught.value)
    assert mine[1].lines() == (
        f"{path}:3:1: a voice has no `rat`; did you mean `rate`?",
        f"{path}:3:6: `rate` is a number from 80 to 400; for example `rate: 165 wpm`",
    )
    assert mine[1].lines(1) == (mine[1].lines()[0], "and 1 more")


@pytest.mark.parametrize(
    ("name", "meant"),
    [("Anna", "anna"), ("two words", "two-words"), ("Zoë", "zoe"), ("_x", "x"), ("-", None), ("", None)],
)
def test_one_rule_for_names_everywhere(name: str, meant: str | None, tmp_path: Path) -> None:
    assert not is_name(name)
    assert normalise_name(name) == meant
    assert meant is None or is_name(meant)
    used = read("x.yaml", f"title: x\nvoice: '{name}'\nsteps: [say: Hi]\n".encode())
    assert used.value is None
    write(tmp_path, "engine: silent\nlanguage: en", name)
    with pytest.raises(ProfileError, match="is not the name of a voice: small letters and digits"):
        find_profile(name, voices_in(tmp_path))
    assert list_profiles(voices_in(tmp_path)) == ()
    assert len(faulty_profiles(voices_in(tmp_path))) == 1


def test_a_routine_shows_the_faults_of_its_voice(tmp_path: Path) -> None:
    path = write(tmp_path, "engine: silent\nlanguage: en\nrat: 3")
    routine = source("x.yaml", "title: x\nvoice: mine\nsteps: [say: Hi]\n")
    result = prepare(routine, Library(None, Folders(voices=(tmp_path,))), Options())
    assert result.value is None
    places = {d.code: str(d.span) for d in result.diagnostics}
    assert places == {"unknown-voice": "x.yaml:2:8", "unknown-key": f"{path}:3:1", "bad-value": f"{path}:3:6"}
    assert [source.name for source in result.sources] == ["x.yaml", str(path)]


def test_a_routine_can_name_a_voice_but_not_make_one() -> None:
    made = b"title: x\nvoice: {engine: command, command: [touch, /tmp/x]}\nsteps: [say: Hi]\n"
    result = read("x.yaml", made)
    assert result.value is None
    assert {d.code for d in result.diagnostics} == {"unknown-key"}
    for name in (b"../mine", b"/tmp/mine", b"mine.yaml", b"{main: ../mine}"):
        assert read("x.yaml", b"title: x\nvoice: %s\nsteps: [say: Hi]\n" % name).value is None


def test_packaged_voices_are_sound() -> None:
    assert faulty_profiles(voices_in(VOICES)) == ()
    profiles = {profile.name: profile for profile in list_profiles(voices_in(VOICES))}
    assert len(profiles) == len(list(VOICES.glob("*.yaml")))
    assert all(profile.description for profile in profiles.values())
    assert {"coach", "calm", "brisk", "joe", "silent"} <= profiles.keys()
    assert profiles["joe"].engine == "piper"
    # What comes with cuecast runs no program of another's.
    assert {profile.engine for profile in profiles.values()} == {"kokoro", "pyttsx3", "piper", "silent"}
    for language in languages():
        for kind in ("coach", "calm", "brisk"):
            name = default_voice(language).replace("coach", kind)
            assert profiles[name].language.partition("-")[0] == language
    brisk, coach, calm = (profiles[name].rate for name in ("brisk", "coach", "calm"))
    assert brisk > coach > calm
    for profile in profiles.values():
        if profile.engine == "pyttsx3":  # on each system there is something to take
            assert set(profile.names) == {"linux", "darwin", "win32"}
            assert profile.names["darwin"][-1] == profile.names["win32"][-1] == "any"


SEEDS = [path.read_bytes() for path in (*CASES, *sorted(VOICES.glob("*.yaml")))]
PIECES = [
    *(bytes([byte]) for byte in b"\t\"'{}[]#|>,\n\r%\\-:&*!?@`\x00\x85\xff"),
    *b": ~ #~- ~&a ~*a~  ~---\n~<<: *a~!!binary x~engine: full\n~like: base\n~lexicon:\n~names:\n  linux: ".split(b"~"),
    *b"program: [~model: ~rate: 1e3\n~\xe2\x80\xa8~\xef\xbb\xbf".split(b"~"),
]


@given(st.randoms(use_true_random=False), st.sampled_from(SEEDS))
@settings(max_examples=some(400), deadline=None)
def test_any_voice_with_slips(chance: random.Random, data: bytes) -> None:
    check_places(read_text(with_slips(chance, data, PIECES, SEEDS)))
