"""What holds for every routine: the promises of design.md, sections 1 and 3."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings

from cuecast.arrange.occupancy import BETWEEN_UTTERANCES, SPEECH_TO_TONE
from cuecast.arrange.work import MAX_CUE_DELAY
from cuecast.model.diagnostics import Severity
from cuecast.model.routine import MomentKind
from cuecast.model.script import WorkItem
from cuecast.model.timeline import Kind, SpeechEvent, Timeline, ToneEvent
from cuecast.model.tones import TONES
from tests.compiler.compiling import to_script, to_timeline
from tests.compiler.routines import any_routines, fitting_routines
from tests.examples import some

NUMBERS = {"One", "Two", "Three", "Four", "Five"}
FIRM = {"countdown", "start", "end", "finish"}


def speeches(timeline: Timeline) -> list[SpeechEvent]:
    return [event for event in timeline.events if isinstance(event, SpeechEvent)]


def beeps(timeline: Timeline) -> list[ToneEvent]:
    return [event for event in timeline.events if isinstance(event, ToneEvent)]


@given(any_routines)
@settings(max_examples=some(300), deadline=None)
def test_intervals_lie_end_to_end_in_whole_seconds(text: str) -> None:
    timeline, _ = to_timeline(text)
    if timeline is None:
        return
    assert timeline.intervals[0].start == 0
    assert all(a.end == b.start for a, b in pairwise(timeline.intervals))
    assert timeline.intervals[-1].end == timeline.duration
    assert all((i.end - i.start) % 1000 == 0 < i.end - i.start for i in timeline.intervals)
    assert timeline.chapters[0].start == 0
    assert all(a.end == b.start for a, b in pairwise(timeline.chapters))
    assert timeline.chapters[-1].end == timeline.duration
    assert all(chapter.start < chapter.end for chapter in timeline.chapters)
    starts = {chapter.start for chapter in timeline.chapters}
    assert not any(speech.start < start < speech.end for speech in speeches(timeline) for start in starts)


@given(any_routines)
@settings(max_examples=some(300), deadline=None)
def test_work_is_exact_and_begins_and_ends_with_its_tones(text: str) -> None:
    script, _ = to_script(text)
    timeline, _ = to_timeline(text)
    if script is None or timeline is None:
        return
    lengths = [item.work_ms for item in script.items if isinstance(item, WorkItem)]
    works = [i for i in timeline.intervals if i.kind is Kind.WORK]
    assert [i.end - i.start for i in works] == lengths
    at = {(beep.start, beep.name) for beep in beeps(timeline)}
    assert {start for start, name in at if name == "start"} == {i.start for i in works}
    spoken = {(speech.start, "countdown") for speech in speeches(timeline) if speech.utterance.text in NUMBERS}
    for interval in works[:-1]:
        assert (at | spoken) & {(interval.end, name) for name in ("end", "start", "countdown")}
    if works:
        assert (works[-1].end, "finish") in at
        assert sum(name == "finish" for _, name in at) == 1


@given(any_routines)
@settings(max_examples=some(300), deadline=None)
def test_nothing_sounds_over_anything_else(text: str) -> None:
    timeline, _ = to_timeline(text, wake=True)
    if timeline is None:
        return
    for a, b in pairwise(speeches(timeline)):
        apart = b.start - a.end
        # The numbers of a spoken countdown are as firm as its beeps: they wait for nothing, and are waited for.
        counted = NUMBERS & {a.utterance.text, b.utterance.text}
        assert apart >= (0 if counted else BETWEEN_UTTERANCES), (a, b)
    for speech in speeches(timeline):
        for beep in beeps(timeline):
            assert beep.end + SPEECH_TO_TONE <= speech.start or speech.end + SPEECH_TO_TONE <= beep.start, (
                speech,
                beep,
            )
    for one, other in pairwise(sorted(beeps(timeline), key=lambda beep: beep.start)):
        assert one.end <= other.start, (one, other)
        assert one.start < one.end


@given(any_routines)
@settings(max_examples=some(300), deadline=None)
def test_every_written_cue_sounds_as_often_as_its_moments_say_or_is_reported(text: str) -> None:
    script, _ = to_script(text)
    timeline, diagnostics = to_timeline(text)
    if script is None or timeline is None:
        return
    refused = {d.span for d in diagnostics if d.severity is Severity.ERROR}
    works = [i for i in timeline.intervals if i.kind is Kind.WORK]
    items = [item for item in script.items if isinstance(item, WorkItem)]
    for interval, item in zip(works, items, strict=True):
        heard = [s for s in speeches(timeline) if interval.start <= s.start < interval.end and s.span]
        for cue in item.cues:
            if cue.line.span in refused:
                continue
            sounds = [s for s in heard if s.span == cue.line.span]
            moments_in_work = cue.at.times(item.work_ms)
            assert len(sounds) == len(moments_in_work)
            for sound, moment in zip(sounds, moments_in_work, strict=True):
                if cue.at.kind is MomentKind.END:
                    assert sound.end == interval.end - SPEECH_TO_TONE
                    continue
                late = sound.start - interval.start - moment
                tone = TONES["start"].ms + SPEECH_TO_TONE if cue.at.kind is MomentKind.START else 0
                assert 0 <= late - tone <= MAX_CUE_DELAY
                assert sound.end <= interval.end


@given(any_routines)
@settings(max_examples=some(100), deadline=None)
def test_compiling_is_deterministic(text: str) -> None:
    assert to_timeline(text) == to_timeline(text)


@given(fitting_routines)
@settings(max_examples=some(200), deadline=None)
def test_routines_that_fit_compile_with_nothing_worse_than_a_note(text: str) -> None:
    timeline, diagnostics = to_timeline(text)
    assert timeline is not None
    assert [d for d in diagnostics if d.severity is not Severity.NOTE] == []


@given(any_routines)
@settings(max_examples=some(200), deadline=None)
def test_firm_tones_are_never_dropped(text: str) -> None:
    script, _ = to_script(text)
    timeline, _ = to_timeline(text)
    if script is None or timeline is None:
        return
    names = [beep.name for beep in beeps(timeline)]
    works = [item for item in script.items if isinstance(item, WorkItem)]
    assert names.count("start") == len(works)
    assert names.count("countdown") <= sum(item.countdown.seconds for item in works)
    gaps = {i.end: i for i in timeline.intervals if i.kind in (Kind.TRANSITION, Kind.SWITCH, Kind.REST)}
    starts = [i.start for i in timeline.intervals if i.kind is Kind.WORK]
    for item, start in zip(works, starts, strict=True):
        gap = gaps.get(start)
        if gap is None or item.countdown.spoken:
            continue
        wanted = min(item.countdown.seconds, (gap.end - gap.start) // 1000)
        sounding = [b for b in beeps(timeline) if b.name == "countdown" and gap.start <= b.start < gap.end]
        assert len(sounding) == wanted
