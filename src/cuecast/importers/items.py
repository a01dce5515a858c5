"""An exercise of a hand-out out of its rows: what its lines and sentences say of the dose, and the words of its setup."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec
from msgspec import Struct, field

from cuecast.importers.asides import is_advice
from cuecast.importers.counts import BREAK, FILLER_WORDS, MAX_REPS, MEASURES, MIN_PLAIN_SECONDS, is_dose, with_numbers
from cuecast.importers.defaults import Defaults
from cuecast.importers.dose import EDGE, Entry, read_entry, without_filler
from cuecast.importers.facts import Kind
from cuecast.importers.layout import Item
from cuecast.importers.line_kinds import ONLY_REST, Line, LineKind, noted_tokens
from cuecast.importers.shapes import BULLET, FIELD, FIRST_SENTENCE, LEAD, SAID_FIELD
from cuecast.importers.sides import ONE_SIDE, are_both, are_in_turns, are_unsure, of_sentence
from cuecast.importers.tokens import Token, joined, normalise, of_kind, scan
from cuecast.model.duration import SECOND, DurationRange
from cuecast.phrases.lengths import NUMBERS
from cuecast.phrases.patterns import one_of

LONG_ROW = 60
"""A row so long may go on in the next one."""

LONG_NAME = 9
"""A name with more words ends at its first comma or full stop."""

SHORT_MS = 10 * SECOND
"""Who holds something for less does so several times."""

MAX_PAUSE_MS = 5 * SECOND
"""`Pause for 3 seconds`: so short a pause is no rest."""

MAX_COUNT = 50
"""A larger number without a unit is no count of repetitions."""

COUNTS = re.compile(rf"[x×]?\s?(?:\d|(?:{one_of(NUMBERS)})\s)", re.IGNORECASE)
FIRST_CLAUSE = re.compile(r"((?:[^\s.!?,]+\s){0,5}[^\s.!?,]{2,})[.!?:,]\s")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[)\"”]?\s+(?=[^\W_a-zäöü(]|[(¡¿])|\s+[|]\s+")
_ABBREVIATION = re.compile(
    r"(?:\b[^\W\d]|\b(?:sek|min|seg|wdh|secs?|mins|reps?|ca|bzw|li|re|max|ej|approx|no|nr|ex))\.$", re.IGNORECASE
)
_LABEL = re.compile(
    r"(?:dos(?:ierung|age|is|e)|how (?:much|many|often)|rx|umfang|wie (?:viel|oft)|cantidad|cuánto|pauta|prescription|amount|menge|do)\s?[:?]+\s*"
    r"|(?:->|=>|>>|»|→|➡️?|👉\W{0,2})\s*",
    re.IGNORECASE,
)
_COUNT_OF = re.compile(
    rf"(?!(?:one|two|un|una|ein|eine)\b)(\d{{1,2}}|{one_of(NUMBERS)})\s(?!(?:min|sec|sek|seg|hour|stund|hora|sets?|sätze|seri|round|rund|times|mal|veces|breath|atem|resp|met|cm|kg)\w*)[^\W\d]{{3,}}\W*", re.IGNORECASE
)  # fmt: skip
"""A count of whatever is done: `Diez subidas.`"""

_NONE = re.compile(r"[^:]{2,20}:\s*(?:[-–—/]+|n/?a|none|keine?|no)\s*", re.IGNORECASE)
"""A field without a value: `Hold: -`."""

_BRACKETS = re.compile(r"\s?\(([^()]+)\)")
_COMMA = re.compile(r"[,;]\s|\s[-–—]\s|:\s|\.\s")
_CONDITION = re.compile(
    r"(?:if|when|once|as you|as it|after a|next week|progress|to progress|build up|increase|wenn|falls|sobald|später|steigern|si|cuando|más adelante|progres\w*)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"\b(?:if|once|unless|until|wenn|falls|sobald|si|cuando|hasta que)\s[^,;–—]*", re.IGNORECASE)
_NO_DOSE_BEFORE = re.compile(
    r"\b(?:every|after|within|last|lasts|wait|than|alle|nach|innerhalb|länger als|cada|después de|tras|espera|más de|another|count of|(?:baja[rs]?|baje|sube[s]?|suba|lower|down|senken|runter) (?:en|in|over|for))\s$",
    re.IGNORECASE,
)
_NO_DOSE_AFTER = re.compile(
    r"\s?(?:before|after|later|ago|earlier|up\b|down\b|in\b(?! total)|out\b|vorher|nachher|später|danach|hoch|runter|antes|después|subiendo|bajando|arriba y)",
    re.IGNORECASE,
)
_FOR = re.compile(r"\b(?:for|hold|holding|für|durante|mantén|mantenga)\s$", re.IGNORECASE)
_PAUSE = re.compile(r"\bpause\b(?! zwischen)", re.IGNORECASE)
_IN_PROSE = (*MEASURES, Kind.REST, Kind.SIDES, Kind.LEFT_OUT)
_COUNTS_IN_PROSE = (Kind.REPS, Kind.HOLD, Kind.SETS, Kind.BREATHS)


class _Found(Struct):
    """What an exercise says: facts, those of its doses first; its words in their order; doses that are only spoken."""

    facts: list[Token] = field(default_factory=list)
    in_prose: list[Token] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    ignored: list[Token] = field(default_factory=list)


def read_item(item: Item, defaults: Defaults) -> Line:
    """The line of an exercise: all of its rows."""
    head, rest = _name_and_rest(item)
    found = _Found()
    for fragment in _fragments(rest, item):
        _read(fragment, found)
    tokens = scan(normalise(head))
    has_facts = any(token.kind not in (Kind.WORD, Kind.MARK, Kind.NUMBER, Kind.EACH) for token in tokens)
    text = " ".join([item.head, *item.row.cells, *(row.text for row in item.body)])
    facts = [*(tokens if has_facts else []), BREAK, *found.facts, *found.in_prose]
    facts += defaults.tokens_for(facts, head, text)
    entry = read_entry(_with_reps(facts))
    if not has_facts:
        name = normalise(head).strip(EDGE)
        entry.name = _BRACKETS.sub("", name).strip(EDGE) or name
        entry.setup += [words for words in _BRACKETS.findall(name) if entry.name != name]
    entry.setup += found.words
    entry.guesses += _doubts(entry, text)
    line = Line(item.row, LineKind.EXERCISE, entry.name, item.row.text, facts, entries=[entry])
    line.ignored, line.noted = found.ignored, noted_tokens(facts)
    line.below = [*item.row.cells, *(row.text for row in item.body)]
    line.is_bulleted = line.has_dose_below = True
    is_more = entry.reps or entry.sets or entry.sides or entry.rest_ms or entry.measure
    if ONLY_REST.fullmatch(entry.name) and entry.work and not is_more:
        line.kind, line.rest_ms, line.entries = LineKind.REST, entry.work.high, []
        line.comment = "; ".join((*entry.setup, *entry.unused))
    return line


def _with_reps(facts: list[Token]) -> list[Token]:
    """The facts; how often, if nothing else is said, is a count of repetitions: `5 rounds`."""
    if of_kind(facts, *(kind for kind in MEASURES if kind is not Kind.SETS)) or of_kind(facts, Kind.NUMBER):
        return facts
    return [
        msgspec.structs.replace(token, kind=Kind.REPS) if token.kind is Kind.SETS and token.scope != "sets" else token
        for token in facts
    ]


def _doubts(entry: Entry, text: str) -> Iterator[str]:
    if entry.work and not (entry.reps or entry.measure) and entry.work.high < SHORT_MS and entry.sets <= 1:
        yield "how often is not said; it is done once"
    if not entry.sides and are_unsure(text):
        yield "whether it is done on each side is not sure; it is done once"


def _name_and_rest(item: Item) -> tuple[str, str]:
    """The words of the name, and those that follow it in its row."""
    head = item.head
    match = LEAD.match(head)
    if not match and len(head.split()) > LONG_NAME:
        match = FIRST_SENTENCE.match(head) or FIRST_CLAUSE.match(head)
    if match and (len(head) > len(match[0]) + 25 or not item.body or COUNTS.match(head, match.end())):
        return match[match.lastindex or 1], head[match.end() :]
    return head, ""


def _fragments(rest: str, item: Item) -> Iterator[str]:
    """Its words in sentences, fields and lines of a dose; lines that go on in the next one are joined."""
    paragraphs = [rest] if rest else []
    before = rest
    for row in item.body:
        if row.fields:
            paragraphs += row.fields
        elif paragraphs and _goes_on(before, row.text):
            paragraphs[-1] += f" {row.text}"
        else:
            paragraphs.append(row.text)
        before = "" if row.fields else row.text
    for paragraph in (*item.row.cells, *paragraphs):
        bullet = BULLET.match(paragraph)
        yield from _sentences(paragraph[bullet.end() :] if bullet else paragraph)


def _goes_on(above: str, text: str) -> bool:
    """Whether a row goes on in the next one."""
    if not above or BULLET.match(text) or _LABEL.match(text) or is_dose(scan(normalise(above))):
        return False
    return len(above) >= LONG_ROW or (text[0].islower() and above[-1] not in ".!?:")


def _sentences(text: str) -> Iterator[str]:
    """Its sentences; a full stop after an abbreviation ends none."""
    begun = 0
    for end in _SENTENCE_END.finditer(text):
        if not _ABBREVIATION.search(text[begun : end.start()]):
            yield text[begun : end.start()]
            begun = end.end()
    if text[begun:].strip():
        yield text[begun:]


def _read(fragment: str, found: _Found) -> None:
    """Read a sentence, a field or a line of a dose."""
    label = _LABEL.match(fragment)
    text = normalise(fragment[label.end() :] if label else fragment)
    if _NONE.fullmatch(fragment):
        return
    if SAID_FIELD.match(text):
        found.words.append(text)
        return
    tokens = scan(text)
    if match := _COUNT_OF.fullmatch(text):
        count = match[1].lower()
        tokens = [Token(Kind.REPS, text, 0, len(text), number=NUMBERS.get(count) or int(count))]
    if (of_kind(tokens, *MEASURES, Kind.NUMBER) and are_both(text, tokens)) or are_in_turns(text):
        found.facts.append(Token(Kind.SIDES, "", -1, -1, sides=("left", "right")))
        tokens = [token for token in tokens if token.sides not in ONE_SIDE]
    if is_dose(tokens, is_labelled=bool(label or FIELD.match(text))):
        _read_dose(tokens, found)
        return
    for part, is_part_dose in _split_dose(text):
        if is_part_dose:
            _read_dose(scan(part), found)
        else:
            _read_sentence(part, found)


def _read_dose(tokens: Sequence[Token], found: _Found) -> None:
    """Read what is nothing but a dose; the few words in it go to the setup."""
    known = with_numbers(_with_counts([_held(token) for token in tokens]))
    is_once = len(of_kind(known, *MEASURES)) > 1
    found.facts += [
        token
        for token in known
        if token.kind not in (Kind.WORD, Kind.MARK)
        and not (is_once and token.number == 1 and token.kind in (Kind.SETS, Kind.REPS) and token.scope != "sets")
    ]
    words = without_filler(joined(of_kind(known, Kind.WORD, Kind.MARK))).strip(EDGE + "()")
    if words and not FILLER_WORDS.fullmatch(words):
        found.words.append(words)


def _split_dose(text: str) -> Iterator[tuple[str, bool]]:
    """A dose that begins or ends a text, and its other words: `5 a side, get the elbow down`."""
    commas = [match.start() for match in _COMMA.finditer(text)]
    for at in reversed(commas):
        tokens = scan(text[:at])
        if is_dose(tokens) and of_kind(tokens, *MEASURES, Kind.NUMBER):
            yield text[:at], True
            yield text[at:].strip(EDGE), False
            return
    for at in commas if not _CONDITION.match(text) else ():
        tokens = scan(text[at:].strip(EDGE))
        if of_kind(tokens, *MEASURES) and is_dose(tokens) and not _CLAUSE.search(text):
            yield text[:at], False
            yield text[at:].strip(EDGE), True
            return
    yield text, False


def _read_sentence(text: str, found: _Found) -> None:
    """Read a sentence: the doses in it, and all its words."""
    if not text:
        return
    tokens = scan(text)
    facts = [token for token in tokens if token.kind not in (Kind.WORD, Kind.MARK, Kind.NUMBER)]
    numbers = of_kind(tokens, Kind.NUMBER)
    is_of_sets = len(numbers) == 1 and {each.kind for each in of_kind(facts, *MEASURES)} == {Kind.SETS}
    for before, number, after in zip([BREAK, *tokens], tokens, [*tokens[1:], BREAK], strict=False):
        is_count = before.kind is Kind.SETS or after.kind is Kind.SIDES or is_of_sets
        if number.kind is Kind.NUMBER and is_count and number.number <= MAX_REPS:
            facts.append(msgspec.structs.replace(number, kind=Kind.REPS))
    trusted = _trusted(text, facts)
    found.in_prose += map(_held, trusted)
    found.ignored += [each for each in facts if each not in trusted and each.kind in (*MEASURES, Kind.REST)]
    found.words.append(text)


def _trusted(text: str, facts: Sequence[Token]) -> list[Token]:
    """The facts of a sentence that are a dose: no `30 minutes before`, no `if you can, 20`, no `right arm`."""
    inside = [match.span() for match in _CLAUSE.finditer(text)]
    always = [Kind.SIDES, Kind.LEFT_OUT]
    if _CONDITION.match(text):
        inside = [(0, len(text))]
    elif is_advice(text, in_list=True) and not of_kind(facts, *_COUNTS_IN_PROSE):
        inside = [(0, len(text))]
        always.append(Kind.REST)
    trusted = []
    for token in facts:
        is_one = token.kind in (Kind.SETS, Kind.REPS) and token.number == 1
        if token.kind not in _IN_PROSE or (is_one and (token.scope != "sets" or text[token.end :].lstrip()[:1] == "=")):
            continue
        is_other = _NO_DOSE_BEFORE.search(text[: token.start]) or _NO_DOSE_AFTER.match(text, token.end)
        if token.kind is Kind.LENGTH and is_other and not _FOR.search(text[: token.start]):
            continue
        if token.kind not in always and any(begin <= token.start < end for begin, end in inside):
            continue
        trusted.append(token)
    return of_sentence(text, trusted, is_dosed=bool(of_kind(facts, *MEASURES)))


def _with_counts(tokens: Sequence[Token]) -> list[Token]:
    """A number without a unit is a count, unless it is a usual number of seconds: `12`, `10 a side`; but `Plank: 30`."""
    numbers = of_kind(tokens, Kind.NUMBER)
    has_sets = any(token.scope == "sets" for token in tokens)
    others = {token.kind for token in of_kind(tokens, *MEASURES)} - ({Kind.SETS} if has_sets else set())
    if len({number.number for number in numbers}) != 1 or others:
        return list(tokens)
    number, is_sided = numbers[0].number, bool(of_kind(tokens, Kind.SIDES))
    if number > MAX_COUNT or (number >= MIN_PLAIN_SECONDS and number % 15 == 0 and not is_sided):
        return list(tokens)
    note = "" if has_sets or is_sided else f"has no unit; {number} repetitions are a guess"
    first = msgspec.structs.replace(numbers[0], kind=Kind.REPS, note=note)
    return [first if each is numbers[0] else each for each in tokens if each not in numbers[1:]]


def _held(token: Token) -> Token:
    """`Pause for 3 seconds` is no rest: the position is held."""
    if (
        token.kind is not Kind.REST
        or not token.rest_ms
        or token.rest_ms > MAX_PAUSE_MS
        or not _PAUSE.search(token.text)
    ):
        return token
    return Token(Kind.HOLD, token.text, token.start, token.end, DurationRange(token.rest_ms, token.rest_ms))


def doses_in(text: str) -> list[Token]:
    """The doses of a text that are no advice."""
    return [] if _CONDITION.match(text) else of_kind(_trusted(text, scan(text)), *MEASURES)
