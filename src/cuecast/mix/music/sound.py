"""The bed's sound, window by window: what of its musics sounds there, how loud, and ducked.

Factors are worked out for each millisecond of the track and go from one to the next in a straight line, so that a
window depends on nothing but the timeline and the music: windows joined are the same samples as one big one.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from cuecast.mix.music.ducking import Ducking, Values
from cuecast.mix.music.layers import Layer, crossing
from cuecast.mix.music.playlist import Play, Playlist
from cuecast.model.clip import SAMPLES_PER_MS
from cuecast.model.music import Music

BED_VERSION = 1
"""Part of every recipe: raise it when a bed of the same description comes to sound otherwise."""

_PER_MS = 2 * SAMPLES_PER_MS  # samples, of both channels
_RAMP = np.repeat(np.arange(SAMPLES_PER_MS, dtype=np.float32) / SAMPLES_PER_MS, 2)

Samples = npt.NDArray[np.float32]


class BedWindows:
    """The sound of a timeline's bed, in stereo. Any thread may ask for any window."""

    channels = 2

    def __init__(
        self,
        layers: Sequence[Layer],
        playlists: Mapping[Music, Playlist],
        clocks: Mapping[Music, int],
        ducking: Ducking,
    ) -> None:
        """`clocks` is when each music first sounds in the track: from there its time runs, also while it is off."""
        self._layers = list(layers)
        self._playlists = playlists
        self._clocks = clocks
        self._ducking = ducking
        # Layers overlap only with their neighbours, and their ends are in order as their starts are.
        self._ends = [layer.end for layer in layers]

    def __call__(self, start: int, end: int) -> bytes:
        """PCM from `start` to `end` (ms), interleaved; silence where there is no bed. Sums saturate."""
        total = np.zeros((max(0, end - start), _PER_MS), np.float32)
        silent = True
        for layer, play, origin, first, last in self._sounding(start, end):
            factors = self._factors(layer, play, origin, first, last)
            low, high = play.piece.sound.measures.offset
            for at, factor, pcm in play.piece.sound.read(first - origin - play.start, last - origin - play.start):
                at += origin + play.start
                count = len(pcm) // _PER_MS
                samples = pcm.reshape(count, _PER_MS).astype(np.float32)
                if low or high:
                    samples -= np.tile(np.array([low, high], np.float64) / factor, SAMPLES_PER_MS).astype(np.float32)
                samples *= _lines(factors[at - first : at - first + count + 1] * (factor * 32767))
                total[at - start : at - start + count] += samples
            silent = False
        if silent:
            return bytes(total.size * 2)
        np.rint(total, out=total)
        np.clip(total, -32768, 32767, out=total)
        return total.astype("<i2").tobytes()

    def recipe(self, start: int, end: int) -> list[object] | None:
        """What sounds in the window, from where in it on, and all that its loudness depends on."""
        recipe: list[object] = []
        for layer, play, origin, first, last in self._sounding(start, end):
            piece = play.piece
            begins, ends = origin + play.start, origin + play.end
            described: list[object] = [
                piece.sound.mark,
                [*piece.sound.measures.offset],
                [piece.base, piece.most],
                [first - start, last - start, first - begins],
                layer.described(first, last),
            ]
            if first < begins + play.fade_in:
                described.append(["from", begins - start, play.fade_in])
            if last > ends - play.fade_out:
                described.append(["to", ends - start, play.fade_out])
            recipe.append(described)
        return [BED_VERSION, *recipe, self._ducking.described(start, end)] if recipe else []

    def _sounding(self, start: int, end: int) -> Iterator[tuple[Layer, Play, int, int, int]]:
        """What sounds in the window: layer, play, when its music's clock began, from when to when it sounds there."""
        for layer in self._layers[max(0, bisect_left(self._ends, start) - 1) :]:
            if layer.start >= end:
                return
            first, last = max(start, layer.start), min(end, layer.end)
            if first < last:
                origin = self._clocks[layer.music]
                for play in self._playlists[layer.music].plays(first - origin, last - origin):
                    begins, ends = max(first, origin + play.start), min(last, origin + play.end)
                    if begins < ends:
                        yield layer, play, origin, begins, ends

    def _factors(self, layer: Layer, play: Play, origin: int, start: int, end: int) -> Values:
        """The factor at each millisecond from `start` to `end`, both included."""
        piece = play.piece
        told = np.minimum(layer.gain.values(start, end) + piece.base, piece.most)
        factors: Values = np.power(10.0, (told + self._ducking.values(start, end)) / 20)
        faded = layer.faded(start, end)
        if faded is not None:
            factors *= faded
        times = np.arange(start, end + 1, dtype=np.float64) - origin
        if play.fade_in and times[0] < play.start + play.fade_in:
            factors *= crossing((times - play.start) / play.fade_in)
        if play.fade_out and times[-1] > play.end - play.fade_out:
            factors *= crossing((play.end - times) / play.fade_out)
        return factors


def _lines(factors: Values) -> Samples:
    """The factor of each sample, where that of the first one of each millisecond, and of one more, is given."""
    points: Samples = factors.astype(np.float32)[:, None]
    if (points == points[0]).all():
        return points[:1]
    lines = points[:-1] + (points[1:] - points[:-1]) * _RAMP
    return lines.astype(np.float32, copy=False)
