"""The differences between two timelines of a routine, in words: what `watch` prints after a build."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from cuecast.model.duration import ms_to_clock
from cuecast.model.timeline import Interval, Kind, SpeechEvent, Timeline

_MAX_TEXT = 60
"""Letters shown of an utterance."""

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

_Utterances = Sequence[tuple[int, str]]
"""The utterances of an interval, with their times after its start (ms)."""


def describe_changes(before: Timeline, after: Timeline) -> list[str]:
    """Return a line for each audible difference, in the order of the track; the total length comes last."""
    lines = [*_head_changes(before, after), *_interval_changes(before, after), *_other_changes(before, after)]
    if before.duration != after.duration:
        lines.append(f"{_length(after.duration)} in all, was {_length(before.duration)}")
    return lines


def _head_changes(before: Timeline, after: Timeline) -> Iterator[str]:
    for key in ("title", "language", "voice"):
        old, new = getattr(before, key), getattr(after, key)
        if old != new:
            yield f"{key}: {new}, was {old}"


def _interval_changes(before: Timeline, after: Timeline) -> Iterator[str]:
    """Describe intervals that are new, gone, longer or shorter, or have other words."""
    old = list(zip(before.intervals, _utterances(before), strict=True))
    new = list(zip(after.intervals, _utterances(after), strict=True))
    matcher = SequenceMatcher(
        None, [_key(each) for each in before.intervals], [_key(each) for each in after.intervals], autojunk=False
    )
    for operation, i1, i2, j1, j2 in matcher.get_opcodes():
        if operation == "equal":
            for (was, old_words), (now, new_words) in zip(old[i1:i2], new[j1:j2], strict=True):
                lengths = was.end - was.start, now.end - now.start
                if lengths[0] != lengths[1]:
                    yield f"{_name(now)}: {_length(lengths[1])}, was {_length(lengths[0])}"
                yield from _word_changes(_name(now), old_words, new_words)
        else:
            yield from (f"gone: {_name(each)}" for each, _ in old[i1:i2] if _is_shown(each))
            yield from (
                f"new: {_name(each)}, {_length(each.end - each.start)}" for each, _ in new[j1:j2] if _is_shown(each)
            )


def _word_changes(name: str, before: _Utterances, after: _Utterances) -> Iterator[str]:
    old, new = [text for _, text in before], [text for _, text in after]
    if old == new:
        moved = [(was, at, text) for (was, text), (at, _) in zip(before, after, strict=True) if was != at]
        if len(moved) < len(after):  # if all have moved, the change is before them
            yield from (f"{name}: {_quote(text)} at {_seconds(at)}, was at {_seconds(was)}" for was, at, text in moved)
        return
    for operation, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = ", ".join(map(_quote, old[i1:i2])), ", ".join(map(_quote, new[j1:j2]))
        if operation == "replace":
            yield f"{name}: {come}, was {gone}"
        elif operation == "delete":
            yield f"{name}: no more {gone}"
        elif operation == "insert":
            yield f"{name}: new {come}"


def _other_changes(before: Timeline, after: Timeline) -> Iterator[str]:
    """Describe changes of tones, music and volume."""
    old, new = ([(e.name, e.hz) for e in each.events if not isinstance(e, SpeechEvent)] for each in (before, after))
    if old != new and len(before.intervals) == len(after.intervals):
        yield f"{len(new)} tones, were {len(old)}" if len(old) != len(new) else "other tones"
    if [(s.music, s.gain) for s in before.bed] != [(s.music, s.gain) for s in after.bed]:
        yield "other music" if after.bed and before.bed else "music" if after.bed else "no music"
    if before.volume != after.volume:
        yield "another volume"


def _utterances(timeline: Timeline) -> list[_Utterances]:
    result: list[list[tuple[int, str]]] = [[] for _ in timeline.intervals]
    number = 0
    for event in timeline.events:
        while number + 1 < len(timeline.intervals) and event.start >= timeline.intervals[number].end:
            number += 1
        if isinstance(event, SpeechEvent):
            result[number].append((event.start - timeline.intervals[number].start, event.utterance.text))
    return list(result)


def _key(interval: Interval) -> tuple[object, ...]:
    return interval.kind, interval.exercise, interval.side, interval.round


def _is_shown(interval: Interval) -> bool:
    return interval.kind in (Kind.WORK, Kind.SAY)


def _name(interval: Interval) -> str:
    parts = [interval.exercise, interval.side, f"round {interval.round}" if interval.round else None]
    place = ", ".join(str(part) for part in parts if part)
    return " ".join(part for part in (_KINDS[interval.kind], place) if part) or str(interval.kind)


def _length(ms: int) -> str:
    return ms_to_clock(ms) if ms >= 60_000 else _seconds(ms)


def _seconds(ms: int) -> str:
    return f"{ms / 1_000:.3f}".rstrip("0").rstrip(".") + " s"


def _quote(text: str) -> str:
    return f"“{text if len(text) <= _MAX_TEXT else text[: _MAX_TEXT - 1] + '…'}”"
