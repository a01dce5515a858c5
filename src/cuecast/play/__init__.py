"""`play`: a track through this machine's loudspeaker, with what a view of it needs to know."""

from __future__ import annotations

from bisect import bisect_right
from pathlib import Path

from msgspec import Struct

from cuecast.model.timeline import Chapter, Interval, Kind, SpeechEvent, Timeline
from cuecast.tags.reader import read_tag
from cuecast.tags.reader.sound import length_ms
from cuecast.tags.timeline_frame import DESCRIPTION, NoTimelineError, read_embedded


class Score(Struct, frozen=True):
    """What is on at each moment of a track. Times in ms; `said` is (start, end, text)."""

    title: str
    language: str
    duration: int
    intervals: tuple[Interval, ...]
    chapters: tuple[Chapter, ...]
    said: tuple[tuple[int, int, str], ...] = ()

    def interval(self, ms: int) -> Interval:
        """What is on at a moment."""
        return self.intervals[max(0, bisect_right(self.intervals, ms, key=lambda each: each.start) - 1)]

    def after(self, ms: int) -> Interval | None:
        """The next work after what is on, whatever lies between."""
        later = self.intervals[bisect_right(self.intervals, ms, key=lambda each: each.start) :]
        return next((each for each in later if each.kind is Kind.WORK), None)

    def words(self, ms: int) -> str | None:
        """What is being said at a moment, or was said last in what is on."""
        start = self.interval(ms).start
        return next((text for at, _, text in reversed(self.said) if start <= at <= ms), None)

    def skipped(self, ms: int, by: int) -> int:
        """The start of the next chapter (`by` 1), or of this one, or, shortly after that, of the one before (-1)."""
        starts = [each.start for each in self.chapters] or [0]
        if by > 0:
            return next((start for start in starts if start > ms), self.duration)
        return next((start for start in reversed(starts) if start < ms - 2_000), 0)


class NoTrack(ValueError):
    """A file that can't be played; the message says why, for people."""


def score_of(timeline: Timeline) -> Score:
    """What there is to see of a timeline."""
    said = tuple((e.start, e.end, e.utterance.text) for e in timeline.events if isinstance(e, SpeechEvent))
    return Score(timeline.title, timeline.language, timeline.duration, timeline.intervals, timeline.chapters, said)


def score_in(track: Path) -> Score:
    """What there is to see of an MP3: of anybody's, one that lasts. Raises NoTrack; OSError where it can't be read."""
    with track.open("rb") as file:
        tag = read_tag(file)
        ms = length_ms(file, tag.size if tag else 0)
    if not ms:
        raise NoTrack(f"{track} is no MP3")
    found = tag.attachment(DESCRIPTION) if tag else None
    if found is not None:
        try:
            told = read_embedded(found.data)
        except NoTimelineError:
            pass
        else:
            said = tuple((each.start, each.end, each.text) for each in told.said)
            return Score(told.title, told.language, told.duration, told.intervals, told.chapters, said)
    title = (tag.text("TIT2") if tag else None) or track.stem
    whole = Interval(0, ms, Kind.WORK, title)
    return Score(title, "en", ms, (whole,), tag.chapters() if tag else ())
