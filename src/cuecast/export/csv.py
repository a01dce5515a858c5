"""A table for spreadsheets (RFC 4180): every interval, utterance, tone and stretch of the bed is a row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import ClassVar

from cuecast.export.text_utils import one_line
from cuecast.model.timeline import SpeechEvent, Timeline

COLUMNS = ("start", "end", "lane", "kind", "exercise", "side", "round", "rounds", "text", "voice", "source")

GUARD = "'"
"""What stands before text that a spreadsheet would take for a formula."""

_FORMULA = tuple("=+-@＝＋－＠|%")

_Row = tuple[object, ...]


class Csv:
    """In order of time, in seconds. Lane is `interval`, `voice`, `tones` or `bed`; kind says what it is there."""

    name: ClassVar[str] = "csv"
    suffix: ClassVar[str] = ".csv"

    def dump(self, timeline: Timeline) -> str:
        """The timeline as text, with a line end at its end."""
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(COLUMNS)
        for start, end, *row in sorted(_rows(timeline), key=lambda row: row[0]):  # stable: intervals come first
            writer.writerow([_seconds(start), _seconds(end), *(map(_guarded, row))])
        return text.getvalue()


def _rows(timeline: Timeline) -> Iterator[tuple[int, int, *_Row]]:
    for i in timeline.intervals:
        yield i.start, i.end, "interval", i.kind, i.exercise, i.side, i.round, i.rounds, None, None, i.span
    for stretch in timeline.bed:
        yield stretch.start, stretch.end, "bed", "music", None, None, None, None, stretch.music.name, None, None
    for e in timeline.events:
        if isinstance(e, SpeechEvent):
            said = e.utterance
            yield e.start, e.end, "voice", "speech", None, None, None, None, said.text, said.voice, e.span
        else:
            yield e.start, e.end, "tones", e.name, None, None, None, None, None, None, None


def _seconds(ms: int) -> str:
    return f"{ms // 1_000}.{ms % 1_000:03}"


def _guarded(value: object) -> str:
    text = "" if value is None else one_line(str(value))
    return GUARD + text if text.startswith(_FORMULA) else text
