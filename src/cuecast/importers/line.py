"""What a line of notes is: an exercise or several, a rest, a header of rounds, a setting, the dose of an exercise, text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from itertools import pairwise

from msgspec import Struct, field

from cuecast.importers.scanner import DATE, Kind, Token, normalise, scan
from cuecast.model.duration import SECOND, DurationRange, ms_to_text

MAX_LINE = 300
"""A longer line is prose; it is not scanned."""

MIN_SECONDS = 5
"""A smaller number without a unit is not a time, and a shorter time with words of its own is not an exercise."""

MAX_SECONDS = 999
"""A larger number without a unit is not a time."""

SENTENCE_WORDS = 7
"""A line with so many words or more is a sentence, not a name."""

MAX_REPS = 25
"""`3x12` are repetitions, `3x30` seconds."""

MAX_SETS = 5
"""`Squats x12` are repetitions, `Squats x3` sets."""

REP_MS = 3 * SECOND
RELEASE_MS = 2 * SECOND
BREATH_MS = 5 * SECOND
KILOMETRE_MS = 360 * SECOND
"""Guesses: one repetition, the pause after a hold, one breath, and a kilometre at an easy run."""

_RULER = re.compile(r"[-=_*~#\s]+")
_HEADING = re.compile(r"(?:#{1,6}\s+|=+\s*)(.*?)[#=\s]*|\*\*([^*]+)\*\*:?|__([^_]+)__:?")
_COMMENT = re.compile(r"(?:#|//|;)\s*(.*)")
_TRAILING_COMMENT = re.compile(r"\s(?:#|//)\s+(.*)$")
_BULLET = re.compile(r"(?:[-*•·+–—▪◦‣]\s+|\(?\d{1,2}[.)]\s+|[A-H]\d[.)]?\s+(?=\D)|\[[ xX]?\]\s*|[☐☑✓✔✅]\s*)+")
_EMPHASIS = re.compile(r"(\*\*|__|\*|_|`)(?=\S)(.+?)(?<=\S)\1(?!\w)")
_TITLE = re.compile(r"(?:title|name|routine|titel|título)\s*:\s*(.+)", re.IGNORECASE)
_ONLY_REST = re.compile(
    r"(?:a |short |long )*(?:rest|pause|break|breather|recover|recovery|relax|pausa|descanso)[\s.!:]*", re.I
)
_HEADER = re.compile(
    r"(?:circuit|main|set|block|round|part|super|tri-?set|giant|tabata|amrap|emom|zirkel|runde|circuito)", re.I
)
_NAME_END = re.compile(r"\s+(?:-|–|—)\s+|:\s+|;\s+|,\s+|\.\s+")
_EDGE = " ,;:-–—.|@&+~="
_FILLER = re.compile(
    r"(?:\b(?:for|of|about|ca|on|each|ea|and|at|with|then|für|mit|und|por|durante|con|y)\b|[~@=|])\W*$", re.I
)
_FILLERS = {"for", "of", "and", "then", "with", "at", "on", "about", "ca", "the", "in", "total", "do", "x", "für", "mit", "und", "y", "con"}  # fmt: skip
_FIELDS: Mapping[Kind, Mapping[str, str]] = {
    Kind.LENGTH: {"work": "time"},
    Kind.ON_OFF: {"work": "time", "rest_ms": "rest_ms"},
    Kind.HOLD: {"hold": "time"},
    Kind.REST: {"rest_ms": "rest_ms"},
    Kind.SETS: {"sets": "number"},
    Kind.REPS: {"reps": "number", "reps_text": "text"},
    Kind.SIDES: {"sides": "sides"},
    Kind.BREATHS: {"measure": ""},
    Kind.DISTANCE: {"measure": ""},
    Kind.EACH: {},
}
"""The fields of an Entry that a fact goes into, and where they come from: a field of the token, or the token itself."""
_DOSES = (Kind.LENGTH, Kind.HOLD, Kind.REPS, Kind.BREATHS, Kind.DISTANCE, Kind.ON_OFF)


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


class Entry(Struct):
    """One exercise of a line. `measure` is a number of breaths or a distance.

    `guesses` say what the line does not say, `unused` what of the line could not be understood.
    """

    name: str = ""
    setup: list[str] = field(default_factory=list)
    work: DurationRange | None = None
    measure: Token | None = None
    sets: int = 0
    reps: int = 0
    reps_text: str = ""
    hold: DurationRange | None = None
    rest_ms: int | None = None
    sides: tuple[str, ...] = ()
    guesses: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)


class NoteLine(Struct):
    """A line: its kind, its words, and what it says. `body` is the line without bullet and comment."""

    kind: LineKind
    text: str = ""
    body: str = ""
    comment: str = ""
    entries: list[Entry] = field(default_factory=list)
    work: DurationRange | None = None
    rest_ms: int | None = None
    count: int = 1
    is_bulleted: bool = False
    is_repeat: bool = False
    noted: list[Token] = field(default_factory=list)


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
    if not body.strip(_EDGE):
        return NoteLine(LineKind.COMMENT, remark) if remark else None
    parsed = parse_body(body)
    parsed.comment, parsed.is_bulleted = remark, bullet is not None
    return parsed


def parse_body(body: str) -> NoteLine:
    """What a line without bullet and comment says."""
    if title := _TITLE.fullmatch(body):
        return NoteLine(LineKind.TEXT, title[1], body)
    if _ONLY_REST.fullmatch(body):
        return NoteLine(LineKind.REST, body=body)
    tokens = scan(body)
    if any(token.note == DATE for token in tokens) and not _of(tokens, *_DOSES):
        whole = Token(Kind.LEFT_OUT, body, 0, len(body), note=DATE)
        return NoteLine(LineKind.LEFT_OUT, body=body, noted=[whole])
    line = _facts_only(tokens) or _header(body, tokens) or _exercises(body, tokens)
    line.body, line.noted = body, [token for token in tokens if token.note]
    return line


def is_sentence(text: str) -> bool:
    """Whether words are to be spoken: they end as a sentence does, or are too many for a name."""
    return text[-1:] in (".", "!", "?") or len(text.split()) >= SENTENCE_WORDS


def _of(tokens: Sequence[Token], *kinds: Kind) -> list[Token]:
    return [token for token in tokens if token.kind in kinds]


def _words(tokens: Sequence[Token]) -> list[Token]:
    return [token for token in _of(tokens, Kind.WORD) if token.text.lower() not in _FILLERS]


def _facts_only(tokens: Sequence[Token]) -> NoteLine | None:
    """A line without words of its own."""
    facts = [token for token in tokens if token.kind not in (Kind.WORD, Kind.MARK, Kind.LEFT_OUT)]
    kinds = {token.kind for token in facts}
    if _words(tokens):
        return None
    if not facts:
        return NoteLine(LineKind.LEFT_OUT) if _of(tokens, Kind.LEFT_OUT) else None
    if len(facts) > len(kinds):
        return NoteLine(LineKind.DOSE)
    rest = next(iter(_of(facts, Kind.REST)), None)
    on_off = next(iter(_of(facts, Kind.ON_OFF)), None)
    sets = next(iter(_of(facts, Kind.SETS)), None)
    if kinds == {Kind.REST} and rest:
        scoped = rest.scope in ("exercises", "any")
        return NoteLine(LineKind.SETTING if scoped else LineKind.REST, rest_ms=rest.rest_ms)
    if kinds <= {Kind.ON_OFF, Kind.EACH} and on_off:
        return NoteLine(LineKind.SETTING, work=on_off.time, rest_ms=on_off.rest_ms)
    if kinds == {Kind.LENGTH, Kind.EACH}:
        return NoteLine(LineKind.SETTING, work=_of(facts, Kind.LENGTH)[0].time)
    if sets and kinds <= {Kind.SETS, Kind.REST, Kind.ON_OFF, Kind.EACH}:
        return _rounds(sets, rest, on_off)
    return NoteLine(LineKind.DOSE)


def _rounds(sets: Token, rest: Token | None, on_off: Token | None, name: str = "") -> NoteLine:
    work, rest_ms = (on_off.time, on_off.rest_ms) if on_off else (None, rest.rest_ms if rest else None)
    return NoteLine(
        LineKind.ROUNDS, name, count=max(1, sets.number), work=work, rest_ms=rest_ms, is_repeat=sets.is_repeat
    )


def _header(body: str, tokens: Sequence[Token]) -> NoteLine | None:
    """`Circuit x3:`, `Tabata: 8 rounds of 20s on, 10s off`; a name with a number of rounds and no dose."""
    sets = next(iter(_of(tokens, Kind.SETS)), None)
    kinds = [token.kind for token in tokens if token.kind not in (Kind.WORD, Kind.MARK, Kind.NUMBER, Kind.LEFT_OUT)]
    if sets is None or len(kinds) > len(set(kinds)) or not {Kind.SETS, Kind.REST, Kind.ON_OFF} >= set(kinds):
        return None
    if not (body.endswith(":") or _HEADER.match(body)):
        return None
    rest, on_off = (next(iter(_of(tokens, kind)), None) for kind in (Kind.REST, Kind.ON_OFF))
    return _rounds(sets, rest, on_off, " ".join(token.text for token in _of(tokens, Kind.WORD, Kind.NUMBER)))


def _exercises(body: str, tokens: Sequence[Token]) -> NoteLine:
    """One exercise or several; text, if nothing in it is a dose."""
    entries = [_entry(body, segment) for segment in _segments(tokens)]
    has_time = any(entry.work for entry in entries)
    has_dose = any(entry.reps or entry.sides or entry.sets > 1 for entry in entries)
    if has_time or (has_dose and not is_sentence(body)):
        return NoteLine(LineKind.EXERCISE, entries[0].name, entries=entries)
    if body.endswith(":"):
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
        if segments and not (_has_own_length(chunk) and _has_own_length(segments[-1])):
            segments[-1] += chunk
        else:
            segments.append(list(chunk))
    return segments


def _has_own_length(tokens: Sequence[Token]) -> bool:
    lengths = [t for t in _of(tokens, Kind.LENGTH) if t.time and t.time.low >= MIN_SECONDS * SECOND]
    return bool(lengths and _words([t for t in tokens if t.end <= lengths[0].start]))


def _entry(body: str, tokens: list[Token]) -> Entry:
    """The exercise that a part of a line is. Each fact is used, or its words go to the setup and to `unused`."""
    entry = Entry()
    tokens = _with_numbers(_holds_of_names(tokens))
    texts: list[Token] = []
    cut: int | None = None
    for token in tokens:
        if token.kind in (Kind.WORD, Kind.MARK, Kind.NUMBER):
            texts.append(token)
            continue
        if token.kind is Kind.LEFT_OUT or _use(entry, token):
            cut = len(texts) if cut is None else cut
        else:
            entry.unused.append(token.text)
            texts.append(token)
    if entry.sets > MAX_SETS and not (entry.work or entry.reps or entry.measure):
        entry.sets, entry.reps = 0, entry.sets
    entry.name, words = _name_and_setup(body, texts, len(texts) if cut is None else cut)
    entry.setup += words
    _guess(entry)
    return entry


def _holds_of_names(tokens: list[Token]) -> list[Token]:
    """`Wall sit hold 30s`: without repetitions a hold right after a word belongs to the name."""
    if _of(tokens, Kind.REPS) or (_of(tokens, Kind.SETS) and _of(tokens, Kind.NUMBER)):
        return tokens
    result: list[Token] = []
    for token in tokens:
        if token.kind is Kind.HOLD:
            word = re.match(r"[^\W\d]+", token.text)
            if word and result and result[-1].kind is Kind.WORD:
                result.append(Token(Kind.WORD, word[0], token.start, token.start + word.end()))
            token = Token(Kind.LENGTH, token.text, token.start, token.end, token.time)
        result.append(token)
    return result


def _with_numbers(tokens: list[Token]) -> list[Token]:
    """A number without a unit is repetitions (`3x10`) or seconds (`Arm circles 30`), if nothing else says how long."""
    numbers = _of(tokens, Kind.NUMBER)
    if not numbers or _of(tokens, *(kind for kind in _DOSES if kind is not Kind.HOLD)):
        return tokens
    last = next(
        (token for before, token in pairwise(tokens) if token in numbers and before.kind is Kind.SETS), numbers[-1]
    )
    after = tokens[tokens.index(last) + 1 :]
    before = tokens[: tokens.index(last)]
    if before and before[-1].kind is Kind.SETS and last.number <= MAX_REPS:
        new = Token(Kind.REPS, last.text, last.start, last.end, number=last.number)
    elif _of(tokens, Kind.HOLD):
        return tokens
    elif MIN_SECONDS <= last.number <= MAX_SECONDS and (
        not _words(after) or _of(tokens, Kind.SETS, Kind.SIDES, Kind.REST)
    ):
        ms = last.number * SECOND
        new = Token(Kind.LENGTH, last.text, last.start, last.end, DurationRange(ms, ms))
    else:
        return tokens
    return [new if token is last else token for token in tokens]


def _use(entry: Entry, token: Token) -> bool:
    """Put a fact into the exercise; False if it has one of that kind already."""
    fields = _FIELDS[token.kind]
    if any(getattr(entry, name) for name in fields):
        return False
    for name, value in fields.items():
        setattr(entry, name, getattr(token, value) if value else token)
    return True


def _guess(entry: Entry) -> None:
    """A length for repetitions, breaths and distances."""
    measure = entry.measure
    if measure is not None:
        entry.setup.insert(0, measure.text)
    reps = entry.reps_text if re.search(r"[^\W\d_]{2}", entry.reps_text) else f"{entry.reps} reps"
    if entry.reps and (each := entry.hold or entry.work):  # `10 reps, hold 5s`, `10 reps of 5s`
        if entry.hold and entry.work:
            entry.unused.append(f"{ms_to_text(entry.work.low)}-{ms_to_text(entry.work.high)}")
        entry.hold = each
        ms = entry.reps * (each.high + RELEASE_MS)
        guess = f"between the holds there is no length of time; {ms_to_text(RELEASE_MS)} is a guess"
        if each.low < each.high:
            entry.guesses.append(f"each rep takes {ms_to_text(each.high)}, not {ms_to_text(each.low)}")
    elif entry.work:
        return
    elif entry.reps:
        ms = entry.reps * REP_MS
        entry.setup.insert(0, reps)
        guess = f"{reps} have no length of time; {ms_to_text(ms)} is a guess, at 3 seconds each"
    elif measure is not None and measure.kind is Kind.BREATHS:
        ms = max(1, measure.number) * BREATH_MS
        guess = f"{measure.text} have no length of time; {ms_to_text(ms)} is a guess, at 5 seconds a breath"
    elif measure is not None:
        ms = max(SECOND, round(_kilometres(measure.text) * KILOMETRE_MS) // SECOND * SECOND)
        guess = f"{measure.text} is a distance; {ms_to_text(ms)} is a guess, at 6 minutes a kilometre"
    else:
        return
    entry.work = DurationRange(ms, ms)
    entry.guesses.append(guess)


def _kilometres(text: str) -> float:
    number = float(re.match(r"[\d.,]+", text)[0].replace(",", "."))  # type: ignore[index]
    unit = text.lstrip("0123456789., ").lower()
    if unit.startswith("k"):
        return number
    if unit.startswith("mi"):
        return number * 1.609344
    return number / 1000 * (0.9144 if unit.startswith("y") else 1)


def _name_and_setup(body: str, texts: list[Token], cut: int) -> tuple[str, list[str]]:
    """The name: words before the facts, up to a dash or comma. The setup: what is in brackets, and all other words."""
    before, asides = _without_brackets(body, texts[:cut])
    after, more = _without_brackets(body, texts[cut:])
    name, rest = before.strip(_EDGE), after.strip(_EDGE)
    if not name:
        name, rest = rest, ""
    while (shorter := _FILLER.sub("", name).strip(_EDGE)) != name and shorter:
        name = shorter
    name, *remark = _NAME_END.split(name, maxsplit=1)
    parts = [*remark, _FILLER.sub("", rest).strip(_EDGE), *asides, *more]
    return " ".join(name.split()), [part for part in (part.strip(_EDGE) for part in parts) if part]


def _without_brackets(body: str, tokens: Sequence[Token]) -> tuple[str, list[str]]:
    """The words outside of brackets, and those in each pair of brackets."""
    outside: list[Token] = []
    inside: list[list[Token]] = []
    depth = 0
    for token in tokens:
        if token.kind is Kind.MARK and token.text in "([":
            depth += 1
            inside.append([])
        elif token.kind is Kind.MARK and token.text in ")]":
            depth = max(0, depth - 1)
        elif depth:
            inside[-1].append(token)
        else:
            outside.append(token)
    return _joined(body, outside), [_joined(body, each) for each in inside]


def _joined(body: str, tokens: Sequence[Token]) -> str:
    """The tokens as they are typed, with a space wherever something was taken out."""
    text, end = "", 0
    for token in tokens:
        text += (" " if text and token.start > end else "") + body[token.start : token.end]
        end = token.end
    return text
