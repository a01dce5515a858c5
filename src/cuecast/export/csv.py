"""A table for spreadsheets (RFC 4180): every interval, utterance, tone and bed segment is a row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import ClassVar

from cuecast.export.text_utils import one_line
from cuecast.model.timeline import SpeechEvent, Timeline

COLUMNS = ("start", "end", "lane", "kind", "exercise", "side", "round", "rounds", "text", "voice", "source")

GUARD = "'"
"""Put before text that a spreadsheet would run as a formula."""

_FORMULA = tuple("=+-@＝＋－＠|%")

_Row = tuple[object, ...]


class Csv:
    """In order of time, in seconds. Lane is `interval`, `voice`, `tones` or `bed`."""

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
    for segment in timeline.bed:
        yield segment.start, segment.end, "bed", "music", None, None, None, None, segment.music.name, None, None
    for e in timeline.events:
        if isinstance(e, SpeechEvent):
            words = e.utterance
            yield e.start, e.end, "voice", "speech", None, None, None, None, words.text, words.voice, e.span
        else:
            yield e.start, e.end, "tones", e.name, None, None, None, None, None, None, None


def _seconds(ms: int) -> str:
    return f"{ms // 1_000}.{ms % 1_000:03}"


def _guarded(value: object) -> str:
    text = "" if value is None else one_line(str(value))
    return GUARD + text if text.startswith(_FORMULA) else text
