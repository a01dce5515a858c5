"""The exercise that a part of a line is: its name, its dose, and the words of its setup.

Each fact is used, or its words go to the setup and to `unused`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from msgspec import Struct, field

from cuecast.importers.scanner import Kind, Token
from cuecast.model.duration import SECOND, DurationRange, ms_to_text

MIN_SECONDS = 5
"""A smaller number without a unit is not a time, and a shorter time with words of its own is not an exercise."""

MAX_SECONDS = 999
"""A larger number without a unit is not a time."""

MAX_REPS = 25
"""`3x12` are repetitions, `3x30` seconds."""

MAX_SETS = 5
"""`Squats x12` are repetitions, `Squats x3` sets."""

REP_MS = 3 * SECOND
RELEASE_MS = 2 * SECOND
BREATH_MS = 5 * SECOND
KILOMETRE_MS = 360 * SECOND
"""Guesses: one repetition, the pause after a hold, one breath, and a kilometre at an easy run."""

EDGE = " ,;:-–—.|@&+~="
_NAME_END = re.compile(r"\s+(?:-|–|—)\s+|:\s+|;\s+|,\s+|\.\s+")
_FILLER = re.compile(
    r"(?:\b(?:for|of|about|ca|on|each|ea|and|at|with|then|für|mit|und|por|durante|con|y)\b|[~@=|])\W*$", re.I
)
_FILLERS = {"for", "of", "and", "then", "with", "at", "on", "about", "ca", "the", "in", "total", "do", "x", "für", "mit", "und", "y", "con", "ca.", "hacer", "realizar", "perform", "please", "bitte", "machen", "repeat"}  # fmt: skip
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
DOSES = (Kind.LENGTH, Kind.HOLD, Kind.REPS, Kind.BREATHS, Kind.DISTANCE, Kind.ON_OFF)


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


def tokens_of(tokens: Sequence[Token], *kinds: Kind) -> list[Token]:
    """The tokens of these kinds."""
    return [token for token in tokens if token.kind in kinds]


def words_of(tokens: Sequence[Token]) -> list[Token]:
    """The words that can be part of a name."""
    return [token for token in tokens_of(tokens, Kind.WORD) if token.text.lower() not in _FILLERS]


def read_entry(body: str, tokens: list[Token]) -> Entry:
    """The exercise that a part of a line is. Each fact is used, or its words go to the setup and to `unused`."""
    entry = Entry()
    tokens = _holds_of_names(_with_numbers(_with_holds(tokens)))
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
    if tokens_of(tokens, Kind.REPS):
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


def _with_holds(tokens: list[Token]) -> list[Token]:
    """`hold 5 s, repeat 10 times`: so many holds are the repetitions of one set."""
    if not tokens_of(tokens, Kind.HOLD) or tokens_of(tokens, Kind.REPS):
        return tokens
    return [
        Token(Kind.REPS, f"{t.number} reps", t.start, t.end, number=t.number)
        if t.kind is Kind.SETS and t.number > MAX_SETS
        else t
        for t in tokens
    ]


def _with_numbers(tokens: list[Token]) -> list[Token]:
    """A number without a unit is repetitions (`3x10`) or seconds (`Arm circles 30`), if nothing else says how long."""
    numbers = tokens_of(tokens, Kind.NUMBER)
    if not numbers or tokens_of(tokens, *(kind for kind in DOSES if kind is not Kind.HOLD)):
        return tokens
    last = next(
        (token for before, token in pairwise(tokens) if token in numbers and before.kind is Kind.SETS), numbers[-1]
    )
    after = tokens[tokens.index(last) + 1 :]
    before = tokens[: tokens.index(last)]
    if (tokens_of(before[-1:], Kind.SETS) or tokens_of(after, Kind.SETS)) and last.number <= MAX_REPS:
        new = Token(Kind.REPS, last.text, last.start, last.end, number=last.number)
    elif tokens_of(tokens, Kind.HOLD):
        return tokens
    elif MIN_SECONDS <= last.number <= MAX_SECONDS and (
        not words_of(after) or tokens_of(tokens, Kind.SETS, Kind.SIDES, Kind.REST)
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
    entry.reps_text = entry.reps_text.lstrip("x× ")
    reps = entry.reps_text if re.search(r"[^\W\d_]{2}", entry.reps_text) else f"{entry.reps} reps"
    if re.search(r"\d\s?[-–]\s?\d", entry.reps_text):
        entry.guesses.append(f"“{entry.reps_text}” is a range; {entry.reps} is taken")
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
    name, rest = before.strip(EDGE), after.strip(EDGE)
    if not name:
        name, rest = rest, ""
    while (shorter := _FILLER.sub("", name).strip(EDGE)) != name and shorter:
        name = shorter
    name, *remark = _NAME_END.split(name, maxsplit=1)
    parts = [*remark, _FILLER.sub("", rest).strip(EDGE), *asides, *more]
    return " ".join(name.split()), [
        part for part in (part.strip(EDGE) for part in parts) if part and part.lower() not in _FILLERS
    ]


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
