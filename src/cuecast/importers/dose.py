"""The exercise that a part of a line is: its name, its dose, and the words of its setup.

Each fact is used, or its words go to the setup and to `unused`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from msgspec import Struct, field

from cuecast.importers.counts import (
    BREAK,
    FILLER_WORDS,
    MAX_HOLD_MS,
    MAX_SETS,
    MIN_SECONDS,
    is_same,
    resolved,
    words_of,
)
from cuecast.importers.facts import Kind
from cuecast.importers.tokens import Token, joined, of_kind
from cuecast.model.duration import SECOND, DurationRange, ms_to_text

REP_MS = 3 * SECOND
RELEASE_MS = 2 * SECOND
BREATH_MS = 5 * SECOND
KILOMETRE_MS = 360 * SECOND
"""Guesses: one repetition, the pause after a hold, one breath, and a kilometre at an easy run."""

EDGE = " ,;:-–—.|@&+~=/\n"
_RELAX = re.compile(r"relax|entspann|relaj", re.IGNORECASE)
_THEN = frozenset(("then", "dann", "luego", "después", "followed by"))
_SEPARATORS = frozenset(",;|+/")
_NAME_END = re.compile(r"\s+(?:-|–|—|\|)\s+|:\s+|;\s+|,\s+|\.\s+")
_FILLER = re.compile(
    r"(?:\b(?:for|of|about|ca|on|in|each|ea|and|at|with|then|für|mit|und|je|por|durante|con|y)\b|[~@=|])\W*$", re.I
)
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


class Entry(Struct):
    """One exercise of a line. `measure` is a number of breaths or a distance, `counted` the reps without a length of time.

    `guesses` say what the line does not say, `unused` what of the line could not be understood.
    """

    name: str = ""
    setup: list[str] = field(default_factory=list)
    work: DurationRange | None = None
    measure: Token | None = None
    sets: int = 0
    reps: int = 0
    reps_text: str = ""
    counted: str = ""
    hold: DurationRange | None = None
    rest_ms: int | None = None
    release_ms: int | None = None
    sides: tuple[str, ...] = ()
    facts: dict[Kind, Token] = field(default_factory=dict)
    guesses: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)

    @property
    def has_dose(self) -> bool:
        """Whether it says how long or how often."""
        return bool(self.work or self.reps or self.sets)


def read_entries(tokens: Sequence[Token]) -> tuple[list[Entry], int, str]:
    """The exercises of a line, how often they are done in turns, and a label before them."""
    segments = _segments(tokens)
    count, label = _take_rounds(segments) if len(segments) > 1 else (1, "")
    return [read_entry(segment) for segment in segments], count, label


def _take_rounds(segments: list[list[Token]]) -> tuple[int, str]:
    """How often the segments are done, and the label before them; both are taken out of them.

    `10 x 1 min hard, 1 min easy`, `1 min hard, 1 min easy, repeat 10 times`; `Abs:` before the first is no name.
    """
    first, last = segments[0], segments[-1]
    label = ""
    colon = next((i for i, token in enumerate(first[:4]) if token.text == ":"), 0)
    if colon and all(token.kind is Kind.WORD for token in first[:colon]) and first[colon + 1].kind is Kind.WORD:
        label, segments[0] = joined(first[:colon]), first[colon + 1 :]
    counts = [token for token in of_kind([*first[:1], *last], Kind.SETS) if token is first[0] or token.is_repeat]
    if len(counts) != 1 or any(of_kind(each, Kind.SETS) for each in segments[1:-1]):
        return 1, label
    for at in (0, -1):
        segments[at] = [token for token in segments[at] if token is not counts[0]]
    if segments[0][0].text in ("(", ":"):
        segments[0] = segments[0][1:]
    return max(1, counts[0].number), label


def _segments(tokens: Sequence[Token]) -> list[list[Token]]:
    """Parts of a line, each of them an exercise with its own words and length: `Run 3 min, walk 1 min`."""
    chunks: list[list[Token]] = [[]]
    for token in tokens:
        is_mark = token.kind is Kind.MARK and token.text in _SEPARATORS
        if (is_mark or token.text.lower() in _THEN) and chunks[-1]:
            chunks.append([])
        chunks[-1].append(token)
    segments: list[list[Token]] = []
    for chunk in chunks:
        if segments and not any(
            _has_length_of_words(chunk, side) and _has_length_of_words(segments[-1], side) for side in (0, 1)
        ):
            segments[-1] += chunk
        else:
            segments.append([token for token in chunk if not segments or token.text.lower() not in _THEN])
    return segments


def _has_length_of_words(tokens: Sequence[Token], after: int) -> bool:
    """Whether there is a length or a count with words before it (`Run 3 min`, `Squats 3x10`), or a length with words after it."""
    doses = [t for t in of_kind(tokens, Kind.LENGTH) if t.time and t.time.low >= MIN_SECONDS * SECOND]
    if not after:
        doses += [
            t
            for t, more in pairwise([*tokens, BREAK])
            if t.kind in (Kind.REPS, Kind.DISTANCE) or (t.kind is Kind.SETS and more.kind is Kind.NUMBER)
        ]
    if not doses:
        return False
    is_after = [token.start >= doses[0].end for token in words_of(tokens) if token.text.lower() not in _THEN]
    return bool(is_after) and (all(is_after) if after else not all(is_after))


def read_entry(tokens: Sequence[Token]) -> Entry:
    """The exercise that the tokens are. Each fact is used, or its words go to the setup and to `unused`."""
    entry = Entry()
    texts: list[Token] = []
    cut: int | None = None
    for before, token in pairwise([BREAK, *resolved(list(tokens))]):
        is_fact = token.kind not in (Kind.WORD, Kind.MARK, Kind.NUMBER)
        if is_fact and (token.kind is Kind.LEFT_OUT or _use(entry, token)):
            cut = len(texts) if cut is None else cut
            continue
        if is_fact or (token.kind is Kind.NUMBER and before.kind is Kind.SETS):
            entry.unused.append(token.text)
        if token is BREAK and cut is None:
            cut = len(texts)
        texts.append(token)
    if entry.sets > MAX_SETS and not (entry.work or entry.reps or entry.measure):
        entry.sets, entry.reps = 0, entry.sets
    entry.name, entry.setup = _name_and_setup(texts, len(texts) if cut is None else cut)
    _rest_between_reps(entry)
    _guess(entry)
    return entry


def _rest_between_reps(entry: Entry) -> None:
    """Repetitions with a rest after each, and long holds with a rest, are sets: `5 reps, hold 20 s, rest 20 s between each`."""
    rest, each = entry.facts.get(Kind.REST), entry.hold or entry.work
    if not rest or not entry.reps or not each:
        return
    if entry.sets <= 1 and (rest.scope in ("reps", "any") or each.low >= MAX_HOLD_MS):
        entry.unused += [entry.facts[Kind.LENGTH].text] if entry.hold and entry.work else []
        entry.sets, entry.reps, entry.work, entry.hold = entry.reps, 0, each, None
    if entry.reps and (rest.scope == "reps" or _RELAX.search(rest.text)):
        entry.release_ms, entry.rest_ms = entry.rest_ms, None


def _use(entry: Entry, token: Token) -> bool:
    """Put a fact into the exercise; False if it has one of that kind already.

    What is said again for the other side is the same fact: `45 s left, 45 s right`, `10 forwards, 10 backwards`.
    """
    fields = _FIELDS[token.kind]
    before = entry.facts.setdefault(token.kind, token)
    if before is not token:
        side = entry.facts.get(Kind.SIDES)
        if before.scope == token.scope == "ways":
            entry.reps += token.number
            entry.reps_text += f", {token.text}"
            return True
        if {before.sides, token.sides} == {("left",), ("right",)}:
            entry.sides = (*entry.sides, *token.sides)
            return True
        return side is not None and len(side.sides) == 1 and is_same(before, token)
    if any(getattr(entry, name) for name in fields):
        return False
    if token.kind is Kind.LENGTH and token.note:
        entry.guesses.append(f"“{token.text}” {token.note}")
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
    if entry.reps_text and not entry.reps:
        entry.setup.insert(0, entry.reps_text)
    if re.search(r"\d\s?(?:[-–]|to|bis|a)\s?\d", entry.reps_text):
        entry.guesses.append(f"“{entry.reps_text}” is a range; {entry.reps} is taken")
    if entry.reps and (each := entry.hold or entry.work):  # `10 reps, hold 5s`, `10 reps of 5s`
        if entry.hold and entry.work:
            entry.unused.append(f"{ms_to_text(entry.work.low)}-{ms_to_text(entry.work.high)}")
        entry.hold = each
        ms = entry.reps * (each.high + (entry.release_ms or RELEASE_MS))
        guess = f"between the holds there is no length of time; {ms_to_text(RELEASE_MS)} is a guess"
        guess = "" if entry.release_ms else guess
        if re.search(r"[^\W\d]+ [^\W\d]+", entry.reps_text):  # `10 slow reps`
            entry.setup.insert(0, entry.reps_text)
        if each.low < each.high:
            entry.guesses.append(f"each rep takes {ms_to_text(each.high)}, not {ms_to_text(each.low)}")
    elif entry.work:
        return
    elif entry.reps:
        ms = entry.reps * REP_MS
        entry.counted, guess = reps, ""
    elif measure is not None and measure.kind is Kind.BREATHS:
        ms = max(1, measure.number) * BREATH_MS
        guess = f"{measure.text} have no length of time; {ms_to_text(ms)} is a guess, at 5 seconds a breath"
    elif measure is not None:
        ms = max(SECOND, round(_kilometres(measure.text) * KILOMETRE_MS) // SECOND * SECOND)
        guess = f"{measure.text} is a distance; {ms_to_text(ms)} is a guess, at 6 minutes a kilometre"
    else:
        return
    entry.work = DurationRange(ms, ms)
    entry.guesses += [guess] if guess else []


def _kilometres(text: str) -> float:
    match = re.match(r"([\d.,]+)\s*(.*)", text.lower())
    assert match  # the token begins with its number
    number, unit = match.groups()
    metres = 1000 if unit[0] == "k" else 1609.344 if unit[:2] == "mi" else 0.9144 if unit[0] == "y" else 1
    return float(number.replace(",", ".")) * metres / 1000


def _name_and_setup(texts: list[Token], cut: int) -> tuple[str, list[str]]:
    """The name: words before the facts, up to a dash or comma. The setup: what is in brackets, and all other words."""
    before, asides = _without_brackets(texts[:cut])
    after, more = _without_brackets(texts[cut:])
    name, *rest = before.strip(EDGE), *after.split("\n")
    if not name:
        name, rest[0] = rest[0].strip(EDGE), ""
    while (shorter := _FILLER.sub("", name).strip(EDGE)) != name and shorter:
        name = shorter
    name, *remark = _NAME_END.split(name, maxsplit=1)
    parts = [*remark, *map(without_filler, rest), *asides, *more]
    stripped = [part.strip(EDGE) for part in parts]
    return " ".join(name.split()), [part for part in stripped if part and not FILLER_WORDS.fullmatch(part)]


def without_filler(words: str) -> str:
    """Without a small word before a fact that was taken out: `straighten the knee and`."""
    return words if re.search(r"\w[.!?]$", words) else _FILLER.sub("", words.strip(EDGE))


def _without_brackets(tokens: Sequence[Token]) -> tuple[str, list[str]]:
    """The words outside of brackets, and those in each pair of brackets."""
    outside: list[Token] = []
    inside: list[list[Token]] = []
    depth = 0
    for token in tokens:
        if token is BREAK:
            depth = 0
        if token.kind is Kind.MARK and token.text in ("(", "["):
            depth += 1
            inside.append([])
        elif token.kind is Kind.MARK and token.text in (")", "]"):
            depth = max(0, depth - 1)
        else:
            (inside[-1] if depth else outside).append(token)
    return joined(outside), [joined(each) for each in inside]
