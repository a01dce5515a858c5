"""The stage `arrange`: a Script and the lengths of its words become a Timeline.

It sees lengths, never sound. Who goes first (design.md, section 3): work intervals and their tones, written cues, the
name and side, interval and halfway tones, other announcements; each takes the room that those above leave.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from msgspec import Struct

from cuecast.arrange.bed import Under
from cuecast.arrange.context import ArrangeContext, Lengths
from cuecast.arrange.gap import lay_gap
from cuecast.arrange.occupancy import BETWEEN_UTTERANCES
from cuecast.arrange.wake import with_wake_tones
from cuecast.arrange.work import lay_work
from cuecast.model.diagnostics import Diagnostic, note
from cuecast.model.duration import SECOND, ms_to_text, up_to_second
from cuecast.model.music import Bed
from cuecast.model.script import Item, PauseItem, SayItem, Script, WorkItem
from cuecast.model.timeline import Chapter, Event, Interval, Kind, SpeechEvent, Timeline
from cuecast.phrases import phrases_of

__all__ = ["Lengths", "arrange"]

LEAD_IN_MS = 2 * SECOND
"""From pressing play to the first sound: time to put the phone down, and for headphones to wake up."""

TOTAL_AT_MS = SECOND
"""Where in the lead-in title and length are announced."""

CLOSE_MS = 2 * SECOND
"""The shortest close: the finish tone rings out."""


def arrange(
    script: Script,
    lengths: Lengths,
    *,
    estimated: bool = False,
    wake: bool = True,
    target_ms: int | None = None,
    fill: bool = True,
) -> tuple[Timeline, tuple[Diagnostic, ...]]:
    """Lay `script` out in time.

    Words that have no room are errors, or the warning `may-overrun` where `lengths` are `estimated`. `wake` puts a
    soft tone before sound that follows a long silence, for Bluetooth headphones. `target_ms` is how long the track is
    to be, and is announced so; where it is shorter, `fill` shares the seconds left over among the gaps, one each, from
    the first; the close gets them, where there is no gap.
    """
    spares = _Spares(0, 0)
    lead_in, total = LEAD_IN_MS, None
    while True:
        layout = _Layout(ArrangeContext(script, lengths, estimated), spares)
        layout.lay(lead_in, total)
        if fill and target_ms is not None and layout.now < target_ms and not spares.ms:
            spares = _Spares(target_ms - layout.now, layout.gaps)
            continue
        if not script.total:
            break
        # The words for the length depend on the length, and the length on the words, but only by way of the lead-in,
        # which never gets shorter: settled after a round or two.
        words = phrases_of(script.language).total(script.title, target_ms or layout.now)
        said_ms = layout.desk.ms(layout.desk.announced(words))
        needed = max(LEAD_IN_MS, up_to_second(TOTAL_AT_MS + said_ms + BETWEEN_UTTERANCES))
        if words == total and needed <= lead_in:
            break
        lead_in, total = max(lead_in, needed), words
        spares = _Spares(0, 0)
    return layout.timeline(wake), (*layout.desk.diagnostics, *layout.under.faults())


class _Spares(Struct, frozen=True):
    """Time that is left over, shared out in whole seconds among so many gaps."""

    ms: int
    gaps: int

    def of_gap(self, index: int) -> int:
        """What the gap of that number (from 0) gets."""
        if not self.gaps:
            return 0
        each, more = divmod(self.ms // SECOND, self.gaps)
        return (each + (index < more)) * SECOND

    @property
    def of_close(self) -> int:
        """What the close gets."""
        return 0 if self.gaps else self.ms


@dataclass(slots=True)
class _Layout:
    desk: ArrangeContext
    spares: _Spares
    under: Under = field(init=False)
    now: int = 0
    gaps: int = 0
    intervals: list[Interval] = field(default_factory=list)
    chapter_starts: list[tuple[int, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.under = Under(self.desk.script.volume.music)

    def lay(self, lead_in: int, total: str | None) -> None:
        """Lay all intervals end to end."""
        if total:
            self.desk.say(self.desk.announced(total), TOTAL_AT_MS)
        self._interval(Kind.LEAD_IN, lead_in, self.desk.script.bed)
        before: Item | None = None
        last_work = max((i for i, item in enumerate(self.desk.script.items) if isinstance(item, WorkItem)), default=-1)
        for index, (item, following) in enumerate(_pairs(self.desk.script.items)):
            match item:
                case SayItem():
                    self._say(item, isinstance(before, WorkItem), index - 1 == last_work)
                case PauseItem():
                    self._end_tone(isinstance(before, WorkItem), index - 1 == last_work)
                    self._interval(Kind.PAUSE, self.now + item.ms, item.bed)
                case WorkItem():
                    self._work(item, following, isinstance(before, WorkItem))
            before = item
        self._close(isinstance(before, WorkItem))

    def timeline(self, wake: bool) -> Timeline:
        """What has been laid, as a value."""
        script = self.desk.script
        events: list[Event] = []
        if script.volume.voice is not None:
            events += self.desk.room.speech
        if script.volume.tones is not None:
            events += self.desk.room.tones
            events += self.desk.room.glides
        events.sort(key=lambda event: (event.start, event.end, isinstance(event, SpeechEvent)))
        return Timeline(
            title=script.title,
            language=script.language,
            voice=script.cast.main,
            duration=self.now,
            intervals=tuple(self.intervals),
            events=tuple(with_wake_tones(events, self.under.stretches) if wake else events),
            chapters=tuple(self._chapters()),
            volume=script.volume,
            bed=tuple(self.under.stretches),
        )

    def _interval(self, kind: Kind, end: int, bed: Bed | None, item: WorkItem | None = None) -> None:
        if end > self.now:
            self.under.lay(self.now, end, kind, bed)
            told = (item.exercise, item.side, item.round, item.rounds, item.span) if item else ()
            self.intervals.append(Interval(self.now, end, kind, *told))
        self.now = end

    def _say(self, item: SayItem, ends_work: bool, ends_last: bool) -> None:
        self._end_tone(ends_work, ends_last)
        speech = self.desk.say(self.desk.written(item.line), self.desk.room.after_all(self.now), item.line.span)
        needed = up_to_second(speech.end - self.now)
        if 0 < item.for_ms < needed and not self.desk.estimated:
            self.desk.notes.append(
                note(
                    "say-longer",
                    f"these words take {ms_to_text(needed)}; `for` asks for {ms_to_text(item.for_ms)}",
                    item.line.span,
                )
            )
        self._interval(Kind.SAY, self.now + max(item.for_ms, needed), item.bed)

    def _work(self, item: WorkItem, following: Item | None, ends_work: bool) -> None:
        begins = self.now
        if not (ends_work and _flows_on(item)):
            spare = self.spares.of_gap(self.gaps)
            self.gaps += 1
            end = lay_gap(self.desk, item, self.now, ends_work, spare)
            self._interval(Kind(item.gap.kind), end, item.bed, item)
        self.chapter_starts.append((begins, item.chapter))
        flowing = following if isinstance(following, WorkItem) and _flows_on(following) else None
        self._interval(Kind.WORK, lay_work(self.desk, item, self.now, flowing), item.bed, item)

    def _end_tone(self, ends_work: bool, ends_last: bool) -> None:
        if ends_work:
            self.desk.room.beep("finish" if ends_last else "end", self.now)

    def _close(self, ends_work: bool) -> None:
        self._end_tone(ends_work, ends_work)
        finish = self.desk.script.finish
        if finish:
            self.desk.say(self.desk.announced(finish.long), self.desk.room.after_all(self.now))
        heard = self.desk.room.after_all(self.now)
        needed = max(CLOSE_MS, up_to_second(heard - self.now))
        self._interval(Kind.CLOSE, self.now + needed + self.spares.of_close, self.desk.script.bed)

    def _chapters(self) -> Iterator[Chapter]:
        """From the start of each work's gap to the next one's; the first from 0, the last to the end."""
        starts = self.chapter_starts or [(0, self.desk.script.title)]
        ends = [start for start, _ in starts[1:]] + [self.now]
        for index, ((start, title), end) in enumerate(zip(starts, ends, strict=True)):
            yield Chapter(start if index else 0, end, title)


def _flows_on(item: WorkItem) -> bool:
    """Whether no gap lies before it when a work comes before: `transition: 0s`, and no setup that needs one."""
    return item.gap.ms == 0 and item.setup is None


def _pairs(items: tuple[Item, ...]) -> Iterator[tuple[Item, Item | None]]:
    return zip(items, (*items[1:], None), strict=True)
