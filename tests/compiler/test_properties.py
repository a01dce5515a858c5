"""What holds for every routine: the promises of design.md, sections 1 and 3."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, product

from hypothesis import given, settings

from cuecast.arrange.occupancy import BETWEEN_UTTERANCES, SPEECH_TO_TONE
from cuecast.arrange.work import MAX_CUE_DELAY
from cuecast.model.diagnostics import Diagnostic, Severity
from cuecast.model.routine import MomentKind
from cuecast.model.script import WorkItem
from cuecast.model.timeline import Chapter, Interval, Kind, SpeechEvent, Timeline, ToneEvent
from cuecast.model.tones import TONES
from tests.compiler.compiling import to_script, to_timeline
from tests.compiler.routines import any_routines, fitting_routines
from tests.examples import some

NUMBERS = {"One", "Two", "Three", "Four", "Five"}


def speeches(timeline: Timeline) -> list[SpeechEvent]:
    return [event for event in timeline.events if isinstance(event, SpeechEvent)]


def beeps(timeline: Timeline) -> list[ToneEvent]:
    return [event for event in timeline.events if isinstance(event, ToneEvent)]


@given(any_routines)
@settings(max_examples=some(600), deadline=None)
def test_any_routine(text: str) -> None:
    """Each promise below, of one routine; compiled again, it is the same."""
    script, _ = to_script(text)
    timeline, diagnostics = to_timeline(text)
    assert (timeline, diagnostics) == to_timeline(text)
    if script is None or timeline is None:
        return
    items = [item for item in script.items if isinstance(item, WorkItem)]
    works = [interval for interval in timeline.intervals if interval.kind is Kind.WORK]
    intervals_lie_end_to_end_in_whole_seconds(timeline)
    work_is_exact_and_begins_and_ends_with_its_tones(timeline, works, items)
    firm_tones_are_never_dropped(timeline, items)
    for interval, item in zip(works, items, strict=True):
        every_written_cue_sounds_as_often_as_its_moments_say_or_is_reported(timeline, diagnostics, interval, item)
    woken, _ = to_timeline(text, wake=True)
    assert woken is not None
    nothing_sounds_over_anything_else(woken)


def intervals_lie_end_to_end_in_whole_seconds(timeline: Timeline) -> None:
    rows: tuple[Sequence[Interval | Chapter], ...] = (timeline.intervals, timeline.chapters)
    for parts in rows:
        assert (parts[0].start, parts[-1].end) == (0, timeline.duration)
        assert all(a.end == b.start for a, b in pairwise(parts))
        assert all(part.start < part.end for part in parts)
    assert all((i.end - i.start) % 1000 == 0 for i in timeline.intervals)
    starts = {chapter.start for chapter in timeline.chapters}
    assert not any(speech.start < start < speech.end for speech in speeches(timeline) for start in starts)


def work_is_exact_and_begins_and_ends_with_its_tones(
    timeline: Timeline, works: Sequence[Interval], items: Sequence[WorkItem]
) -> None:
    assert [i.end - i.start for i in works] == [item.work_ms for item in items]
    at = {(beep.start, beep.name) for beep in beeps(timeline)}
    assert {start for start, name in at if name == "start"} == {i.start for i in works}
    spoken = {(speech.start, "countdown") for speech in speeches(timeline) if speech.utterance.text in NUMBERS}
    for interval in works[:-1]:
        assert (at | spoken) & {(interval.end, name) for name in ("end", "start", "countdown")}
    if works:
        assert (works[-1].end, "finish") in at
        assert sum(name == "finish" for _, name in at) == 1


def nothing_sounds_over_anything_else(timeline: Timeline) -> None:
    for a, b in pairwise(speeches(timeline)):
        # The numbers of a spoken countdown are as firm as its beeps: they wait for nothing, and are waited for.
        counted = NUMBERS & {a.utterance.text, b.utterance.text}
        assert b.start - a.end >= (0 if counted else BETWEEN_UTTERANCES), (a, b)
    for speech, beep in product(speeches(timeline), beeps(timeline)):
        apart = beep.end + SPEECH_TO_TONE <= speech.start or speech.end + SPEECH_TO_TONE <= beep.start
        assert apart, (speech, beep)
    for one, other in pairwise(sorted(beeps(timeline), key=lambda beep: beep.start)):
        assert one.start < one.end <= other.start, (one, other)


def every_written_cue_sounds_as_often_as_its_moments_say_or_is_reported(
    timeline: Timeline, diagnostics: Sequence[Diagnostic], interval: Interval, item: WorkItem
) -> None:
    refused = {d.span for d in diagnostics if d.severity is Severity.ERROR}
    heard = [s for s in speeches(timeline) if interval.start <= s.start < interval.end and s.span]
    for cue in item.cues:
        if cue.line.span in refused:
            continue
        sounds = [s for s in heard if s.span == cue.line.span]
        for sound, moment in zip(sounds, cue.at.times(item.work_ms), strict=True):
            if cue.at.kind is MomentKind.END:
                assert sound.end == interval.end - SPEECH_TO_TONE
                continue
            tone = TONES["start"].ms + SPEECH_TO_TONE if cue.at.kind is MomentKind.START else 0
            assert 0 <= sound.start - interval.start - moment - tone <= MAX_CUE_DELAY
            assert sound.end <= interval.end


def firm_tones_are_never_dropped(timeline: Timeline, works: Sequence[WorkItem]) -> None:
    names = [beep.name for beep in beeps(timeline)]
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


@given(fitting_routines)
@settings(max_examples=some(200), deadline=None)
def test_routines_that_fit_compile_with_nothing_worse_than_a_note(text: str) -> None:
    timeline, diagnostics = to_timeline(text)
    assert timeline is not None
    assert [d for d in diagnostics if d.severity is not Severity.NOTE] == []
