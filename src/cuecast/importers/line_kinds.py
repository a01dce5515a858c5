"""What a line of notes says: a heading, a rest, rounds, an exercise, advice, or something to leave out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise

from msgspec import Struct, field

from cuecast.importers.asides import FREQUENCY, PERSON, WHOLE_LINE, is_advice, is_greeting
from cuecast.importers.counts import DOSES, words_of
from cuecast.importers.dose import Entry, read_entries
from cuecast.importers.facts import Kind
from cuecast.importers.tables import Row
from cuecast.importers.tokens import Token, of_kind, scan
from cuecast.model.duration import DurationRange

_OF_EXERCISES = (Kind.HOLD, Kind.REPS, Kind.SETS, Kind.ON_OFF, Kind.REST, Kind.SIDES, Kind.BREATHS)
"""What advice does not speak of."""

SENTENCE_WORDS = 7
"""A line with so many words or more is a sentence, not a name."""

_SENTENCES = re.compile(r"\S(?:[^.!?]|[.!?](?!\s))*[.!?]*")
_WORDS = re.compile(r"[^\W\d_]{2}\S*")
PROSE_WORDS = 15
"""A line with so many words that does not begin with a name is prose."""

_NAME_IN_FRONT = re.compile(r"(?:\S+\s){0,4}?\S+?(?::|\s[-–—]|[.!?])\s")
ONLY_REST = re.compile(
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
PART_WITH_LENGTH = re.compile(rf"{_PART}\s*\([^()]*\)\s*:?", re.IGNORECASE)

SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


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

    `rest_ms` is the rest after a work, `between_ms` that between rounds.
    `below` are the lines below it as they are typed, `about` those that are setup, `ignored` the doses in these. `label` is the letter of a superset.
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
    ignored: list[Token] = field(default_factory=list)
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


def is_sentence(text: str) -> bool:
    """Whether words are to be spoken: they end as a sentence does, or are too many for a name."""
    return text[-1:] in (".", "!", "?") or len(_WORDS.findall(text)) >= SENTENCE_WORDS


def read_body(row: Row, body: str, *, in_list: bool = True) -> Line:
    """What a line without bullet and comment says."""
    if ONLY_REST.fullmatch(body):
        return Line(row, LineKind.REST, body=body)
    line = Line(row, LineKind.TEXT, body, body, scan(body), is_bulleted=in_list)
    _take_out_advice(line)
    return _classify(line)


def _take_out_advice(line: Line) -> None:
    """Sentences of advice after the first are words in which no dose is looked for."""
    sentences = list(_SENTENCES.finditer(line.body))
    for sentence in sentences[1:] if line.doses else ():
        if is_advice(sentence[0], in_list=True):
            inside = [token for token in line.tokens if sentence.start() <= token.start < sentence.end()]
            line.ignored += [token for token in inside if token in line.doses]
            if inside:
                at = line.tokens.index(inside[0])
                line.tokens[at : at + len(inside)] = [Token(Kind.WORD, sentence[0], sentence.start(), sentence.end())]


def _classify(line: Line) -> Line:
    """The line with its kind, and what its tokens say."""
    tokens, body = line.tokens, line.body
    line.noted = noted_tokens(tokens)
    why = next((token.note for token in tokens if token.note in WHOLE_LINE), "")
    if is_greeting(body):
        why = PERSON
    if why and not of_kind(tokens, *DOSES, Kind.SETS):
        line.kind = LineKind.LEFT_OUT
    elif not _is_facts_only(line) and not _is_header(line):
        read_exercises(line)
    if line.kind is LineKind.LEFT_OUT:
        line.noted = [Token(Kind.LEFT_OUT, body, 0, len(body), note=why or FREQUENCY)]
    return line


def noted_tokens(tokens: Sequence[Token]) -> list[Token]:
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
    return bool(line.body.endswith(":") or _HEADER.match(line.body)) and make_rounds(line)


def make_rounds(line: Line) -> bool:
    """Let a line be the header of rounds; False if it says anything else than their number and rests."""
    tokens = line.tokens
    facts = [token for token in tokens if token.kind not in (Kind.WORD, Kind.MARK, Kind.NUMBER, Kind.LEFT_OUT)]
    first = {token.kind: token for token in reversed(facts)}
    has_twice = len(facts) > len({(token.kind, token.scope == "exercises") for token in facts})
    has_twice |= any(a.kind is Kind.SETS and b.kind is Kind.NUMBER for a, b in pairwise(tokens))  # `3 sets of 10`
    if Kind.SETS not in first or has_twice or not first.keys() <= {Kind.SETS, Kind.REST, Kind.ON_OFF}:
        return False
    _make_rounds(line, first, " ".join(token.text for token in of_kind(tokens, Kind.WORD, Kind.NUMBER)))
    return True


def _make_rounds(line: Line, facts: dict[Kind, Token], name: str) -> None:
    sets, on_off = facts[Kind.SETS], facts.get(Kind.ON_OFF)
    line.kind, line.text, line.count, line.is_repeat = LineKind.ROUNDS, name, max(1, sets.number), sets.is_repeat
    rests = {token.scope: token.rest_ms for token in of_kind(line.tokens, Kind.REST)}
    line.rest_ms = rests.pop("exercises", None)
    line.between_ms = next(iter(rests.values()), None)
    if on_off:
        line.work, line.rest_ms = on_off.time, on_off.rest_ms


def _is_prose(line: Line) -> bool:
    """Whether it is a long text with no name in front and a dose somewhere in it."""
    start = next((i for i, token in enumerate(line.tokens) if token in line.doses), 0)
    is_long = start >= 5 and len(_WORDS.findall(line.body)) >= PROSE_WORDS
    return is_long and not line.is_bulleted and not _NAME_IN_FRONT.match(line.body)


def read_exercises(line: Line) -> None:
    """One exercise or several; text, if nothing in it is a dose."""
    body, tokens = line.body, line.tokens
    line.entries, line.count, label = read_entries(tokens)
    has_dose = any(entry.reps or entry.sides or entry.sets or entry.rest_ms for entry in line.entries)
    is_of_sets = line.doses != [] and all(token.kind is Kind.REST and token.scope == "sets" for token in line.doses)
    is_of_sets &= not line.is_bulleted
    is_length = bool(of_kind(tokens, *DOSES)) and not of_kind(tokens, *_OF_EXERCISES)
    if (is_length and is_advice(body, in_list=line.is_bulleted)) or _is_prose(line):
        line.kind, line.entries = LineKind.ADVICE, []
    elif not is_of_sets and (any(entry.work for entry in line.entries) or (has_dose and not is_sentence(body))):
        line.kind, line.text = LineKind.EXERCISE, line.entries[0].name
        line.comment = "; ".join(filter(None, (label, line.comment)))
        first = line.entries[0]
        is_plain = (
            first.work
            and first.work.low == first.work.high
            and first == Entry(first.name, work=first.work, facts=first.facts)
        )
        if is_plain and first.work and ONLY_REST.fullmatch(first.name) and len(line.entries) == 1:
            line.kind, line.rest_ms, line.entries = LineKind.REST, first.work.high, []
            line.tokens = [Token(Kind.REST, body, 0, len(body), rest_ms=line.rest_ms)]
    else:
        line.kind, line.entries = LineKind.TEXT, []
    if line.kind is not LineKind.EXERCISE and (body.endswith(":") or _PART_OF_WORKOUT.fullmatch(body) or is_of_sets):
        line.kind, line.text = LineKind.HEADING, body.rstrip(" :")
