"""The segments of a bed as layers: each is one music that plays on, from its fade-in to its fade-out."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from cuecast.mix.music.curves import Faded, GainCurve
from cuecast.model.music import Music
from cuecast.model.timeline import BedSegment

FADE_IN_MS, FADE_OUT_MS = 3_000, 4_000
"""The fades of a bed that begins or ends."""

CHANGE_MS = 2_000
"""The crossfade if one music follows another. It begins with the new one's first segment."""


class Layer(Faded, frozen=True, kw_only=True):
    """One music in the track. Its own time runs from `origin`, when it first sounds."""

    music: Music
    origin: int
    gain: GainCurve


def layers_of(bed: Iterable[BedSegment]) -> list[Layer]:
    """The layers in order of time. Two of them overlap only in a crossfade."""
    layers: list[Layer] = []
    origins: dict[Music, int] = {}
    runs = _runs(bed)
    for number, run in enumerate(runs):
        music, start, end = run[0].music, run[0].start, run[-1].end
        crossed_in = number > 0 and runs[number - 1][-1].end == start
        crossed_out = number + 1 < len(runs) and runs[number + 1][0].start == end
        fade_in, fade_out = CHANGE_MS if crossed_in else FADE_IN_MS, 0 if crossed_out else FADE_OUT_MS
        if fade_in + fade_out > end - start:  # shorten both in the same proportion
            fade_in = (end - start) * fade_in // (fade_in + fade_out)
            fade_out = fade_out and end - start - fade_in
        if crossed_in:  # the one before plays on under this one
            before = layers[-1]
            layers[-1] = replace(before, end=before.end + fade_in, fade_out=fade_in)
        gain = GainCurve((segment.start, segment.gain) for segment in run)
        fades = (start, end, fade_in, fade_out, crossed_in, crossed_out)
        layers.append(Layer(*fades, music=music, origin=origins.setdefault(music, start), gain=gain))
    return layers


def _runs(bed: Iterable[BedSegment]) -> list[list[BedSegment]]:
    """The segments, in lists through which one music plays on."""
    runs: list[list[BedSegment]] = []
    for segment in bed:
        if segment.end <= segment.start:
            continue
        last = runs[-1][-1] if runs else None
        if last and last.end == segment.start and last.music == segment.music:
            runs[-1].append(segment)
        else:
            runs.append([segment])
    return runs
