"""Where a chapter begins if there is no gap before its work."""

from __future__ import annotations

import pytest

from cuecast.options import Options
from cuecast.pipeline import arrange_to_length
from cuecast.read import read
from tests.compiler.compiling import word_lengths


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
