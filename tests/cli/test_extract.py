"""`inspect` and `extract`: what a track carries, shown, taken out, rendered again to the same bytes."""

from __future__ import annotations

import json
import shlex
import shutil
from pathlib import Path

import pytest

import cuecast
from cuecast.model.tags import Picture, Tags
from cuecast.tags.bundle import DESCRIPTION, Bundle, encode_bundle, read_bundle
from cuecast.tags.id3 import encode_tag
from cuecast.tags.reader import read_tag
from tests.cli.running import SILENT, Home
from tests.cli.test_cover import painted
from tests.examples import THOROUGH
from tests.mix.tracks import timeline
from tests.mix.wav_files import write_tone

ROUTINE = """\
title: Of many files
voice: mine
defaults: {work: 8s-30s, transition: 6s}
tones: {halfway: sounds/gong.flac, end: bell.wav}
music: {file: songs/one.wav, volume: -20dB}
steps:
  - {use: calves, work: 14s-45s}
  - include: parts/more.yaml
"""


@pytest.fixture
def much(home: Home) -> Home:
    """A person with a routine of many files, and folders of their own."""
    own = home.root / "home"
    for folder in (own / "voices", own / "tones", home.here / "parts"):
        folder.mkdir(parents=True)
    (own / "voices" / "mine.yaml").write_text("like: base\n")
    (own / "voices" / "base.yaml").write_text("like: silent\nrate: 200\n")
    (own / "voices" / "secret.yaml").write_text("like: silent\ndescription: nobody else's business\n")
    write_tone(own / "tones" / "bell.wav", 0.2)
    write_tone(home.here / "sounds" / "gong.flac", 0.2)
    write_tone(home.here / "songs" / "one.wav", 8)
    home.write("parts/more.yaml", "title: More\nsteps:\n  - {exercise: Shins, cues: {half: Slowly.}}\n")
    home.write("legs.yaml", ROUTINE)
    return home


def rendered_again(home: Home) -> bytes:
    """The track that the command makes which `extract` prints, on another machine."""
    result = home.cuecast("extract", "legs.mp3", "--json", "-o", "out")
    assert result.returncode == 0, result.stderr
    plain = json.loads(result.stdout)
    for place, sum_ in plain["missing"].items():
        assert len(sum_) == 64
        source = next(path for path in home.root.rglob(Path(place).name) if "out" not in path.parts)
        target = home.here / place
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)
    command = shlex.split(f"cuecast {shlex.join(plain['render'])}")[1:]
    other = Home(home.root, {"CUECAST_HOME": str(home.root / "nothing"), "CUECAST_CACHE": str(home.root / "other")})
    again = other.anew(*command, "-o", "again.mp3")
    assert again.returncode == 0, again.stderr
    return (home.here / "again.mp3").read_bytes()


FITTED = "--music off --id3 2.3 --fit 1m20s --seed 3 --level gentle --wake off --volume tones=-3dB --cover off"


@pytest.mark.parametrize(
    "options",
    [
        "",
        FITTED,
        "--music more/loud.wav --volume music=-3dB --cover mine.png --voice base",
        *(["--music more/", "--music album/three.wav"] if THOROUGH else []),
    ],
)
def test_the_same_bytes_again(much: Home, options: str) -> None:
    write_tone(much.here / "more" / "loud.wav", 9)
    write_tone(much.root / "home" / "music" / "album" / "three.wav", 7)
    painted(much.here / "mine.png")
    assert much.cuecast("render", "legs.yaml", *options.split()).returncode == 0
    assert rendered_again(much) == (much.here / "legs.mp3").read_bytes()


@pytest.mark.skipif(not THOROUGH, reason="speaks and encodes whole tracks twice: CUECAST_THOROUGH=1")
@pytest.mark.parametrize("name", ["box-breathing", "runners-rollout", "walk-run-week-1", "four-seven-eight"])
def test_a_packaged_routine(home: Home, name: str) -> None:
    assert home.cuecast("render", name, "-o", "legs.mp3").returncode == 0
    assert rendered_again(home) == (home.here / "legs.mp3").read_bytes()


def test_what_goes_along(much: Home) -> None:
    name = "somebody-of-their-own"
    somebody = Home(much.root, {"HOME": str(much.root), "USER": name, "LOGNAME": name})
    assert somebody.cuecast("render", "legs.yaml").returncode == 0
    with (much.here / "legs.mp3").open("rb") as file:
        found = read_tag(file)
    assert found is not None
    bundle = read_bundle(found.attachments[DESCRIPTION])
    assert bundle.options == {}
    assert sorted(bundle.files) == [
        "home/exercises/calves.yaml",
        "home/tones/bell.wav",
        "home/voices/base.yaml",
        "home/voices/mine.yaml",
        "home/voices/silent.yaml",
        "legs.yaml",
        "parts/more.yaml",
        "sounds/gong.flac",
    ]
    assert list(bundle.elsewhere) == ["songs/one.wav"]
    whole = (much.here / "legs.mp3").read_bytes()
    installed = str(Path(cuecast.__file__).parent)
    for private in (str(much.root), name, "nobody else", installed):
        assert private.encode() not in whole


def test_inspect(much: Home) -> None:
    assert much.cuecast("render", "legs.yaml", "--fit", "2m").returncode == 0
    result = much.cuecast("inspect", "legs.mp3")
    assert result.returncode == 0
    assert result.stderr == ""
    for line in ("title     Of many files", "length    2:00", "voice     mine (en)", "picture   image/png, ", "Shins"):
        assert line in result.stdout
    assert "routine   legs.yaml and 7 more, by cuecast " in result.stdout
    plain = json.loads(much.cuecast("inspect", "legs.mp3", "--json").stdout)
    assert plain["duration"] == 120.0
    assert plain["routine"]["options"] == {"fit": "2m"}
    assert plain["lyrics"]["lines"] == plain["lyrics"]["timed"] > 3
    assert [c["start"] for c in plain["chapters"]] == sorted(c["start"] for c in plain["chapters"])
    assert plain["problems"] == []


def carrying(home: Home, data: bytes, title: str = "Any") -> None:
    """A track from a stranger."""
    tag = encode_tag(timeline([], 1_000), Tags(title, cover=Picture("image/png", b"\x89PNG"), source=data), "cuecast")
    (home.here / "evil.mp3").write_bytes(tag + b"\xff\xfb\x14\xc4" + bytes(200))


VOICES = [
    "engine: command\ncommand: [touch, pwned]\n",
    "any: [{engine: silent}, {engine: command, command: [touch, pwned]}]\n",
    '"engine": "comm\\x61nd"\ncommand: [touch, pwned]\n',
    "&e engine: command\ncommand: [touch, pwned]\n",
    "engine: a-strangers-package\n",
    "engine: [command]\n",
    "{: broken",
    "engine: silent\n--- \nengine: command\n",
]


def test_no_program_is_started(home: Home) -> None:
    voices = {f"home/voices/bad-{number}.yaml": voice.encode() for number, voice in enumerate(VOICES)}
    routine = SILENT.replace("silent", "bad-0").encode()
    carrying(home, encode_bundle(Bundle("1", "r.yaml", {}, {"r.yaml": routine, **voices})))
    result = home.cuecast("extract", "evil.mp3")
    assert result.returncode == 0
    for number, (path, voice) in enumerate(voices.items()):
        assert f"the voice bad-{number} would start a program" in result.stderr
        assert (home.here / "evil" / f"{path}.off").read_bytes() == voice
    built = home.cuecast("render", "evil/r.yaml", "--home", "evil/home")
    assert built.returncode == 1
    assert "there is no voice called bad-0" in built.stderr
    assert not (home.here / "pwned").exists()


def test_nothing_leaves_the_folder(home: Home) -> None:
    """`tests/tags/test_bundle.py` has all names that are refused."""
    carrying(home, encode_bundle(Bundle("1", "r.yaml", {}, {"r.yaml": b"", "a/../../r.yaml": b"pwned"})))
    before = sorted(home.root.rglob("*"))
    result = home.cuecast("extract", "evil.mp3")
    assert (result.returncode, "leads elsewhere" in result.stderr) == (2, True)
    assert sorted(home.root.rglob("*")) == before


@pytest.mark.parametrize("place", ["evil", "evil/parts", "evil/r.yaml"])
def test_links_in_the_way_are_not_followed(home: Home, place: str) -> None:
    outside = home.root / "outside"
    outside.mkdir()
    (outside / "r.yaml").write_text("mine")
    carrying(home, encode_bundle(Bundle("1", "r.yaml", {}, {"r.yaml": b"x", "parts/r.yaml": b"x"})))
    link = home.here / place
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(outside / "r.yaml" if place.endswith("yaml") else outside)
    result = home.cuecast("extract", "evil.mp3", "--force")
    assert result.returncode == 2
    assert "is a link or not a" in result.stderr
    assert (outside / "r.yaml").read_text() == "mine"
    assert sorted(path.name for path in outside.iterdir()) == ["r.yaml"]


def test_a_title_can_not_steer_the_terminal(home: Home) -> None:
    carrying(home, b"{}", title="\x1b]0;owned\x07\x1b[2J\u202eoops\nrm -rf")
    result = home.cuecast("inspect", "evil.mp3")
    assert result.returncode == 0
    assert not {"\x1b", "\x07", "\u202e"} & set(result.stdout + result.stderr)
    assert "a newer cuecast may know it" in result.stderr
