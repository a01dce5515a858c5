"""The lines of a file of notes; the time stamps of a video are rewritten as lengths that a person would type."""

from __future__ import annotations

import re
from itertools import pairwise

from msgspec import Struct

from cuecast.importers.ir import Draft, line_span
from cuecast.importers.tables import Row, read_tables
from cuecast.model.duration import ms_to_clock

_CLOCK = r"((?:\d{1,2}:)?\d{1,2}:[0-5]\d)"
_STAMP = re.compile(rf"[(\[]?{_CLOCK}(?:\s?[-–—]\s?{_CLOCK})?[)\]]?\s*(?:[-–—:|]\s*)?([^\W\d].*)")
_STAMP_BEHIND = re.compile(rf"([^\W\d].*?)\s*[-–—:]?\s*[(\[]{_CLOCK}(?:\s?[-–—]\s?{_CLOCK})?[)\]]")
_END = re.compile(r"(?:the )?(?:end|finish|done|outro|ende|schluss|fin|final)\W*", re.IGNORECASE)
_SENDER = re.compile(
    r"[\u200e\s]*(?:\[?\d{1,4}[./-]\d{1,2}[./-]?(?:\d{2,4})?,?\s+\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?:\s?[ap]\.?\s?m\.?)?\]?\s*[-–]?|\[\d{1,2}:\d\d(?::\d\d)?\])\s*([^:\[\]]{1,40}):\s", re.IGNORECASE
)  # fmt: skip
"""`[12/03/2025, 18:42:07] Danny:`, `12.11.25, 18:42 - Danny:`"""

_LEADER = re.compile(r"(?<=[^\W_])(?P<bracket>\)?)(?:\s*[._…·]{4,}\s*(?=\w)|\s\.{2,3}\s(?=\d))")
"""The dots between a name and its dose: `Plank ....... 30 s`"""

_LEAST_STAMPS = 3


class _Stamp(Struct):
    row: Row
    name: str
    start: int
    end: int | None


def read_rows(draft: Draft) -> list[Row]:
    """All lines of the source, empty ones too."""
    lines = draft.source.text.splitlines()
    messages = _take_senders(draft, lines)
    lines = [_LEADER.sub(r"\g<bracket> – ", line) for line in lines]
    rows: list[Row] = []
    for row in read_tables(draft, lines):
        if row.span.line in messages:
            rows.append(Row("", 0, row.span))
        rows.append(row)
    return _from_stamps(draft, rows)


def _take_senders(draft: Draft, lines: list[str]) -> set[int]:
    """Take the time and the sender out of each message of a messenger; the numbers of the lines that begin one."""
    senders = [(at, match) for at, line in enumerate(lines) if (match := _SENDER.match(line))]
    names = list(dict.fromkeys(match[1] for _, match in senders))
    if len(senders) < _LEAST_STAMPS or len(names) == len(senders):
        return set()
    draft.note(
        f"the times of the messages, and who sent them ({', '.join(names)}), are left out",
        line_span(draft.source, senders[0][0] + 1, lines[senders[0][0]]),
    )
    for at, match in senders:
        lines[at] = lines[at][match.end() :]
    return {at + 1 for at, _ in senders}


def _from_stamps(draft: Draft, rows: list[Row]) -> list[Row]:
    """Time stamps of a video are moments: each exercise lasts until the next one begins."""
    stamps = [stamp for row in rows if (stamp := _stamp(row))]
    if len(stamps) < _LEAST_STAMPS or stamps[0].start or any(a.start >= b.start for a, b in pairwise(stamps)):
        return rows
    last = stamps[-1]
    lengths = [b.start - a.start for a, b in pairwise(stamps)]
    lengths.append(last.end - last.start if last.end and last.end > last.start else lengths[-1])
    hint = None if last.end else "put your own time into the last one, which has no end"
    for stamp, length in zip(stamps, lengths, strict=True):
        stamp.row.text = f"{stamp.name} {length}s"
    if _END.fullmatch(last.name):
        hint, last.row.text = None, ""
        draft.note(f"“{last.name}” is left out: there the last exercise ends", last.row.span)
    message = (
        f"these are time stamps: each exercise lasts from its own to the next one, to {ms_to_clock(last.start * 1000)}"
    )
    draft.warn(message, stamps[0].row.span, hint)
    return rows


def _stamp(row: Row) -> _Stamp | None:
    if match := _STAMP.fullmatch(row.text):
        start, end, name = match.groups()
    elif match := _STAMP_BEHIND.fullmatch(row.text):
        name, start, end = match.groups()
    else:
        return None
    return _Stamp(row, name, _seconds(start), _seconds(end) if end else None)


def _seconds(clock: str) -> int:
    seconds = 0
    for part in clock.split(":"):
        seconds = seconds * 60 + int(part)
    return seconds
