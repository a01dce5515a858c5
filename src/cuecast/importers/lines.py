"""The lines of notes, each with what stands below it and belongs to it: doses, words of the setup, items of a scheme."""

from __future__ import annotations

import re

from msgspec import Struct

from cuecast.importers.entry import Entry
from cuecast.importers.ir import Draft, line_span
from cuecast.importers.line import LineKind, NoteLine, is_part_of_workout, is_sentence, parse_body, parse_line
from cuecast.importers.rows import read_rows
from cuecast.model.duration import SECOND, DurationRange
from cuecast.model.source import Source, Span

_MINUTE_MS = 60 * SECOND
_AMRAP = re.compile(r"amrap|as many (?:rounds|reps)", re.IGNORECASE)
_EMOM = re.compile(r"emom|every minute", re.IGNORECASE)
_ITEMS = (LineKind.TEXT, LineKind.EXERCISE, LineKind.DOSE)
_MINUTE = re.compile(r"minutes?\s*(\d{1,3})\s*[:.–-]?\s*(?=\w)", re.IGNORECASE)


class Line(Struct):
    """A line of the file that says something."""

    note: NoteLine
    indent: int
    span: Span
    after_blank: bool
    before_blank: bool = False
    has_dose_below: bool = False


def read_lines(draft: Draft) -> list[Line]:
    """All lines that say something, with what belongs to them."""
    return _with_schemes(_with_doses(_parsed_lines(draft)), draft)


def _parsed_lines(draft: Draft) -> list[Line]:
    """All lines that say something."""
    lines: list[Line] = []
    after_blank = False
    for row in read_rows(draft):
        note = parse_line(row.text) if row.text else None
        if note is None:
            after_blank = True
            if lines:
                lines[-1].before_blank = True
            continue
        if lines and not after_blank and is_part_of_workout(lines[-1].note.body):
            lines[-1].note = NoteLine(LineKind.HEADING, lines[-1].note.body)
        lines.append(Line(note, row.indent, _span(draft.source, row.number), after_blank))
        after_blank = False
    return lines


def _span(source: Source, number: int) -> Span:
    return line_span(source, number, source.text.splitlines()[number - 1])


def sentences(parts: list[str]) -> str:
    """The parts as one text, each with a full stop."""
    return " ".join(part if part[-1] in ".!?" else f"{part}." for part in parts if part)


def _with_doses(lines: list[Line]) -> list[Line]:
    """What stands in lines of its own below a name belongs to it: doses, and the words of its setup."""
    merged: list[Line] = []
    for line in lines:
        above = merged[-1] if merged and not line.after_blank else None
        if above and (note := _with_line_below(above, line)):
            above.note, above.before_blank, above.has_dose_below = note, line.before_blank, True
            continue
        if line.note.kind is LineKind.DOSE:
            comment, line.note = line.note.comment, parse_body(f"Exercise {line.note.body}")
            line.note.comment = comment
            for entry in line.note.entries:
                entry.name = entry.name.removeprefix("Exercise ").removeprefix("Exercise")
        merged.append(line)
    return merged


def _with_line_below(above: Line, line: Line) -> NoteLine | None:
    """The name above with what the line says of it; None if it says something else."""
    name, below = above.note, line.note
    if name.kind not in (LineKind.TEXT, LineKind.EXERCISE) or is_sentence(name.text) or len(name.entries) > 1:
        return None
    is_indented = line.indent > above.indent and (not below.is_bulleted or is_sentence(below.text))
    is_labelled = bool(re.match(r"[^\W\d]+\s*:\s*\w", below.body))
    if below.kind is LineKind.DOSE or (is_labelled and below.kind in (LineKind.ROUNDS, LineKind.REST)):
        parts = [below.body]
    elif is_indented and below.kind in (
        LineKind.TEXT,
        LineKind.EXERCISE,
        LineKind.ROUNDS,
        LineKind.REST,
        LineKind.SETTING,
    ):
        parts = re.split(r"(?<=[.!?])(?<!\b\w\.)\s+(?=[^\W_])", below.body)
    else:
        return None
    about, body = list(name.about) or [words for entry in name.entries for words in entry.setup], name.body
    for part in parts:
        if parse_body(part).kind is LineKind.TEXT:
            about.append(part)
        else:
            body = f"{body.rstrip(' .:,')}, {part.rstrip('.')}"
    if body == name.body:
        note = name
        note.noted += [] if below.kind is LineKind.TEXT else below.noted
    elif name.has_dose and not (is_labelled or line.indent > above.indent):
        return None
    else:
        note = parse_body(body)
        if len(note.entries) != 1 or note.entries[0].unused:
            return None
        note.is_bulleted, note.label, note.noted = name.is_bulleted, name.label, [*name.noted, *below.noted]
    note.about, note.comment = about, "; ".join(filter(None, (name.comment, below.comment)))
    return note


def _with_schemes(lines: list[Line], draft: Draft) -> list[Line]:
    """AMRAP: the lines below say what to do in that time. EMOM: each of them takes a minute, in turns."""
    result: list[Line] = []
    left = list(lines)
    while left:
        line = left.pop(0)
        result.append(line)
        body, work = line.note.body, line.note.entries[0].work if line.note.entries else None
        is_amrap = _AMRAP.match(body)
        if (
            work is None
            or line.note.has_other_facts
            or work.low != work.high
            or work.high % _MINUTE_MS
            or not (is_amrap or _EMOM.match(body))
        ):
            continue
        draft.warn("how much you do in this time is up to you; only the time is imported", line.span)
        line.has_dose_below = True
        items: list[Line] = []
        while left and not left[0].after_blank and left[0].note.kind in _ITEMS:
            items.append(left.pop(0))
        entry, minutes = line.note.entries[0], max(1, work.high // _MINUTE_MS)
        minute = DurationRange(_MINUTE_MS, _MINUTE_MS)
        if is_amrap:
            entry.setup += [words for item in items for words in (item.note.body, *item.note.about)]
            line.note.comment = "; ".join(filter(None, (each.note.comment for each in (line, *items))))
        elif items:
            line.note = NoteLine(LineKind.ROUNDS, body, f"{body}:", count=max(1, minutes // len(items)))
            for number, item in enumerate(items, 1):
                words = item.note.body
                if (match := _MINUTE.match(words)) and int(match[1]) == number:
                    words = words[match.end() :]
                entry = Entry(words, list(item.note.about), minute)
                item.note = NoteLine(LineKind.EXERCISE, words, words, item.note.comment, [entry])
            result += items
        else:
            entry.work, entry.sets = minute, minutes
    return result
