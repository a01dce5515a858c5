"""Fit: the fraction of their ranges at which all works must lie so that the track has the length that is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction

from msgspec import Struct

from cuecast.model.duration import SECOND


class LengthUnreachable(Struct, frozen=True):
    """The track can't have the length that is asked for; these are its shortest and its longest, in ms."""

    shortest: int
    longest: int


def fit(
    length: Callable[[Fraction], int], widths_ms: Iterable[int], target_ms: int, at_most: Fraction = Fraction(1)
) -> Fraction | LengthUnreachable:
    """The largest fraction at which the track, `length(fraction)` ms long, is no longer than `target_ms`.

    Works are whole seconds, so only those fractions are tried at which a range (`widths_ms` wide) gets a second longer.
    `at_most` is the largest that is tried: once words are measured, works only ever get shorter.
    """
    seconds = {width // SECOND for width in widths_ms if width >= SECOND}
    steps = sorted({Fraction(n, width) for width in seconds for n in range(width + 1)} | {Fraction(0)})
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
