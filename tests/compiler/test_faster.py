"""A cue that is a little too long is spoken faster."""

from __future__ import annotations

import pytest

from cuecast import api
from cuecast.model.timeline import Kind, SpeechEvent
from cuecast.options import Options
from tests.builds import check, source

ROUTINE = "title: T\nvoice: silent\nsteps:\n  - exercise: Calves\n    work: 6s\n    cues: {MOMENT: WORDS}\n"


def routine(letters: int, moment: str) -> str:
    return ROUTINE.replace("MOMENT", moment).replace("WORDS", "a" * letters)


@pytest.mark.parametrize("moment", ["start", "1s", "end"])
def test_up_to_12_percent_and_no_more(moment: str) -> None:
    percents, codes = [], []
    for letters in range(60, 130):
        result = check("t.yaml", routine(letters, moment))
        assert result.value is not None
        (work,) = [interval for interval in result.value.intervals if interval.kind is Kind.WORK]
        cues = [each for each in result.value.events if isinstance(each, SpeechEvent) and each.span]
        assert all(work.start <= cue.start < cue.end <= work.end for cue in cues)
        percents.append(cues[0].utterance.faster if cues else -1)
        codes.append([diagnostic.code for diagnostic in result.diagnostics])
    assert list(dict.fromkeys(percents)) == [0, 4, 8, 12, -1]
    expected = {0: [], 4: ["spoken-faster"], 8: ["spoken-faster"], 12: ["spoken-faster"], -1: ["may-overrun"]}
    assert codes == [expected[percent] for percent in percents]


def test_it_is_measured_at_that_speed_and_told_once_for_both_sides() -> None:
    for letters in range(60, 130):
        text = routine(letters, "start").replace("    work", "    sides: [left, right]\n    work")
        result = api.plan(source("t.yaml", text), Options())
        assert result.value is not None or result.diagnostics
        if result.value and [diagnostic.code for diagnostic in result.diagnostics] == ["spoken-faster"]:
            cues = [each for each in result.value.events if isinstance(each, SpeechEvent) and each.span]
            assert [cue.utterance.faster > 0 for cue in cues] == [True, True]
            assert cues[0].end - cues[0].start < 6_000
            return
    raise AssertionError("none was spoken faster")
