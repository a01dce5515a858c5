"""`fit`: exact, or refused with the shortest and the longest that the track can be."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cuecast.arrange import arrange
from cuecast.expand import Choices, expand
from cuecast.model.diagnostics import has_errors
from cuecast.model.duration import SECOND
from cuecast.model.routine import Routine
from cuecast.model.script import WorkItem
from cuecast.model.timeline import Kind
from cuecast.options import Options
from cuecast.phrases import phrases_of
from cuecast.pipeline import Arranged, arrange_to_length
from cuecast.read import read
from tests.compiler.compiling import word_lengths
from tests.compiler.routines import ranged_routines
from tests.examples import some

ENGLISH = phrases_of("en")


def _routine(text: str) -> Routine:
    routine = read("routine.yaml", text.encode()).value
    assert routine is not None
    return routine


def _arranged(routine: Routine, target: int) -> Arranged:
    return arrange_to_length(routine, Options(fit_ms=target, wake=False), word_lengths)


def _length(routine: Routine, fraction: int) -> int:
    script, _ = expand(routine, ENGLISH, Choices(fraction=Fraction(fraction)))
    assert script is not None
    return arrange(script, word_lengths)[0].duration


@given(ranged_routines, st.floats(0, 1))
@settings(max_examples=some(150), deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
def test_every_length_between_the_shortest_and_the_longest_is_met_exactly(text: str, place: float) -> None:
    routine = _routine(text)
    shortest, longest = _length(routine, 0), _length(routine, 1)
    assume(longest - shortest > 5 * SECOND)
    # Words that tell the length differ by some hundred milliseconds, so the very ends are left out.
    target = shortest + 2 * SECOND + int((longest - shortest - 4 * SECOND) * place) // SECOND * SECOND
    arranged = _arranged(routine, target)
    assert arranged.timeline is not None
    assert not has_errors(arranged.faults)
    assert arranged.timeline.duration == target
    assert arranged.fraction is not None
    script, _ = expand(routine, ENGLISH, Choices(fraction=arranged.fraction))
    assert script is not None
    works = [i for i in arranged.timeline.intervals if i.kind is Kind.WORK]
    lengths = [item.work_ms for item in script.items if isinstance(item, WorkItem)]
    assert [i.end - i.start for i in works] == lengths


@given(ranged_routines, st.integers(1, 600))
@settings(max_examples=some(100), deadline=None)
def test_what_cannot_be_met_is_refused_with_both_ends(text: str, beyond: int) -> None:
    routine = _routine(text)
    # Words that tell the track's length differ with it, by a second or two.
    beyond += 5
    for target in (_length(routine, 0) - beyond * SECOND, _length(routine, 1) + beyond * SECOND):
        if target > 0:
            arranged = _arranged(routine, target)
            assert [d.code for d in arranged.faults if d.code == "cannot-fit"] == ["cannot-fit"]


def test_all_ranges_lie_at_the_same_fraction_and_the_seconds_left_over_lengthen_the_first_gaps() -> None:
    routine = _routine(
        "title: T\n"
        "defaults: {announce: off, transition: 8s, countdown: off}\n"
        "steps:\n"
        "  - {exercise: A, work: 20s-40s}\n"
        "  - {exercise: B, work: 30s-60s}\n"
        "  - {exercise: C, work: 45s}\n"
    )
    # 2 + 8 + 20..40 + 8 + 30..60 + 8 + 45 + 2 = 123..173. At 17/30 of their widths the works are 31 and 47, 151 in all;
    # at the next place, 3/5, both are a second longer.
    arranged = _arranged(routine, 152 * SECOND)
    assert arranged.timeline is not None
    lengths = [(i.kind.value, (i.end - i.start) // SECOND) for i in arranged.timeline.intervals]
    assert lengths == [
        ("lead-in", 2),
        ("transition", 9),
        ("work", 31),
        ("transition", 8),
        ("work", 47),
        ("transition", 8),
        ("work", 45),
        ("close", 2),
    ]


def test_a_routine_without_ranges_has_one_length() -> None:
    arranged = _arranged(_routine("title: T\nsteps:\n  - {say: Hello., for: 10s}\n"), 20 * SECOND)
    assert [d.code for d in arranged.faults] == ["cannot-fit"]
    assert "14s at least" in arranged.faults[0].message
