"""The gap before a work interval: announcements, setup, countdown, in this order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cuecast.arrange.context import ArrangeContext
from cuecast.arrange.occupancy import BETWEEN_UTTERANCES, SPEECH_TO_TONE
from cuecast.model.diagnostics import warning
from cuecast.model.duration import SECOND, up_to_second
from cuecast.model.routine import LONG_QUIET_MS
from cuecast.model.script import Announcement, SpokenLine, Utterance, WorkItem

SPOKEN_NUMBER_MS = SECOND - SPEECH_TO_TONE
"""The longest number of a spoken countdown; a longer one is a beep instead."""

BEFORE_COUNTDOWN_MS = 3 * SECOND
"""How long before the countdown the name that is said again ends."""


def lay_gap(context: ArrangeContext, item: WorkItem, start: int, *, after_work: bool, extra_ms: int) -> int:
    """Fill the gap before `item`, which begins at `start`, and return its end.

    The gap is as long as written, or longer by whole seconds if setup and the shortest form of the name need it; if
    nobody wrote a length, as long as all its words need. And longer by `extra_ms`, which `fit` has left over.
    """
    if after_work:
        _lay_end_tone(context, item, start, item.gap.ms + extra_ms)
    gap = _Gap(context, item, context.lanes.next_speech(start) - start)
    shortest = gap.shortest()
    quiet_from = context.lanes.next_tone() - start
    if quiet_from > 0:  # a `say` that ends with its words
        shortest = max(shortest, quiet_from + gap.countdown_ms)
    length = (item.gap.ms if shortest <= item.gap.ms else up_to_second(shortest)) + extra_ms
    at = start + gap.first_word
    quiet_since = start
    for line in gap.lines(length):
        quiet_since = context.say(line.utterance, at, line.span).end
        at = quiet_since + BETWEEN_UTTERANCES
    _lay_ready(context, item, quiet_since, start + length - gap.countdown_ms)
    lay_countdown(context, item, start + length, not_before=start)
    return start + length


def lay_countdown(context: ArrangeContext, item: WorkItem, end: int, *, not_before: int) -> None:
    """The last seconds before `end`, as beeps or numbers, none before `not_before`."""
    for left in range(item.countdown.seconds, 0, -1):
        at = end - left * SECOND
        if at < not_before:
            continue
        if item.numbers and context.ms(item.numbers[left - 1]) <= SPOKEN_NUMBER_MS:
            context.lanes.cut_before(at)
            context.say(item.numbers[left - 1], at)
        else:
            context.lanes.beep("countdown", at)


def _lay_ready(context: ArrangeContext, item: WorkItem, quiet_since: int, countdown: int) -> None:
    """Say name and side once more before the countdown, if nothing was said for long."""
    if item.ready and countdown - quiet_since > LONG_QUIET_MS:
        form = item.ready[0]
        context.say(form, countdown - BEFORE_COUNTDOWN_MS - context.ms(form))


def quiet_before_countdown(item: WorkItem) -> int:
    """Milliseconds of quiet between the last words and the countdown."""
    return max(item.gap.settle_ms, BETWEEN_UTTERANCES if item.numbers else SPEECH_TO_TONE)


def _lay_end_tone(context: ArrangeContext, item: WorkItem, start: int, length: int) -> None:
    """The end tone of the work before; it gives way to a countdown that begins at the same time."""
    if item.name or item.setup or length > item.countdown.seconds * SECOND:
        context.lanes.beep("end", start)
        return
    context.notes.append(
        warning(
            "unheard-end",
            f"nobody hears that the work before {item.exercise} is over: its countdown begins at once",
            item.span,
            "make the gap longer than the countdown, or the countdown shorter",
        )
    )


@dataclass(slots=True, frozen=True)
class _Gap:
    """Which words a gap has room for. `first_word` is the first moment for words, in ms after the gap's start."""

    context: ArrangeContext
    item: WorkItem
    first_word: int

    @property
    def countdown_ms(self) -> int:
        return self.item.countdown.seconds * SECOND

    def shortest(self) -> int:
        """The shortest gap that holds the words that can't be dropped, and the countdown."""
        item = self.item
        if item.gap.is_auto:
            return self._needed([forms[0] for forms in (*item.before, item.name, *item.after) if forms])
        if not item.name and not item.setup:
            # With `transition: 0s` and no work before, there is still time for the countdown.
            return self.countdown_ms if item.gap.ms == 0 else 0
        long = self._needed(item.name[:1])
        # If the long form fits, nobody asks how long the short one is, so it is not even synthesised.
        return long if long <= item.gap.ms else min(long, self._needed(item.name[-1:]))

    def lines(self, length: int) -> list[SpokenLine]:
        """The words in a gap of `length`: the long name if it fits, then what else fits."""
        item = self.item
        name = item.name[:1] if self._needed(item.name[:1]) <= length else item.name[-1:]
        firm = [*name, *([item.setup.utterance] if item.setup else [])]
        free_ms = length - self.countdown_ms - quiet_before_countdown(item) - self.first_word - self._joined_ms(firm)
        if firm:
            free_ms -= BETWEEN_UTTERANCES
        before, free_ms = self._with_room(item.before, free_ms)
        after, free_ms = self._with_room(item.after, free_ms)
        announced = [SpokenLine(utterance) for utterance in (*before, *name, *after)]
        return [*announced, item.setup] if item.setup else announced

    def _needed(self, name: Sequence[Utterance]) -> int:
        """The shortest gap that holds this form of the name, the setup and the countdown."""
        firm = [*name, *([self.item.setup.utterance] if self.item.setup else [])]
        if not firm:
            return self.countdown_ms
        return self.first_word + self._joined_ms(firm) + quiet_before_countdown(self.item) + self.countdown_ms

    def _joined_ms(self, utterances: Sequence[Utterance]) -> int:
        """How long the utterances take one after the other."""
        return sum(map(self.context.ms, utterances)) + BETWEEN_UTTERANCES * max(0, len(utterances) - 1)

    def _with_room(self, announcements: Sequence[Announcement], free_ms: int) -> tuple[list[Utterance], int]:
        """The best form of each announcement that fits into `free_ms`, and the room that is left."""
        chosen: list[Utterance] = []
        for forms in announcements:
            form = self.context.best_form(forms, free_ms)
            if form is None:
                self.context.report_dropped(forms, self.item.span, "the gap has no room for it")
            else:
                chosen.append(form)
                free_ms -= self.context.ms(form) + BETWEEN_UTTERANCES
        return chosen, free_ms
