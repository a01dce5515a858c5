"""What a count or a bare number of a line is: sets, repetitions or seconds. It depends on what else the line says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import msgspec

from cuecast.importers.facts import Kind
from cuecast.importers.tokens import Token, of_kind
from cuecast.model.duration import SECOND, DurationRange

MIN_SECONDS = 5
"""A smaller number without a unit is not a time, and a shorter time with words of its own is not an exercise."""

MAX_SECONDS = 999
"""A larger number without a unit is not a time."""

MIN_PLAIN_SECONDS = 20
"""A smaller number without a unit may be repetitions; that it is taken for seconds is a guess."""

MAX_REPS = 25
"""`3x12` are repetitions, `3x30` seconds."""

MAX_SETS = 5
"""`Squats x12` are repetitions, `Squats x3` sets."""

MAX_HOLD_MS = 15 * SECOND
"""`10 x 5 s` are ten repetitions that are held so long, `10 x 30 s` ten sets."""

BREAK = Token(Kind.MARK, "\n", -1, -2)
"""Stands between the tokens of a line and those of a line below it."""

_TIMES = re.compile(r"(?:times|mal|veces|twice|thrice)\W*$", re.IGNORECASE)

FILLER_WORDS = re.compile(
    r"for|of|and|then|with|at|on|about|ca\.?|the|in|to|total|do|x|für|mit|und|je|y|con|hacer|realizar|perform|please|bitte|machen|repeat|complete", re.I
)  # fmt: skip
"""Words that say nothing beside a fact."""

DOSES = (Kind.LENGTH, Kind.HOLD, Kind.REPS, Kind.BREATHS, Kind.DISTANCE, Kind.ON_OFF)


MEASURES = (*DOSES, Kind.SETS)
"""What says how long or how often."""

_MOST_WORDS_OF_DOSE = 3


def words_of(tokens: Sequence[Token]) -> list[Token]:
    """The words that can be part of a name."""
    return [token for token in of_kind(tokens, Kind.WORD) if not FILLER_WORDS.fullmatch(token.text)]


def resolved(tokens: list[Token]) -> list[Token]:
    """The tokens with what depends on others: numbers without a unit, holds, and what is repeated how often."""
    tokens = with_numbers(_with_holds(tokens))
    if of_kind(tokens, Kind.REPS):
        return tokens
    result: list[Token] = []
    for token in tokens:
        if token.kind is Kind.HOLD:  # `Wall sit hold 30s`: here it belongs to the name
            word = re.match(r"[^\W\d]+", token.text)
            if word and (not result or result[-1].kind is Kind.WORD) and BREAK not in result:
                result.append(Token(Kind.WORD, word[0], token.start, token.start + word.end()))
            token = msgspec.structs.replace(token, kind=Kind.LENGTH)
        result.append(token)
    return result


def _with_holds(tokens: list[Token]) -> list[Token]:
    """Counts that are repetitions: `hold 5 s, repeat 10 times`, the other one of `3 sets, 10x`, `5 times` alone, `5x left, 5x right`."""
    counts = of_kind(tokens, Kind.SETS)
    if of_kind(tokens, Kind.REPS) or not counts:
        return tokens
    lengths = [token.time.high for token in of_kind(tokens, Kind.LENGTH) if token.time]
    is_short = len(lengths) == 1 and lengths[0] <= MAX_HOLD_MS and not of_kind(tokens, Kind.REST)
    is_held = is_short or of_kind(tokens, Kind.HOLD) != []
    is_bare = not of_kind(tokens, *DOSES, Kind.NUMBER)
    is_by_side = {token.sides for token in of_kind(tokens, Kind.SIDES)} == {("left",), ("right",)} and len(counts) == 2
    is_all = is_bare and (
        (is_by_side and is_same(*counts)) or (len(counts) == 1 and bool(_TIMES.search(counts[0].text)))
    )
    is_all |= len(counts) > 1 and any(token.scope == "sets" for token in counts)
    return [
        msgspec.structs.replace(token, kind=Kind.REPS, text=f"{token.number} reps")
        if token.kind is Kind.SETS and token.scope != "sets" and (is_all or (token.number > MAX_SETS and is_held))
        else token
        for token in tokens
    ]


def with_numbers(tokens: list[Token]) -> list[Token]:
    """A number without a unit is repetitions (`3x10`) or seconds (`Arm circles 30`), if nothing else says how long."""
    numbers = of_kind(tokens, Kind.NUMBER)
    if len(numbers) == 1 and of_kind(tokens, Kind.LENGTH) and not of_kind(tokens, Kind.REPS):  # `3 x 15, squeeze 2 s`
        at = tokens.index(numbers[0])
        if of_kind(tokens[max(0, at - 1) : at], Kind.SETS) and numbers[0].number <= MAX_REPS:
            return [*tokens[:at], msgspec.structs.replace(numbers[0], kind=Kind.REPS), *tokens[at + 1 :]]
    if not numbers or of_kind(tokens, *(kind for kind in DOSES if kind is not Kind.HOLD)):
        return tokens
    of_sets = [after for before, after in pairwise(tokens) if before.kind is Kind.SETS and after.kind is Kind.NUMBER]
    if len(of_sets) > 1 and max(token.number for token in of_sets) <= MAX_REPS:  # `3x10 left, 3x10 right`
        return [msgspec.structs.replace(token, kind=Kind.REPS) if token in of_sets else token for token in tokens]
    last = (of_sets or numbers[-1:])[0]
    at = tokens.index(last)
    before, after = tokens[:at], tokens[at + 1 :]
    is_range = re.search(r"\d\D+\d", last.text) is not None
    if last.number <= MAX_REPS and (of_kind(before[-1:], Kind.SETS) or _is_counted(after)):
        new = msgspec.structs.replace(last, kind=Kind.REPS)
    elif of_kind(tokens, Kind.HOLD):
        return tokens
    elif MIN_SECONDS <= last.number <= MAX_SECONDS and (
        not words_of(after) or (of_kind(tokens, Kind.SETS, Kind.SIDES, Kind.REST) and not of_kind(after[:1], Kind.WORD))
    ):
        low, high = sorted((int(re.findall(r"\d+", last.text)[0]), last.number)) if is_range else [last.number] * 2
        new = msgspec.structs.replace(
            last,
            kind=Kind.LENGTH,
            time=DurationRange(low * SECOND, high * SECOND),
            note=f"has no unit; {high} seconds are a guess" if high < MIN_PLAIN_SECONDS or len(numbers) > 1 else "",
        )
    else:
        return tokens
    return [*before, new, *after]


def _is_counted(after: Sequence[Token]) -> bool:
    """Whether sets or sides come next: `8 each, 2 sets`, `5 each way`."""
    next_words = (i for i, token in enumerate(after) if token.kind is Kind.WORD or token is BREAK)
    close = after[: next(next_words, len(after))]
    return bool(of_kind(close, Kind.SETS) or of_kind(close[:1], Kind.SIDES))


def is_same(fact: Token, other: Token) -> bool:
    """Whether two tokens say the same length, count and side."""
    values = [(each.time, each.rest_ms, each.number, each.sides) for each in (fact, other)]
    return values[0] == values[1] and (any(values[0]) or fact.text == other.text)


def is_dose(tokens: Sequence[Token], *, is_labelled: bool = False) -> bool:
    """Whether a line or sentence is nothing but a dose."""
    words = len(words_of(tokens))
    if not of_kind(tokens, *MEASURES, Kind.NUMBER):
        return not words and bool(of_kind(tokens, Kind.REST, Kind.SIDES, Kind.LEFT_OUT))
    if is_labelled or of_kind(tokens, *MEASURES):
        return is_labelled or words <= _MOST_WORDS_OF_DOSE
    first = next(token for token in tokens if token.kind is not Kind.MARK)
    return words <= _MOST_WORDS_OF_DOSE and first.kind is Kind.NUMBER
