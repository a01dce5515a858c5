"""Inside a work interval: written cues first, then what fits into the room that they leave."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cuecast.arrange.context import ArrangeContext
from cuecast.arrange.gap import lay_countdown, quiet_before_countdown
from cuecast.arrange.occupancy import BETWEEN_UTTERANCES, SPEECH_TO_TONE
from cuecast.arrange.pace import lay_glides, lay_reps, lay_words
from cuecast.model.diagnostics import note
from cuecast.model.duration import SECOND, ms_to_clock, ms_to_text, up_to_second
from cuecast.model.routine import MomentKind
from cuecast.model.script import Announcement, SpokenCue, TimedAnnouncement, WorkItem

MAX_CUE_DELAY = 3 * SECOND
"""How late a written cue may be, in milliseconds."""

MAX_ANNOUNCEMENT_SHIFT = SECOND
"""How far an announcement may lie from its moment, in milliseconds."""

WORD_MS = 400
"""About what a word takes at a coach's pace, in milliseconds."""

NEXT_WITHIN = 20 * SECOND
"""If there is no gap, the next work is announced within the last 20 s of the work before it."""


def lay_work(context: ArrangeContext, item: WorkItem, start: int, following: WorkItem | None) -> tuple[int, int]:
    """Fill the work interval that begins at `start` with its start tone; return its end and the next chapter's start.

    `following` is the next work interval if there is no gap before it: its announcement and countdown sound here, and
    its chapter begins with them.
    """
    work = _Work(context, item, start, start + item.work_ms)
    context.lanes.beep("start", start)
    if following:
        lay_countdown(context, following, work.end, not_before=start + SECOND)
    work.lay_cues()
    named_at = work.lay_next_name(following) if following else work.end
    work.lay_beeps()
    chapter_start = work.lay_before_next_name(following, named_at) if following else work.end
    lay_reps(context, item, start, work.end)
    lay_words(context, item, start, work.end)
    for announcement in item.timed:
        work.lay_timed(announcement)
    lay_glides(context, item, start, work.end)
    return work.end, chapter_start


@dataclass(slots=True, frozen=True)
class _Work:
    context: ArrangeContext
    item: WorkItem
    start: int
    end: int

    @property
    def _first_word(self) -> int:
        """The first moment at which words can follow the start tone."""
        return self.start + self.context.lanes.tone_ms("start") + SPEECH_TO_TONE

    @property
    def _words_end(self) -> int:
        """The last moment at which words can end before the end tone."""
        return self.end - SPEECH_TO_TONE

    def lay_cues(self) -> None:
        """Each cue at its moment, or up to 3 s later. Those that end with the work can't wait, so they come first."""
        timed: list[tuple[int, SpokenCue]] = []
        for cue in self.item.cues:
            if cue.at.kind is MomentKind.END:
                self._lay_end_cue(cue)
            else:
                timed += [(self.start + time, cue) for time in cue.at.times(self.item.work_ms)]
        for moment, cue in sorted(timed, key=lambda pair: pair[0]):
            self._lay_cue(cue, self._first_word if cue.at.kind is MomentKind.START else moment)

    def _lay_cue(self, cue: SpokenCue, moment: int) -> None:
        def excess_of(ms: int) -> int:
            at = self.context.lanes.next_free(moment, ms)
            return max(at + ms - self._words_end, at - moment - MAX_CUE_DELAY)

        utterance = self.context.fit_in(cue.line.utterance, excess_of, cue.line.span)
        ms = self.context.ms(utterance)
        at = self.context.lanes.next_free(moment, ms)
        overrun = at + ms - self._words_end
        delay = at - moment
        if overrun > 0:
            work = ms_to_text(self.item.work_ms)
            message = f"this cue runs {overrun:,} ms over the end of the work, which is {work} long"
            hint = _how_to_shorten(cue, overrun, delay)
            self._report_no_room(cue, "cue-overruns", message, overrun, hint)
        elif delay > MAX_CUE_DELAY:
            excess = delay - MAX_CUE_DELAY
            message = (
                f"this cue is {excess:,} ms too late: it is due {ms_to_clock(moment - self.start)} into the work, "
                f"has to wait {delay:,} ms for other words or tones, and may wait {MAX_CUE_DELAY:,} ms"
            )
            hint = f"move it to {ms_to_text(up_to_second(at - self.start))}, or shorten the cue before it"
            self._report_no_room(cue, "cue-collides", message, excess, hint)
        else:
            self.context.say(utterance, at, cue.line.span)

    def _lay_end_cue(self, cue: SpokenCue) -> None:
        def excess_of(ms: int) -> int:
            at = self._words_end - ms
            return max(0, self._first_word - at, self.context.lanes.next_free(at, ms) - at)

        utterance = self.context.fit_in(cue.line.utterance, excess_of, cue.line.span)
        ms = self.context.ms(utterance)
        at = self._words_end - ms
        if excess := excess_of(ms):
            message = f"this cue would have to end {excess:,} ms after the work to keep clear of other words and tones"
            hint = "shorten it, or give it an earlier moment"
            self._report_no_room(cue, "cue-collides", message, excess, hint)
        else:
            self.context.say(utterance, at, cue.line.span)

    def _report_no_room(self, cue: SpokenCue, code: str, message: str, excess_ms: int, hint: str) -> None:
        """Report a cue that has no room; one of the library, which the author has not written, is left out."""
        span = cue.line.span
        if span is None or span.file == self.item.span.file:
            self.context.report_too_long(code, message, excess_ms, span, hint)
        else:
            dropped = f"“{cue.line.utterance.text}” of the library is not said: the work has no room for it"
            self.context.notes.append(note("cue-dropped", dropped, self.item.span))

    def lay_next_name(self, following: WorkItem) -> int:
        """The name of the next work, before its countdown begins; returns where the words before it must end.

        What is announced after a name goes with it if there is room for both.
        """
        end = self.end - following.countdown.seconds * SECOND - quiet_before_countdown(following)
        after = [forms[-1] for forms in following.after]
        names = [[name] for name in following.name]
        with_after = [[*name, *after] for name in names or [[]]] if after else []
        for utterances in (*with_after, *names):
            ms = sum(map(self.context.ms, utterances)) + BETWEEN_UTTERANCES * (len(utterances) - 1)
            start = self.context.lanes.last_free(end, ms, self._next_from(self.end))
            if start is None:
                continue
            at = start
            for utterance in utterances:
                at = self.context.say(utterance, at).end + BETWEEN_UTTERANCES
            if utterances not in with_after:
                self._drop(following, following.after)
            return start - BETWEEN_UTTERANCES
        self._drop(following, [*([following.name] if following.name else []), *following.after])
        return end

    def lay_before_next_name(self, following: WorkItem, end: int) -> int:
        """What is announced before the next work's name, the last words done by `end`; returns its chapter's start.

        That is before the first word about it, else its countdown, else its start.
        """
        for forms in reversed(following.before):
            for form in forms:
                at = self.context.lanes.last_free(end, self.context.ms(form), self._next_from(end))
                if at is not None:
                    end = self.context.say(form, at).start - BETWEEN_UTTERANCES
                    break
            else:
                self._drop(following, [forms])
        countdown = max(self.start + SECOND, self.end - following.countdown.seconds * SECOND)
        is_announced = end < countdown - quiet_before_countdown(following)
        return max(end, self._first_word - SPEECH_TO_TONE) if is_announced else countdown

    def _next_from(self, end: int) -> int:
        """The earliest moment for words about what comes after `end`."""
        return max(self._first_word, end - NEXT_WITHIN)

    def _drop(self, following: WorkItem, announcements: Iterable[Announcement]) -> None:
        why = "there is no gap, and no room over the end of the work before"
        for forms in announcements:
            self.context.report_dropped(forms, following.span, why)

    def lay_beeps(self) -> None:
        """Interval and halfway beeps, silent where the voice speaks."""
        names: dict[int, str] = {}
        for moment in self.item.beeps:
            name = "halfway" if moment.kind is MomentKind.HALF else "interval"
            for time in moment.times(self.item.work_ms):
                if 0 < time < self.item.work_ms and names.get(time) != "halfway":
                    names[time] = name
        for time, name in sorted(names.items()):
            start = self.start + time
            end = start + self.context.lanes.tone_ms(name)
            if self.context.lanes.is_free(start, end) and end <= self.end:
                self.context.lanes.beep(name, start)

    def lay_timed(self, announcement: TimedAnnouncement) -> None:
        """At its moment, else a little later, else a little earlier; the long form is worth no delay."""
        for moment in (self.start + time for time in announcement.at.times(self.item.work_ms) if time > 0):
            if not self._lay_near(announcement.forms, moment):
                why = "a cue or a tone sounds at its moment"
                self.context.report_dropped(announcement.forms, self.item.span, why)

    def _lay_near(self, forms: Announcement, moment: int) -> bool:
        """Whether there was room for one of the forms near `moment`."""
        for earliest in (moment, moment - MAX_ANNOUNCEMENT_SHIFT):
            for form in forms:
                ms = self.context.ms(form)
                at = self.context.lanes.next_free(earliest, ms)
                if at - moment <= MAX_ANNOUNCEMENT_SHIFT and at + ms <= self._words_end:
                    self.context.say(form, at)
                    return True
        return False


def _how_to_shorten(cue: SpokenCue, overrun: int, delay: int) -> str:
    words = -(-overrun // WORD_MS)
    hint = "give it an earlier moment, or lengthen the work"
    if words < len(cue.line.utterance.text.split()):
        hint = f"leave out {words} word{'s' if words > 1 else ''} or so, {hint}"
    return f"it waits {delay:,} ms for its turn; {hint}" if delay > WORD_MS else hint
