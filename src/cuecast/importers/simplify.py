"""From a draft to the text: rests where a routine has them, cues where they have room, and no more than it may hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from cuecast.importers.ir import Cue, Draft, Exercise, Rest, Rounds, Say, Step, exercises_in, title_of
from cuecast.importers.to_yaml import to_yaml
from cuecast.model.diagnostics import error, has_errors, in_order
from cuecast.model.duration import SECOND, ms_to_clock, up_to_second
from cuecast.model.routine import BUILT_IN
from cuecast.model.script import Utterance
from cuecast.model.source import Span
from cuecast.model.speech_duration import estimate_ms
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

BEFORE_FLOW_MS = 4_200
"""The same where the next work follows at once: its countdown sounds here."""

APART_MS = 500
SLOWER = 1.15
"""A voice may be slower than the estimate; what fits by this much fits with most."""

MOVE_MS = 10 * SECOND
"""How much later words may be said than the foreign file has them."""


def finish(draft: Draft) -> Imported:
    """The draft's text, with all that there is to say about what it was made from."""
    draft.steps = _tidy(draft, draft.steps, 0)
    if draft.transition is None:
        _factor_rests(draft)
    draft.steps = _hoist_rests(draft.steps)
    while draft.steps and isinstance(draft.steps[-1], Rest):
        draft.steps.pop()
    start = Span(draft.source.name, 1, 1, 1, 1)
    if not any(True for _ in exercises_in(draft.steps)):
        if not has_errors(draft.faults):
            hint = "an exercise and its length on a line, such as `Calves 45s`, is the least"
            draft.faults.append(error("bad-import", "nothing in this file has a length of time", start, hint))
        return Imported("", in_order(draft.faults))
    for exercise in exercises_in(draft.steps):
        exercise.cues = _fit(draft, exercise)
    draft.title = draft.title or title_of(draft.source.name)
    items, ms = _size(draft.steps, draft.transition)
    if items > MAX_ITEMS or ms > MAX_MS:
        message = "this comes to more than a routine can hold: 24 hours, or 20,000 steps with all rounds"
        draft.faults.append(error("bad-import", message, start))
        return Imported("", in_order(draft.faults))
    yaml = to_yaml(draft)
    if len(yaml.encode()) > MAX_YAML:
        draft.faults.append(error("bad-import", "the routine would be larger than 1 MB, the most that is read", start))
        return Imported("", in_order(draft.faults))
    return Imported(yaml, in_order(draft.faults))


def _tidy(draft: Draft, steps: Iterable[Step], depth: int) -> list[Step]:
    """Without rounds of nothing or of one, or rests that follow one another."""
    tidy: list[Step] = []
    for step in steps:
        if isinstance(step, Rounds):
            step.steps = _tidy(draft, step.steps, depth + 1)
            if not any(True for _ in exercises_in(step.steps)):
                continue
            if depth >= MAX_DEPTH and step.count > 1:
                draft.lost(f"rounds in more than {MAX_DEPTH} others: these are done once", step.span)
                step.count = 1
            if step.count == 1:
                for inner in step.steps:
                    for cue in inner.cues if isinstance(inner, Exercise) else ():
                        cue.round = None
                step.steps[0].comments[:0] = step.comments
                tidy += step.steps
                continue
        elif isinstance(step, Rest):
            if step.ms <= 0:
                continue
            if tidy and isinstance(tidy[-1], Rest):
                tidy[-1].ms += step.ms
                continue
        tidy.append(step)
    return tidy


def _factor_rests(draft: Draft) -> None:
    """The rest that stands between most exercises becomes the transition, as a person would write it."""
    rests = Counter(rest.ms for rest in _rests(draft.steps))
    gaps = sum(1 for _ in exercises_in(draft.steps)) - 1 + _count_rounds(draft.steps)
    if rests:
        ms, times = rests.most_common(1)[0]
        if times > 1 and 2 * times >= gaps:
            draft.transition = ms
            draft.steps = _without(draft.steps, ms)


def _rests(steps: Iterable[Step]) -> list[Rest]:
    found: list[Rest] = []
    for step in steps:
        if isinstance(step, Rest) and not step.is_own:
            found.append(step)
        elif isinstance(step, Rounds):
            found += _rests(step.steps)
    return found


def _count_rounds(steps: Iterable[Step]) -> int:
    return sum(1 + _count_rounds(step.steps) for step in steps if isinstance(step, Rounds))


def _without(steps: Sequence[Step], ms: int) -> list[Step]:
    """Without the rests of that length; what was noted at one goes to the step after it."""
    kept: list[Step] = []
    orphans: list[str] = []
    for step in steps:
        if isinstance(step, Rest) and step.ms == ms and not step.is_own:
            orphans += step.comments
            continue
        if isinstance(step, Rounds):
            step.steps = _without(step.steps, ms)
        step.comments[:0] = orphans
        orphans = []
        kept.append(step)
    return kept


def _hoist_rests(steps: Sequence[Step]) -> list[Step]:
    """A rest at the end of a round is the rest between rounds, and the one after the last."""
    hoisted: list[Step] = []
    for step in steps:
        if isinstance(step, Rest) and hoisted and isinstance(hoisted[-1], Rest):
            hoisted[-1].ms = max(hoisted[-1].ms, step.ms)
            continue
        hoisted.append(step)
        if isinstance(step, Rounds):
            step.steps = _hoist_rests(step.steps)
            if isinstance(step.steps[-1], Rest):
                last = step.steps.pop()
                assert isinstance(last, Rest)
                step.rest = max(step.rest or 0, last.ms)
                hoisted.append(Rest(last.ms, last.span))
    return hoisted


def _fit(draft: Draft, exercise: Exercise) -> list[Cue]:
    """The cues that have room, those of every round first; some are said a little later, others are left out."""
    flows = draft.transition == 0
    last = exercise.work.low - (BEFORE_FLOW_MS if flows else BEFORE_END_MS)
    kept: list[Cue] = []
    taken: list[tuple[int, int, int | None]] = []
    for cue in sorted(exercise.cues, key=lambda cue: (cue.round is not None, cue.ms)):
        ms = round(estimate_ms(Utterance(cue.say, "", "")) * SLOWER)
        others = [(begin, end) for begin, end, number in taken if number in (None, cue.round)]
        at = _free(cue.ms, ms, others)
        if at - cue.ms > MOVE_MS or max(at, AFTER_START_MS) + ms > last:
            why = "the exercise is too short" if at == cue.ms else "other words are said then"
            draft.lost(f"there is no time to say “{_short(cue.say)}”: {why}", cue.span)
            continue
        if at != cue.ms:
            draft.changed(f"“{_short(cue.say)}” is said at {ms_to_clock(at)}, when there is room", cue.span)
        cue.ms = at
        kept.append(cue)
        taken.append((at, max(at, AFTER_START_MS) + ms, cue.round))
    return sorted(kept, key=lambda cue: (cue.ms, cue.round or 0))


def _free(start: int, ms: int, taken: Sequence[tuple[int, int]]) -> int:
    """The first whole second from `start` on at which words of `ms` keep clear of all others."""
    while True:
        ends = [
            end
            for begin, end in taken
            if max(start, AFTER_START_MS) < end + APART_MS and max(start, AFTER_START_MS) + ms + APART_MS > begin
        ]
        if not ends:
            return start
        start = up_to_second(min(ends) + APART_MS)


def _short(words: str) -> str:
    return words if len(words) <= 40 else words[:39] + "…"


def _size(steps: Iterable[Step], transition: int | None) -> tuple[int, int]:
    """How many steps and milliseconds it comes to, gaps counted generously."""
    items = ms = 0
    gap = max(transition or 0, BUILT_IN.transition or 0)
    for step in steps:
        match step:
            case Rounds():
                inner = _size(step.steps, transition)
                items += step.count * inner[0]
                ms += step.count * (inner[1] + (step.rest or 0))
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
