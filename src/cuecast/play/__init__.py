"""`play`: a track through this machine's loudspeaker, with what a view of it needs to know."""

from __future__ import annotations

from bisect import bisect_right
from pathlib import Path

from msgspec import Struct

from cuecast.model.timeline import Chapter, Interval, Kind, SpeechEvent, Timeline
from cuecast.tags.track_file import MP3, read_track_file

_RESTART_MS = 2_000
"""Later than this in a chapter, going back means its start; earlier, the chapter before."""


class NotPlayableError(ValueError):
    """A file that can't be played; the message says why, for people."""


class TrackOutline(Struct, frozen=True):
    """What happens at each moment of a track. Times in ms; `captions` are (start, text)."""

    title: str
    language: str
    duration: int
    intervals: tuple[Interval, ...]
    chapters: tuple[Chapter, ...]
    captions: tuple[tuple[int, str], ...] = ()

    def interval_at(self, ms: int) -> Interval:
        """Return the interval at a moment."""
        return self.intervals[max(0, self._begun(ms) - 1)]

    def work_after(self, ms: int) -> Interval | None:
        """Return the next work that begins after a moment."""
        return next((each for each in self.intervals[self._begun(ms) :] if each.kind is Kind.WORK), None)

    def caption_at(self, ms: int) -> str | None:
        """Return the words that began last, within the interval at this moment."""
        start = self.interval_at(ms).start
        return next((text for at, text in reversed(self.captions) if start <= at <= ms), None)

    def next_chapter(self, ms: int) -> int:
        """Return the start of the next chapter, else the end of the track."""
        return next((each.start for each in self.chapters if each.start > ms), self.duration)

    def previous_chapter(self, ms: int) -> int:
        """Return the start of this chapter; shortly after it, of the one before."""
        return next((each.start for each in reversed(self.chapters) if each.start < ms - _RESTART_MS), 0)

    def _begun(self, ms: int) -> int:
        return bisect_right(self.intervals, ms, key=lambda each: each.start)


def outline_of(timeline: Timeline) -> TrackOutline:
    """Return the outline of a timeline."""
    captions = tuple((each.start, each.utterance.text) for each in timeline.events if isinstance(each, SpeechEvent))
    return TrackOutline(
        timeline.title, timeline.language, timeline.duration, timeline.intervals, timeline.chapters, captions
    )


def read_outline(path: Path) -> TrackOutline:
    """Return the outline of any MP3; one without a timeline is a single work. Raises NotPlayableError, OSError."""
    track = read_track_file(path)
    if track is None or track.media_type != MP3:
        raise NotPlayableError(f"{path} is not an MP3")
    intervals = track.intervals or (Interval(0, track.duration, Kind.WORK, track.title),)
    captions = tuple((each.start, each.text) for each in track.captions)
    return TrackOutline(track.title, track.language, track.duration, intervals, track.chapters, captions)
