"""The timeline within a track: what goes in comes out, what is too much stays out, what is no timeline is told."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cuecast.export.json import SCHEMA
from cuecast.model.routine import Side
from cuecast.model.script import Utterance
from cuecast.model.source import Span
from cuecast.model.timeline import Chapter, Interval, Kind, SpeechEvent, Timeline
from cuecast.tags.timeline_frame import MAX_BYTES, NoTimelineError, SpokenText, encode_timeline, read_timeline

SPAN = Span("calves.yaml", 1, 1, 1, 9)


def routine(minutes: int) -> Timeline:
    """A busy one: each minute two gaps, two works, a setup and two cues of a usual length."""
    intervals: list[Interval] = []
    events: list[SpeechEvent] = []
    chapters: list[Chapter] = []
    for start in range(0, minutes * 60_000, 30_000):
        side = Side.LEFT if start % 60_000 else Side.RIGHT
        intervals += [
            Interval(start, start + 8_000, Kind.TRANSITION, "Hamstrings", side, 1, 3, SPAN),
            Interval(start + 8_000, start + 30_000, Kind.WORK, "Hamstrings", side, 1, 3, SPAN),
        ]
        for at in (1_000, 12_000, 20_000):
            words = Utterance("Slowly. Stay on the tender spot, and breathe out as long as you can.", "coach", "en")
            events.append(SpeechEvent(start + at, start + at + 4_000, words, SPAN))
        events.append(SpeechEvent(start + 6_000, start + 6_500, Utterance("Left", "coach", "en")))
        chapters.append(Chapter(start, start + 30_000, f"Hamstrings, {side}"))
    return Timeline("Legs", "en", "coach", minutes * 60_000, tuple(intervals), tuple(events), tuple(chapters))


def test_what_goes_in_comes_out() -> None:
    made = routine(10)
    found = read_timeline(encode_timeline(made))
    assert (found.title, found.language, found.voice, found.duration) == ("Legs", "en", "coach", 600_000)
    assert found.intervals == tuple(replace(each, span=None) for each in made.intervals)
    assert found.chapters == made.chapters
    written = [each for each in made.events if isinstance(each, SpeechEvent) and each.span]
    assert found.spoken == tuple(SpokenText(each.start, each.end, each.utterance.text) for each in written)


def test_it_is_a_timeline_of_the_documented_form_without_names_of_files() -> None:
    data = encode_timeline(routine(1))
    assert json.loads(data)["schema"] == SCHEMA
    assert b"calves.yaml" not in data


def test_an_hour_carries_its_words_and_a_day_leaves_them_out() -> None:
    hour, ten = encode_timeline(routine(60)), encode_timeline(routine(600))
    assert len(hour) < 100_000
    assert read_timeline(hour).spoken
    assert len(ten) < 500_000
    assert not read_timeline(ten).spoken
    assert len(read_timeline(ten).intervals) == 2_400
    assert len(encode_timeline(routine(24 * 60))) < MAX_BYTES


GOOD = json.loads(encode_timeline(routine(1)))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"schema": "cuecast/timeline@9"}, "newer"),
        ({"intervals": []}, "do not fill"),
        ({"duration": 61}, "do not fill"),
        ({"duration": float("nan")}, "JSON"),
        ({"duration": float("inf")}, "JSON"),
        ({"duration": True}, "form"),
        ({"duration": 10**400}, "form"),
        ({"intervals": [{"start": 0, "end": 60, "kind": "nap"}]}, "form"),
        ({"intervals": [{"start": 0, "end": 60, "kind": []}]}, "form"),
        (
            {"intervals": [{"start": 0, "end": 9, "kind": "work"}, {"start": 10, "end": 60, "kind": "work"}]},
            "end to end",
        ),
        ({"intervals": [{"start": 9, "end": 0, "kind": "work"}]}, "ends before"),
        ({"intervals": {"start": 0}}, "form"),
        ({"language": 7}, "form"),
        ({"title": "\ud800"}, "JSON"),
        ({"chapters": [7]}, "form"),
        ({"events": [{"kind": "speech", "text": "a", "start": -1, "end": 2}]}, "form"),
    ],
)
def test_what_is_no_timeline_is_told(change: dict[str, object], said: str) -> None:
    with pytest.raises(NoTimelineError, match=said):
        read_timeline(json.dumps({**GOOD, **change}).encode())


def test_bytes_that_are_no_json() -> None:
    for data in (b"", b"\xff", b"[" * 100_000, b"7", b"null", b"9" * 5_000, b" " * (MAX_BYTES + 1)):
        with pytest.raises(NoTimelineError):
            read_timeline(data)


def test_long_texts_are_cut_and_what_is_not_unicode_is_replaced() -> None:
    intervals = [{"start": 0, "end": 60, "kind": "work", "exercise": "x" * 9_999}]
    (one,) = read_timeline(json.dumps({**GOOD, "intervals": intervals}).encode()).intervals
    assert one.exercise == "x" * 1_000
    assert read_timeline(encode_timeline(replace(routine(1), title="a\ud800"))).title == "a?"


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*GOOD, "start", "end", "kind"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from([*GOOD]), JSON))
def test_nothing_else_is_raised(change: dict[str, object]) -> None:
    with contextlib.suppress(NoTimelineError):
        read_timeline(json.dumps({**GOOD, **change}).encode())
