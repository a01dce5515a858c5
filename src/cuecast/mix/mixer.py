"""The mixer: a timeline and its clips give the samples of any window of the track.

A window depends on the timeline and the clips only, never on what was mixed before: windows joined are the same samples
as one big window. So a format may ask for them in any order and from any thread. Sounds that stand alone are copied
to their place; pydub adds those that overlap. No numpy: to import it takes longer than to mix most tracks.
"""

from __future__ import annotations

import warnings
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from functools import cache
from itertools import accumulate
from operator import attrgetter
from typing import TYPE_CHECKING

from cuecast.errors import ClipLost
from cuecast.mix.tones import render_glide, render_tone
from cuecast.model.clip import BYTES_PER_MS, SAMPLE_BYTES, SAMPLE_RATE, Clip
from cuecast.model.script import Utterance
from cuecast.model.timeline import Event, SpeechEvent, Timeline, ToneEvent
from cuecast.model.tones import TONES
from cuecast.protocols import MixedSound

if TYPE_CHECKING:
    from pydub import AudioSegment

    from cuecast.mix.music.curves import DuckingCurve

SOUND_VERSION = 2
"""Part of every recipe: raise it if a tone of the same design comes to sound differently."""

_start, _end = attrgetter("start"), attrgetter("end")


def mix(timeline: Timeline, clips: Mapping[Utterance, Clip], bed: MixedSound | None = None) -> MixedSound:
    """The track's sound: mono, or stereo over the sound of its bed.

    An event sounds from its start to its end, however long its clip is. Sums beyond full scale saturate. A window may
    reach beyond the track, where there is silence.
    """
    cues = _Cues(timeline, clips)
    return cues if bed is None else _OverBed(cues, bed)


class _Cues:
    """Voice and tones, in mono."""

    channels = 1

    def __init__(self, timeline: Timeline, clips: Mapping[Utterance, Clip]) -> None:
        self._volume = timeline.volume
        self._clips = clips
        self._events = [event for event in timeline.events if self._gain(event) is not None]
        self._speech = [event for event in self._events if isinstance(event, SpeechEvent)]
        # When all events up to each one have ended. It never falls, so bisection finds the first one that sounds.
        self._ends = list(accumulate((event.end for event in self._events), max))
        overlap = any(event.start < end for end, event in zip(self._ends, self._events[1:], strict=False))
        if overlap or any(map(self._gain, self._events)):
            _segment_class()  # before threads ask for windows

    def __call__(self, start: int, end: int) -> bytes:
        pcm = bytearray((end - start) * BYTES_PER_MS)
        occupied = start
        for event in self._sounding(start, end):
            first, last = max(start, event.start), min(end, event.end)
            piece = self._render(event)[(first - event.start) * BYTES_PER_MS : (last - event.start) * BYTES_PER_MS]
            if ducking := self._ducking(event, first, last):
                from cuecast.mix.tails import duck

                piece = duck(piece, first, ducking)
            piece = piece.ljust((last - first) * BYTES_PER_MS, b"\0")  # overlay changes the length of a broken ms
            at = slice((first - start) * BYTES_PER_MS, (last - start) * BYTES_PER_MS)
            pcm[at] = piece if first >= occupied else _segment(pcm[at]).overlay(_segment(piece)).raw_data
            occupied = max(occupied, last)
        return bytes(pcm)

    def recipe(self, start: int, end: int) -> list[object] | None:
        """What sounds in the window, from when to when, and how loud."""
        recipe: list[object] = [SOUND_VERSION]
        for event in self._sounding(start, end):
            content = self._content(event)
            if content is None:
                return None
            recipe.append([event.start - start, min(event.end, end) - start, self._gain(event), content])
            if ducking := self._ducking(event, max(start, event.start), min(end, event.end)):
                recipe.append(ducking.recipe(max(start, event.start), min(end, event.end)))
        return recipe

    def _sounding(self, start: int, end: int) -> list[Event]:
        first = bisect_right(self._ends, start)
        last = bisect_left(self._events, end, lo=first, key=_start)
        return [event for event in self._events[first:last] if event.end > start]

    def _ducking(self, event: Event, first: int, last: int) -> DuckingCurve | None:
        """How the part of an event from `first` to `last` is ducked; None if it is no tail under words."""
        if not isinstance(event, ToneEvent) or event.clear_until is None or last <= event.clear_until:
            return None
        from cuecast.mix.music.curves import AFTER_MS, BEFORE_MS, DOWN_MS, UP_MS  # imports numpy
        from cuecast.mix.tails import ducking_curve

        first_near = bisect_left(self._speech, first - AFTER_MS - UP_MS, key=_end)
        last_near = bisect_right(self._speech, last + BEFORE_MS + DOWN_MS, key=_start)
        near = self._speech[first_near:last_near]
        return ducking_curve(event, near) if near else None

    def _render(self, event: Event) -> bytes:
        if not isinstance(event, ToneEvent):
            pcm = self._read(event.utterance)
        elif event.custom is not None:
            pcm = event.custom.pcm
        elif event.hz is None or event.to_hz is None:
            pcm = render_tone(TONES[event.name])
        else:
            pcm = render_glide(event.hz, event.to_hz, event.end - event.start)
        gain = self._gain(event)
        return bytes(_segment(pcm).apply_gain(gain).raw_data) if gain else pcm

    def _read(self, utterance: Utterance) -> bytes:
        clip = self._clips[utterance]
        try:
            pcm = clip.read()
        except OSError:
            pcm = b""
        if len(pcm) < clip.samples * SAMPLE_BYTES:
            message = f"the sound of “{utterance.text}” was removed from the cache during the build"
            raise ClipLost(message, "build the track again")
        return pcm

    def _content(self, event: Event) -> object | None:
        """What the event's sound, before its gain, depends on; None if that is not known."""
        if not isinstance(event, ToneEvent):
            return self._clips[event.utterance].mark or None
        if event.custom is not None:
            return ["custom", event.custom.mark]
        if event.to_hz is None:
            return _design(event.name)
        return [event.name, event.hz, event.to_hz, event.end - event.start]

    def _gain(self, event: Event) -> float | None:
        return self._volume.tones if isinstance(event, ToneEvent) else self._volume.voice


class _OverBed:
    """Voice and tones in the middle of a bed in stereo."""

    channels = 2

    def __init__(self, cues: _Cues, bed: MixedSound) -> None:
        self._cues, self._bed = cues, bed
        _segment_class()

    def __call__(self, start: int, end: int) -> bytes:
        middle = _segment(self._cues(start, end)).set_channels(2)
        return bytes(middle.overlay(_segment(self._bed(start, end), channels=2)).raw_data)

    def recipe(self, start: int, end: int) -> list[object] | None:
        cues, bed = self._cues.recipe(start, end), self._bed.recipe(start, end)
        return None if cues is None or bed is None else [cues, bed]


def _segment(pcm: bytes | bytearray, channels: int = 1) -> AudioSegment:
    return _segment_class()(bytes(pcm), sample_width=SAMPLE_BYTES, frame_rate=SAMPLE_RATE, channels=channels)


@cache
def _segment_class() -> type[AudioSegment]:
    """pydub is imported only if sounds overlap or change their volume: it takes 50 ms."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about ffmpeg, which is not used, and about its own syntax
        import pydub
    segment_class: type[AudioSegment] = pydub.AudioSegment
    return segment_class


@cache
def _design(tone: str) -> str:
    return repr(TONES[tone])
