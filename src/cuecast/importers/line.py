"""What a line of notes is: an exercise or several, a rest, a header of rounds, a setting, the dose of an exercise, text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct, field

from cuecast.importers.entry import DOSES, EDGE, MIN_SECONDS, Entry, read_entry, tokens_of, words_of
from cuecast.importers.scanner import DATE, FREQUENCY, PERSON, Kind, Token, normalise, scan
from cuecast.model.duration import SECOND, DurationRange

MAX_LINE = 300
"""A longer line is prose; it is not scanned."""

SENTENCE_WORDS = 7
"""A line with so many words or more is a sentence, not a name."""

_RULER = re.compile(r"[-=_*~#\s]+")
_HEADING = re.compile(r"(?:#{1,6}\s+|=+\s*)(.*?)[#=\s]*|\*\*([^*]+)\*\*:?|__([^_]+)__:?")
_COMMENT = re.compile(r"(?:#|//|;)\s*(.*)")
_TRAILING_COMMENT = re.compile(r"\s(?:#|//)\s+(.*)$")
_LABEL = re.compile(r"(?:[-*•]\s+)?([A-H])\d[.):]?\s")
_BULLET = re.compile(r"(?:[-*•·+–—▪◦‣]\s+|\(?\d{1,2}[.)]\s+|[A-H]\d[.)]?\s+(?=\D)|\[[ xX]?\]\s*|[☐☑✓✔✅]\s*)+")
_EMPHASIS = re.compile(r"(\*\*|__|\*|_|`)(?=\S)(.+?)(?<=\S)\1(?!\w)")
_TITLE = re.compile(r"(?:title|name|routine|titel|título)\s*:\s*(.+)", re.IGNORECASE)
_ONLY_REST = re.compile(
    r"(?:a |short |long )*(?:rest|pause|break|breather|recover|recovery|relax|pausa|descanso)[\s.!:]*", re.I
)
_HEADER = re.compile(
    r"(?:circuit|main|set|block|round|part|super|tri-?set|giant|tabata|amrap|emom|zirkel|runde|circuito)", re.I
)
_PART_OF_WORKOUT = re.compile(
    r"warm[ -]?up|cool[ -]?down|main (?:part|set|workout)|stretching|aufwärmen|abkühlen|hauptteil|dehnen|calentamiento"
    r"|parte principal|vuelta a la calma|estiramientos",
    re.IGNORECASE,
)


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
    LEFT_OUT = "left out"


class NoteLine(Struct):
    """A line: its kind, its words, and what it says. `body` is the line without bullet and comment.

    `rest_ms` is the rest after a work or between rounds; if both are known, `between_ms` is that between rounds.
    `about` are the words below it.
    """

    kind: LineKind
    text: str = ""
    body: str = ""
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

    @property
    def has_other_facts(self) -> bool:
        """Whether it says more than a length."""
        return any(entry.sets or entry.reps or entry.rest_ms or entry.unused for entry in self.entries)

    @property
    def has_dose(self) -> bool:
        """Whether it is an exercise of known length or count."""
        return any(entry.work or entry.reps or entry.sets for entry in self.entries)


def parse_line(line: str) -> NoteLine | None:
    """What a line (its spaces single ones) says; None if it is empty or a ruler."""
    if len(line) > MAX_LINE:
        return NoteLine(LineKind.TEXT, line, line)
    if _RULER.fullmatch(line):
        return None
    if heading := _HEADING.fullmatch(line):
        words = normalise(next(filter(None, heading.groups()), ""))
        parsed = parse_body(words) if words else None
        if parsed and parsed.kind is LineKind.ROUNDS:
            return parsed
        return NoteLine(LineKind.HEADING, words, words) if words else None
    if comment := _COMMENT.fullmatch(line):
        return NoteLine(LineKind.COMMENT, comment[1]) if comment[1] else None
    bullet = _BULLET.match(line)
    body, remark = line[bullet.end() :] if bullet else line, ""
    if trailing := _TRAILING_COMMENT.search(body):
        remark, body = trailing[1], body[: trailing.start()]
    body = normalise(_EMPHASIS.sub(r"\2", body))
    if not body.strip(EDGE):
        return NoteLine(LineKind.COMMENT, remark) if remark else None
    parsed = parse_body(body)
    parsed.comment, parsed.is_bulleted = remark, bullet is not None
    if label := _LABEL.match(line):
        parsed.label = label[1]
    return parsed


def parse_body(body: str) -> NoteLine:
    """What a line without bullet and comment says."""
    if title := _TITLE.fullmatch(body):
        return NoteLine(LineKind.TEXT, title[1], body)
    if _ONLY_REST.fullmatch(body):
        return NoteLine(LineKind.REST, body=body)
    tokens = scan(body)
    why = next((token.note for token in tokens if token.note in (DATE, PERSON)), "")
    line = (
        NoteLine(LineKind.LEFT_OUT)
        if why and not tokens_of(tokens, *DOSES)
        else _facts_only(tokens) or _header(body, tokens) or _exercises(body, tokens)
    )
    line.body, line.noted = body, [token for token in tokens if token.note]
    if line.kind is LineKind.LEFT_OUT:
        line.noted = [Token(Kind.LEFT_OUT, body, 0, len(body), note=why or FREQUENCY)]
    return line


def is_part_of_workout(text: str) -> bool:
    """Whether it is the heading of a part with its length: `Warm up (5 min)`."""
    return re.fullmatch(rf"(?:{_PART_OF_WORKOUT.pattern})\s*\([^()]*\)\s*:?", text, re.IGNORECASE) is not None


def is_sentence(text: str) -> bool:
    """Whether words are to be spoken: they end as a sentence does, or are too many for a name."""
    return text[-1:] in (".", "!", "?") or len(text.split()) >= SENTENCE_WORDS


def _facts_only(tokens: Sequence[Token]) -> NoteLine | None:
    """A line without words of its own."""
    facts = [token for token in tokens if token.kind not in (Kind.WORD, Kind.MARK, Kind.LEFT_OUT)]
    kinds = {token.kind for token in facts}
    if words_of(tokens):
        return None
    if tokens_of(tokens, Kind.LEFT_OUT) and (not facts or any(token.note == FREQUENCY for token in tokens)):
        return NoteLine(LineKind.LEFT_OUT)
    if not facts:
        return None
    if len(facts) > len(kinds):
        return NoteLine(LineKind.DOSE)
    rest = next(iter(tokens_of(facts, Kind.REST)), None)
    on_off = next(iter(tokens_of(facts, Kind.ON_OFF)), None)
    sets = next(iter(tokens_of(facts, Kind.SETS)), None)
    if kinds == {Kind.REST} and rest:
        scoped = rest.scope in ("exercises", "any")
        return NoteLine(LineKind.SETTING if scoped else LineKind.REST, rest_ms=rest.rest_ms)
    if kinds <= {Kind.ON_OFF, Kind.EACH} and on_off:
        return NoteLine(LineKind.SETTING, work=on_off.time, rest_ms=on_off.rest_ms)
    if kinds == {Kind.LENGTH, Kind.EACH}:
        return NoteLine(LineKind.SETTING, work=tokens_of(facts, Kind.LENGTH)[0].time)
    if sets and kinds <= {Kind.SETS, Kind.REST, Kind.ON_OFF, Kind.EACH}:
        return _rounds(sets, rest, on_off)
    return NoteLine(LineKind.DOSE)


def _rounds(sets: Token, rest: Token | None, on_off: Token | None, name: str = "") -> NoteLine:
    line = NoteLine(LineKind.ROUNDS, name, count=max(1, sets.number), is_repeat=sets.is_repeat)
    line.rest_ms = line.between_ms = rest.rest_ms if rest else None
    if on_off:
        line.work, line.rest_ms = on_off.time, on_off.rest_ms
    return line


def _header(body: str, tokens: Sequence[Token]) -> NoteLine | None:
    """`Circuit x3:`, `Tabata: 8 rounds of 20s on, 10s off`; a name with a number of rounds and no dose."""
    sets = next(iter(tokens_of(tokens, Kind.SETS)), None)
    kinds = [token.kind for token in tokens if token.kind not in (Kind.WORD, Kind.MARK, Kind.NUMBER, Kind.LEFT_OUT)]
    if sets is None or len(kinds) > len(set(kinds)) or not {Kind.SETS, Kind.REST, Kind.ON_OFF} >= set(kinds):
        return None
    if not (body.endswith(":") or _HEADER.match(body)):
        return None
    rest, on_off = (next(iter(tokens_of(tokens, kind)), None) for kind in (Kind.REST, Kind.ON_OFF))
    return _rounds(sets, rest, on_off, " ".join(token.text for token in tokens_of(tokens, Kind.WORD, Kind.NUMBER)))


def _exercises(body: str, tokens: Sequence[Token]) -> NoteLine:
    """One exercise or several; text, if nothing in it is a dose."""
    entries = [read_entry(body, segment) for segment in _segments(tokens)]
    count = 1
    if len(entries) > 1 and tokens[0].kind is Kind.SETS and not any(entry.sets for entry in entries[1:]):
        count, entries[0].sets = max(1, entries[0].sets), 0  # `10 x 1 min hard, 1 min easy`
    has_time = any(entry.work for entry in entries)
    has_dose = any(entry.reps or entry.sides or entry.sets > 1 for entry in entries)
    if has_time or (has_dose and not is_sentence(body)):
        return NoteLine(LineKind.EXERCISE, entries[0].name, entries=entries, count=count)
    if body.endswith(":") or _PART_OF_WORKOUT.fullmatch(body):
        return NoteLine(LineKind.HEADING, body.rstrip(" :"))
    return NoteLine(LineKind.TEXT, body)


def _segments(tokens: Sequence[Token]) -> list[list[Token]]:
    """Parts of a line, each of them an exercise with its own words and length: `Run 3 min, walk 1 min`."""
    chunks: list[list[Token]] = [[]]
    for token in tokens:
        if token.kind is Kind.MARK and token.text in ",;|" and chunks[-1]:
            chunks.append([])
        chunks[-1].append(token)
    segments: list[list[Token]] = []
    for chunk in chunks:
        if segments and not any(
            _has_length_of_words(chunk, side) and _has_length_of_words(segments[-1], side) for side in (0, 1)
        ):
            segments[-1] += chunk
        else:
            segments.append(list(chunk))
    return segments


def _has_length_of_words(tokens: Sequence[Token], after: int) -> bool:
    """Whether there is a length with words before it (`Run 3 min`), or after it (`3 min run`)."""
    lengths = [t for t in tokens_of(tokens, Kind.LENGTH) if t.time and t.time.low >= MIN_SECONDS * SECOND]
    if not lengths:
        return False
    is_after = [t.start >= lengths[0].end for t in words_of(tokens)]
    return bool(is_after) and (all(is_after) if after else not all(is_after))
