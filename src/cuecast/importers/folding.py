"""What stands below a line and belongs to it: the dose of an exercise, fields, and the words of its setup; what rounds hold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from cuecast.importers.counts import BREAK
from cuecast.importers.facts import Kind
from cuecast.importers.handout import read_handout
from cuecast.importers.ir import Draft
from cuecast.importers.line_kinds import Line, LineKind, is_sentence, noted_tokens, read_body, read_exercises
from cuecast.importers.lines import parse_rows
from cuecast.importers.rows import read_rows
from cuecast.importers.shapes import FIELD, SAID_FIELD
from cuecast.importers.tokens import Token, of_kind

_LABEL = re.compile(r"[^\W\d]+\.?(?:\s?:|\s[-–]\s)\s*\w")
_FOR_ALL = re.compile(
    r"exercises|stretches|übungen|ejercicios|estiramientos|(?:each|every|jede|cada) (?:exercise|stretch|übung|ejercicio)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?])(?<!\b\w\.)(?<!\b(?i:sek|min|seg|wdh)\.)\s+(?=[^\W_])")
LEAST_WORDS = 4
"""A sentence with fewer words may be a name: `Calf stretch. Hold for 30 seconds.`"""

MAX_TOKENS = 200
"""An exercise that says more has its dose; what follows is only spoken."""

_TEXTS = (LineKind.TEXT, LineKind.EXERCISE, LineKind.DOSE, LineKind.ADVICE)


def read_lines(draft: Draft) -> list[Line]:
    """All lines that say something, each with what belongs to it."""
    rows = read_rows(draft)
    return read_handout(rows, _folded) or _folded(parse_rows(rows))


def _folded(lines: list[Line]) -> list[Line]:
    """The lines, each with what belongs to it."""
    result: list[Line] = []
    for line, following in pairwise([*lines, None]):
        assert line
        above = result[-1] if result else None
        is_item = above is not None and above.is_bulleted and not above.has_dose
        is_close = not line.after_blank or (
            is_item and (line.kind is LineKind.DOSE or FIELD.match(line.body) is not None)
        )
        if line.kind is LineKind.DOSE and not line.after_blank:
            _fold_sentences(result)
            above = result[-1] if result else None
        has_more = following is not None and not following.after_blank
        if above and is_close and _fold(above, line, is_first=len(result) == 1, has_more=has_more):
            continue
        if line.kind is LineKind.DOSE:
            read_exercises(line)
            line.kind = LineKind.EXERCISE if line.entries else line.kind
            _name_by_side(line)
        result.append(line)
    for line, following in pairwise(result):
        if _is_heading_of(line, following):
            line.kind = LineKind.HEADING
    return result


def _is_heading_of(line: Line, following: Line) -> bool:
    """Whether a line in capitals, with none below it that belongs to it, is the heading of exercises that are not in capitals."""
    stands_above = line.after_blank and not line.before_blank and not line.is_bulleted and not line.has_dose_below
    is_alone = line.kind is LineKind.TEXT and line.text.isupper() and not line.about
    return stands_above and is_alone and following.kind is LineKind.EXERCISE and not following.text.isupper()


def _name_by_side(line: Line) -> None:
    """`Left hip 40s` with no exercise above is called `Left hip`."""
    sides = of_kind(line.tokens, Kind.SIDES)[:1]
    for entry, token in zip(line.entries, sides, strict=False):
        if " " in token.text and not entry.name:
            entry.name = line.text = token.text


def _fold_sentences(lines: list[Line]) -> None:
    """Sentences between a name and the dose below them are its setup."""
    at = len(lines) - 1
    while at > 0 and lines[at].kind is LineKind.TEXT and is_sentence(lines[at].text) and not lines[at].after_blank:
        at -= 1
    if 0 <= at < len(lines) - 1 and _is_name(lines[at]) and not lines[at].has_dose:
        for line in lines[at + 1 :]:
            _add_words(lines[at], line, [line.text, *line.about])
        del lines[at + 1 :]


def _is_name(line: Line) -> bool:
    return (
        line.kind in (LineKind.TEXT, LineKind.EXERCISE, LineKind.HEADING)
        and not is_sentence(line.text)
        and len(line.entries) <= 1
    )


def _fold(above: Line, line: Line, *, is_first: bool, has_more: bool) -> bool:
    """Add to the name above what the line says of it; False if it says something else."""
    if (
        above.kind is LineKind.REST
        and above.rest_ms is None
        and line.kind is LineKind.DOSE
        and not above.has_dose_below
    ):
        return _fold_length_of_rest(above, line)
    if not _is_name(above):
        return False
    is_below = line.row.indent > above.row.indent or (line.is_bulleted and not above.is_bulleted)
    if line.kind is LineKind.DOSE or _is_dose_of(above, line, is_first=is_first, has_more=has_more):
        is_own = is_below or above.has_dose_below or _LABEL.match(line.body) is not None
        above.ignored += line.ignored
        return (is_own or not above.has_dose) and _add_facts(above, line, [line.tokens])
    if above.kind is LineKind.HEADING:
        return False
    if line.kind is LineKind.SETTING:
        is_own = is_below or above.after_blank or (above.is_bulleted and has_more)
        has_sets = any(entry.sets > 1 and not entry.rest_ms for entry in above.entries)
        is_any = any(token.kind is Kind.REST and token.scope == "any" for token in line.tokens)
        return is_own and has_sets and is_any and _add_facts(above, line, [line.tokens])
    field = FIELD.match(line.body) if above.is_bulleted or above.has_dose_below or not is_first else None
    is_field = field is not None
    if field and SAID_FIELD.match(line.body):
        return _add_words(above, line, [line.body])
    is_words = line.row.indent > above.row.indent and (not line.is_bulleted or is_sentence(line.text))
    is_about = not line.is_bulleted and (_is_with_dose(line) if is_first else _is_about(above, line))
    if line.kind not in _TEXTS or not (is_field or is_about or is_words):
        return False
    parts, ignored = _sentence_tokens(line)
    above.ignored += ignored
    return _add_facts(above, line, parts, may_repeat=is_field or is_about)


def _is_about(above: Line, line: Line) -> bool:
    """Whether a line that is not indented goes on about the name: an instruction, or a sentence below an item of a list."""
    is_instruction = _SENTENCE.search(line.body) is not None or (
        line.body.endswith(".") and is_sentence(line.body[:-1])
    )
    return (is_instruction and not above.has_dose) or (above.is_bulleted and is_sentence(line.body))


def _is_with_dose(line: Line) -> bool:
    """Whether a line below the first one is the instruction of an exercise, not of all: sentences with a dose."""
    has_dose = of_kind(line.tokens, Kind.HOLD, Kind.REPS, Kind.SETS) != []
    first, *more = _SENTENCE.split(line.body)
    return has_dose and more != [] and len(first.split()) >= LEAST_WORDS and not _FOR_ALL.search(line.body)


def _fold_length_of_rest(above: Line, line: Line) -> bool:
    """`Rest`, and its length in the line below."""
    lengths = of_kind(line.tokens, Kind.LENGTH)
    if len(lengths) != 1 or len(line.tokens) > 1 or not lengths[0].time:
        return False
    above.rest_ms = lengths[0].time.high
    return True


def _add_facts(above: Line, line: Line, parts: Sequence[Sequence[Token]], *, may_repeat: bool = False) -> bool:
    """Add these tokens to the exercise above; False if they are more than one exercise.

    Also if it has such a fact already, unless it `may_repeat`: then what is said twice is spoken, with a warning.
    """
    facts = [token for part in parts for token in part]
    if all(token.kind is Kind.WORD for token in facts):
        above.noted += noted_tokens(facts)
        return _add_words(above, line, [token.text for token in facts])
    merged = Line(above.row, LineKind.TEXT, above.body, above.body, [*above.tokens], is_bulleted=True)
    for part in parts if len(above.tokens) < MAX_TOKENS else ():
        merged.tokens += [BREAK, *part]
    read_exercises(merged)
    if may_repeat and (len(merged.entries) != 1 or len(above.tokens) >= MAX_TOKENS):
        above.ignored += line.doses
        return _add_words(above, line, [line.body])
    if len(merged.entries) != 1 or (merged.entries[0].unused and not may_repeat) or not merged.entries[0].name:
        return False
    above.kind, above.text, above.entries = merged.kind, merged.text, merged.entries
    above.tokens, above.noted = merged.tokens, noted_tokens(merged.tokens)
    return _add_words(above, line, [])


def _add_words(above: Line, line: Line, words: Sequence[str]) -> bool:
    """Add the words to the setup of the exercise above; what they say of a dose is not used."""
    if words:
        above.about = [*above.setup, *words]
    above.comment = "; ".join(filter(None, (above.comment, line.comment)))
    above.below += [line.body, *line.below]
    above.before_blank, above.has_dose_below = line.before_blank, True
    return True


def _is_dose_of(above: Line, line: Line, *, is_first: bool, has_more: bool) -> bool:
    """Whether it says more of the name above than its first word would tell: `Sets: 3`, `10 minutes after exercise`."""
    tokens = [token for token in line.tokens if token.kind is not Kind.MARK]
    counts = of_kind(tokens, Kind.SETS, Kind.REST)
    if line.kind in (LineKind.ROUNDS, LineKind.REST, LineKind.SETTING):
        is_of_hold = bool(of_kind(above.tokens, Kind.HOLD)) and not of_kind(above.tokens, Kind.REPS, Kind.SETS)
        is_of_sets = bool(counts) and (is_of_hold if counts[0].is_repeat else counts[0].scope in ("sets", "reps"))
        has_sets = above.has_dose_below and any(entry.sets > 1 and not entry.rest_ms for entry in above.entries)
        is_of_sets |= has_sets and line.kind is LineKind.REST
        is_alone = (
            line.kind is LineKind.ROUNDS
            and not line.is_repeat
            and not has_more
            and above.after_blank
            and not above.has_dose
        )
        return (
            is_alone
            or bool(_LABEL.match(line.body))
            or (is_of_sets and (above.is_bulleted or above.has_dose_below or not is_first))
        )
    if tokens and tokens[0].kind is Kind.HOLD and above.has_dose_below:
        return not of_kind(above.tokens, Kind.HOLD) and not line.is_bulleted
    if is_first or above.has_dose or line.is_bulleted or not tokens or tokens[0].kind is Kind.WORD:
        return False
    kinds = [token.kind for token in tokens]
    start = kinds[: kinds.index(Kind.WORD)] if Kind.WORD in kinds else kinds
    return above.is_bulleted or {Kind.SETS, Kind.REPS} <= set(start)


def _sentence_tokens(line: Line) -> tuple[list[list[Token]], list[Token]]:
    """The tokens of each sentence that is a dose; any other sentence is one word, and what it says of a dose is ignored."""
    parts: list[list[Token]] = []
    ignored: list[Token] = []
    for sentence in _SENTENCE.split(line.body):
        read = read_body(line.row, sentence)
        is_text = read.kind in (LineKind.TEXT, LineKind.ADVICE)
        ignored += read.ignored
        parts.append([Token(Kind.WORD, sentence, 0, len(sentence))] if is_text else read.tokens)
        ignored += read.doses if is_text else []
    return parts, ignored


def body_end(lines: Sequence[Line], index: int, end: int, header: Line) -> int:
    """Where the lines under a header of rounds end: those that are indented or in a list, else all up to an empty line."""
    if index == end:
        return end
    first = lines[index]
    is_indented = first.row.indent > header.row.indent
    is_list = first.is_bulleted and not header.is_bulleted
    stop = index
    while stop < end:
        line = lines[stop]
        if is_indented and line.row.indent <= header.row.indent:
            break
        is_other = line.row.indent < header.row.indent or line.kind in (LineKind.ROUNDS, LineKind.HEADING)
        is_other |= is_list and not line.is_bulleted and line.row.indent <= first.row.indent
        if not is_indented and (is_other or (stop > index and line.after_blank)):
            break
        stop += 1
    return stop
