"""`voices script` and `voices check`, as far as the command line's parser: what is written, and how they end."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import typer

from cuecast import api, pipeline
from cuecast.cli.voices_check import check_takes
from cuecast.cli.voices_script import script
from cuecast.files import data_dir
from cuecast.library import Folders, Library
from cuecast.model.build import Plan, Result
from cuecast.model.progress import ProgressListener
from cuecast.options import parse_options
from tests.builds import source
from tests.speak.taking import RATE, in_a_room, murmur, record

ROUTINE = """\
title: Legs
defaults: {work: 30s, announce: [next, side, halfway]}
steps:
  - say: Find some floor.
  - exercise: Calves
    sides: [left, right]
    setup: Sit with your legs straight.
    cues: {8s: Slowly., 20s: 2 more.}
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that a person is in, with a routine; `anna` is a voice of takes in `takes`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CUECAST_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CUECAST_CACHE", str(tmp_path / "cache"))
    (tmp_path / "legs.yaml").write_text(ROUTINE)
    return tmp_path


@pytest.fixture
def anna(here: Path) -> Callable[[str | None], Path]:
    """Makes the voice `anna`, with or without another one for the rest; returns the folder of her takes."""

    def make(otherwise: str | None = None) -> Path:
        voices = here / "home" / "voices"
        voices.mkdir(parents=True, exist_ok=True)
        rest = f"otherwise: {otherwise}\n" if otherwise else ""
        (voices / "anna.yaml").write_text(f"engine: recorded\nlanguage: en\ntakes: {here / 'takes'}\n{rest}")
        return here / "takes"

    return make


def write(*routines: str, output: str | None = None, force: bool = False, voice: str | None = None) -> None:
    script([*routines] or ["legs.yaml"], output, force, voice, None, None, as_json=False)


def plain(capsys: pytest.CaptureFixture[str], voice: str | None = None) -> dict[str, object]:
    script(["legs.yaml"], None, False, voice, None, None, as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert isinstance(told, dict)
    return told


@contextmanager
def ends_with(status: int) -> Iterator[None]:
    with pytest.raises(typer.Exit) as ended:
        yield
    assert ended.value.exit_code == status


def rows(text: str) -> list[list[str]]:
    return [line.split("\t") for line in text.splitlines() if not line.startswith("#")]


def spoken(capsys: pytest.CaptureFixture[str]) -> list[str]:
    told = plain(capsys)["phrases"]
    assert isinstance(told, list)
    return [phrase["spoken"] for phrase in told]


def test_the_list(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write()
    out, err = capsys.readouterr()
    assert out.startswith("# To record: ")
    listed = dict(rows(out))
    assert listed["find-some-floor.wav"] == "Find some floor."
    assert listed["calves-left.wav"] == "Calves, left"
    assert listed["right.wav"] == "Right"
    assert len(listed) == len(rows(out)) == 8
    assert next(iter(listed)) == "find-some-floor.wav"
    assert "# Calves\n" in out
    assert f"{len(listed)} phrases to record\n" in err
    assert "voices script legs.yaml -o FOLDER" in err


def test_a_folder_to_record_in(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(output="mine/voice")
    out, err = capsys.readouterr()
    assert out == ""
    text = (here / "mine" / "voice" / "script.txt").read_text(encoding="utf-8")
    assert "   1.  Find some floor.\n       find-some-floor.wav\n" in text
    assert "== Calves ==" in text
    assert err.startswith(f"{Path('mine/voice/script.txt')}: ")
    assert f"voices new NAME --takes {Path('mine/voice')}\n" in err
    assert err.endswith("voices check NAME legs.yaml\n")


def test_what_is_recorded_is_not_asked_for_again(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(output="mine")
    all_of_it = (here / "mine" / "script.txt").read_text(encoding="utf-8")
    take = record(here / "mine", "Slowly.", suffix=".mp3")
    before = take.read_bytes()
    capsys.readouterr()
    write(output="mine")
    again = (here / "mine" / "script.txt").read_text(encoding="utf-8")
    assert "slowly.wav" in all_of_it
    assert "slowly.wav" not in again
    assert "; 1 recorded already\n" in again
    assert ", 1 recorded already\n" in capsys.readouterr().err
    assert take.read_bytes() == before


def test_what_somebody_else_wrote_is_kept(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "mine").mkdir()
    path = here / "mine" / "script.txt"
    path.write_text("my own notes")
    with ends_with(2):
        write(output="mine")
    assert "--force replaces it" in capsys.readouterr().err
    assert path.read_text() == "my own notes"
    write(output="mine", force=True)
    assert path.read_text().startswith("# To record: ")
    with ends_with(2):
        write(output="legs.yaml")
    assert (here / "legs.yaml").read_text() == ROUTINE


def test_several_routines_share_their_phrases(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = spoken(capsys)
    (here / "more.yaml").write_text(ROUTINE.replace("Slowly.", "Quickly."))
    write("legs.yaml", "more.yaml")
    both = [row[1] for row in rows(capsys.readouterr().out)]
    assert sorted(both) == sorted([*one, "Quickly."])
    (here / "de.yaml").write_text("language: de\n" + ROUTINE)
    with ends_with(2):
        write("legs.yaml", "de.yaml")
    assert "several languages: de, en" in capsys.readouterr().err


def test_a_voice_that_has_takes(
    anna: Callable[[str | None], Path], here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record(anna(None), "Slowly.")
    told = plain(capsys, "anna")
    assert told["recorded"] == 1
    assert told["folder"] == str(here.resolve() / "takes")
    write(voice="anna")
    assert "voices check anna legs.yaml\n" in capsys.readouterr().err
    with ends_with(1):
        write(voice="nobody")
    assert "there is no voice called nobody" in capsys.readouterr().err


def complete(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for text in spoken(capsys):
        record(folder, text)


def test_takes_that_are_all_there(anna: Callable[[str | None], Path], capsys: pytest.CaptureFixture[str]) -> None:
    complete(anna(None), capsys)
    check_takes("anna", ["legs.yaml"], as_json=False)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith(" takes, none with something to correct, no phrase missing\n")
    write(voice="anna")
    assert "\n0 phrases to record, " in "\n" + capsys.readouterr().err


def test_takes_that_are_missing(anna: Callable[[str | None], Path], capsys: pytest.CaptureFixture[str]) -> None:
    folder = anna(None)
    complete(folder, capsys)
    (folder / "slowly.wav").unlink()
    check_takes("anna", [], as_json=False)
    assert "missing" not in capsys.readouterr().out
    with ends_with(1):
        check_takes("anna", ["legs.yaml"], as_json=False)
    out, err = capsys.readouterr()
    assert out == "slowly.wav: error[missing]: “Slowly.” is not recorded yet\n"
    assert err.endswith(", 1 phrase missing\n")
    anna("coach")
    check_takes("anna", ["legs.yaml"], as_json=False)
    assert capsys.readouterr().out == "slowly.wav: note[missing]: “Slowly.” is not recorded yet; coach says it\n"


def test_takes_with_faults(anna: Callable[[str | None], Path], capsys: pytest.CaptureFixture[str]) -> None:
    folder = anna(None)
    complete(folder, capsys)
    record(folder, "Slowly.", in_a_room(murmur("Slowly.") * 0.3, noise_db=-80))
    check_takes("anna", ["legs.yaml"], as_json=False)
    assert capsys.readouterr().out.startswith("slowly.wav: warning[unlike]: ")
    (folder / "slowly.wav").write_text("no sound")
    with ends_with(1):
        check_takes("anna", [], as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert set(told) == {"voice", "folder", "otherwise", "takes", "missing"}
    (faulty,) = [take for take in told["takes"] if take["remarks"]]
    assert (faulty["file"], faulty["seconds"], faulty["lufs"]) == ("slowly.wav", None, None)
    assert [(r["code"], r["usable"]) for r in faulty["remarks"]] == [("unreadable", False)]


def plan(text: str = ROUTINE, **roles: str) -> Result[Plan]:
    """The routine; in Anna's voice, where nobody else is told."""
    options = parse_options(voice=[f"{role}={voice}" for role, voice in roles.items()], source=False)
    routine, library = (
        source("legs.yaml", text),
        Library(None, Folders(voices=(Path("home/voices").absolute(), data_dir("voices")))),
    )
    prepared = pipeline.prepare(routine, library, options)
    if prepared.value is None:
        return Result(None, prepared.diagnostics)
    return pipeline.plan(prepared.value, options, api.open_cache(options), ProgressListener())


def planned() -> Plan:
    """The routine in Anna's voice."""
    result = plan(main="anna")
    assert result.value is not None, result.diagnostics
    return result.value


def test_all_that_can_not_be_said_stops_a_build_at_its_lines(
    anna: Callable[[str | None], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = anna(None)
    complete(folder, capsys)
    (folder / "sit-with-your-legs-straight.wav").unlink()
    record(folder, "Slowly.", np.zeros(RATE))
    (folder / "two-more.wav").unlink()
    record(folder, "Halfway", np.zeros(RATE))
    result = plan(ROUTINE.replace("title: Legs", "title: Legs\nvoice: anna"))
    assert result.value is None
    told = {(d.code, d.span and d.span.line): d for d in result.diagnostics}
    assert set(told) == {("missing-take", 8), ("bad-take", 9), ("missing-take", 9), ("bad-take", 2)}
    sit, slowly = told["missing-take", 8], told["bad-take", 9]
    assert sit.message.endswith(f"has no take: there is no {folder.resolve() / 'sit-with-your-legs-straight.wav'}")
    assert "`cuecast voices check anna legs.yaml`" in (sit.hint or "")
    assert "otherwise: coach" in (sit.hint or "")
    assert slowly.message.endswith(f"{folder.resolve() / 'slowly.wav'}: it is silent; record it again")
    assert "Halfway" in told["bad-take", 2].message


def test_a_build_with_takes_and_another_voice(anna: Callable[[str | None], Path]) -> None:
    own = {"Find some floor.", "Slowly."}
    for text in own:
        record(anna("silent"), text)
    clips = planned().clips
    assert {utterance.text for utterance, clip in clips.items() if any(clip.read())} == own
    assert len(clips) > len(own)
