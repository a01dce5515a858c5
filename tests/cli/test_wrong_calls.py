"""Calls that are wrong: each ends with 2, says so without a traceback, and changes nothing. They are in `wrong_calls.txt`."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from tests.cli.running import SILENT, Home
from tests.cli.test_cover import painted
from tests.share.tracks import track

CALLS = Path(__file__).with_name("wrong_calls.txt").read_text(encoding="utf-8").removeprefix("$ ").split("\n\n$ ")
FILES = {
    "short.yaml": SILENT,
    "file.yaml": SILENT,
    "all.yaml": "routines: short.yaml\n",
    "notes.txt": "Squats 3 x 40s\n",
    "text.mp3": "no track at all",
    **dict.fromkeys(("file", "old.mp3", "old.svg", "near.ogg", "voice.onnx", "list.onnx", "words.onnx"), "mine"),
    "voice.onnx.json": '{"language": {"code": "en_US"}, "num_speakers": 1}',
    "list.onnx.json": "[]",
    "words.onnx.json": "nonsense",
}


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A person with files of many kinds."""
    home = Home(tmp_path_factory.mktemp("wrong"))
    for folder in (home.here / "folder", home.root / "home" / "music"):
        folder.mkdir(parents=True)
    for name, text in FILES.items():
        home.write(name, text)
    (home.root / "home" / "music" / "own.flac").touch()
    track(home.here / "legs.mp3")
    (home.here / "cut.png").write_bytes(painted(home.here / "whole.png")[:200])
    painted(home.here / "tiny.png", size=20)
    return home


def contents(folder: Path) -> dict[Path, bytes | None]:
    return {path: path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.partition("\n")[0].removeprefix("cuecast "))
def test_a_wrong_call_ends_with_2_says_why_and_changes_nothing(furnished: Home, call: str) -> None:
    line, _, message = call.rstrip("\n").partition("\n")
    before = contents(furnished.root)
    done = furnished.cuecast(*shlex.split(line)[1:])
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert contents(furnished.root) == before
