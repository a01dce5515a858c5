"""From a draft to the text: rests where a routine has them, cues where they have room, and no more than it may hold."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Sequence

from cuecast.importers.ir import (
    Cue,
    Draft,
    Exercise,
    Rest,
    Rounds,
    Say,
    Step,
    clean,
    exercises_in,
    speakable,
    title_of,
    walk,
)
from cuecast.importers.to_yaml import to_yaml
from cuecast.model.diagnostics import has_errors, in_order
from cuecast.model.duration import SECOND, ms_to_clock, ms_to_text, up_to_second
from cuecast.model.routine import AUTO_GAP_MS
from cuecast.model.speech_duration import estimate_text_ms
from cuecast.protocols import Imported

MAX_MS = 24 * 3600 * SECOND
MAX_ITEMS = 20_000
MAX_YAML = 1_000_000
MAX_DEPTH = 8
"""Rounds in rounds: more than anybody writes by hand."""

AFTER_START_MS = 600
"""From the start of a work to the first words: the start tone and some quiet."""

BEFORE_END_MS = 500
"""From the last words to the end of a work."""

BEFORE_NEXT_MS = 4_200
"""The same if the next work follows at once: its countdown sounds here."""

APART_MS = 500
MARGIN = 1.15
"""Voices can be slower than the estimate: what fits with this margin fits with most of them."""

MAX_DELAY_MS = 10 * SECOND
"""How much later words can be said than in the foreign file."""


def finish(draft: Draft) -> Imported:
    """The draft's text, and all diagnostics."""
    draft.steps = _tidy(draft, draft.steps, 0)
    if draft.transition is None:
        _factor_rests(draft)
    draft.steps = _hoist_rests(draft, draft.steps)
    while draft.steps and isinstance(draft.steps[-1], Rest):
        rest = draft.steps.pop()
        assert isinstance(rest, Rest)
        draft.comments += rest.comments
        if rest.ms not in _rest_lengths(draft):
            draft.note(f"the rest of {ms_to_text(rest.ms)} after the last exercise is left out", rest.span)
    yaml = _write(draft)
    return Imported(yaml if not has_errors(draft.diagnostics) else "", in_order(draft.diagnostics))


def _write(draft: Draft) -> str:
    exercises = exercises_in(draft.steps)
    if not exercises:
        if not has_errors(draft.diagnostics):
            hint = "an exercise and its length on a line, such as `Calves 45s`, is the least"
            hint = hint if draft.transition is None else "give its steps lengths of time where you made it"
            draft.refuse("nothing in this file has a length of time", draft.start, hint)
        return ""
    for exercise in exercises:
        exercise.cues = _cues_with_room(draft, exercise)
    draft.title = draft.title or title_of(draft.source.name)
    items, ms = _size(draft.steps, max(draft.transition or 0, AUTO_GAP_MS))
    if items > MAX_ITEMS or ms > MAX_MS:
        message = "this comes to more than a routine can hold: 24 hours, or 20,000 steps with all rounds"
        draft.refuse(message, draft.start, "look for lengths that are too long, such as `400m` where metres are meant")
        return ""
    yaml = to_yaml(draft)
    if len(yaml.encode()) > MAX_YAML:
        draft.refuse("the routine would be larger than 1 MB, the most that is read", draft.start)
    return yaml


def _rest_lengths(draft: Draft) -> set[int | None]:
    rests = [
        step.ms if isinstance(step, Rest) else step.rest
        for step in walk(draft.steps)
        if isinstance(step, Rest | Rounds)
    ]
    return {draft.transition, *rests}


def _tidy(draft: Draft, steps: Iterable[Step], depth: int) -> list[Step]:
    """Without empty rounds, and without rests that follow one another; one round is its steps."""
    tidy: list[Step] = []
    for step in steps:
        if isinstance(step, Rounds):
            step.steps = _tidy(draft, step.steps, depth + 1)
            if not exercises_in(step.steps):
                draft.warn(f"there is no exercise to do {step.count} times here", step.span)
                step.count = 1
            if depth >= MAX_DEPTH and step.count > 1:
                draft.warn(f"rounds in more than {MAX_DEPTH} others: these are done once", step.span)
                step.count = 1
            if step.count == 1:
                for cue in (cue for exercise in exercises_in(step.steps) for cue in exercise.cues):
                    cue.round = None
                if step.rest:
                    draft.note(f"the rest of {ms_to_text(step.rest)} is left out: there is only one round", step.span)
                (step.steps[0] if step.steps else draft).comments[:0] = step.comments
                tidy += step.steps
                continue
        elif isinstance(step, Rest) and step.ms <= 0:
            continue
        elif isinstance(step, Rest) and tidy and isinstance(before := tidy[-1], Rest):
            draft.note(f"rests of {ms_to_text(before.ms)} and {ms_to_text(step.ms)} in a row are one", step.span)
            before.ms += step.ms
            before.comments += step.comments
            continue
        tidy.append(step)
    return tidy


def _factor_rests(draft: Draft) -> None:
    """The rest between most exercises becomes the transition, as a person would write it."""
    rests = Counter(step.ms for step in walk(draft.steps) if isinstance(step, Rest) and not step.is_own)
    rounds = sum(isinstance(step, Rounds) for step in walk(draft.steps))
    gaps = len(exercises_in(draft.steps)) - 1 + rounds
    for ms, times in rests.most_common(1):
        if times > 1 and 2 * times >= gaps:
            draft.transition = ms
            draft.steps = _without(draft.steps, ms)


def _without(steps: Sequence[Step], ms: int) -> list[Step]:
    """Without the rests of that length; their comments go to the next step."""
    others: list[Step] = []
    comments: list[str] = []
    for step in steps:
        if isinstance(step, Rest) and step.ms == ms and not step.is_own:
            comments += step.comments
            continue
        if isinstance(step, Rounds):
            step.steps = _without(step.steps, ms)
        step.comments[:0], comments = comments, []
        others.append(step)
    return others


def _hoist_rests(draft: Draft, steps: Sequence[Step]) -> list[Step]:
    """A rest at the end of a round is the rest between rounds, and the one after the last."""
    hoisted: list[Step] = []
    for step in steps:
        if isinstance(step, Rest) and hoisted and isinstance(before := hoisted[-1], Rest):
            before.ms = _longer(draft, before.ms, step)
            before.comments += step.comments
            continue
        hoisted.append(step)
        if isinstance(step, Rounds):
            step.steps = _hoist_rests(draft, step.steps)
            if isinstance(last := step.steps[-1], Rest):
                step.steps.pop()
                step.rest = _longer(draft, step.rest, last)
                hoisted.append(Rest(last.ms, last.span, is_own=True, comments=last.comments))
    return hoisted


def _longer(draft: Draft, ms: int | None, rest: Rest) -> int:
    """The longer of two rests at the same place."""
    if ms and ms != rest.ms:
        shorter, longer = sorted((ms, rest.ms))
        draft.note(f"a rest of {ms_to_text(longer)} replaces one of {ms_to_text(shorter)}", rest.span)
    return max(ms or 0, rest.ms)


def _cues_with_room(draft: Draft, exercise: Exercise) -> list[Cue]:
    """The cues that have room, those of every round first; some are said a little later, others are left out."""
    end = exercise.work.low - (BEFORE_NEXT_MS if draft.transition == 0 else BEFORE_END_MS)
    busy: dict[int | None, list[tuple[int, int]]] = {None: []}
    """The start and the end of all that is said: in every round (None), and in each."""
    placed: list[Cue] = []
    spoken = (cue for cue in exercise.cues if clean(speakable(cue.say)))
    for cue in sorted(spoken, key=lambda cue: (cue.round is not None, cue.ms)):
        ms = round(estimate_text_ms(cue.say) * MARGIN)
        own = busy.setdefault(cue.round, [])
        at = _next_free(cue.ms, ms, busy[None], own)
        words = cue.say if len(cue.say) <= 40 else cue.say[:39] + "…"
        until = max(at, AFTER_START_MS) + ms
        if at - cue.ms > MAX_DELAY_MS or until > end:
            why = "the exercise is too short" if at == cue.ms else "other words are said then"
            draft.warn(f"there is no time to say “{words}”: {why}", cue.span)
            continue
        if at != cue.ms:
            draft.note(f"“{words}” is said at {ms_to_clock(at)}, when there is room", cue.span)
        cue.ms = at
        insort(own, (at, until))
        placed.append(cue)
    return sorted(placed, key=lambda cue: (cue.ms, cue.round or 0))


def _next_free(start: int, ms: int, *busy: Sequence[tuple[int, int]]) -> int:
    """The first whole second from `start` on at which words of `ms` keep clear of all others; each list is in order."""
    while True:
        begin = max(start, AFTER_START_MS)
        ends = []
        for times in busy:
            after = bisect_left(times, (begin + ms + APART_MS, 0))
            ends += [until for _, until in times[max(0, after - 1) : after] if begin < until + APART_MS]
        if not ends:
            return start
        start = up_to_second(max(ends) + APART_MS)


def _size(steps: Iterable[Step], gap: int) -> tuple[int, int]:
    """How many items and milliseconds the steps come to; `gap` is the longest transition."""
    items = ms = 0
    for step in steps:
        match step:
            case Rounds():
                inner_items, inner_ms = _size(step.steps, gap)
                items += step.count * inner_items
                ms += step.count * (inner_ms + (step.rest or 0))
            case Exercise():
                sides = max(1, len(step.sides))
                items += sides
                ms += sides * (step.work.high + gap)
            case Rest():
                items += 1
                ms += step.ms
            case Say():
                items += 1
    return items, ms
