"""What is different between two timelines of a routine, in a person's words: what `watch` says after a build."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from cuecast.model.duration import ms_to_clock
from cuecast.model.timeline import Interval, Kind, SpeechEvent, Timeline

_SHOWN = 60
"""Letters of what is said that are shown."""

_KINDS: Mapping[Kind, str] = {
    Kind.LEAD_IN: "the start",
    Kind.SAY: "say",
    Kind.TRANSITION: "before",
    Kind.SWITCH: "switch to",
    Kind.REST: "rest before",
    Kind.WORK: "",
    Kind.PAUSE: "pause",
    Kind.CLOSE: "the end",
}


def describe_changes(before: Timeline, after: Timeline) -> list[str]:
    """A line for each difference that a person would hear, in the order of the track; its length comes last."""
    lines = [*_head(before, after), *_intervals(before, after), *_rest(before, after)]
    if before.duration != after.duration:
        lines.append(f"{_length(after.duration)} in all, was {_length(before.duration)}")
    return lines


def _head(before: Timeline, after: Timeline) -> Iterator[str]:
    for name, was, now in (
        ("title", before.title, after.title),
        ("language", before.language, after.language),
        ("voice", before.voice, after.voice),
    ):
        if was != now:
            yield f"{name}: {now}, was {was}"


def _intervals(before: Timeline, after: Timeline) -> Iterator[str]:
    """Those that came, went, last otherwise, or say something else."""
    old, new = before.intervals, after.intervals
    said_before, said_after = _said(before), _said(after)
    matcher = SequenceMatcher(None, [_key(each) for each in old], [_key(each) for each in new], autojunk=False)
    for what, first, last, start, end in matcher.get_opcodes():
        if what != "equal":
            yield from (f"gone: {_name(each)}" for each in old[first:last] if each.kind in (Kind.WORK, Kind.SAY))
            yield from (
                f"new: {_name(each)}, {_length(each.end - each.start)}"
                for each in new[start:end]
                if each.kind in (Kind.WORK, Kind.SAY)
            )
            continue
        for was, now, heard, hear in zip(
            old[first:last], new[start:end], said_before[first:last], said_after[start:end], strict=True
        ):
            lengths = was.end - was.start, now.end - now.start
            if lengths[0] != lengths[1]:
                yield f"{_name(now)}: {_length(lengths[1])}, was {_length(lengths[0])}"
            yield from _words(_name(now), heard, hear)


def _words(name: str, before: Sequence[tuple[int, str]], after: Sequence[tuple[int, str]]) -> Iterator[str]:
    texts = [text for _, text in before], [text for _, text in after]
    if texts[0] == texts[1]:
        moved = [(was, at, text) for (was, text), (at, _) in zip(before, after, strict=True) if was != at]
        if moved and len(moved) < len(after):  # where all move, something before them did
            yield from (f"{name}: {_quoted(text)} at {_seconds(at)}, was at {_seconds(was)}" for was, at, text in moved)
        return
    for what, first, last, start, end in SequenceMatcher(None, *texts, autojunk=False).get_opcodes():
        if what != "equal":
            gone = ", ".join(map(_quoted, texts[0][first:last]))
            come = ", ".join(map(_quoted, texts[1][start:end]))
            told = f"{come}, was {gone}" if gone and come else f"no more {gone}" if gone else f"new {come}"
            yield f"{name}: {told}"


def _rest(before: Timeline, after: Timeline) -> Iterator[str]:
    """What is otherwise in the lanes beside the voice."""
    beeps = [[(e.name, e.hz) for e in each.events if not isinstance(e, SpeechEvent)] for each in (before, after)]
    if beeps[0] != beeps[1] and len(before.intervals) == len(after.intervals):
        yield f"{len(beeps[1])} tones, were {len(beeps[0])}" if len(beeps[0]) != len(beeps[1]) else "other tones"
    if [(s.music, s.gain) for s in before.bed] != [(s.music, s.gain) for s in after.bed]:
        yield "other music" if after.bed and before.bed else "music" if after.bed else "no music"
    if before.volume != after.volume:
        yield "another volume"


def _said(timeline: Timeline) -> list[list[tuple[int, str]]]:
    """What is said in each interval, and how long after its start (ms)."""
    found: list[list[tuple[int, str]]] = [[] for _ in timeline.intervals]
    number = 0
    for event in timeline.events:
        while number + 1 < len(timeline.intervals) and event.start >= timeline.intervals[number].end:
            number += 1
        if isinstance(event, SpeechEvent):
            found[number].append((event.start - timeline.intervals[number].start, event.utterance.text))
    return found


def _key(interval: Interval) -> tuple[object, ...]:
    return interval.kind, interval.exercise, interval.side, interval.round


def _name(interval: Interval) -> str:
    parts = [interval.exercise, interval.side, f"round {interval.round}" if interval.round else None]
    place = ", ".join(str(part) for part in parts if part)
    return " ".join(part for part in (_KINDS[interval.kind], place) if part) or str(interval.kind)


def _length(ms: int) -> str:
    return ms_to_clock(ms) if ms >= 60_000 else _seconds(ms)


def _seconds(ms: int) -> str:
    return f"{ms / 1_000:.3f}".rstrip("0").rstrip(".") + " s"


def _quoted(text: str) -> str:
    return f"“{text if len(text) <= _SHOWN else text[: _SHOWN - 1] + '…'}”"
