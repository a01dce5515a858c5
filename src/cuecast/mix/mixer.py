"""The mixer: a timeline and its clips give the samples of any window of the track.

The sound of a window depends on the timeline and the clips alone, never on what was mixed before: windows joined are
the same samples as one big one. So a format may ask for them in any order and on any thread.

Most sounds stand alone, and are copied to their place. Where some overlap, or a gain is told, pydub adds and scales.
Over a bed, all this is in the middle: the same samples on both sides, and those of the bed added.
"""

from __future__ import annotations

import warnings
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import accumulate, pairwise
from operator import attrgetter
from types import ModuleType
from typing import TYPE_CHECKING, cast

from cuecast.errors import SetupError
from cuecast.model.clip import BYTES_PER_MS, SAMPLE_BYTES, SAMPLE_RATE, Clip
from cuecast.model.script import Utterance
from cuecast.model.timeline import Event, Timeline, ToneEvent
from cuecast.model.tones import TONES, render_glide, render_own, render_tone
from cuecast.protocols import MixedSound

if TYPE_CHECKING:
    from pydub import AudioSegment

TILE_MS = 1_000
"""The longest base that is overlaid at once: pydub copies the whole base for every event laid on it."""

SOUND_VERSION = 2
"""Part of every recipe: raise it when a tone of the same description comes to sound otherwise."""

_start = attrgetter("start")


def mix(timeline: Timeline, clips: Mapping[Utterance, Clip], start: int, end: int) -> bytes:
    """The sound from `start` to `end` (ms): signed 16-bit mono at 48 kHz. For many windows of a track see `windows`."""
    return windows(timeline, clips)(start, end)


def windows(timeline: Timeline, clips: Mapping[Utterance, Clip], bed: MixedSound | None = None) -> MixedSound:
    """The track's sound, window by window; over the sound of its bed, in stereo, where it has one.

    An event sounds from its start to its end and no longer, whatever its clip holds. Sums beyond full scale
    saturate. A window may reach beyond the track; there is silence.
    """
    return _Windows(timeline, clips) if bed is None else _OverBed(_Windows(timeline, clips), bed)


class _OverBed:
    channels = 2

    def __init__(self, cues: _Windows, bed: MixedSound) -> None:
        self._cues, self._bed = cues, bed
        _audioop()

    def __call__(self, start: int, end: int) -> bytes:
        audioop = _audioop()
        middle = audioop.tostereo(self._cues(start, end), SAMPLE_BYTES, 1, 1)
        return bytes(audioop.add(middle, self._bed(start, end), SAMPLE_BYTES))

    def recipe(self, start: int, end: int) -> list[object] | None:
        cues, bed = self._cues.recipe(start, end), self._bed.recipe(start, end)
        return None if cues is None or bed is None else [cues, bed]


class _Windows:
    channels = 1

    def __init__(self, timeline: Timeline, clips: Mapping[Utterance, Clip]) -> None:
        self._volume = timeline.volume
        self._clips = clips
        self._events = [event for event in timeline.events if self._gain(event) is not None]
        # When all of the events up to number n have ended: it never falls, so bisection finds the first that sounds.
        self._reach = list(accumulate((event.end for event in self._events), max))
        overlap = any(event.start < end for end, event in zip(self._reach, self._events[1:], strict=False))
        if overlap or any(map(self._gain, self._events)):
            _pydub()  # here, because what it does to warnings is not for threads

    def __call__(self, start: int, end: int) -> bytes:
        parts = []
        at = start
        for cluster in _clusters(self._sounding(start, end)):
            first, last = max(start, cluster[0].start), min(end, max(event.end for event in cluster))
            parts.append(bytes((first - at) * BYTES_PER_MS))
            parts += self._tiles(cluster, first, last) if len(cluster) > 1 else [self._alone(cluster[0], first, last)]
            at = last
        parts.append(bytes((end - at) * BYTES_PER_MS))
        return b"".join(parts)

    def recipe(self, start: int, end: int) -> list[object] | None:
        """What sounds in the window, from when to when, and how loud."""
        recipe: list[object] = [SOUND_VERSION]
        for event in self._sounding(start, end):
            made_of = self._made_of(event)
            if made_of is None:
                return None
            recipe.append([event.start - start, min(event.end, end) - start, self._gain(event), made_of])
        return recipe

    def _sounding(self, start: int, end: int) -> list[Event]:
        first = bisect_right(self._reach, start)
        last = bisect_left(self._events, end, lo=first, key=_start)
        return [event for event in self._events[first:last] if event.end > start]

    def _alone(self, event: Event, start: int, end: int) -> bytes:
        cut = self._sound(event)[(start - event.start) * BYTES_PER_MS : (end - event.start) * BYTES_PER_MS]
        return cut.ljust((end - start) * BYTES_PER_MS, b"\0")

    def _tiles(self, cluster: list[Event], start: int, end: int) -> Iterator[bytes]:
        waiting = iter(cluster)
        upcoming = next(waiting, None)
        current: list[tuple[Event, bytes]] = []
        for at in range(start, end, TILE_MS):
            to = min(at + TILE_MS, end)
            while upcoming is not None and upcoming.start < to:
                current.append((upcoming, self._sound(upcoming)))
                upcoming = next(waiting, None)
            tile = _segment(bytes((to - at) * BYTES_PER_MS))
            for event, sound in current:
                # Cut by bytes, not by pydub's slices: those round a clip's length to whole milliseconds.
                first, last = max(0, at - event.start), min(to, event.end) - event.start
                piece = sound[first * BYTES_PER_MS : last * BYTES_PER_MS]
                tile = tile.overlay(_segment(piece), position=max(0, event.start - at))
            yield tile.raw_data
            current = [(event, sound) for event, sound in current if event.end > to]

    def _sound(self, event: Event) -> bytes:
        if not isinstance(event, ToneEvent):
            pcm = self._speech(event.utterance)
        elif event.custom is not None:
            pcm = render_own(event.custom, event.end - event.start)
        elif event.hz is None or event.to_hz is None:
            pcm = render_tone(TONES[event.name])
        else:
            pcm = render_glide(event.hz, event.to_hz, event.end - event.start)
        gain = self._gain(event)
        return bytes(_segment(pcm).apply_gain(gain).raw_data) if gain else pcm

    def _speech(self, utterance: Utterance) -> bytes:
        clip = self._clips[utterance]
        try:
            pcm = clip.read()
        except OSError:
            pcm = b""
        if len(pcm) < clip.samples * SAMPLE_BYTES:
            message = f"the sound of “{utterance.text}” was removed from the cache during the build"
            raise SetupError(message, "build the track again")
        return pcm

    def _made_of(self, event: Event) -> object | None:
        """What the event's sound, before its gain, depends on; None where that is not known."""
        if not isinstance(event, ToneEvent):
            return self._clips[event.utterance].mark or None
        if event.custom is not None:
            return ["own", event.custom.mark, event.end - event.start]
        if event.to_hz is None:
            return _described(event.name)
        return [event.name, event.hz, event.to_hz, event.end - event.start]

    def _gain(self, event: Event) -> float | None:
        return self._volume.tones if isinstance(event, ToneEvent) else self._volume.voice


def _clusters(events: list[Event]) -> Iterator[list[Event]]:
    """The events, in lists of those that overlap."""
    if not events:
        return
    reach = list(accumulate((event.end for event in events), max))
    cuts = [i for i, (end, event) in enumerate(zip(reach, events[1:], strict=False), 1) if event.start >= end]
    for first, last in pairwise([0, *cuts, len(events)]):
        yield events[first:last]


@cache
def _described(tone: str) -> str:
    return repr(TONES[tone])


def _segment(pcm: bytes) -> AudioSegment:
    return _pydub()(pcm, sample_width=SAMPLE_BYTES, frame_rate=SAMPLE_RATE, channels=1)


@cache
def _audioop() -> ModuleType:
    """The module that pydub, too, adds with; of Python itself up to 3.12, which warns of that."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        import audioop
    return audioop


@cache
def _pydub() -> type[AudioSegment]:
    """Imported where it is needed: it takes as long as a third of a build of which nothing has changed."""
    with warnings.catch_warnings():
        # pydub looks for ffmpeg, which nothing here needs, when it is imported, and warns where there is none; its
        # sources warn when they are compiled, and its audioop does on Python 3.11 and 3.12.
        for category in (RuntimeWarning, SyntaxWarning, DeprecationWarning):
            warnings.simplefilter("ignore", category)
        from pydub import AudioSegment
    return cast("type[AudioSegment]", AudioSegment)
