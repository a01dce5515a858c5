"""The bed's sound, window by window: which of its musics sound there, how loud, and ducked.

Factors are computed for each millisecond of the track and go from one to the next in a straight line. So a window
depends on nothing but the timeline and the music: windows joined are the same samples as one big window.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from cuecast.mix.music.curves import DuckingCurve, Values
from cuecast.mix.music.layers import Layer
from cuecast.mix.music.playlist import Playlist, PlaylistEntry
from cuecast.model.clip import SAMPLES_PER_MS
from cuecast.model.music import Music

BED_VERSION = 2
"""Part of every recipe: raise it if a bed of the same recipe comes to sound differently."""

_SAMPLES_PER_MS = 2 * SAMPLES_PER_MS  # of both channels
_RAMP = np.repeat(np.arange(SAMPLES_PER_MS, dtype=np.float32) / SAMPLES_PER_MS, 2)

Samples = npt.NDArray[np.float32]


class _Passage(Struct, frozen=True):
    """What plays of an entry of a layer's playlist, from `start` to `end` of the track, within a window."""

    layer: Layer
    entry: PlaylistEntry
    start: int
    end: int

    @property
    def position(self) -> int:
        """Where in the sound it begins."""
        return self.start - self.layer.origin - self.entry.start


class BedSound:
    """The sound of a timeline's bed, in stereo. Any thread may ask for any window."""

    channels = 2

    def __init__(self, layers: Sequence[Layer], playlists: Mapping[Music, Playlist], ducking: DuckingCurve) -> None:
        self._layers = layers
        self._ends = [layer.end for layer in layers]  # in order: layers overlap only with their neighbours
        self._playlists = playlists
        self._ducking = ducking

    def __call__(self, start: int, end: int) -> bytes:
        """PCM from `start` to `end` (ms), interleaved; silence where there is no bed. Sums saturate."""
        passages = list(self._passages(start, end))
        if not passages:
            return bytes(max(0, end - start) * _SAMPLES_PER_MS * 2)
        total = np.zeros((end - start, _SAMPLES_PER_MS), np.float32)
        for passage in passages:
            factors, sound = self._factors(passage), passage.entry.sound
            for position, factor, pcm in sound.read(passage.position, passage.position + passage.end - passage.start):
                at = position - passage.position
                samples = pcm.reshape(-1, _SAMPLES_PER_MS).astype(np.float32)
                count = len(samples)
                if any(sound.measures.offset):
                    offset = np.array(sound.measures.offset) / factor
                    samples -= np.tile(offset, SAMPLES_PER_MS).astype(np.float32)
                samples *= _per_sample(factors[at : at + count + 1] * (factor * 32767))
                at += passage.start - start
                total[at : at + count] += samples
        np.rint(total, out=total)
        np.clip(total, -32768, 32767, out=total)
        return total.astype("<i2").tobytes()

    def recipe(self, start: int, end: int) -> list[object]:
        """What sounds in the window, from when in it, and everything that its loudness depends on."""
        recipe: list[object] = []
        for passage in self._passages(start, end):
            layer, entry, first, last = passage.layer, passage.entry, passage.start, passage.end
            measures = entry.sound.measures
            recipe.append(
                [
                    entry.sound.key,
                    [passage.position, first - start, last - start],
                    [*measures.offset, measures.reference_gain, measures.max_gain],
                    layer.gain.recipe(first, last),
                    layer.recipe(first, last),
                    entry.recipe(first - layer.origin, last - layer.origin),
                ]
            )
        return [BED_VERSION, *recipe, self._ducking.recipe(start, end)] if recipe else []

    def _passages(self, start: int, end: int) -> Iterator[_Passage]:
        for layer in self._layers[max(0, bisect_left(self._ends, start) - 1) :]:
            if layer.start >= end:
                return
            first, last = max(start, layer.start), min(end, layer.end)
            if first < last:
                for entry in self._playlists[layer.music].entries(first - layer.origin, last - layer.origin):
                    at, to = max(first, layer.origin + entry.start), min(last, layer.origin + entry.end)
                    yield _Passage(layer, entry, at, to)

    def _factors(self, passage: _Passage) -> Values:
        """The factor at each millisecond of a passage, its end included."""
        layer, entry, measures = passage.layer, passage.entry, passage.entry.sound.measures
        times = np.arange(passage.start, passage.end + 1, dtype=np.float64)
        gain = np.minimum(layer.gain.values(times) + measures.reference_gain, measures.max_gain)
        factors: Values = np.power(10.0, (gain + self._ducking.values(times)) / 20)
        factors *= layer.fades(times)
        factors *= entry.fades(times - layer.origin)
        return factors


def _per_sample(factors: Values) -> Samples:
    """The factor of each sample; given are those of the first one of each millisecond, and of one more."""
    points: Samples = factors.astype(np.float32)[:, None]
    if (points == points[0]).all():
        return points[:1]
    lines = points[:-1] + (points[1:] - points[:-1]) * _RAMP
    return lines.astype(np.float32, copy=False)
