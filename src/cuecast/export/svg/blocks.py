"""The intervals of a row as coloured blocks; where they are too small to be seen, whole exercises."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from cuecast.export.svg.rows import Row
from cuecast.export.svg.style import COLOURS
from cuecast.export.text_utils import one_line, side_of
from cuecast.model.duration import ms_to_text
from cuecast.model.timeline import Interval, Kind, Timeline

SMALLEST = 3.0
"""How many pixels a block is wide at least: what is smaller is drawn together with its neighbours."""


class Block(Struct, frozen=True):
    """From when to when, in ms; the class of its colour; a name and what stands under it."""

    start: int
    end: int
    colour: str
    name: str
    note: str = ""
    is_work: bool = False


def colours_of(timeline: Timeline) -> Mapping[str, str]:
    """The class of each exercise, in order of appearance."""
    names = dict.fromkeys(i.exercise for i in timeline.intervals if i.kind is Kind.WORK and i.exercise)
    return {name: f"c{number % COLOURS}" for number, name in enumerate(names)}


def blocks_of(
    timeline: Timeline, intervals: Iterable[Interval], row: Row, px: float, colours: Mapping[str, str]
) -> list[Block]:
    """The blocks of a row, `px` pixels a millisecond. They lie end to end."""
    found: list[Block] = []
    for exercise, group in groupby(intervals, key=lambda interval: interval.exercise):
        run = list(group)
        works = [i for i in run if i.kind is Kind.WORK]
        if exercise and len(works) > 1 and min(i.end - i.start for i in works) * px < 2 * SMALLEST:
            start, end = max(run[0].start, row[0]), min(run[-1].end, row[1])
            found.append(Block(start, end, colours[exercise], one_line(exercise), f"× {len(works)}", True))
        else:
            found += (_block(interval, row, timeline.language, colours) for interval in run)
    return list(_joined(found, px))


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


def _joined(blocks: list[Block], px: float) -> Iterator[Block]:
    """Those that are too small to be seen, together with what follows until they are not."""
    run: list[Block] = []
    for block in blocks:
        run.append(block)
        if (block.end - run[0].start) * px >= SMALLEST:
            yield _together(run)
            run = []
    if run:
        yield _together(run)


def _together(blocks: list[Block]) -> Block:
    """One block for all: as the longest work in it, or else the longest."""
    first, last = blocks[0], blocks[-1]
    if len(blocks) == 1:
        return first
    return replace(
        max(blocks, key=lambda block: (block.is_work, block.end - block.start)), start=first.start, end=last.end
    )
