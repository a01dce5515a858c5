"""How `watch` describes the difference between two timelines."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from cuecast.model.timeline import Timeline
from cuecast.watch.timeline_diff import describe_changes
from tests.compiler.compiling import to_timeline
from tests.compiler.routines import any_routines
from tests.examples import some

LEGS = """\
title: Legs
defaults: {work: 40s, transition: 10s, switch: 5s, announce: [next, side], countdown: 3}
steps:
  - exercise: Calves
    sides: [left, right]
    cues: {half: Breathe out.}
  - rest: 20s
  - exercise: Quads
    cues: {10s: Slowly now., -12s: Nearly done.}
"""


def timeline(text: str) -> Timeline:
    result, diagnostics = to_timeline(text)
    assert result is not None, diagnostics
    return result


@pytest.mark.parametrize(
    ("was", "now", "lines"),
    [
        ("title: Legs", "title: Legs!", ["title: Legs!, was Legs"]),
        ("half: Breathe out.", "half: Breathe in.", [
            "Calves, left: “Breathe in.”, was “Breathe out.”",
            "Calves, right: “Breathe in.”, was “Breathe out.”",
        ]),
        ("10s: Slowly now.", "11s: Slowly now.", ["Quads: “Slowly now.” at 11 s, was at 10 s"]),
        ("10s: Slowly now., ", "", ["Quads: no more “Slowly now.”"]),
        ("-12s: Nearly done.", "-12s: Nearly done., 25s: Go on.", ["Quads: new “Go on.”"]),
        ("- rest: 20s", "- rest: 25s", ["rest before Quads: 25 s, was 20 s", "2:44 in all, was 2:39"]),
        ("countdown: 3", "countdown: 2", ["other tones"]),
        ("title: Legs", "title: Legs\nmusic: ocean", ["music"]),
        ("title: Legs", "title: Legs\nvolume: {tones: -3dB}", ["another volume"]),
        ("title: Legs", "# mine\ntitle: Legs", []),
    ],
)  # fmt: skip
def test_in_words(was: str, now: str, lines: list[str]) -> None:
    assert was in LEGS
    changes = describe_changes(timeline(LEGS), timeline(LEGS.replace(was, now)))
    if lines[:1] == ["other tones"]:
        lines = [f"{changes[0]}"]
        assert "tones" in changes[0]
    assert changes == lines


def test_what_came_and_went() -> None:
    after = LEGS.replace("exercise: Quads", "exercise: Glutes\n  - exercise: Shins")
    changes = describe_changes(timeline(LEGS), timeline(after))
    assert "gone: Quads" in changes
    assert any(line.startswith("new: Glutes, 40 s") for line in changes)
    assert any(line.startswith("new: Shins, 40 s") for line in changes)
    assert changes[-1].endswith(" in all, was 2:39")


@given(any_routines, any_routines)
@settings(max_examples=some(60), deadline=None)
def test_any_two(one: str, other: str) -> None:
    before, after = to_timeline(one)[0], to_timeline(other)[0]
    if before is None or after is None:
        return
    assert describe_changes(before, before) == []
    lines = describe_changes(before, after)
    assert all(line and "\n" not in line for line in lines)
    if before.duration != after.duration or before.title != after.title:
        assert lines


def test_a_voice() -> None:
    legs = timeline(LEGS)
    assert describe_changes(legs, replace(legs, voice="joe")) == ["voice: joe, was coach"]
