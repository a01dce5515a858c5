"""Library exercises adapt to the work or the reps that a `use` writes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cuecast import api
from cuecast.export.html import Html
from cuecast.export.json import Json
from cuecast.export.table import Table
from cuecast.model.diagnostics import Diagnostic, has_errors
from cuecast.model.routine import Level
from cuecast.model.timeline import SpeechEvent
from cuecast.options import Options
from cuecast.tags.timeline_frame import encode_timeline, read_timeline

EXERCISES = {
    path.stem: path.read_text(encoding="utf-8")
    for path in sorted((Path(__file__).parents[2] / "routines" / "exercises").glob("*.yaml"))
    if "." not in path.stem
}


def faults(tmp_path: Path, steps: str, level: Level | None = None) -> tuple[Diagnostic, ...]:
    path = tmp_path / "x.yaml"
    path.write_text(f"title: x\nvoice: silent\nsteps:\n{steps}")
    return api.plan(path, Options(cache=tmp_path / "cache", level=level)).diagnostics


@pytest.mark.parametrize("length", ["10s", "30s", "60s-90s", "5m"])
def test_every_exercise_takes_every_work(tmp_path: Path, length: str) -> None:
    assert len(EXERCISES) > 70
    found = faults(tmp_path, "".join(f"  - {{use: {name}, work: {length}}}\n" for name in EXERCISES))
    assert not has_errors(found), [each for each in found if has_errors([each])]


def test_every_exercise_with_reps_takes_two(tmp_path: Path) -> None:
    with_reps = [name for name, text in EXERCISES.items() if "\nreps:" in text]
    assert with_reps
    found = faults(tmp_path, "".join(f"  - {{use: {name}, reps: 2}}\n" for name in with_reps))
    assert not has_errors(found), [each for each in found if has_errors([each])]


def test_a_note_at_the_step_says_which_cue_is_left_out(tmp_path: Path) -> None:
    found = [each for each in faults(tmp_path, "  - {use: cat-cow, work: 10s}\n") if each.code == "cue-dropped"]
    assert found
    for each in found:
        assert each.span is not None
        assert (Path(each.span.file).name, each.span.line) == ("x.yaml", 4)
        assert each.message.startswith("“")


def test_a_cue_that_the_author_wrote_is_an_error(tmp_path: Path) -> None:
    found = faults(tmp_path, "  - {use: cat-cow, work: 10s, cues: {20s: Slowly.}}\n")
    assert [each.code for each in found if has_errors([each])] == ["moment-outside"]


def test_a_note_says_where_a_level_changes_nothing(tmp_path: Path) -> None:
    plain = "  - {exercise: A, work: 10s}\n"
    changed = "  - {exercise: A, work: 10s, variants: {gentle: {work: 5s}}}\n"

    def codes(steps: str, level: Level | None) -> list[str]:
        return [each.code for each in faults(tmp_path, steps, level)]

    assert "level-without-effect" in codes(plain, Level.GENTLE)
    assert "level-without-effect" in codes(changed, Level.DEEP)
    assert "level-without-effect" not in codes(changed, Level.GENTLE)
    assert "level-without-effect" not in codes(plain, Level.STANDARD)
    assert "level-without-effect" not in codes(plain, None)
    for level in (Level.GENTLE, Level.DEEP):
        assert "level-without-effect" not in [
            each.code for each in api.check("runners-rollout", Options(level=level)).diagnostics
        ]


def test_cautions_of_the_library_stand_in_the_plan_and_are_said_once_where_that_is_wanted(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    text = "title: x\nvoice: silent\nsteps:\n  - use: hamstrings\n  - use: hamstrings\n"
    said = []
    for announce in ("", "defaults: {announce: [next, caution]}\n"):
        path.write_text(text.replace("steps:", f"{announce}steps:"))
        timeline = api.plan(path, Options(cache=tmp_path / "cache")).value
        assert timeline is not None
        (caution,) = timeline.cautions
        assert caution in Table().dump(timeline).replace("\n! ", " ").replace("\n  ", " ")
        assert caution in Html().dump(timeline)
        assert json.loads(Json().dump(timeline))["cautions"] == [caution]
        assert read_timeline(encode_timeline(timeline)).cautions == (caution,)
        said.append([e.utterance.text for e in timeline.events if isinstance(e, SpeechEvent)].count(caution))
    assert said == [0, 1]
