"""The exercise that a part of a line is: its name, its dose, and the words of its setup.

Each fact is used, or its words go to the setup and to `unused`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

import msgspec
from msgspec import Struct, field

from cuecast.importers.tokens import Kind, Token, joined, of_kind
from cuecast.model.duration import SECOND, DurationRange, ms_to_text

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

REP_MS = 3 * SECOND
RELEASE_MS = 2 * SECOND
BREATH_MS = 5 * SECOND
KILOMETRE_MS = 360 * SECOND
"""Guesses: one repetition, the pause after a hold, one breath, and a kilometre at an easy run."""

EDGE = " ,;:-–—.|@&+~=/\n"
BREAK = Token(Kind.MARK, "\n", -1, -2)
"""Stands between the tokens of a line and those of a line below it."""

_RELAX = re.compile(r"relax|entspann|relaj", re.IGNORECASE)
_TIMES = re.compile(r"(?:times|mal|veces)\W*$", re.IGNORECASE)
_THEN = frozenset(("then", "dann", "luego", "después", "followed by"))
_SEPARATORS = frozenset(",;|+/")
_NAME_END = re.compile(r"\s+(?:-|–|—|\|)\s+|:\s+|;\s+|,\s+|\.\s+")
_FILLER = re.compile(
    r"(?:\b(?:for|of|about|ca|on|in|each|ea|and|at|with|then|für|mit|und|je|por|durante|con|y)\b|[~@=|])\W*$", re.I
)
FILLER_WORDS = re.compile(
    r"for|of|and|then|with|at|on|about|ca\.?|the|in|to|total|do|x|für|mit|und|je|y|con|hacer|realizar|perform|please|bitte|machen|repeat|complete", re.I
)  # fmt: skip
"""Words that say nothing beside a fact."""

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


def words_of(tokens: Sequence[Token]) -> list[Token]:
    """The words that can be part of a name."""
    return [token for token in of_kind(tokens, Kind.WORD) if not FILLER_WORDS.fullmatch(token.text)]


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
    for before, token in pairwise([BREAK, *_resolved(list(tokens))]):
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
        entry.sets, entry.reps, entry.work, entry.hold = entry.reps, 0, each, None
    if entry.reps and (rest.scope == "reps" or _RELAX.search(rest.text)):
        entry.release_ms, entry.rest_ms = entry.rest_ms, None


def _resolved(tokens: list[Token]) -> list[Token]:
    """The tokens with what depends on others: numbers without a unit, holds, and what is repeated how often."""
    tokens = _with_numbers(_with_holds(tokens))
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
        (is_by_side and _is_same(*counts)) or (len(counts) == 1 and bool(_TIMES.search(counts[0].text)))
    )
    is_all |= len(counts) > 1 and any(token.scope == "sets" for token in counts)
    return [
        msgspec.structs.replace(token, kind=Kind.REPS, text=f"{token.number} reps")
        if token.kind is Kind.SETS and token.scope != "sets" and (is_all or (token.number > MAX_SETS and is_held))
        else token
        for token in tokens
    ]


def _with_numbers(tokens: list[Token]) -> list[Token]:
    """A number without a unit is repetitions (`3x10`) or seconds (`Arm circles 30`), if nothing else says how long."""
    numbers = of_kind(tokens, Kind.NUMBER)
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
        return side is not None and len(side.sides) == 1 and _is_same(before, token)
    if any(getattr(entry, name) for name in fields):
        return False
    if token.kind is Kind.LENGTH and token.note:
        entry.guesses.append(f"“{token.text}” {token.note}")
    for name, value in fields.items():
        setattr(entry, name, getattr(token, value) if value else token)
    return True


def _is_same(fact: Token, other: Token) -> bool:
    return (fact.time, fact.rest_ms, fact.number) == (other.time, other.rest_ms, other.number)


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
    number, unit = re.match(r"([\d.,]+)\s*(.*)", text.lower()).groups()  # type: ignore[union-attr]
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
    parts = [*remark, *map(_without_filler, rest), *asides, *more]
    stripped = [part.strip(EDGE) for part in parts]
    return " ".join(name.split()), [part for part in stripped if part and not FILLER_WORDS.fullmatch(part)]


def _without_filler(words: str) -> str:
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
