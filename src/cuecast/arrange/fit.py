"""Fit: the fraction of their ranges at which all works must lie so that the track has the length that is asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from fractions import Fraction

from msgspec import Struct

from cuecast.model.diagnostics import Diagnostic, error, warning
from cuecast.model.duration import ms_to_text
from cuecast.model.script import Script, WorkItem
from cuecast.model.source import Span


class LengthUnreachable(Struct, frozen=True):
    """The track can't have the length that is asked for; these are its shortest and its longest, in ms."""

    shortest: int
    longest: int


def fit(
    length: Callable[[Fraction], int], increments: Iterable[int], target_ms: int, at_most: Fraction = Fraction(1)
) -> Fraction | LengthUnreachable:
    """The largest fraction at which the track, `length(fraction)` ms long, is no longer than `target_ms`.

    Only those fractions are tried at which a range grows; `increments` has the number of steps of each range.
    `at_most` is the largest that is tried: once words are measured, works only ever get shorter.
    """
    steps = sorted({Fraction(n, total) for total in set(increments) for n in range(total + 1)} | {Fraction(0)})
    steps = [step for step in steps if step <= at_most]
    shortest = length(steps[0])
    if shortest > target_ms:
        return LengthUnreachable(shortest, length(Fraction(1)))
    low, high = 0, len(steps) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if length(steps[middle]) <= target_ms:
            low = middle
        else:
            high = middle - 1
    if at_most == 1 and low == len(steps) - 1 and length(steps[low]) < target_ms:
        return LengthUnreachable(shortest, length(steps[low]))
    return steps[low]


def length_fault(
    script: Script, target_ms: int, reachable: LengthUnreachable, span: Span | None, estimated: bool
) -> Diagnostic:
    """The fault that says how short and how long the track can be. `script` is the nearest to `target_ms`."""
    message = (
        f"the track can't last {ms_to_text(target_ms)}: it comes to {ms_to_text(reachable.shortest)} at least, "
        f"and to {ms_to_text(reachable.longest)} at most"
    )
    hint = _what_sets_the_length(script, target_ms < reachable.shortest)
    if estimated:
        return warning("may-not-fit", f"by an estimate, {message}", span, hint)
    return error("cannot-fit", message, span, hint)


def _what_sets_the_length(script: Script, too_long: bool) -> str:
    """Which steps keep the length where it is, and what to do."""
    works = [item for item in script.items if isinstance(item, WorkItem)]
    if not script.increments:
        return "nothing in it has a range to choose in; write `work: 30s-60s` in `defaults`, or in some exercises"
    if too_long:
        time = Counter[str]()
        for item in works:
            time[item.exercise] += item.work_ms + item.gap.ms
        longest = ", ".join(f"{name} ({ms_to_text(ms)})" for name, ms in time.most_common(3))
        return f"most of it is {longest}: give shorter ranges, or take something out"
    fixed = list(dict.fromkeys(item.exercise for item in works if not item.has_range))
    if fixed:
        names = ", ".join(fixed[:4]) + (", …" if len(fixed) > 4 else "")
        return f"these have one length and no range: {names}; write `work: 30s-60s`, or add a step"
    return "give longer ranges, or add a step or a round"
