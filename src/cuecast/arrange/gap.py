"""The gap before a work interval: announcement, setup, countdown, in this order."""

from __future__ import annotations

from cuecast.arrange.context import ArrangeContext
from cuecast.arrange.occupancy import BETWEEN_UTTERANCES, SPEECH_TO_TONE
from cuecast.model.diagnostics import warning
from cuecast.model.duration import SECOND, up_to_second
from cuecast.model.script import AnnouncementForms, Utterance, WorkItem
from cuecast.model.source import Span

_Said = tuple[Utterance, Span | None]
"""Words, and where they are written."""

SPOKEN_NUMBER_MS = SECOND - SPEECH_TO_TONE
"""The most that a number of a spoken countdown may take; a longer one is a beep instead."""


def lay_gap(desk: ArrangeContext, item: WorkItem, start: int, end_tone: bool, spare: int = 0) -> int:
    """Fill the gap before `item`, which begins at `start`, and return its end.

    It is as long as told, or longer by whole seconds where setup and the shortest form of the name need it; and by
    `spare` ms, which `fit` has left over.
    `end_tone` says that a work interval ends at `start`; its tone gives way to a countdown that begins there.
    """
    counted = item.countdown.seconds * SECOND
    speaks = bool(item.name or item.setup)
    if end_tone and (speaks or item.gap.ms + spare > counted):
        desk.room.beep("end", start)
    elif end_tone:
        desk.notes.append(
            warning(
                "unheard-end",
                f"nobody hears that the work before {item.exercise} is over: its countdown begins at once",
                item.span,
                "make the gap longer than the countdown, or the countdown shorter",
            )
        )
    cursor = desk.room.after_all(start)
    # Where nothing is told (`transition: 0s` with no work before), the countdown must still be heard.
    needed = _least(desk, item, cursor - start) if speaks or item.gap.ms == 0 else 0
    if (quiet := desk.room.tone_after_speech() - start) > 0:  # a `say` that ends with its words
        needed = max(needed, quiet + counted)
    length = (item.gap.ms if needed <= item.gap.ms else up_to_second(needed)) + spare
    words = _words(desk, item, length, cursor - start)
    for said, span in words:
        cursor = desk.say(said, cursor, span).end + BETWEEN_UTTERANCES
    lay_countdown(desk, item, start + length, not_before=start)
    return start + length


def lay_countdown(desk: ArrangeContext, item: WorkItem, end: int, not_before: int) -> None:
    """The last seconds before `end`, as beeps or numbers, none before `not_before`."""
    for left in range(item.countdown.seconds, 0, -1):
        at = end - left * SECOND
        if at < not_before:
            continue
        number = desk.counted(item.numbers[left - 1]) if item.numbers else None
        if number is not None and desk.ms(number) <= SPOKEN_NUMBER_MS:
            desk.room.hush(at)
            desk.say(number, at)
        else:
            desk.room.beep("countdown", at)


def _lead_words(desk: ArrangeContext, item: WorkItem, form: str) -> list[_Said]:
    """What must be said before the work: the name in its `long` or `short` form, and the setup."""
    words: list[_Said] = []
    if item.name:
        words.append((desk.announced(item.name.long if form == "long" else item.name.short), None))
    if item.setup:
        words.append((desk.written(item.setup), item.setup.span))
    return words


def before_countdown(item: WorkItem) -> int:
    """Milliseconds of quiet between the last words and what follows them."""
    return BETWEEN_UTTERANCES if item.numbers else SPEECH_TO_TONE


def _joined_ms(desk: ArrangeContext, words: list[_Said]) -> int:
    """How long `words` take one after the other."""
    return sum(desk.ms(said) for said, _ in words) + BETWEEN_UTTERANCES * max(0, len(words) - 1)


def _needed(desk: ArrangeContext, item: WorkItem, form: str, offset: int) -> int:
    """The shortest gap that holds the name in this form, the setup and the countdown after `offset` ms."""
    spoken = _joined_ms(desk, _lead_words(desk, item, form))
    lead = offset + spoken + before_countdown(item) if spoken else 0
    return lead + item.countdown.seconds * SECOND


def _least(desk: ArrangeContext, item: WorkItem, offset: int) -> int:
    """The shortest gap that holds what must be said in it, one way or the other."""
    long = _needed(desk, item, "long", offset)
    # Where the long form fits, nothing depends on the short one, which is then not even spoken.
    return long if long <= item.gap.ms else min(long, _needed(desk, item, "short", offset))


def _words(desk: ArrangeContext, item: WorkItem, length: int, offset: int) -> list[_Said]:
    """What is said in a gap of `length`: the long name where it fits, then what else has room."""
    if not item.name and not item.setup and not item.before and not item.after:
        return []
    form = "long" if _needed(desk, item, "long", offset) <= length else "short"
    core = _lead_words(desk, item, form)
    room = length - item.countdown.seconds * SECOND - before_countdown(item) - offset - _joined_ms(desk, core)
    if core:
        room -= BETWEEN_UTTERANCES

    def extra(wanted: tuple[AnnouncementForms, ...]) -> list[_Said]:
        nonlocal room
        taken: list[_Said] = []
        for forms in wanted:
            said = desk.fitting(forms, room)
            if said is None:
                desk.dropped(forms, item.span, "the gap has no room for it")
            else:
                taken.append((said, None))
                room -= desk.ms(said) + BETWEEN_UTTERANCES
        return taken

    before, after = extra(item.before), extra(item.after)
    named = 1 if item.name else 0
    return [*before, *core[:named], *after, *core[named:]]


def start_tone_ends(desk: ArrangeContext, start: int) -> int:
    """The first moment at which words may follow the start tone of a work that begins at `start`."""
    return start + desk.room.ms_of("start") + SPEECH_TO_TONE
