"""The lines of notes, without bullets, marks and comments; sentences that go on in the next line are one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cuecast.importers.asides import PERSON, is_sign_off
from cuecast.importers.dose import EDGE
from cuecast.importers.facts import Kind
from cuecast.importers.line_kinds import PART_WITH_LENGTH, SENTENCE_END, SENTENCE_WORDS, Line, LineKind, read_body
from cuecast.importers.tables import Row
from cuecast.importers.tokens import Token, normalise, of_kind, scan

MAX_LINE = 300
"""A longer line is prose; it is not scanned."""

_WRAPPED = re.compile(r"[a-zäöüßáéíóúñ(][^|]*$")
_RULER = re.compile(r"[-=_*~#\s]+")
_HEADING = re.compile(r"(?:#{1,6}\s+|=+\s*)(.*?)[#=\s]*|\*\*([^*]+)\*\*:?|__([^_]+)__:?")
_COMMENT = re.compile(r"(?:#|//|;)\s*(.*)")
_TRAILING_COMMENT = re.compile(r"\s(?:#|//)\s+(.*)$")
_BULLET = re.compile(
    r"(?:[-*•·+–—▪◦‣]\s+|\d{1,2}\ufe0f?\u20e3\s*|[→➡➜➤▶►★☆◆■□●○»›]\ufe0f?\s*|\(?(?:\d{1,2}[.)]|[a-h]\))\s+|(?P<label>[A-H])\d[.):]?\s+(?=\D)|[A-H][.)]\s+(?=[^\W\d])|\[[ xX]?\]\s*|[☐☑✓✔✅]\s*"
    r"|(?i:exercise|übung|ejercicio)\s?\d{0,2}\s?[:.)]\s+)+"
)
_EMPHASIS = re.compile(r"(\*\*\*|~~|\*\*|__|\*|_|`)(?=\S)(.+?)(?<=\S)\1(?!\w)")
_TITLE = re.compile(r"(?:title|name|routine|titel|título)\s*:\s*(.+)", re.IGNORECASE)


def parse_rows(rows: Sequence[Row]) -> list[Line]:
    """All lines that say something."""
    lines: list[Line] = []
    after_blank = is_end = False
    for row in _unwrapped(rows):
        line = _parse(row, is_first=not lines) if row.text else None
        if line is None:
            after_blank = True
            if lines:
                lines[-1].before_blank = True
            continue
        if lines and not after_blank and PART_WITH_LENGTH.fullmatch(lines[-1].body):
            part = lines[-1]
            part.kind, part.text, part.entries = LineKind.HEADING, part.body, []
            part.tokens = part.tokens if of_kind(part.tokens, Kind.SETS) else of_kind(part.tokens, Kind.REST)
        line.after_blank, after_blank = after_blank, False
        is_end |= is_sign_off(line.body)
        if is_end and not line.is_bulleted and not line.doses:
            line.kind = LineKind.LEFT_OUT
            line.noted = [Token(Kind.LEFT_OUT, line.body, 0, len(line.body), note=PERSON)]
        lines.append(line)
    return lines


def _unwrapped(rows: Sequence[Row]) -> Iterator[Row]:
    """The rows, with sentences that go on in the next line as one: `Lie on your back and slowly`, `lift your hips.`"""
    above: Row | None = None
    for row in rows:
        if above and _WRAPPED.match(row.text) and not _BULLET.match(row.text) and _is_unfinished(above.text):
            above.text += f" {row.text}"
            continue
        if above:
            yield above
        above = row
    if above:
        yield above


def _is_unfinished(text: str) -> bool:
    last = SENTENCE_END.split(text)[-1]
    return len(text.split()) >= SENTENCE_WORDS and text[-1] not in ".!?:;|)*" and not re.search(r"\d", last)


def _parse(row: Row, *, is_first: bool) -> Line | None:
    """What a line says; None if it is empty or a ruler."""
    line = row.text
    if len(line) > MAX_LINE:
        return Line(row, LineKind.TEXT, line, line)
    if _RULER.fullmatch(line):
        return None
    if (heading := _HEADING.fullmatch(line)) and not _BULLET.match(
        next(filter(None, heading.groups()), "") if line[0] != "#" else ""
    ):
        words = normalise(next(filter(None, heading.groups()), ""))
        parsed = read_body(row, words) if words else None
        if parsed and parsed.kind is not LineKind.ROUNDS:
            number = _BULLET.match(words)
            body = words[number.end() :] if number else words
            parsed = Line(row, LineKind.HEADING, words, body, scan(body))
        return parsed
    if comment := _COMMENT.fullmatch(line):
        return Line(row, LineKind.COMMENT, comment[1]) if comment[1] else None
    line = heading[1] or heading[2] or heading[3] if heading else line
    bullet = _BULLET.match(line)
    body, remark = line[bullet.end() :] if bullet else line, ""
    if trailing := _TRAILING_COMMENT.search(body):
        remark, body = trailing[1], body[: trailing.start()]
    body = normalise(_EMPHASIS.sub(r"\2", body))
    if not body.strip(EDGE):
        return Line(row, LineKind.COMMENT, remark) if remark else None
    title = _TITLE.fullmatch(body) if is_first else None
    parsed = Line(row, LineKind.TEXT, title[1], body) if title else read_body(row, body, in_list=bullet is not None)
    parsed.comment = "; ".join(filter(None, (parsed.comment, remark)))
    parsed.is_bulleted = bullet is not None
    parsed.label = bullet["label"] or "" if bullet else ""
    return parsed
