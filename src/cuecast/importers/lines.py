"""The lines of notes: what each one is, and what stands below it and belongs to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct, field

from cuecast.importers.asides import FREQUENCY, PERSON, WHOLE_LINE, is_advice, is_greeting, is_sign_off
from cuecast.importers.dose import BREAK, DOSES, EDGE, Entry, read_entries, words_of
from cuecast.importers.ir import Draft
from cuecast.importers.rows import Row, read_rows
from cuecast.importers.tokens import Kind, Token, normalise, of_kind, scan
from cuecast.model.duration import DurationRange

MAX_LINE = 300
"""A longer line is prose; it is not scanned."""

_OF_EXERCISES = (Kind.HOLD, Kind.REPS, Kind.SETS, Kind.ON_OFF, Kind.REST, Kind.SIDES, Kind.BREATHS)
"""What advice does not speak of."""

SENTENCE_WORDS = 7
"""A line with so many words or more is a sentence, not a name."""

_RULER = re.compile(r"[-=_*~#\s]+")
_HEADING = re.compile(r"(?:#{1,6}\s+|=+\s*)(.*?)[#=\s]*|\*\*([^*]+)\*\*:?|__([^_]+)__:?")
_COMMENT = re.compile(r"(?:#|//|;)\s*(.*)")
_TRAILING_COMMENT = re.compile(r"\s(?:#|//)\s+(.*)$")
_BULLET = re.compile(
    r"(?:[-*•·+–—▪◦‣]\s+|\d{1,2}\ufe0f?\u20e3\s*|[→➡➜➤▶►★☆◆■□●○»›]\ufe0f?\s*|\(?\d{1,2}[.)]\s+|(?P<label>[A-H])\d[.):]?\s+(?=\D)|[A-H][.)]\s+(?=[^\W\d])|\[[ xX]?\]\s*|[☐☑✓✔✅]\s*"
    r"|(?i:exercise|übung|ejercicio)\s?\d{0,2}\s?[:.)]\s+)+"
)
_EMPHASIS = re.compile(r"(\*\*\*|~~|\*\*|__|\*|_|`)(?=\S)(.+?)(?<=\S)\1(?!\w)")
_TITLE = re.compile(r"(?:title|name|routine|titel|título)\s*:\s*(.+)", re.IGNORECASE)
_ONLY_REST = re.compile(
    r"(?:a |short |long )*(?:rest|pause|break|breather|recover|recovery|relax|pausa|descanso)[\s.!:]*", re.I
)
_HEADER = re.compile(
    r"(?:circuit|main|set|block|round|part|super|tri-?set|giant|tabata|amrap|emom|zirkel|runde|circuito)", re.I
)
_PART = (
    r"(?:warm[ -]?up|cool[ -]?down|main (?:part|set|workout)|stretching|aufwärmen|abkühlen|hauptteil|dehnen|calentamiento"
    r"|parte principal|vuelta a la calma|estiramientos)"
)
_PART_OF_WORKOUT = re.compile(_PART, re.IGNORECASE)
_PART_WITH_LENGTH = re.compile(rf"{_PART}\s*\([^()]*\)\s*:?", re.IGNORECASE)
_LABEL = re.compile(r"[^\W\d]+\.?(?:\s?:|\s[-–]\s)\s*\w")
_SENTENCE = re.compile(r"(?<=[.!?])(?<!\b\w\.)(?<!\b(?i:sek|min|seg|wdh)\.)\s+(?=[^\W_])")


class LineKind(StrEnum):
    """What a line is."""

    COMMENT = "comment"
    HEADING = "heading"
    TEXT = "text"
    REST = "rest"
    ROUNDS = "rounds"
    SETTING = "setting"
    DOSE = "dose"
    EXERCISE = "exercise"
    ADVICE = "advice"
    LEFT_OUT = "left out"


class Line(Struct):
    """A line that says something. `body` is the line without bullet and comment, `text` the words in it that count.

    `rest_ms` is the rest after a work or between rounds; if both are known, `between_ms` is that between rounds.
    `below` are the lines below it as they are typed, `about` those that are setup. `label` is the letter of a superset.
    """

    row: Row
    kind: LineKind
    text: str = ""
    body: str = ""
    tokens: list[Token] = field(default_factory=list)
    comment: str = ""
    entries: list[Entry] = field(default_factory=list)
    work: DurationRange | None = None
    rest_ms: int | None = None
    between_ms: int | None = None
    count: int = 1
    is_bulleted: bool = False
    is_repeat: bool = False
    label: str = ""
    noted: list[Token] = field(default_factory=list)
    about: list[str] = field(default_factory=list)
    below: list[str] = field(default_factory=list)
    after_blank: bool = False
    before_blank: bool = False
    has_dose_below: bool = False

    @property
    def has_dose(self) -> bool:
        """Whether it is an exercise of known length or count."""
        return any(entry.has_dose for entry in self.entries)

    @property
    def doses(self) -> list[Token]:
        """Facts that would say how long or how often, if it were an exercise."""
        return of_kind(self.tokens, *DOSES, Kind.SETS, Kind.REST)

    @property
    def setup(self) -> list[str]:
        """The words of the setup of its exercise that are known so far."""
        return self.about or [words for entry in self.entries for words in entry.setup]


def read_lines(draft: Draft) -> list[Line]:
    """All lines that say something, with what belongs to them."""
    lines: list[Line] = []
    after_blank = is_end = False
    for row in read_rows(draft):
        line = _parse(row, is_first=not lines) if row.text else None
        if line is None:
            after_blank = True
            if lines:
                lines[-1].before_blank = True
            continue
        if lines and not after_blank and _PART_WITH_LENGTH.fullmatch(lines[-1].body):
            part = lines[-1]
            part.kind, part.text, part.entries = LineKind.HEADING, part.body, []
            part.tokens = of_kind(part.tokens, Kind.REST)
        line.after_blank, after_blank = after_blank, False
        is_end |= is_sign_off(line.body)
        if is_end and not line.is_bulleted and not line.doses:
            line.kind = LineKind.LEFT_OUT
            line.noted = [Token(Kind.LEFT_OUT, line.body, 0, len(line.body), note=PERSON)]
        lines.append(line)
    return _folded(lines)


def is_sentence(text: str) -> bool:
    """Whether words are to be spoken: they end as a sentence does, or are too many for a name."""
    return text[-1:] in (".", "!", "?") or len(text.split()) >= SENTENCE_WORDS


def _parse(row: Row, *, is_first: bool) -> Line | None:
    """What a line says; None if it is empty or a ruler."""
    line = row.text
    if len(line) > MAX_LINE:
        return Line(row, LineKind.TEXT, line, line)
    if _RULER.fullmatch(line):
        return None
    if heading := _HEADING.fullmatch(line):
        words = normalise(next(filter(None, heading.groups()), ""))
        parsed = _read_body(row, words) if words else None
        if parsed and parsed.kind is not LineKind.ROUNDS:
            parsed = Line(row, LineKind.HEADING, words, words, parsed.tokens)
        return parsed
    if comment := _COMMENT.fullmatch(line):
        return Line(row, LineKind.COMMENT, comment[1]) if comment[1] else None
    bullet = _BULLET.match(line)
    body, remark = line[bullet.end() :] if bullet else line, ""
    if trailing := _TRAILING_COMMENT.search(body):
        remark, body = trailing[1], body[: trailing.start()]
    body = normalise(_EMPHASIS.sub(r"\2", body))
    if not body.strip(EDGE):
        return Line(row, LineKind.COMMENT, remark) if remark else None
    title = _TITLE.fullmatch(body) if is_first else None
    parsed = Line(row, LineKind.TEXT, title[1], body) if title else _read_body(row, body, in_list=bullet is not None)
    parsed.comment = "; ".join(filter(None, (parsed.comment, remark)))
    parsed.is_bulleted = bullet is not None
    parsed.label = bullet["label"] or "" if bullet else ""
    return parsed


def _read_body(row: Row, body: str, *, in_list: bool = True) -> Line:
    """What a line without bullet and comment says."""
    if _ONLY_REST.fullmatch(body):
        return Line(row, LineKind.REST, body=body)
    return _classify(Line(row, LineKind.TEXT, body, body, scan(body), is_bulleted=in_list))


def _classify(line: Line) -> Line:
    """The line with its kind, and what its tokens say."""
    tokens, body = line.tokens, line.body
    line.noted = _noted(tokens)
    why = next((token.note for token in tokens if token.note in WHOLE_LINE), "")
    if is_greeting(body):
        why = PERSON
    if why and not of_kind(tokens, *DOSES, Kind.SETS):
        line.kind = LineKind.LEFT_OUT
    elif not _is_facts_only(line) and not _is_header(line):
        _read_exercises(line)
    if line.kind is LineKind.LEFT_OUT:
        line.noted = [Token(Kind.LEFT_OUT, body, 0, len(body), note=why or FREQUENCY)]
    return line


def _noted(tokens: Sequence[Token]) -> list[Token]:
    """What is left out or changed; the guess of a length is told with its exercise."""
    return [token for token in tokens if token.note and token.kind is not Kind.LENGTH]


def _is_facts_only(line: Line) -> bool:
    """Whether it is a line without words of its own, which then has its kind."""
    tokens = line.tokens
    facts = [token for token in tokens if token.kind not in (Kind.WORD, Kind.MARK, Kind.LEFT_OUT)]
    if words_of(tokens) or not (facts or of_kind(tokens, Kind.LEFT_OUT)):
        return False
    kinds = {token.kind for token in facts}
    first = {token.kind: token for token in reversed(facts)}
    line.kind = LineKind.DOSE
    if not facts or any(token.note == FREQUENCY for token in tokens):
        line.kind = LineKind.LEFT_OUT
    elif len(facts) > len(kinds):
        pass
    elif kinds == {Kind.REST}:
        rest = first[Kind.REST]
        line.kind = LineKind.SETTING if rest.scope in ("exercises", "any", "sets", "reps") else LineKind.REST
        line.rest_ms = rest.rest_ms if rest.scope not in ("sets", "reps") else None
    elif kinds <= {Kind.ON_OFF, Kind.EACH} and Kind.ON_OFF in kinds:
        line.kind = LineKind.SETTING
        line.work, line.rest_ms = first[Kind.ON_OFF].time, first[Kind.ON_OFF].rest_ms
    elif kinds == {Kind.LENGTH, Kind.EACH}:
        line.kind, line.work = LineKind.SETTING, first[Kind.LENGTH].time
    elif Kind.SETS in kinds and kinds <= {Kind.SETS, Kind.REST, Kind.ON_OFF, Kind.EACH}:
        _make_rounds(line, first, "")
    return True


def _is_header(line: Line) -> bool:
    """`Circuit x3:`, `Tabata: 8 rounds of 20s on, 10s off`; a name with a number of rounds and no dose."""
    tokens = line.tokens
    facts = [token for token in tokens if token.kind not in (Kind.WORD, Kind.MARK, Kind.NUMBER, Kind.LEFT_OUT)]
    first = {token.kind: token for token in reversed(facts)}
    if Kind.SETS not in first or len(facts) > len(first) or not first.keys() <= {Kind.SETS, Kind.REST, Kind.ON_OFF}:
        return False
    if not (line.body.endswith(":") or _HEADER.match(line.body)):
        return False
    _make_rounds(line, first, " ".join(token.text for token in of_kind(tokens, Kind.WORD, Kind.NUMBER)))
    return True


def _make_rounds(line: Line, facts: dict[Kind, Token], name: str) -> None:
    sets, rest, on_off = facts[Kind.SETS], facts.get(Kind.REST), facts.get(Kind.ON_OFF)
    line.kind, line.text, line.count, line.is_repeat = LineKind.ROUNDS, name, max(1, sets.number), sets.is_repeat
    line.rest_ms = line.between_ms = rest.rest_ms if rest else None
    if on_off:
        line.work, line.rest_ms = on_off.time, on_off.rest_ms


def _read_exercises(line: Line) -> None:
    """One exercise or several; text, if nothing in it is a dose."""
    body = line.body
    line.entries, line.count, label = read_entries(line.tokens)
    has_dose = any(entry.reps or entry.sides or entry.sets or entry.rest_ms for entry in line.entries)
    if (
        not of_kind(line.tokens, *_OF_EXERCISES)
        and of_kind(line.tokens, *DOSES)
        and is_advice(body, in_list=line.is_bulleted)
    ):
        line.kind = LineKind.ADVICE
    elif any(entry.work for entry in line.entries) or (has_dose and not is_sentence(body)):
        line.kind, line.text = LineKind.EXERCISE, line.entries[0].name
        line.comment = "; ".join(filter(None, (label, line.comment)))
        return
    else:
        line.kind = LineKind.TEXT
    line.entries = []
    is_of_sets = not line.is_bulleted and bool(line.doses) and all(token.scope == "sets" for token in line.doses)
    if body.endswith(":") or _PART_OF_WORKOUT.fullmatch(body) or is_of_sets:
        line.kind, line.text = LineKind.HEADING, body.rstrip(" :")


def _folded(lines: list[Line]) -> list[Line]:
    """What stands in lines of its own below a name belongs to it: doses, and the words of its setup."""
    result: list[Line] = []
    for line in lines:
        if line.kind is LineKind.DOSE and not line.after_blank:
            _fold_sentences(result)
        if not result or line.after_blank or not _fold(result[-1], line, is_first=len(result) == 1):
            if line.kind is LineKind.DOSE:
                _read_exercises(line)
                line.kind = LineKind.EXERCISE if line.entries else line.kind
            result.append(line)
    return result


def _fold_sentences(lines: list[Line]) -> None:
    """Sentences between a name and the dose below them are its setup."""
    at = len(lines) - 1
    while at > 0 and lines[at].kind is LineKind.TEXT and is_sentence(lines[at].text) and not lines[at].after_blank:
        at -= 1
    if 0 <= at < len(lines) - 1 and _is_name(lines[at]) and not lines[at].has_dose and (at or lines[at].is_bulleted):
        for line in lines[at + 1 :]:
            lines[at].about += [line.text, *line.about]
            lines[at].below += [line.body, *line.below]
            lines[at].comment = "; ".join(filter(None, (lines[at].comment, line.comment)))
        del lines[at + 1 :]


def _is_name(line: Line) -> bool:
    return (
        line.kind in (LineKind.TEXT, LineKind.EXERCISE, LineKind.HEADING)
        and not is_sentence(line.text)
        and len(line.entries) <= 1
    )


def _fold(above: Line, line: Line, *, is_first: bool) -> bool:
    """Add to the name above what the line says of it; False if it says something else."""
    if not _is_name(above):
        return False
    is_dose = line.kind is LineKind.DOSE or _is_dose_of(above, line, is_first=is_first)
    is_indented = line.row.indent > above.row.indent and (not line.is_bulleted or is_sentence(line.text) or is_dose)
    is_about = not is_first and not above.has_dose and not line.is_bulleted and _is_instruction(line.body)
    if above.kind is LineKind.HEADING and not is_dose:
        return False
    if is_dose:
        if above.has_dose and not (is_indented or _LABEL.match(line.body) or above.has_dose_below):
            return False
        parts = [line.tokens]
    elif (is_indented or is_about) and line.kind not in (LineKind.COMMENT, LineKind.HEADING, LineKind.LEFT_OUT):
        parts = _sentence_tokens(line)
    else:
        return False
    facts = [token for part in parts for token in part]
    merged = Line(above.row, LineKind.TEXT, above.body, above.body, [*above.tokens])
    if any(token.kind is not Kind.WORD for token in facts):
        for part in parts:
            merged.tokens += [BREAK, *part]
        _read_exercises(merged)
        if len(merged.entries) != 1 or merged.entries[0].unused or not merged.entries[0].name:
            return False
        above.kind, above.text, above.entries = merged.kind, merged.text, merged.entries
        above.tokens, above.noted = merged.tokens, _noted(merged.tokens)
    else:
        above.noted += _noted(facts)
        above.about = [*above.setup, *(token.text for token in facts)]
    above.comment = "; ".join(filter(None, (above.comment, line.comment)))
    above.below += [line.body, *line.below]
    above.before_blank, above.has_dose_below = line.before_blank, True
    return True


def _is_dose_of(above: Line, line: Line, *, is_first: bool) -> bool:
    """Whether it says more of the name above than its first word would tell: `Sets: 3`, `10 minutes after exercise`."""
    tokens = [token for token in line.tokens if token.kind is not Kind.MARK]
    counts = of_kind(tokens, Kind.SETS, Kind.REST)
    if line.kind in (LineKind.ROUNDS, LineKind.REST, LineKind.SETTING):
        is_of_hold = bool(of_kind(above.tokens, Kind.HOLD)) and not of_kind(above.tokens, Kind.REPS, Kind.SETS)
        is_of_sets = bool(counts) and (is_of_hold if counts[0].is_repeat else counts[0].scope in ("sets", "reps"))
        has_sets = above.has_dose_below and any(entry.sets > 1 and not entry.rest_ms for entry in above.entries)
        is_of_sets |= has_sets and line.kind is LineKind.REST
        return bool(_LABEL.match(line.body)) or (is_of_sets and (above.is_bulleted or not is_first))
    if tokens and tokens[0].kind is Kind.HOLD and above.has_dose_below:
        return not of_kind(above.tokens, Kind.HOLD) and not line.is_bulleted
    if is_first or above.has_dose or line.is_bulleted or not tokens or tokens[0].kind is Kind.WORD:
        return False
    kinds = [token.kind for token in tokens]
    start = kinds[: kinds.index(Kind.WORD)] if Kind.WORD in kinds else kinds
    return above.is_bulleted or {Kind.SETS, Kind.REPS} <= set(start)


def _is_instruction(body: str) -> bool:
    """Whether it is several sentences, or a long one."""
    return _SENTENCE.search(body) is not None or (body.endswith(".") and is_sentence(body[:-1]))


def _sentence_tokens(line: Line) -> list[list[Token]]:
    """The tokens of each sentence that is a dose; any other sentence is one word, so that nothing is looked for in it."""
    parts = []
    for sentence in _SENTENCE.split(line.body):
        read = _read_body(line.row, sentence)
        is_text = read.kind is LineKind.TEXT
        parts.append([Token(Kind.WORD, sentence, 0, len(sentence))] if is_text else read.tokens)
    return parts
