"""The voice and tone lanes of the timeline as they fill up, and the room that is left in them."""

from __future__ import annotations

import bisect
import math
from collections.abc import Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from cuecast.model.custom_tone import SOUND, CustomTone
from cuecast.model.script import Utterance
from cuecast.model.source import Span
from cuecast.model.timeline import Event, SpeechEvent, ToneEvent
from cuecast.model.tones import TONES

BETWEEN_UTTERANCES = 300
"""Milliseconds of quiet between two utterances."""

SPEECH_TO_TONE = 150
"""Milliseconds of quiet between speech and a tone, whichever comes first."""

SHORTEST_GLIDE = 400
"""A glide of fewer milliseconds would sound like a beep."""

GLIDE_TO_TONE = 50
"""Milliseconds of quiet between a glide and a beep: a loud tone that begins where a soft one ends would be a click."""


class Occupancy(Struct):
    """The events placed so far. Glides (the tones of a pace) are placed last and avoid all others.

    A tone is placed at its moment without a check; speech is placed where `next_free` or `last_free` finds room.
    One tone sounds at a time. Of a long one of the user's own (`custom`), only the first second counts here.
    """

    custom: Mapping[str, CustomTone] = field(default_factory=dict)
    speech: list[SpeechEvent] = field(default_factory=list)
    tones: list[ToneEvent] = field(default_factory=list)
    glides: list[ToneEvent] = field(default_factory=list)

    def beep(self, name: str, start: int) -> None:
        """Place a tone at `start`, unless it is turned off."""
        custom = self.custom.get(name)
        if custom and not custom.ms:
            return
        tone = ToneEvent(start, start + self.tone_ms(name), name, None if custom else TONES[name].hz, custom=custom)
        at = bisect.bisect_right(self.tones, start, key=_start)
        if custom and at < len(self.tones):
            tone = replace(tone, end=min(tone.end, self.tones[at].start))
        self._shorten_custom(at - 1, start)
        self.tones.insert(at, tone)

    def sound(self, custom: CustomTone, not_before: int) -> int:
        """Place the sound of a step behind all words and tones so far; return the end of its clear part."""
        start = max([not_before, self.next_tone(), *(tone.end for tone in self.tones[-1:])])
        self.tones.append(ToneEvent(start, start + custom.clear_ms, SOUND, None, custom=custom))
        return start + custom.clear_ms

    def tone_ms(self, name: str) -> int:
        """How long a tone is kept clear of words."""
        custom = self.custom.get(name)
        return custom.clear_ms if custom else TONES[name].ms

    def sounding_tones(self) -> list[ToneEvent]:
        """The tones as they sound, the user's own with their tails."""
        return [_with_tail(tone, tone.custom) if tone.custom else tone for tone in self.tones]

    def say(self, utterance: Utterance, start: int, ms: int, span: Span | None = None) -> SpeechEvent:
        """Place speech of `ms` at `start`."""
        speech = SpeechEvent(start, start + ms, utterance, span)
        bisect.insort(self.speech, speech, key=_start)
        return speech

    def cut_before(self, start: int) -> None:
        """Shorten what sounds too near to `start`: a glide, or the clear part of a tone of the user's own."""
        end = start - SPEECH_TO_TONE
        self._shorten_custom(bisect.bisect_left(self.tones, start, key=_start) - 1, end)
        if self.glides and self.glides[-1].end > end:
            glide = self.glides.pop()
            if end - glide.start >= SHORTEST_GLIDE:
                self.glides.append(part_of_glide(glide, glide.start, end))

    def next_free(self, start: int, ms: int) -> int:
        """The first moment from `start` on at which speech of `ms` keeps its distance from everything."""
        while clashes := self._clashes(start, ms):
            start = min(event.end + distance for event, distance in clashes)
        return start

    def last_free(self, end: int, ms: int, not_before: int) -> int | None:
        """The last moment at which speech of `ms` can begin and still end by `end`; None if there is no room."""
        start = end - ms
        while start >= not_before:
            clashes = self._clashes(start, ms)
            if not clashes:
                return start
            start = max(event.start - distance - ms for event, distance in clashes)
        return None

    def is_free(self, start: int, end: int) -> bool:
        """Whether a tone from `start` to `end` keeps its distance from all speech and overlaps no tone."""
        speech = _overlapping(self.speech, start - SPEECH_TO_TONE, end + SPEECH_TO_TONE)
        return not speech and not _overlapping(self.tones, start, end)

    def free_for_glide(self, start: int, end: int) -> list[tuple[int, int]]:
        """The parts of `start` to `end` in which a glide keeps its distance from speech and tones."""
        busy = [
            (event.start - distance, event.end + distance)
            for events, distance in ((self.speech, SPEECH_TO_TONE), (self.tones, GLIDE_TO_TONE))
            for event in _overlapping(events, start - distance, end + distance)
        ]
        free, at = [], start
        for begins, ends in sorted(busy):
            if begins > at:
                free.append((at, begins))
            at = max(at, ends)
        return [*free, (at, end)] if at < end else free

    def next_tone(self) -> int:
        """The first moment at which a tone can follow all speech so far; 0 if there is none."""
        return self.speech[-1].end + SPEECH_TO_TONE if self.speech else 0

    def next_speech(self, start: int) -> int:
        """The first moment from `start` on at which speech can follow all that was placed so far."""
        ends = [event.end + BETWEEN_UTTERANCES for event in self.speech[-1:]]
        ends += [event.end + SPEECH_TO_TONE for event in self.tones[-1:]]
        return max([start, *ends])

    def _clashes(self, start: int, ms: int) -> list[tuple[Event, int]]:
        """What is too near to speech of `ms` at `start`, each with the distance that it needs."""
        return [
            (event, distance)
            for events, distance in ((self.speech, BETWEEN_UTTERANCES), (self.tones, SPEECH_TO_TONE))
            for event in _overlapping(events, start - distance, start + ms + distance)
        ]

    def _shorten_custom(self, index: int, end: int) -> None:
        """End the clear part of the tone at `index` by `end`, if it is the user's own."""
        if index >= 0 and self.tones[index].custom and self.tones[index].end > end:
            self.tones[index] = replace(self.tones[index], end=end)


def part_of_glide(glide: ToneEvent, start: int, end: int) -> ToneEvent:
    """The part of a glide from `start` to `end`, at the pitch that the whole glide has there."""
    from_hz, to_hz, ms = glide.hz, glide.to_hz, glide.end - glide.start
    assert from_hz is not None
    assert to_hz is not None

    def pitch(at: int) -> int:
        return round(from_hz * math.pow(to_hz / from_hz, (at - glide.start) / ms))

    return replace(glide, start=start, end=end, hz=pitch(start), to_hz=pitch(end))


def _with_tail(tone: ToneEvent, custom: CustomTone) -> ToneEvent:
    end = tone.start + custom.ms
    return replace(tone, end=end, clear_until=tone.end) if end > tone.end else tone


def _start(event: Event) -> int:
    return event.start


def _overlapping(events: Sequence[Event], start: int, end: int) -> list[Event]:
    """The events that overlap the open range from `start` to `end`. Those of one lane never overlap each other."""
    overlapping: list[Event] = []
    for index in range(bisect.bisect_left(events, end, key=_start) - 1, -1, -1):
        if events[index].end <= start:
            break
        overlapping.append(events[index])
    return overlapping
