"""A hand-out whose exercises have lines below them: all its lines, those of each exercise as one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from cuecast.importers.asides import is_advice
from cuecast.importers.defaults import MAX_LENGTH_MS, Defaults, read_defaults
from cuecast.importers.facts import Kind
from cuecast.importers.items import COUNTS, FIRST_CLAUSE, doses_in, read_item
from cuecast.importers.layout import Item, Layout, find_layout
from cuecast.importers.line_kinds import SENTENCE_END, Line, LineKind, is_sentence, make_rounds, read_body
from cuecast.importers.lines import parse_rows
from cuecast.importers.shapes import BOLD, BULLET, LEAD, is_part
from cuecast.importers.tables import Row
from cuecast.importers.tokens import of_kind

_MOST_WORDS = 14
"""An exercise outside of the layout is written in so many words."""

_MOST_SPOKEN = 25
"""A text before the exercises with more words is only a comment."""

_WORDS = (LineKind.EXERCISE, LineKind.DOSE, LineKind.ADVICE, LineKind.TEXT)
_CARE = re.compile(
    r"(?:ice|heat|cold|eis|kühlen|wärme|hielo|calor|frío|kit|material|walking|sitting|exercises|total|date|pain rule|access code|visit)\b",
    re.IGNORECASE,
)
_STATIONS = re.compile(r"\bstations?\b|whole circuit|one after the other", re.IGNORECASE)
_ROUNDS = re.compile(
    r"\b(?:circuits?|rounds?|times through|zirkel|runden?|durchgänge|circuito|vueltas|rondas)\b", re.IGNORECASE
)


Fold = Callable[[list[Line]], list[Line]]
"""Lets lines take what stands below them and belongs to them."""


def read_handout(rows: Sequence[Row], fold: Fold) -> list[Line] | None:
    """The lines of a hand-out; None if the rows are notes of another kind."""
    layout = find_layout(rows, _place_of_default(rows))
    return list(_lines(rows, layout, fold)) if layout else None


def _lines(rows: Sequence[Row], layout: Layout, fold: Fold) -> Iterator[Line]:
    """The lines of all items, and those between, with what these say for the items below."""
    first, last = min(layout.items), max(layout.items)
    usual = defaults = _of_all(rows, layout, layout.items[last].stop)
    for chunk, at in _chunks(rows, layout):
        if item := layout.items.get(at):
            yield read_item(item, defaults)
            continue
        begins_part = at > first and any(map(_begins_part, chunk))
        defaults = (usual if begins_part else defaults).replaced_by(read_defaults(_paragraphs(chunk)))
        usual = defaults if at < first else usual
        between = list(_outside(list(_folded(parse_rows(chunk), fold)), defaults, first < at < last, at < first))
        yield from sorted(between, key=_holds_what_follows) if at < last else between


def _holds_what_follows(line: Line) -> bool:
    """Whether it is the header of rounds, which stands right before the items."""
    return line.kind is LineKind.ROUNDS and _STATIONS.search(line.body) is not None


def _of_all(rows: Sequence[Row], layout: Layout, end: int) -> Defaults:
    """The sides that a hand-out names anywhere, and the rest between sets that it names below its last exercise."""
    outside = read_defaults(_paragraphs([row for at, row in enumerate(rows) if at not in layout.inside]))
    below = read_defaults(_paragraphs(rows[end:])).rest
    rest = below if below and below.scope == "sets" else None
    return Defaults(side=outside.side, affected=outside.affected, rest=rest)


def _begins_part(row: Row) -> bool:
    text = row.text
    return bool(text) and bool(is_part(text) or text.endswith(":") or BULLET.match(text) or BOLD.match(text))


def _folded(lines: Sequence[Line], fold: Fold) -> Iterator[Line]:
    """The lines, each with what belongs to it; headers of rounds stay as they are."""
    others: list[Line] = []
    for line in lines:
        if _take_rounds(line):
            yield from fold(others)
            yield line
            others = []
        else:
            others.append(line)
    yield from fold(others)


def _place_of_default(rows: Sequence[Row]) -> int | None:
    """The row that ends the first sentence with a dose for all."""
    for at in range(len(rows)):
        texts = _paragraphs(rows[max(0, at - 2) : at + 1]) if rows[at].text else []
        if texts and read_defaults(texts[-1:]).dose:
            return at
    return None


def _chunks(rows: Sequence[Row], layout: Layout) -> Iterator[tuple[Sequence[Row], int]]:
    """Each item, and the rows between items, with the place of the first row."""
    at = 0
    while at < len(rows):
        begun = at
        if item := layout.items.get(at):
            at = item.stop
        else:
            while at < len(rows) and at not in layout.items:
                at += 1
        yield rows[begun:at], begun


def _paragraphs(rows: Sequence[Row]) -> list[str]:
    """The texts between empty lines; a line that ends early begins a new one."""
    texts: list[str] = []
    before = ""
    for row in rows:
        if (
            row.text
            and before
            and (len(before) > 55 or row.text[0].islower() or (before[-1] == ":" and row.text[0].isdigit()))
        ):
            texts[-1] += f" {row.text}"
        elif row.text:
            texts.append(row.text)
        before = row.text
    return texts


def _take_rounds(line: Line) -> bool:
    """Let a line with a sentence such as `Do the whole circuit 2 times` be the header of rounds; False if there is none."""
    if line.kind in (LineKind.ROUNDS, LineKind.LEFT_OUT):
        return line.kind is LineKind.ROUNDS
    for sentence in SENTENCE_END.split(line.body):
        read = read_body(line.row, sentence)
        tokens = of_kind(read.tokens, Kind.SETS, Kind.NUMBER, Kind.REPS)
        is_short = any(token.time and token.time.high <= MAX_LENGTH_MS for token in read.tokens)
        if [token.kind for token in tokens] == [Kind.SETS] and not is_short and _ROUNDS.search(sentence):
            read.tokens = of_kind(read.tokens, Kind.SETS, Kind.REST)
        if len(of_kind(tokens, Kind.SETS)) == 1 and _ROUNDS.search(sentence) and make_rounds(read):
            line.kind, line.text, line.count, line.is_repeat = LineKind.ROUNDS, line.body, read.count, False
            line.between_ms, line.entries = read.between_ms, []
            return True
    return False


def _outside(lines: Sequence[Line], defaults: Defaults, is_between: bool, is_head: bool) -> Iterator[Line]:
    """Lines that belong to no item: before the first and after the last one, only what it plainly is is a step."""
    part_has_dose = has_heading = False
    above = body = ""
    for number, line in enumerate(lines):
        kind = line.kind
        if kind is LineKind.HEADING:
            part_has_dose = bool(line.doses) and not is_head
        is_name = kind is LineKind.TEXT and not is_sentence(line.body)
        is_below = has_heading and not line.after_blank
        has_heading = kind is LineKind.HEADING or is_name or is_below
        above, body = body, line.body
        if kind not in _WORDS:
            yield line
        elif read_defaults([f"{above} {line.body}" if above.endswith(":") else line.body, *line.below]).dose:
            line.tokens = []  # they are in the exercises
            yield _as_words(line, LineKind.COMMENT)
        elif (is_below or line.is_bulleted or _is_sure(line)) and _is_item(line):
            below = [Row(text, 0, line.row.span) for text in line.below]
            item = read_item(Item(0, 1, line.row, line.body, below), defaults)
            item.comment = line.comment
            yield item
        elif kind is LineKind.EXERCISE and (make_rounds(line) or _is_exercise(line, is_between or is_below)):
            yield line
        else:
            yield _words(line, is_between, is_head, is_title=is_head and number < 2 and is_name, is_own=part_has_dose)


def _words(line: Line, is_between: bool, is_head: bool, *, is_title: bool, is_own: bool) -> Line:
    """A line that is no step: spoken between the exercises and, if it is short, before them; else a comment."""
    is_name = line.kind is LineKind.TEXT and not is_sentence(line.body)
    if is_title or (is_name and line.is_bulleted and is_own):
        line.is_bulleted &= not is_title
        line.row.indent = 0 if is_title else line.row.indent
        return line
    is_short = not line.doses and len(line.body.split()) <= _MOST_SPOKEN
    if line.kind is LineKind.TEXT and not is_name and (is_between or (is_head and is_short)):
        line.is_bulleted = False
        return line
    line.ignored = [*line.ignored, *line.doses]
    return _as_words(line, LineKind.HEADING if is_name and is_between else LineKind.COMMENT)


def _as_words(line: Line, kind: LineKind) -> Line:
    """The line as nothing but its words, and those below it."""
    line.kind, line.text, line.entries, line.about = kind, line.body, [], list(line.below)
    return line


def _is_item(line: Line) -> bool:
    """Whether a line outside the layout is an exercise with all of its words."""
    lead = LEAD.match(line.body)
    if _CARE.match(line.body):
        return False
    if lead and COUNTS.match(line.body, lead.end()):
        return True
    has_name = lead or FIRST_CLAUSE.match(line.body)
    return bool(has_name and doses_in(line.body)) and not is_advice(line.body, in_list=True)


def _is_sure(line: Line) -> bool:
    """Whether a name with a colon has a dose that only exercises have."""
    return LEAD.match(line.body) is not None and of_kind(doses_in(line.body), Kind.HOLD, Kind.REPS, Kind.SETS) != []


def _is_exercise(line: Line, is_between: bool) -> bool:
    words = len(line.body.split())
    is_plain = (
        words <= _MOST_WORDS
        and doses_in(line.body) != []
        and not _CARE.match(line.body)
        and not is_advice(line.body, in_list=False)
    )
    return is_plain and (is_between or line.is_bulleted)
