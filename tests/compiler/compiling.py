"""Compile a routine with a voice whose every word takes 400 ms, and write the timeline down as lines."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import merge

import numpy as np

from cuecast.errors import FileRefused
from cuecast.expand import Choices, expand
from cuecast.model.clip import SAMPLES_PER_MS
from cuecast.model.diagnostics import Diagnostic, has_errors, in_order
from cuecast.model.music import Recording
from cuecast.model.script import Script, Utterance
from cuecast.model.timeline import BedSegment, Event, Kind, SpeechEvent, Timeline, ToneEvent
from cuecast.options import Options
from cuecast.phrases import phrases_of
from cuecast.pipeline import arrange_to_length
from cuecast.protocols import LoadedFile
from cuecast.read import read
from tests.mix.wav_files import wav

WORD_MS = 400


class Sounds:
    """Sound files by their name: `12s.wav` is a steady tone of 12 seconds."""

    def tone(self, path: str, from_file: str) -> LoadedFile:
        ms = round(float(path.removesuffix("s.wav")) * 1_000)
        return LoadedFile(path, wav(0.3 * np.sin(np.arange(ms * SAMPLES_PER_MS - 24) * 0.1)))

    def include(self, path: str, from_file: str) -> LoadedFile:
        raise FileRefused("missing-file", f"there is no file `{path}`")

    def exercise(self, name: str, language: str) -> LoadedFile:
        raise FileRefused("unknown-exercise", f"there is no library to look for `{name}` in")

    def music(self, path: str, from_file: str, folder: bool) -> tuple[Recording, ...]:
        raise FileRefused("missing-music", f"there is no file `{path}`")


def word_lengths(utterance: Utterance) -> int:
    """400 ms a word: a metronome for a voice, so that golden timelines can be worked out by hand."""
    return WORD_MS * len(utterance.spoken.split())


def to_script(text: str) -> tuple[Script | None, tuple[Diagnostic, ...]]:
    routine, diagnostics, *_ = read("routine.yaml", text.encode(), Sounds())
    if routine is None or has_errors(diagnostics):
        return None, diagnostics
    script, faults = expand(routine, phrases_of(routine.language), Choices())
    return script, in_order((*diagnostics, *faults))


def to_timeline(text: str, *, wake: bool = False) -> tuple[Timeline | None, tuple[Diagnostic, ...]]:
    routine, diagnostics, *_ = read("routine.yaml", text.encode(), Sounds())
    if routine is None or has_errors(diagnostics):
        return None, diagnostics
    arranged = arrange_to_length(routine, Options(wake=wake), word_lengths)
    return arranged.timeline, in_order((*diagnostics, *arranged.faults))


def compiled(text: str, *, wake: bool = False) -> Timeline:
    """The timeline of a routine without errors."""
    timeline, diagnostics = to_timeline(text, wake=wake)
    assert timeline is not None, diagnostics
    assert not has_errors(diagnostics), diagnostics
    return timeline


def written_out(timeline: Timeline) -> str:
    """Intervals with their events below them, a line each, times in seconds."""
    return "\n".join(_lines(timeline)) + "\n"


def _lines(timeline: Timeline) -> Iterator[str]:
    events = list(merge(timeline.bed, timeline.events, key=lambda event: event.start))
    for interval in timeline.intervals:
        who = [interval.exercise, interval.side, interval.rounds and f"{interval.round}/{interval.rounds}"]
        named = ", ".join(str(word) for word in who if word) if interval.kind is Kind.WORK else ""
        yield f"{_s(interval.start)} {interval.kind} {_s(interval.end - interval.start)} {named}".rstrip()
        while events and events[0].start < interval.end:
            event = events.pop(0)
            end = event.clear_end if isinstance(event, ToneEvent) else event.end
            yield f"  {_s(event.start)}-{_s(end)} {_what(event)}"
    assert not events


def _what(event: Event | BedSegment) -> str:
    match event:
        case SpeechEvent():
            return f"“{event.utterance.text}”"
        case BedSegment():
            return f"~{event.music.name} {event.gain:g} dB"
        case _ if event.clear_until is not None:
            return f"{event.name}, rings until {_s(event.end)}"
        case _:
            return event.name


def _s(ms: int) -> str:
    return f"{ms / 1000:.3f}".rstrip("0").rstrip(".")
