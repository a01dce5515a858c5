"""Schemes of notes: AMRAP (as many rounds as possible) and EMOM (every minute on the minute)."""

from __future__ import annotations

import re

from cuecast.importers.dose import EDGE, Entry
from cuecast.importers.facts import Kind
from cuecast.importers.ir import Draft
from cuecast.importers.line_kinds import Line, LineKind
from cuecast.importers.tokens import joined, scan
from cuecast.model.duration import SECOND, DurationRange

_MINUTE_MS = 60 * SECOND
_AMRAP = re.compile(r"\bamrap\b|as many (?:rounds|reps)", re.IGNORECASE)
_EMOM = re.compile(r"\bemom\b|every minute", re.IGNORECASE)
_MINUTE = re.compile(r"min(?:ute)?s?\s*(\d{1,3})(?!\d)\s*[:.–-]?\s*(?=\w)", re.IGNORECASE)


def with_schemes(lines: list[Line], draft: Draft) -> list[Line]:
    """AMRAP: the lines below say what to do in that time. EMOM: each of them takes a minute, in turns."""
    result: list[Line] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        result.append(line)
        minutes = _scheme_minutes(line)
        if not minutes:
            continue
        draft.warn("how much you do in this time is up to you; only the time is imported", line.row.span)
        line.has_dose_below = True
        items: list[Line] = []
        kinds = (LineKind.TEXT, LineKind.EXERCISE, LineKind.DOSE)
        while at < len(lines) and not lines[at].after_blank and lines[at].kind in kinds:
            items.append(lines[at])
            at += 1
        if _AMRAP.search(line.body):
            line.entries[0].setup += [words for item in items for words in (item.body, *item.below)]
            line.comment = "; ".join(filter(None, (each.comment for each in (line, *items))))
        else:
            _take_turns(line, items, minutes)
            result += items
    return result


def _scheme_minutes(line: Line) -> int:
    """The minutes of a line with a scheme; 0 if it is none."""
    facts = [token for token in line.tokens if token.kind not in (Kind.WORD, Kind.MARK, Kind.EACH)]
    if len(facts) != 1 or not (_AMRAP.search(line.body) or _EMOM.search(line.body)):
        return 0
    token = facts[0]
    ms = token.time.high if token.time else token.number * _MINUTE_MS
    is_range = token.time is not None and token.time.low < token.time.high
    if token.kind not in (Kind.LENGTH, Kind.NUMBER) or is_range or not ms or ms % _MINUTE_MS:
        return 0
    words = joined([each for each in scan(line.body) if each != token]).strip(EDGE).removesuffix(" in")
    line.kind, line.text, line.entries = LineKind.EXERCISE, words, [Entry(words, line.below, DurationRange(ms, ms))]
    line.about = []
    return ms // _MINUTE_MS


def _take_turns(line: Line, items: list[Line], minutes: int) -> None:
    """Each item takes a minute, until the minutes are over."""
    minute = DurationRange(_MINUTE_MS, _MINUTE_MS)
    if not items:
        line.entries[0].work, line.entries[0].sets = minute, minutes
        return
    line.kind, line.text, line.body = LineKind.ROUNDS, line.body, f"{line.body}:"
    line.count = max(1, minutes // len(items))
    line.comment = "; ".join(filter(None, (line.comment, *line.entries[0].setup)))
    for number, item in enumerate(items, 1):
        words = item.body
        if (match := _MINUTE.match(words)) and int(match[1]) == number:
            words = words[match.end() :]
        item.kind, item.text, item.body = LineKind.EXERCISE, words, words
        item.entries, item.count, item.about = [Entry(words, item.below, minute)], 1, []
