"""The intervals of the track, laid end to end, with the chapters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from msgspec import Struct

from cuecast.arrange.bed import BedBuilder
from cuecast.arrange.context import ArrangeContext
from cuecast.arrange.gap import lay_gap
from cuecast.arrange.wake import with_wake_tones
from cuecast.arrange.work import lay_work
from cuecast.model.diagnostics import note
from cuecast.model.duration import SECOND, ms_to_text, up_to_second
from cuecast.model.music import Bed
from cuecast.model.script import Item, PauseItem, SayItem, Script, Utterance, WorkItem
from cuecast.model.timeline import Chapter, Event, Interval, Kind, SpeechEvent, Timeline

LEAD_IN_MS = 2 * SECOND
"""From pressing play to the first sound: time to put the phone down, and for headphones to wake up."""

TOTAL_AT_MS = SECOND
"""Where in the lead-in title and length are announced."""

CLOSE_MS = 2 * SECOND
"""The shortest close: the finish tone rings out."""


class SlackTime(Struct, frozen=True):
    """Whole seconds that `fit` has left over: shared among the gaps from the first on; without a gap, for the close."""

    ms: int = 0
    gaps: int = 0

    def for_gap(self, index: int) -> int:
        """What the gap with that index gets, in ms."""
        if not self.gaps:
            return 0
        each, more = divmod(self.ms // SECOND, self.gaps)
        return (each + (index < more)) * SECOND

    def for_close(self) -> int:
        """What the close gets, in ms."""
        return 0 if self.gaps else self.ms


@dataclass(slots=True)
class IntervalLayout:
    """Lays the items of a script end to end. `now` is the end so far; `gaps` counts the gaps.

    `next_chapter` is where the next work's chapter begins if it has no gap.
    """

    script: Script
    context: ArrangeContext
    slack: SlackTime
    bed: BedBuilder = field(init=False)
    now: int = 0
    next_chapter: int = 0
    gaps: int = 0
    intervals: list[Interval] = field(default_factory=list)
    chapter_starts: list[tuple[int, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.bed = BedBuilder(self.script.volume.music)

    def lay(self, lead_in: int, opening: Utterance | None) -> None:
        """Lay all intervals; `opening` is announced in the lead-in."""
        if opening:
            self.context.say(opening, TOTAL_AT_MS)
        self._add(Kind.LEAD_IN, lead_in, self.script.bed)
        items = self.script.items
        last_work = max((i for i, item in enumerate(items) if isinstance(item, WorkItem)), default=-1)
        before: Item | None = None
        for index, (item, following) in enumerate(zip(items, (*items[1:], None), strict=True)):
            after_work = isinstance(before, WorkItem)
            if after_work and not isinstance(item, WorkItem):
                self.context.lanes.beep("finish" if index - 1 == last_work else "end", self.now)
            match item:
                case SayItem():
                    self._lay_say(item)
                case PauseItem():
                    self._lay_pause(item)
                case WorkItem():
                    self._lay_work(item, following, after_work)
            before = item
        self._lay_close(isinstance(before, WorkItem))

    def timeline(self, wake: bool) -> Timeline:
        """The timeline, once all intervals are laid."""
        script, lanes = self.script, self.context.lanes
        events: list[Event] = []
        if script.volume.voice is not None:
            events += lanes.speech
        if script.volume.tones is not None:
            events += lanes.sounding_tones()
            events += lanes.glides
        events.sort(key=lambda event: (event.start, event.end, isinstance(event, SpeechEvent)))
        return Timeline(
            title=script.title,
            language=script.language,
            voice=script.voice,
            duration=self.now,
            intervals=tuple(self.intervals),
            events=tuple(with_wake_tones(events, self.bed.segments) if wake else events),
            chapters=tuple(self._chapters()),
            volume=script.volume,
            bed=tuple(self.bed.segments),
            cautions=script.cautions,
        )

    def _add(self, kind: Kind, end: int, bed: Bed | None, item: WorkItem | None = None) -> None:
        """Add the interval from `now` to `end`; one without length is no interval."""
        if end > self.now:
            self.bed.add(self.now, end, kind, bed)
            work = (item.exercise, item.side, item.round, item.rounds, item.span) if item else ()
            self.intervals.append(Interval(self.now, end, kind, *work))
        self.now = end

    def _lay_say(self, item: SayItem) -> None:
        speech = self.context.say(item.line.utterance, self.context.lanes.next_speech(self.now), item.line.span)
        needed = up_to_second(speech.end - self.now)
        if 0 < item.for_ms < needed and not self.context.estimated:
            message = f"these words take {ms_to_text(needed)}; `for` asks for {ms_to_text(item.for_ms)}"
            self.context.notes.append(note("say-longer", message, item.line.span))
        self._add(Kind.SAY, self.now + max(item.for_ms, needed), item.bed)

    def _lay_pause(self, item: PauseItem) -> None:
        sound_end = self.context.lanes.sound(item.sound, self.now) if item.sound else self.now
        self._add(Kind.PAUSE, self.now + max(item.ms, up_to_second(sound_end - self.now)), item.bed)

    def _lay_work(self, item: WorkItem, following: Item | None, after_work: bool) -> None:
        """The gap, if there is one, and the work interval.

        The chapter begins with the gap; without one, with the announcement inside the work before.
        """
        has_gap = not (after_work and _has_no_gap(item))
        self.chapter_starts.append((self.now if has_gap else self.next_chapter, item.chapter))
        if has_gap:
            extra = self.slack.for_gap(self.gaps)
            self.gaps += 1
            end = lay_gap(self.context, item, self.now, after_work=after_work, extra_ms=extra)
            self._add(Kind(item.gap.kind), end, item.bed, item)
        joined = following if isinstance(following, WorkItem) and _has_no_gap(following) else None
        end, self.next_chapter = lay_work(self.context, item, self.now, joined)
        self._add(Kind.WORK, end, item.bed, item)

    def _lay_close(self, after_work: bool) -> None:
        lanes = self.context.lanes
        if after_work:
            lanes.beep("finish", self.now)
        if self.script.finish:
            self.context.say(self.script.finish[0], lanes.next_speech(self.now))
        sounds_end = max([lanes.next_speech(self.now), *(tone.end for tone in lanes.sounding_tones())])
        needed = max(CLOSE_MS, up_to_second(sounds_end - self.now))
        self._add(Kind.CLOSE, self.now + needed + self.slack.for_close(), self.script.bed)

    def _chapters(self) -> Iterator[Chapter]:
        """Each up to the next one's start; the first from 0, the last to the end."""
        titles = [title for _, title in self.chapter_starts] or [self.script.title]
        starts = [0, *(start for start, _ in self.chapter_starts[1:])]
        for start, end, title in zip(starts, [*starts[1:], self.now], titles, strict=True):
            yield Chapter(start, end, title)


def _has_no_gap(item: WorkItem) -> bool:
    """Whether it follows another work at once: `transition: 0s`, and no setup that needs a gap."""
    return item.gap.ms == 0 and item.setup is None
