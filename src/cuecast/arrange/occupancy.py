"""Who may sound when: the rows of the timeline as they fill up, and the free room that is left in them."""

from __future__ import annotations

import bisect
from collections.abc import Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from cuecast.model.custom_tone import CustomTone
from cuecast.model.script import Utterance
from cuecast.model.source import Span
from cuecast.model.timeline import Event, SpeechEvent, ToneEvent
from cuecast.model.tones import TONES

BETWEEN_UTTERANCES = 300
"""Milliseconds of quiet between two utterances."""

SPEECH_TO_TONE = 150
"""Milliseconds of quiet between speech and a tone, either way round."""

SHORTEST_GLIDE = 400
"""A glide of fewer milliseconds would sound like a beep."""

GLIDE_TO_TONE = 50
"""Milliseconds of quiet between a glide and a beep: a loud tone that begins where a soft one ends would be a click."""


class Occupancy(Struct):
    """The events placed so far. Glides, the tones of a pace, come last and keep out of the way of all others.

    SpeechEvent keeps its distance from all that is placed; tones are put where they belong, for speech to avoid.
    One tone sounds at a time: a long one of the user's `own` stops where the next begins.
    """

    own: Mapping[str, CustomTone] = field(default_factory=dict)
    speech: list[SpeechEvent] = field(default_factory=list)
    tones: list[ToneEvent] = field(default_factory=list)
    glides: list[ToneEvent] = field(default_factory=list)

    def beep(self, name: str, start: int) -> ToneEvent:
        """Sound a tone at `start`, whatever else is there."""
        own = self.own.get(name)
        beep = ToneEvent(start, start + self.ms_of(name), name, None if own else TONES[name].hz, own=own)
        at = bisect.bisect_right(self.tones, start, key=_start)
        if own and at < len(self.tones):
            beep = replace(beep, end=min(beep.end, self.tones[at].start))
        if at:
            self._stop(at - 1, start)
        self.tones.insert(at, beep)
        return beep

    def ms_of(self, name: str) -> int:
        """How long a tone is."""
        own = self.own.get(name)
        return own.ms if own else TONES[name].ms

    def _stop(self, index: int, end: int) -> None:
        """Let a tone of the user's own sound no longer than to `end`."""
        tone = self.tones[index]
        if tone.own and tone.end > end:
            self.tones[index] = replace(tone, end=end)

    def say(self, utterance: Utterance, start: int, ms: int, span: Span | None = None) -> SpeechEvent:
        """Speak at `start` for `ms`."""
        speech = SpeechEvent(start, start + ms, utterance, span)
        bisect.insort(self.speech, speech, key=_start)
        return speech

    def hush(self, start: int) -> None:
        """Cut short what sounds too near to words which are as firm as a tone, a number counted at `start`.

        That is a glide, or a long tone of the user's own.
        """
        if before := bisect.bisect_left(self.tones, start, key=_start):
            self._stop(before - 1, start - SPEECH_TO_TONE)
        if self.glides and self.glides[-1].end > start - SPEECH_TO_TONE:
            glide = self.glides.pop()
            end = start - SPEECH_TO_TONE
            if glide.hz is not None and glide.to_hz is not None and end - glide.start >= SHORTEST_GLIDE:
                part = (end - glide.start) / (glide.end - glide.start)
                to_hz = round(glide.hz * (glide.to_hz / glide.hz) ** part)
                self.glides.append(replace(glide, end=end, to_hz=to_hz))

    def _rows(self) -> tuple[tuple[Sequence[Event], int], ...]:
        """Each row with the quiet that speech keeps from it."""
        return (self.speech, BETWEEN_UTTERANCES), (self.tones, SPEECH_TO_TONE)

    def earliest(self, start: int, ms: int) -> int:
        """The first moment from `start` on at which speech of `ms` keeps its distance from everything."""
        while True:
            ends = [
                event.end + distance
                for events, distance in self._rows()
                for event in _near(events, start - distance, start + ms + distance)
            ]
            if not ends:
                return start
            start = min(ends)

    def latest(self, end: int, ms: int, not_before: int) -> int | None:
        """The last moment at which speech of `ms` can begin so that it ends by `end`; None where there is no room."""
        start = end - ms
        while start >= not_before:
            clashes = [
                event.start - distance - ms
                for events, distance in self._rows()
                for event in _near(events, start - distance, start + ms + distance)
            ]
            if not clashes:
                return start
            start = max(clashes)
        return None

    def is_quiet(self, start: int, end: int) -> bool:
        """Whether a tone from `start` to `end` keeps its distance from all speech and overlaps no tone."""
        return not _near(self.speech, start - SPEECH_TO_TONE, end + SPEECH_TO_TONE) and not _near(
            self.tones, start, end
        )

    def quiet_stretches(self, start: int, end: int) -> list[tuple[int, int]]:
        """The stretches from `start` to `end` in which nothing sounds, with the distance due to a glide."""
        busy = [
            (s.start - SPEECH_TO_TONE, s.end + SPEECH_TO_TONE)
            for s in _near(self.speech, start - SPEECH_TO_TONE, end + SPEECH_TO_TONE)
        ]
        beeps = _near(self.tones, start - GLIDE_TO_TONE, end + GLIDE_TO_TONE)
        busy += [(tone.start - GLIDE_TO_TONE, tone.end + GLIDE_TO_TONE) for tone in beeps]
        free, at = [], start
        for begins, ends in sorted(busy):
            if begins > at:
                free.append((at, begins))
            at = max(at, ends)
        return [*free, (at, end)] if at < end else free

    def tone_after_speech(self) -> int:
        """The first moment at which a tone may follow all that was spoken; 0 where nothing was."""
        return self.speech[-1].end + SPEECH_TO_TONE if self.speech else 0

    def after_all(self, start: int) -> int:
        """The first moment from `start` on at which speech may follow all that was placed before `start`."""
        heard = [event.end + BETWEEN_UTTERANCES for event in self.speech[-1:]]
        heard += [event.end + SPEECH_TO_TONE for event in self.tones[-1:]]
        return max([start, *heard])


def _start(event: Event) -> int:
    return event.start


def _near(events: Sequence[Event], start: int, end: int) -> list[Event]:
    """The events that overlap the open stretch from `start` to `end`, in order. Those of a row never overlap."""
    found: list[Event] = []
    for index in range(bisect.bisect_left(events, end, key=_start) - 1, -1, -1):
        if events[index].end <= start:
            break
        found.append(events[index])
    return found[::-1]
