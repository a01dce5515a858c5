"""A gap asks for no length on which nothing depends: what is asked for is spoken, and that takes time."""

from __future__ import annotations

import pytest

from cuecast.model.timeline import SpeechEvent
from cuecast.options import Options
from cuecast.pipeline import arrange_to_length
from cuecast.read import read
from tests.compiler.compiling import word_lengths

LONG, SHORT = "First: Calves", "Calves"
"""800 and 400 ms in the voice of these tests; 150 ms and a countdown of 3 s follow."""


@pytest.mark.parametrize(
    ("transition", "setup", "spoken", "asked"),
    [
        ("10s", "", LONG, False),
        ("4s", "", LONG, False),
        (
            "10s",
            "setup: Sit down there, ",
            SHORT,
            True,
        ),  # 5 s to settle: 10,300 ms with the long form, 9,900 with the short one
        ("2s", "", LONG, True),  # the short one needs 3,550 ms, so 4 s, which the long one fits
    ],
)
def test_the_short_form_is_asked_for_where_the_long_one_is_too_long(
    transition: str, setup: str, spoken: str, asked: bool
) -> None:
    defaults = f"defaults: {{work: 20s, transition: {transition}, countdown: 3}}"
    steps = f"steps:\n  - {{{setup}exercise: Calves}}\n  - exercise: Quads\n"
    routine, faults, *_ = read("x.yaml", f"title: x\n{defaults}\n{steps}".encode())
    assert routine is not None
    assert not faults
    arranged = arrange_to_length(routine, Options(wake=False), word_lengths)
    assert arranged.timeline is not None
    first = next(event for event in arranged.timeline.events if isinstance(event, SpeechEvent))
    assert first.utterance.text == spoken
    assert (SHORT in {utterance.text for utterance in arranged.utterances}) == asked


@pytest.mark.parametrize(
    ("announce", "countdown", "start"),
    [
        ("[next]", 3, 57_000 - 150 - 800 - 300),  # “Next: Walk” ends 150 ms before the countdown
        ("[]", 3, 57_000),
        ("[]", 0, 60_000),
    ],
)
def test_without_a_gap_a_chapter_begins_at_its_announcement(announce: str, countdown: int, start: int) -> None:
    routine, _, *_ = read(
        "routine.yaml",
        f"""
title: Legs
defaults: {{work: 58s, transition: 0s, announce: {announce}, countdown: {countdown}}}
steps:
  - exercise: Run
  - exercise: Walk
""".encode(),
    )
    assert routine is not None
    timeline = arrange_to_length(routine, Options(), word_lengths).timeline
    assert timeline is not None
    run, walk = timeline.chapters
    works = [interval for interval in timeline.intervals if interval.kind == "work"]
    offset = works[1].start - 60_000
    assert (run.start, run.end, walk.start, walk.end) == (0, start + offset, start + offset, timeline.duration)
