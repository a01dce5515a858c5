"""What comes with the product: every routine at every level, and every exercise of the library."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cuecast.files import data_dir
from cuecast.library import Folders, Library
from cuecast.library.other_names import OTHER_NAMES
from cuecast.model.diagnostics import Severity
from cuecast.model.routine import Level, Volume
from cuecast.model.timeline import Interval, Kind, SpeechEvent, Timeline, ToneEvent
from cuecast.options import Options
from cuecast.phrases.lengths import text_to_ms
from cuecast.read import read
from tests.builds import check

ROUTINES = data_dir("routines")
EXERCISES = sorted((ROUTINES / "exercises").glob("*.yaml"))


@pytest.mark.parametrize("path", sorted(ROUTINES.glob("*.yaml")), ids=lambda path: path.name)
def test_every_routine_compiles_with_time_to_move_and_names_in_time(path: Path) -> None:
    """At each level, as written, a tenth shorter and a tenth longer where the routine has ranges for that."""
    routine = read(path.name, path.read_bytes(), Library(ROUTINES, Folders(exercises=(ROUTINES / "exercises",)))).value
    assert routine is not None
    assert routine.volume == Volume(), "one is as loud as another"
    assert routine.summary
    settle = [text_to_ms(words) for words in re.findall(r"settle: (\w+)", path.read_text("utf-8"))]
    for level in Level:
        written = check(path.name, path.read_bytes(), Options(level=level), ROUTINES)
        assert written.value is not None, written.diagnostics
        assert [d for d in written.diagnostics if d.severity is not Severity.NOTE] == []
        for tenths in (10, 9, 11):
            fit = Options(level=level, fit_ms=written.value.duration * tenths // 10 // 1000 * 1000)
            result = written if tenths == 10 else check(path.name, path.read_bytes(), fit, ROUTINES)
            assert result.value is not None
            if {"cannot-fit", "may-not-fit"} & {each.code for each in result.diagnostics}:
                continue
            names = {each.exercise for each in result.value.intervals if each.exercise}
            dropped = [each.message for each in result.diagnostics if each.code == "announcement-dropped"]
            assert not [message for message in dropped if any(name in message for name in names)], level
            for interval in result.value.intervals:
                if interval.kind in (Kind.TRANSITION, Kind.SWITCH, Kind.REST):
                    _assert_time_to_move(result.value, interval, min(settle, default=5000))


def _assert_time_to_move(timeline: Timeline, gap: Interval, settle_ms: int) -> None:
    inside = [event for event in timeline.events if gap.start <= event.start < gap.end]
    words = [event for event in inside if isinstance(event, SpeechEvent)]
    countdown = next(
        (each.start for each in inside if isinstance(each, ToneEvent) and each.name == "countdown"), gap.end
    )
    for setup in words:
        if setup.span:
            assert countdown - setup.end >= settle_ms, setup.utterance.text
    if words and gap.end - gap.start > 20_000:
        assert countdown - words[-1].end <= 15_000, words[-1].utterance.text


@pytest.mark.parametrize("level", Level)
def test_every_exercise_compiles_with_nothing_worse_than_a_note(level: Level) -> None:
    assert len(EXERCISES) > 100
    for path in EXERCISES:
        name, _, language = path.stem.partition(".")
        text = f"title: T\nlanguage: {language or 'en'}\nsteps:\n  - use: {name}\n"
        result = check("t.yaml", text, Options(level=level), ROUTINES)
        assert result.value is not None, (path.name, result.diagnostics)
        assert [d for d in result.diagnostics if d.severity is not Severity.NOTE] == [], path.name


def test_the_packaged_bell_is_there_for_every_routine() -> None:
    text = "title: T\ntones: {end: bell.wav}\nsteps:\n  - use: butterfly\n"
    result = check("t.yaml", text, folder=EXERCISES[0].parent)
    assert result.value is not None, result.diagnostics
    assert result.diagnostics == ()


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("it-band", "use `outer-quad`: rolling does not change the iliotibial band, so roll the muscle in front of it"),
        (
            "low-back",
            "use `upper-back`: a roller is not for the lower back, so roll the back between the shoulder blades",
        ),
        ("glute-bridge", "here it is called `bridge`"),
    ],
)
def test_a_name_that_people_use_leads_to_the_exercise(name: str, hint: str) -> None:
    result = check("t.yaml", f"title: T\nsteps:\n  - use: {name}\n", folder=ROUTINES)
    assert [d.hint for d in result.diagnostics] == [hint]


def test_other_names_lead_to_exercises_and_are_none() -> None:
    exercises = {path.stem for path in EXERCISES}
    assert exercises >= OTHER_NAMES.keys()
    others = [name for names in OTHER_NAMES.values() for name in names.split()]
    assert len(others) == len(set(others))
    assert not exercises & set(others)
