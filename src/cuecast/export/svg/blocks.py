"""The intervals of a row as coloured blocks; where they are too small to be seen, whole exercises."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from cuecast.export.svg.rows import Row
from cuecast.export.text_utils import one_line, side_of
from cuecast.model.duration import ms_to_text
from cuecast.model.timeline import Interval, Kind, Timeline

_COLOURS = 8
"""Classes `c0` to `c7` of the style sheet: exercises take them in turn."""

_MIN_WIDTH = 3.0
"""Pixels: a smaller block is drawn together with its neighbours."""


class Block(Struct, frozen=True):
    """A rectangle: start and end in ms, the class of its colour, a name, and a note under it."""

    start: int
    end: int
    colour: str
    name: str
    note: str = ""
    is_work: bool = False


def exercise_colours(timeline: Timeline) -> Mapping[str, str]:
    """The colour class of each exercise, in order of appearance."""
    names = dict.fromkeys(i.exercise for i in timeline.intervals if i.kind is Kind.WORK and i.exercise)
    return {name: f"c{number % _COLOURS}" for number, name in enumerate(names)}


def row_blocks(
    timeline: Timeline, intervals: Iterable[Interval], row: Row, px: float, colours: Mapping[str, str]
) -> list[Block]:
    """The blocks of a row, `px` pixels a millisecond. They lie end to end."""
    blocks: list[Block] = []
    for exercise, group in groupby(intervals, key=lambda interval: interval.exercise):
        run = list(group)
        works = [i for i in run if i.kind is Kind.WORK]
        if exercise and len(works) > 1 and min(i.end - i.start for i in works) * px < 2 * _MIN_WIDTH:
            start, end = max(run[0].start, row[0]), min(run[-1].end, row[1])
            blocks.append(Block(start, end, colours[exercise], one_line(exercise), f"× {len(works)}", True))
        else:
            blocks += (_block(interval, row, timeline.language, colours) for interval in run)
    return list(_merge_small(blocks, px))


def _block(interval: Interval, row: Row, language: str, colours: Mapping[str, str]) -> Block:
    length = ms_to_text(interval.end - interval.start)
    start, end = max(interval.start, row[0]), min(interval.end, row[1])
    if interval.kind is not Kind.WORK:
        return Block(start, end, "gap", interval.kind.value, length)
    side = side_of(interval, language)
    rounds = f"{interval.round}/{interval.rounds}" if interval.rounds else None
    note = " · ".join(part for part in (side, rounds, length) if part)
    exercise = interval.exercise or ""
    return Block(start, end, colours.get(exercise, "gap"), one_line(exercise), note, True)


def _merge_small(blocks: list[Block], px: float) -> Iterator[Block]:
    """Blocks that are too small are merged with the following ones until they are wide enough."""
    run: list[Block] = []
    for block in blocks:
        run.append(block)
        if (block.end - run[0].start) * px >= _MIN_WIDTH:
            yield _merged(run)
            run = []
    if run:
        yield _merged(run)


def _merged(blocks: list[Block]) -> Block:
    """One block for all, like the longest work among them, else like the longest."""
    first, last = blocks[0], blocks[-1]
    if len(blocks) == 1:
        return first
    return replace(
        max(blocks, key=lambda block: (block.is_work, block.end - block.start)), start=first.start, end=last.end
    )
