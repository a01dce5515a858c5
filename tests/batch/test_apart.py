"""The order of tracks: all of them once, and what is made at once has little in common."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cuecast.batch.apart import apart


def test_as_many_kinds_by_turns_as_workers() -> None:
    assert "".join(apart("aaabbbccd", str, 2)) == "abababcdc"
    assert "".join(apart("abab", str, 1)) == "aabb"
    assert "".join(apart("aaaab", str, 2)) == "abaaa"


@given(st.text("abcdef"), st.integers(0, 5))
def test_each_once_and_those_of_a_kind_in_their_order(kinds: str, at_once: int) -> None:
    jobs = list(enumerate(kinds))
    order = list(apart(jobs, lambda job: job[1], at_once))
    assert sorted(order) == jobs
    for kind in set(kinds):
        assert [job for job in order if job[1] == kind] == [job for job in jobs if job[1] == kind]


@given(st.text("abcdef", min_size=1), st.integers(1, 5))
def test_no_kind_begins_before_there_is_room(kinds: str, at_once: int) -> None:
    """So that a routine that was read need not be kept for long."""
    left = {kind: kinds.count(kind) for kind in kinds}
    begun: set[str] = set()
    for kind in apart(kinds, str, at_once):
        begun.add(kind)
        assert len([each for each in begun if left[each]]) <= at_once
        left[kind] -= 1
