"""The stretches of a bed as layers: each a music that plays on, from where it is faded in to where it is faded out."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from cuecast.mix.music.ducking import Gain, Values, rising
from cuecast.model.music import Music
from cuecast.model.timeline import BedSegment

FADE_IN_MS, FADE_OUT_MS = 3_000, 4_000
"""Where a bed begins with nothing before it, and ends with nothing after it."""

CHANGE_MS = 2_000
"""From where another music is told, it is faded in and the one before out."""


class Layer(Struct, frozen=True):
    """A music from `start` to `end` (ms). It rises for `fade_in` ms and falls for `fade_out`.

    Where it takes another one's place or gives way to one (`crossed_in`, `crossed_out`), the power of both stays even.
    """

    music: Music
    start: int
    end: int
    gain: Gain
    fade_in: int
    fade_out: int
    crossed_in: bool
    crossed_out: bool

    def faded(self, start: int, end: int) -> Values | None:
        """The factor at each millisecond from `start` to `end`, both included; None where it is 1 throughout."""
        factor: Values | None = None
        if start < self.start + self.fade_in:
            at = (np.arange(start, end + 1, dtype=np.float64) - self.start) / self.fade_in
            factor = crossing(at) if self.crossed_in else rising(at)
        if end > self.end - self.fade_out:
            at = (self.end - np.arange(start, end + 1, dtype=np.float64)) / self.fade_out
            falling = crossing(at) if self.crossed_out else rising(at)
            factor = falling if factor is None else factor * falling
        return factor

    def described(self, start: int, end: int) -> list[object]:
        """All that this and the gain depend on between two times, seen from the first."""
        described: list[object] = [self.gain.described(start, end)]
        if start < self.start + self.fade_in:
            described.append(["in", self.start - start, self.fade_in, self.crossed_in])
        if end > self.end - self.fade_out:
            described.append(["out", self.end - start, self.fade_out, self.crossed_out])
        return described


def crossing(at: Values) -> Values:
    """The factor of what comes, where `at` goes from 0 to 1; that of what goes is the same from 1 to 0: even power."""
    factor: Values = np.sin(np.clip(at, 0.0, 1.0) * (np.pi / 2))
    return factor


def layers_of(bed: Iterable[BedSegment]) -> list[Layer]:
    """The layers, in order of time. Two sound together only where one takes the other's place."""
    layers: list[Layer] = []
    runs = _runs(bed)
    for number, run in enumerate(runs):
        start, end = run[0].start, run[-1].end
        crossed_in = number > 0 and runs[number - 1][-1].end == start
        crossed_out = number + 1 < len(runs) and runs[number + 1][0].start == end
        fade_in, fade_out = CHANGE_MS if crossed_in else FADE_IN_MS, 0 if crossed_out else FADE_OUT_MS
        if fade_in + fade_out > end - start:  # both in the same proportion
            fade_in = (end - start) * fade_in // (fade_in + fade_out)
            fade_out = fade_out and end - start - fade_in
        if crossed_in:  # the one before plays on beneath
            before = layers[-1]
            layers[-1] = replace(before, end=before.end + fade_in, fade_out=fade_in)
        gain = Gain((stretch.start, stretch.gain) for stretch in run)
        layers.append(Layer(run[0].music, start, end, gain, fade_in, fade_out, crossed_in, crossed_out))
    return layers


def _runs(bed: Iterable[BedSegment]) -> list[list[BedSegment]]:
    """The stretches, in lists of those in which one music plays on."""
    runs: list[list[BedSegment]] = []
    for stretch in bed:
        if stretch.end <= stretch.start:
            continue
        last = runs[-1][-1] if runs else None
        if last and last.end == stretch.start and last.music == stretch.music:
            runs[-1].append(stretch)
        else:
            runs.append([stretch])
    return runs
