"""What each faulty file gets told, and what each good one means.

A case is a file in `cases` or `good` and what must come of it, beside it with the suffix `.expected`. After a change
that is meant, write them anew with `CUECAST_ACCEPT=1 pytest tests/read`, and read the difference.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from cuecast.library import Folders, Library
from cuecast.model.routine import Routine
from cuecast.read import ReadResult, read
from tests.read.showing import CODES, agree, agree_on_faults, show_value

HERE = Path(__file__).parent
CASES = sorted((HERE / "cases").glob("*.yaml"))
GOOD = sorted((HERE / "good").glob("*.yaml"))
# What a few bytes in a file of cases can't show, and where it is tested instead.
ELSEWHERE = {
    "too-large": "test_bytes.py",
    "too-many-faults": "test_reading.py",
    "too-many-files": "test_files_of_a_routine.py",
    "too-many-steps": "test_files_of_a_routine.py",
    "language-of-name": "../cli/test_finding.py",
    "unknown-language": "../cli/test_commands.py",
    "like-loop": "../speak/test_profiles.py",
    "unknown-voice": "../speak/test_profiles.py",
    "voice-language": "../speak/test_profiles.py",
}
# What is raised by the opener is told by the stage.
OPENERS = {"missing-file", "not-a-file", "outside-folder", "unknown-exercise"}
OPENERS |= {"missing-music", "not-a-folder", "not-music"}


def told_of(path: Path) -> ReadResult[Routine]:
    return read(
        path.name,
        path.read_bytes(),
        Library(path.parent, Folders(exercises=(HERE / "exercises",), music=HERE / "music")),
    )


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_faults_are_told_at_their_place(path: Path) -> None:
    agree_on_faults(path, told_of(path))


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_good_routines_are_read_as_written(path: Path) -> None:
    result = told_of(path)
    assert result.diagnostics == ()
    assert result.value is not None
    agree(path, show_value(result.value))


def test_every_code_of_the_stage_has_a_paragraph_and_a_case() -> None:
    told = {d.code for path in CASES for d in told_of(path).diagnostics}
    assert told <= set(CODES)
    words = "".join(path.read_text(encoding="utf-8") for path in Path("src/cuecast/read").rglob("*.py"))
    used = {code for code in CODES if f'"{code}"' in words}
    assert (used | OPENERS) - told == set(ELSEWHERE)


def test_codes_are_alphabetical() -> None:
    assert sorted(set(CODES)) == CODES


def test_messages_speak_no_yaml() -> None:
    jargon = ("mapping", "sequence", "scalar", "node", "token", "block", "null", "parse", "indicator")
    for path in CASES:
        for d in told_of(path).diagnostics:
            words = f"{d.message} {d.hint or ''}".casefold().split()
            assert not set(words) & set(jargon), (path.name, d)
