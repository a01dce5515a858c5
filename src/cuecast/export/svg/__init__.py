"""A picture of the timeline: rows of lanes, for a README or a print. Light and dark; no scripts, nothing is loaded."""

from __future__ import annotations

import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cached_property
from itertools import groupby, pairwise
from pathlib import Path
from typing import ClassVar

from msgspec import Struct

from cuecast.export.svg.blocks import Block, exercise_colours, row_blocks
from cuecast.export.svg.icons import icon, tone_icons
from cuecast.export.svg.lettering import cut, width, wrap
from cuecast.export.svg.rows import Row, wrap_rows
from cuecast.export.text_utils import INAUDIBLE, escaped, name_of, one_line
from cuecast.model.duration import ms_to_clock, ms_to_text
from cuecast.model.timeline import BedSegment, Kind, SpeechEvent, Timeline, ToneEvent

WIDTH = 1200
_LEFT, _RIGHT = 78.0, 24.0
_INNER = WIDTH - _LEFT - _RIGHT
_HEAD = 92.0
_AXIS, _BLOCK, _BAR, _LINE, _TONES, _BED, _ROW_GAP, _LEGEND = 18.0, 40.0, 10.0, 13.5, 24.0, 16.0, 22.0, 44.0
_MAX_LINES = 5
_SMALL = 11.0
_MIN_ROOM = 34.0
"""Pixels: words with less room are left out."""
_MIN_LETTERS = 20
"""Letters: a cut text with fewer is left out."""
_COLUMN = 56.0
"""Pixels: narrower words get at most two lines."""
_EASY = 280.0
"""Pixels of a line that is easy to read."""

_STEPS = (5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200)
_MAX_DESCRIBED = 40
_TONE_ORDER = ("countdown", "start", "interval", "halfway", "end", "finish", "pace")


class Svg:
    """Exercises in colours, and the lanes under them; words if there is room. Its size is bounded."""

    name: ClassVar[str] = "svg"
    suffix: ClassVar[str] = ".svg"

    def dump(self, timeline: Timeline) -> str:
        """The timeline as text, with a line end at its end."""
        return "\n".join(_Picture(timeline).elements()) + "\n"


class _PlacedWords(Struct, frozen=True):
    """An utterance's words: the position of its start, and its lines."""

    x: float
    lines: list[str]


class _Picture:
    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self._rows = wrap_rows(timeline)
        self._px = _INNER / max(1, max(end - start for start, end in self._rows))
        self._colours = exercise_colours(timeline)
        self._speech = [e for e in timeline.events if isinstance(e, SpeechEvent)]
        self._tones = [e for e in timeline.events if isinstance(e, ToneEvent)]
        self._words = [list(self._place_words(row)) for row in self._rows]

    @cached_property
    def _lines(self) -> int:
        """How many lines of words the voice's lane has."""
        return max((len(words.lines) for row in self._words for words in row), default=0)

    def elements(self) -> Iterator[str]:
        """All of the file, an element a line."""
        line = self._timeline
        bed = _BED if line.bed else 0.0
        pitch = _AXIS + _BLOCK + _BAR + self._lines * _LINE + _TONES + bed + _ROW_GAP
        height = round(_HEAD + pitch * len(self._rows) + _LEGEND)
        root = (
            f"cuecast-{zlib.crc32(f'{line.title} {line.duration} {len(line.events)}'.encode('utf-8', 'replace')):08x}"
        )
        style = Path(__file__).with_name("style.css").read_text(encoding="utf-8").replace("ROOT", root)
        title = escaped(line.title) or "cuecast"
        yield (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="{root}" viewBox="0 0 {WIDTH} {height}" '
            f'width="{WIDTH}" height="{height}" role="img" aria-labelledby="{root}-t {root}-d">'
        )
        yield f'<title id="{root}-t">{title}, {ms_to_clock(line.duration)}</title>'
        yield f'<desc id="{root}-d">{escaped(self._description())}</desc>'
        yield f"<style>\n{style}</style>"
        yield f'<rect class="page" x=".5" y=".5" width="{WIDTH - 1}" height="{height - 1}" rx="10"/>'
        yield _text("ink t1", 28, 42, cut(one_line(line.title), WIDTH - 56, 24.0))
        yield _text("soft t2", 28, 66, self._facts())
        for number, row in enumerate(self._rows):
            yield from self._row(number, row, _HEAD + number * pitch)
        yield from self._legend(height - _LEGEND + 16)
        yield "</svg>"

    def _facts(self) -> str:
        line = self._timeline
        works = [i.end - i.start for i in line.intervals if i.kind is Kind.WORK]
        facts = [ms_to_clock(line.duration)]
        if works:
            facts.append(f"{ms_to_clock(sum(works))} of work in {len(works)} interval{'s' * (len(works) > 1)}")
        if self._speech:
            facts.append(f"{one_line(line.voice)} speaks {len(self._speech)} time{'s' * (len(self._speech) > 1)}")
        return cut(" · ".join(facts), WIDTH - 56, 14.0)

    def _description(self) -> str:
        line = self._timeline
        works = [i for i in line.intervals if i.kind is Kind.WORK]
        listed = [
            f"{name_of(i, line.language) or 'work'} at {ms_to_clock(i.start)} for {ms_to_text(i.end - i.start)}"
            for i in works[:_MAX_DESCRIBED]
        ]
        more = [f"and {len(works) - _MAX_DESCRIBED} more"] if len(works) > _MAX_DESCRIBED else []
        return f"A timeline of {ms_to_clock(line.duration)}: " + ("; ".join([*listed, *more]) or "no work") + "."

    def _row(self, number: int, row: Row, top: float) -> Iterator[str]:
        start, end = row
        inside = self._timeline.intervals
        first = bisect_right(inside, start, key=lambda i: i.end)
        last = bisect_left(inside, end, key=lambda i: i.start)
        blocks = row_blocks(self._timeline, inside[first:last], row, self._px, self._colours)
        y = top + _AXIS
        voice = y + _BLOCK + _BAR
        tones = voice + self._lines * _LINE + _TONES / 2
        bottom = tones + _TONES / 2
        yield from self._axis(row, top, bottom + (_BED if self._timeline.bed else 0.0))
        yield _text("ink tb", _LEFT - 12, y + 25, ms_to_clock(start), "end")
        yield from (self._shade(block, start, y, bottom) for block in blocks if block.is_work)
        yield from self._blocks(blocks, start, y)
        yield from self._voice(number, row, voice)
        yield _text("soft tl", _LEFT - 12, tones + 3.5, "tones", "end")
        a = bisect_left(self._tones, start, key=lambda tone: tone.start)
        # The very last tone begins where the last row ends.
        b = bisect_left(self._tones, end + (number == len(self._rows) - 1), key=lambda tone: tone.start)
        yield from tone_icons(self._tones[a:b], _LEFT, tones, row, self._px)
        if self._timeline.bed:
            yield from self._bed(row, bottom)

    def _axis(self, row: Row, top: float, bottom: float) -> Iterator[str]:
        start, end = row
        step = next((s * 1_000 for s in _STEPS if s * 1_000 * self._px >= 64), _STEPS[-1] * 1_000)
        ticks = [
            at for at in range(-(-start // step) * step, end + 1, step) if at < end or at == self._timeline.duration
        ]
        path = "".join(f"M{self._x(at, start):.1f} {top + 14:.1f}V{bottom:.1f}" for at in ticks)
        if path:
            yield f'<path class="grid" stroke-width="1" d="{path}"/>'
        for at in ticks:
            yield _text("soft tl", self._x(at, start), top + 10, ms_to_clock(at), "middle")

    def _shade(self, block: Block, start: int, top: float, bottom: float) -> str:
        x, space = self._span(block, start)
        return (
            f'<rect class="{block.colour}" fill-opacity=".18" x="{x:.1f}" y="{top:.1f}" width="{space:.1f}" '
            f'height="{bottom - top:.1f}" rx="3"/>'
        )

    def _blocks(self, blocks: list[Block], start: int, top: float) -> Iterator[str]:
        for block in blocks:
            x, space = self._span(block, start)
            yield (
                f'<rect class="{block.colour}" x="{x:.1f}" y="{top:.1f}" width="{space:.1f}" height="{_BLOCK:.0f}" '
                f'rx="{min(4.0, space / 3):.1f}"/>'
            )
            name, note = (
                cut(words, space - 10, 13.0 if block.is_work else _SMALL) for words in (block.name, block.note)
            )
            if not block.is_work and width(block.name, _SMALL) > space - 6:
                name = ""
            if block.is_work and name:
                yield _text("ink tb", x + 7, top + 17, name)
                if note:
                    yield _text("ink ts", x + 7, top + 32, note)
            elif not block.is_work:
                middle = x + space / 2
                if name:
                    yield _text("soft ts", middle, top + 17, name, "middle")
                if width(block.note, _SMALL) <= space - 2:
                    yield _text("soft ts", middle, top + (32 if name else 24), block.note, "middle")

    def _voice(self, number: int, row: Row, top: float) -> Iterator[str]:
        start, end = row
        yield _text("soft tl", _LEFT - 12, top - 2, "voice", "end")
        bars: list[tuple[float, float]] = []
        first = bisect_right(self._speech, start, key=lambda e: e.end)
        for event in self._speech[first : bisect_left(self._speech, end, key=lambda e: e.start)]:
            a, b = self._x(max(event.start, start), start), self._x(min(event.end, end), start)
            if bars and a - bars[-1][1] < 1:
                bars[-1] = bars[-1][0], max(b, bars[-1][1])
            else:
                bars.append((a, b))
        if bars:
            path = "".join(f"M{a:.1f} {top - 4:.1f}H{max(a + 1, b):.1f}" for a, b in bars)
            yield f'<path class="voice" stroke-width="4" d="{path}"/>'
        for words in self._words[number]:
            for n, line in enumerate(words.lines):
                yield _text("ink tw", words.x, top + 9 + n * _LINE, line)

    def _place_words(self, row: Row) -> Iterator[_PlacedWords]:
        """The words of a row that have room before the next words."""
        start, end = row
        first = bisect_left(self._speech, start, key=lambda e: e.start)
        speech = self._speech[first : bisect_left(self._speech, end, key=lambda e: e.start)]
        places = [*(self._x(event.start, start) for event in speech), _LEFT + _INNER + 8]
        for event, (x, following) in zip(speech, pairwise(places), strict=True):
            if lines := _fit_words(one_line(event.utterance.text), following - x - 7):
                yield _PlacedWords(x, lines)

    def _bed(self, row: Row, top: float) -> Iterator[str]:
        start, end = row
        yield _text("soft tl", _LEFT - 12, top + 10, "bed", "end")
        here = [s for s in self._timeline.bed if s.end > start and s.start < end]
        for name, group in groupby(here, key=lambda segment: one_line(segment.music.name)):
            run = list(group)
            for segment in _visible(run, self._px):
                x, to = self._x(max(segment.start, start), start), self._x(min(segment.end, end), start)
                thick = 8 + 5 * min(1.0, max(0.0, (segment.gain + 40) / 34))
                yield (
                    f'<rect class="bed" x="{x:.1f}" y="{top + 13 - thick:.1f}" width="{max(1.0, to - x):.1f}" '
                    f'height="{thick:.1f}" rx="2"/>'
                )
            a, b = self._x(max(run[0].start, start), start), self._x(min(run[-1].end, end), start)
            if words := cut(name, b - a - 12, 10.0):
                yield _text("ink tl", a + 7, top + 10.5, words)

    def _legend(self, y: float) -> Iterator[str]:
        present = {tone.name for tone in self._tones} - INAUDIBLE
        x = _LEFT
        for name in [n for n in _TONE_ORDER if n in present] + sorted(present - set(_TONE_ORDER)):
            shown = cut(one_line(name), 200.0, _SMALL)
            if x + 40 + width(shown, _SMALL) > WIDTH - _RIGHT:
                return
            yield icon(name, x + 4, y)
            yield _text("soft ts", x + 14, y + 4, shown)
            x += 36 + width(shown, _SMALL)

    def _span(self, block: Block, start: int) -> tuple[float, float]:
        """Where a block begins, and its width, with a thin gap to the next."""
        wide = (block.end - block.start) * self._px
        return self._x(block.start, start), max(0.5, wide - min(1.5, wide / 4))

    def _x(self, at: int, start: int) -> float:
        return _LEFT + (at - start) * self._px


def _fit_words(text: str, space: float) -> list[str]:
    """The text in lines, narrow ones if it fits; none if too little could be read."""
    if space < _MIN_ROOM:
        return []
    most = _MAX_LINES if space >= _COLUMN else 2
    for wide in (min(space, _EASY), space):
        lines = wrap(text, wide, _SMALL, most)
        if lines and not lines[-1].endswith("…"):
            return lines
    return lines if space >= _COLUMN and sum(map(len, lines)) >= _MIN_LETTERS else []


def _visible(run: list[BedSegment], px: float) -> Iterator[BedSegment]:
    """The segments of one music; those that are too short to see are added to the one before."""
    visible: list[BedSegment] = []
    for segment in run:
        if visible and (segment.end - segment.start) * px < 1.5:
            before = visible[-1]
            visible[-1] = BedSegment(before.start, segment.end, before.music, before.gain)
        else:
            visible.append(segment)
    yield from visible


def _text(kind: str, x: float, y: float, words: str, anchor: str = "") -> str:
    attribute = f' text-anchor="{anchor}"' if anchor else ""
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}"{attribute}>{escaped(words)}</text>'
