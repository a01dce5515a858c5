"""Durations as people write them, and the suggestions for anything else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuecast.model.duration import DurationError, DurationRange, ms_to_text
from cuecast.phrases.lengths import text_to_ms, text_to_range


def table(text: str) -> list[tuple[str, str]]:
    """`a = b | c = d` on any number of lines."""
    return [(a, b) for a, _, b in (each.strip().partition(" = ") for each in text.replace("\n", "|").split("|")) if b]


DURATIONS = """
45 = 45 | 45s = 45 | 0 = 0 | 1m30s = 90 | 1m 30s = 90 | 1:30 = 90 | 0:45 = 45 | 1:02:30 = 3750 | 90:00 = 5400
2m = 120 | 1h = 3600 | 1h30m = 5400
"""
TYPED = """
30 secs = 30 | 45sec = 45 | 45 s = 45 | 45S = 45 | 2 minutes = 120 | 90 seconds. = 90 | 1 hour = 3600 | 1 min 30 = 90
1h30 = 5400 | 2 minutes and 10 seconds = 130 | 1'30" = 90 | 1.5m = 90 | 0,5 h = 1800 | 2 Minuten = 120 | half a minute = 30
"""
SUGGESTIONS = """
1:75 = 2m15s | 1:5 = 1:05 | -5s = 5s | −5s = 5s | 1.5s = 2s | 1.30 = 1:30 | 1,30 = 1:30 | 1;30 = 1:30 | 0.45 = 0:45
1.30m = 1m30s | 1m75s = 2m15s | 1h75m = 2h15m | 1h75s = 1h1m15s | 1h5m60s = 1h6m
"""
RANGES = """
45s = 45 45 | 30s-60s = 30 60 | 30-60 = 30 60 | 1:00 - 1:30 = 60 90 | 30s–1m = 30 60 | 30-60s = 30 60
10-20m = 600 1200 | 1 - 2m = 60 120 | 1-2h = 3600 7200 | 30-1m = 30 60 | 45-1:30 = 45 90 | 90m = 5400 5400
30s to 60s = 30 60 | 30 secs - 60 secs = 30 60 | 1-2 min = 60 120 | 1 to 2m = 60 120 | 30-60 sec = 30 60
"""
RANGE_SUGGESTIONS = """
60s-30s = 30s-1m | 1.30-2.00 = 1:30-2:00 | -5s = 5s
"""


@pytest.mark.parametrize(("text", "seconds"), table(DURATIONS + TYPED))
def test_durations(text: str, seconds: str) -> None:
    assert text_to_ms(f" {text} ") == int(seconds) * 1000


@pytest.mark.parametrize(("text", "suggestion"), table(SUGGESTIONS))
def test_suggestions(text: str, suggestion: str) -> None:
    with pytest.raises(DurationError) as caught:
        text_to_ms(text)
    assert caught.value.suggestion == suggestion


@pytest.mark.parametrize("text", ["abc", "", "s", "5x", "9" * 5000 + "h", "٣s"])
def test_no_suggestion(text: str) -> None:
    with pytest.raises(DurationError) as caught:
        text_to_ms(text)
    assert caught.value.suggestion is None


@pytest.mark.parametrize(("text", "seconds"), table(RANGES))
def test_ranges(text: str, seconds: str) -> None:
    low, high = map(int, seconds.split())
    assert text_to_range(text) == DurationRange(low * 1000, high * 1000)


@pytest.mark.parametrize(("text", "suggestion"), [*table(RANGE_SUGGESTIONS), ("30s-", None), ("a-b", None)])
def test_suggested_ranges(text: str, suggestion: str | None) -> None:
    with pytest.raises(DurationError) as caught:
        text_to_range(text)
    assert caught.value.suggestion == suggestion


@given(st.integers(0, 10_000_000))
def test_what_is_written_is_read_back(seconds: int) -> None:
    assert text_to_ms(ms_to_text(seconds * 1000)) == seconds * 1000


@given(st.text(max_size=30) | st.from_regex(r"[0-9 hms:.,'\-]{0,12}", fullmatch=True))
def test_any_text_is_a_duration_or_an_error_whose_suggestion_is_one(text: str) -> None:
    for read in (text_to_ms, text_to_range):
        try:
            read(text)
        except DurationError as fault:
            if fault.suggestion is not None:
                text_to_range(fault.suggestion)
