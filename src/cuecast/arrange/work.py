"""Inside a work interval: written cues first, then what goes in the room that they leave."""

from __future__ import annotations

from collections.abc import Iterable

from cuecast.arrange.context import ArrangeContext
from cuecast.arrange.gap import before_countdown, lay_countdown, start_tone_ends
from cuecast.arrange.occupancy import BETWEEN_UTTERANCES, SPEECH_TO_TONE
from cuecast.arrange.pace import lay_glides, lay_words
from cuecast.model.duration import SECOND, ms_to_clock, ms_to_text
from cuecast.model.routine import MomentKind
from cuecast.model.script import AnnouncementForms, SpokenCue, TimedAnnouncement, WorkItem

CUE_PATIENCE = 3 * SECOND
"""How long a written cue may wait for its turn, in milliseconds."""

MARK_PATIENCE = SECOND
"""How far an announcement may lie from its moment, in milliseconds."""

WORD_MS = 400
"""About what a word takes at a coach's pace, in milliseconds."""

NEXT_WITHIN = 20 * SECOND
"""How long before the end of a work what comes next may be said, where there is no gap to say it in."""


def lay_work(desk: ArrangeContext, item: WorkItem, start: int, following: WorkItem | None) -> int:
    """Fill the work interval that begins at `start` with its start tone, and return its end.

    `following` is the next work interval where no gap lies between: its announcement and countdown sound here.
    """
    end = start + item.work_ms
    desk.room.beep("start", start)
    if following:
        lay_countdown(desk, following, end, not_before=start + SECOND)
    _lay_cues(desk, item, start, end)
    named_at = _lay_name(desk, following, start, end) if following else end
    _lay_beeps(desk, item, start, end)
    if following:
        _lay_extras(desk, following, start, named_at)
    lay_words(desk, item, start, end)
    _lay_marks(desk, item, start, end)
    lay_glides(desk, item, start, end)
    return end


def _lay_cues(desk: ArrangeContext, item: WorkItem, start: int, end: int) -> None:
    """Each cue at its moment, or up to 3 s later. Those that end with the work can't wait, so they come first."""
    last = end - SPEECH_TO_TONE
    timed: list[tuple[int, SpokenCue]] = []
    for cue in item.cues:
        if cue.at.kind is MomentKind.END:
            _lay_end_cue(desk, cue, start, last)
        else:
            timed += [(start + time, cue) for time in cue.at.times(item.work_ms)]
    for time, cue in sorted(timed, key=lambda pair: pair[0]):
        words = desk.written(cue.line)
        ms = desk.ms(words)
        moment = start_tone_ends(desk, start) if cue.at.kind is MomentKind.START else time
        at = desk.room.earliest(moment, ms)
        if at + ms > last:
            over = at + ms - last
            desk.misfit(
                "cue-overruns",
                f"this cue runs {over:,} ms over the end of the work, which is {ms_to_text(item.work_ms)} long",
                over,
                cue.line.span,
                _shorten(cue, over, at - moment),
            )
        elif at - moment > CUE_PATIENCE:
            over = at - moment - CUE_PATIENCE
            desk.misfit(
                "cue-collides",
                f"this cue is {over:,} ms too late: it is due {ms_to_clock(moment - start)} into the work, "
                f"has to wait {at - moment:,} ms for other words or tones, and may wait {CUE_PATIENCE:,} ms",
                over,
                cue.line.span,
                f"move it to {ms_to_text(-(-(at - start) // SECOND) * SECOND)}, or shorten the cue before it",
            )
        else:
            desk.say(words, at, cue.line.span)


def _lay_end_cue(desk: ArrangeContext, cue: SpokenCue, start: int, last: int) -> None:
    words = desk.written(cue.line)
    ms = desk.ms(words)
    at = last - ms
    needed = max(0, start_tone_ends(desk, start) - at, desk.room.earliest(at, ms) - at)
    if needed:
        desk.misfit(
            "cue-collides",
            f"this cue would have to end {needed:,} ms after the work to keep clear of other words and tones",
            needed,
            cue.line.span,
            "shorten it, or give it an earlier moment",
        )
    else:
        desk.say(words, at, cue.line.span)


def _lay_name(desk: ArrangeContext, item: WorkItem, start: int, end: int) -> int:
    """The name of the next work over the end of this one, done when its countdown begins; returns where it begins.

    What is said after a name goes with it where there is room for both.
    """
    done = end - item.countdown.seconds * SECOND - before_countdown(item)
    after = [desk.announced(forms.short) for forms in item.after]
    names = desk.forms(item.name) if item.name else ()
    fuller = [[name, *after] for name in names] if after else []
    for words in [*fuller, *([name] for name in names)] if names else [after]:
        ms = sum(map(desk.ms, words)) + BETWEEN_UTTERANCES * (len(words) - 1)
        at = desk.room.latest(done, ms, _next_from(desk, start, end)) if words else None
        if at is None:
            continue
        said = [desk.say(words[0], at)]
        for more in words[1:]:
            said.append(desk.say(more, said[-1].end + BETWEEN_UTTERANCES))
        if words not in fuller and names:
            _drop(desk, item, item.after)
        return at - BETWEEN_UTTERANCES
    _drop(desk, item, [*([item.name] if item.name else []), *item.after])
    return done


def _lay_extras(desk: ArrangeContext, item: WorkItem, start: int, done: int) -> None:
    """What is said before the next work's name."""
    for forms in reversed(item.before):
        for words in desk.forms(forms):
            at = desk.room.latest(done, desk.ms(words), _next_from(desk, start, done))
            if at is not None:
                done = desk.say(words, at).start - BETWEEN_UTTERANCES
                break
        else:
            _drop(desk, item, [forms])


def _drop(desk: ArrangeContext, item: WorkItem, left_out: Iterable[AnnouncementForms]) -> None:
    for forms in left_out:
        desk.dropped(forms, item.span, "there is no gap, and no room over the end of the work before")


def _next_from(desk: ArrangeContext, start: int, end: int) -> int:
    """The earliest moment, in a work that begins at `start`, for words about what comes after `end`."""
    return max(start_tone_ends(desk, start), end - NEXT_WITHIN)


def _lay_beeps(desk: ArrangeContext, item: WorkItem, start: int, end: int) -> None:
    """Interval and halfway beeps, silent where the voice speaks."""
    names: dict[int, str] = {}
    for moment in item.beeps:
        name = "halfway" if moment.kind is MomentKind.HALF else "interval"
        for time in moment.times(item.work_ms):
            if 0 < time < item.work_ms and names.get(time) != "halfway":
                names[time] = name
    for time, name in sorted(names.items()):
        at = start + time
        done = at + desk.room.ms_of(name)
        if desk.room.is_quiet(at, done) and done <= end:
            desk.room.beep(name, at)


def _lay_marks(desk: ArrangeContext, item: WorkItem, start: int, end: int) -> None:
    for mark in item.marks:
        for time in mark.at.times(item.work_ms):
            if time > 0:
                _lay_mark(desk, item, mark, start + time, end)


def _lay_mark(desk: ArrangeContext, item: WorkItem, mark: TimedAnnouncement, moment: int, end: int) -> None:
    """At its moment, else a little later, else a little earlier; the long form is worth no delay."""
    last = end - SPEECH_TO_TONE
    for tried in (moment, moment - MARK_PATIENCE):
        for words in desk.forms(mark.forms):
            ms = desk.ms(words)
            at = desk.room.earliest(tried, ms)
            if at - moment <= MARK_PATIENCE and at + ms <= last:
                desk.say(words, at)
                return
    desk.dropped(mark.forms, item.span, "a cue or a tone sounds at its moment")


def _shorten(cue: SpokenCue, over: int, waited: int) -> str:
    words = -(-over // WORD_MS)
    hint = "give it an earlier moment, or lengthen the work"
    if words < len(cue.line.text.split()):
        hint = f"leave out {words} word{'s' if words > 1 else ''} or so, {hint}"
    return f"it waits {waited:,} ms for its turn; {hint}" if waited > WORD_MS else hint
