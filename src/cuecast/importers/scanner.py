"""One line of somebody's notes as a list of tokens: words, numbers, marks, and facts such as a length, sides or a rest.

A grammar of one rule a fact, tried at each word in the table's order; what no rule takes is a word. So nothing of a
line is skipped: all of it is in some token. Words of English, German and Spanish are understood in any file.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from enum import StrEnum

from msgspec import Struct

from cuecast.importers.durations import LENGTH, read_length
from cuecast.model.duration import DurationRange, ms_to_text


class Kind(StrEnum):
    """What a token is."""

    WORD = "word"
    MARK = "mark"
    NUMBER = "number"
    LENGTH = "length"
    HOLD = "hold"
    ON_OFF = "on-off"
    REST = "rest"
    SIDES = "sides"
    SETS = "sets"
    REPS = "reps"
    BREATHS = "breaths"
    DISTANCE = "distance"
    EACH = "each"
    LEFT_OUT = "left out"


class Token(Struct, frozen=True):
    """A part of a line as it is typed. A length in `time`, that of a rest in `rest_ms`, a count in `number`.

    `scope` says what a rest lies between (`sets`, `rounds`, `exercises`, `any`). `note` is for the person who imports it.
    """

    kind: Kind
    text: str
    start: int
    end: int
    time: DurationRange | None = None
    rest_ms: int | None = None
    number: int = 0
    sides: tuple[str, ...] = ()
    scope: str = ""
    note: str = ""
    is_repeat: bool = False


_PLAIN_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "’": "'", "‘": "'"})
_NOTHING: dict[str, object] = {"time": None}
"""What a rule reads from a length of no seconds, which is no length."""

_NUMBER_WORDS = (
    ("one", "ein", "eine", "einmal", "un", "una", "once"), ("two", "zwei", "zweimal", "dos", "twice"),
    ("three", "drei", "dreimal", "tres", "thrice"), ("four", "vier", "viermal", "cuatro"),
    ("five", "fünf", "fünfmal", "cinco"), ("six", "sechs", "sechsmal", "seis"), ("seven", "sieben", "siete"),
    ("eight", "acht", "ocho"), ("nine", "neun", "nueve"), ("ten", "zehn", "diez"),
)  # fmt: skip
_NUMBERS = {word: number for number, words in enumerate(_NUMBER_WORDS, 1) for word in words}
_COUNT = rf"(?P<count>\d{{1,4}}|(?:{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})\b)"
_TIMES = r"(?:\s?[x×](?![^\W\d_])|\s?(?:times|mal|veces)\b|(?<=mal)\b|(?<=once)\b|(?<=twice)\b)"
_REST = r"(?:rest|pause[nr]?|break|recover(?:y)?|relax|breather|pausa|descanso|descansa|erholung)\b"
_TIME = rf"(?P<time>{LENGTH}|\d{{1,4}}(?![\w:/]))"
_OF = r"(?:\s*(?:for|of|time|is|is\s|von|für|de|:))*\s*"
_LEAD = r"(?:(?:then|and|with|mit|con|y|und)\s)?(?:(?:a|an|eine?|una?)\s)?(?:(?:short|long|kurze|corta)\s)?"
_SCOPES = {
    "sets": r"sets?|sätzen?|series?|reps?|wiederholungen|repeticiones",
    "rounds": r"rounds?|runden?|durchgängen?|circuits?|rondas?|vueltas?",
    "exercises": r"exercises?|übungen?|ejercicios?|moves?|stretch(?:es)?|stations?",
}
_BETWEEN = (
    r"(?:(?:in\s)?(?:between|zwischen|entre|after|nach|después de)\b|dazwischen\b)"
    r"(?:\s(?:each|every|the|all|den|jede[rmns]?|cada|las|los|tus))*\s?"
    + rf"(?P<scope>(?:{'|'.join(_SCOPES.values())})\b)?"
)
_PART = r"(?:sides?|legs?|arms?|foot|feet|hips?|shoulders?|calf|calves|knees?|hands?|way|direction)"
_SEITE = r"(?:seite|bein|arm|fuß|richtung|hand)"
_LADO = r"(?:lado|pierna|brazo|pie|mano)s?"
_BREATHS = r"(?:(?:deep|slow|full|tiefe|ruhige|langsame)\s)*(?:breaths?|atemzüge?n?|respiraciones|breathing cycles)"
_METRE = r"(?:\d{3,5}\s?m\b|\d{1,5}(?:[.,]\d+)?\s?(?:kms?|kilomet(?:er|re)s?|mtrs?|met(?:er|re)s?|metros?|miles?|mi|yards?|yds?)\b)"
_PERIOD = r"(?:day|daily|week|weekly|tag|täglich|woche|día|dia|semana)s?\b"
_EVERY = r"(?:/|a|per|each|every|pro|am|al|por|in der|die)"


def _time(text: str) -> DurationRange | None:
    length = read_length(text)
    return length if length.low else None


def _count(match: re.Match[str]) -> int:
    text = match["count"].lower()
    return _NUMBERS.get(text) or int(text)


def _rest(match: re.Match[str]) -> dict[str, object]:
    scope = match.groupdict().get("scope")
    if "scope" in match.groupdict():
        known = (name for name, words in _SCOPES.items() if re.fullmatch(words, scope or "", re.IGNORECASE))
        return {**_rest_ms(match["time"]), "scope": next(known, "any")}
    return _rest_ms(match["time"])


def _on_off(match: re.Match[str]) -> dict[str, object]:
    return {**_rest_ms(match["off"]), "time": _time(match["on"])}


def _rest_ms(text: str) -> dict[str, object]:
    """A rest has one length: of a range the longer one."""
    length = read_length(text)
    note = f"is a range; {ms_to_text(length.high)} is taken" if length.low < length.high else ""
    return {"rest_ms": length.high, "note": note}


def _sides(*sides: str) -> Callable[[re.Match[str]], dict[str, object]]:
    return lambda _: {"sides": sides}


_Read = Callable[[re.Match[str]], dict[str, object]]
DATE, PERSON = "is left out: a date", "is left out: about a person or a practice"
FREQUENCY = "is left out: how often"
_MONTH = r"(?:jan|feb|mar|mär|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez|ene|abr|ago|dic)[^\W\d_]*\.?"
_RULES: tuple[tuple[Kind, str, _Read], ...] = (
    (Kind.LEFT_OUT, rf"(?:(?:date|datum|fecha)\s?:\s*)?(?:\d{{4}}-\d\d-\d\d|\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}}"
     rf"|\d{{1,2}}\.? (?:de )?{_MONTH}(?: de)? \d{{4}}|{_MONTH} \d{{1,2}},? \d{{4}})(?!\w)", lambda _: {"note": DATE}),
    (Kind.LEFT_OUT, r"(?:patient|client|(?:physio)?therapist|physio|clinician|prescribed by|provided by|doctor|therapeut(?:in)?|arzt|ärztin"
     r"|paciente|fisioterapeuta|médico|phone|tel\.?|telefon|teléfono|e-?mail|address|adresse|dob|geburtsdatum)\s*:.*", lambda _: {"note": PERSON}),
    (Kind.LEFT_OUT, r"(?:frequency|how often|häufigkeit|frecuencia)\s*:.*", lambda _: {"note": FREQUENCY}),
    (Kind.LEFT_OUT, rf"{_COUNT}\s(?:days?|tage?|días)\s*{_EVERY}?\s(?:la )?{_PERIOD}", lambda _: {"note": FREQUENCY}),
    (Kind.LEFT_OUT, rf"(?:{_COUNT}{_TIMES}?|[x×]\s?\d+)\s*{_EVERY}?\s?{_PERIOD}", lambda _: {"note": FREQUENCY}),
    (Kind.LEFT_OUT, rf"(?:{_EVERY}\s)?(?:daily|every (?:other )?day|twice daily|täglich|jeden (?:zweiten )?tag|cada día)\b",
     lambda _: {"note": FREQUENCY}),
    (Kind.LEFT_OUT, rf"{LENGTH}\s(?:in all|in total|total|altogether|insgesamt|gesamt|en total)\b",
     lambda _: {"note": "is left out: how long it all takes"}),
    (Kind.ON_OFF, rf"(?P<on>{LENGTH}|\d{{1,4}})\s*(?:on|work|arbeit|belastung|trabajo|an)\b[\s,/;]*(?:and |then |und |y )?"
     rf"(?P<off>{LENGTH}|\d{{1,4}})\s*(?:off|rest|pause|recovery|aus|descanso)\b", _on_off),
    (Kind.ON_OFF, r"(?P<on>\d{2,3})\s?/\s?(?P<off>\d{1,3})(?=\s*(?:s|sec)?\s*[x×]\s?\d)", _on_off),
    (Kind.REST, rf"{_LEAD}{_REST}{_OF}{_TIME}\s*{_BETWEEN}", _rest),
    (Kind.REST, rf"{_TIME}\s*(?:of\s)?(?:{_REST}\s*|(?=in between|between|zwischen|entre)){_BETWEEN}", _rest),
    (Kind.REST, rf"{_BETWEEN}:?\s*{_LEAD}(?:{_REST})?{_OF}{_TIME}", _rest),
    (Kind.REST, rf"{_LEAD}{_REST}{_OF}{_TIME}", _rest),
    (Kind.REST, rf"(?:(?:then|with|mit|con)\s)?{_TIME}\s*(?:of\s)?{_REST}(?!{_OF}\d)", _rest),
    (Kind.SETS, rf"(?:for\s)?{_COUNT}\s(?:more|weitere)\s(?:rounds?|times|sets?|runden?|mal)\b",
     lambda m: {"number": _count(m) + 1, "is_repeat": True}),
    (Kind.SETS, r"(?:then |do |and )?(?:repeat|wiederhole[nt]?|repite|repetir)\b"
     rf"(?:\s(?:all|everything|this|that|it|the|above|circuit|following|alles|das|todo|el|circuito))*\s*{_COUNT}"
     rf"{_TIMES}?(?:\s?(?:sets?|rounds?|runden))?(?:\sin total)?", lambda m: {"number": _count(m), "is_repeat": True}),
    (Kind.SETS, rf"{_COUNT}\s?(?:sets?|sätze?|series?|rounds?|runden?|rondas?|vueltas|circuits?|durchgänge)\b"
     r"(?:\s(?:of|à|mit|von|de|con|through|in total|total|each))*", lambda m: {"number": _count(m)}),
    (Kind.SETS, r"(?:sets?|sätze|series|rounds|runden)\s*:\s*(?P<count>\d{1,3})\b", lambda m: {"number": _count(m)}),
    (Kind.REPS, r"(?:reps?|repetitions?|wdh|wiederholungen|repeticiones)\.?\s*:\s*(?:\d{1,3}\s?[-–]\s?)?(?P<count>\d{1,3})\b",
     lambda m: {"number": _count(m)}),
    (Kind.REPS, r"[x×]?\s?(?:\d{1,3}\s?[-–]\s?)?(?P<count>\d{1,3})\s*(?:reps?|repetitions?|wdh|wiederholungen|repeticiones)\b\.?",
     lambda m: {"number": _count(m)}),
    (Kind.BREATHS, rf"(?:\d{{1,3}}\s?[-–]\s?)?(?P<count>\d{{1,3}})\s{_BREATHS}\b", lambda m: {"number": _count(m)}),
    (Kind.HOLD, rf"(?:hold(?:ing)?|halten|halte|mantener|mantén|mantenga)\b(?:\s?(?:each|it|rep|time|for|für|por|at the top)\b|\s?:)*\s*{_TIME}",
     lambda m: {"time": _time(m["time"])}),
    (Kind.HOLD, rf"{_TIME}\s(?:holds?|halten)\b", lambda m: {"time": _time(m["time"])}),
    (Kind.DISTANCE, _METRE, lambda _: {}),
    (Kind.SETS, r"(?P<count>\d{1,3})\s?[x×](?=[\s\d,).:]|$)\s?", lambda m: {"number": _count(m)}),
    (Kind.SETS, r"[x×]\s?(?P<count>\d{1,4})\b(?!\s*(?:s|sec|min)\b)", lambda m: {"number": _count(m)}),
    (Kind.SETS, rf"{_COUNT}{_TIMES}", lambda m: {"number": _count(m)}),
    (Kind.LENGTH, rf"(?:(?:duration|time|work|dauer|zeit|duración|tiempo)\s?:\s?)?(?P<time>{LENGTH})",
     lambda m: {"time": _time(m["time"])}),
    (Kind.SIDES, r"both (?:(?:sides|legs|arms) )?(?:together|at once|at the same time)\b|beide (?:seiten )?gleichzeitig\b",
     _sides("both")),
    (Kind.SIDES, r"right\s*(?:[,/&+]|and|then)?\s*left\b|(?-i:R\s?[/+&]\s?L)\b|rechts\s*(?:[,/&+]|und)?\s*links\b",
     _sides("right", "left")),
    (Kind.SIDES, rf"left\s*(?:[,/&+]|and|then)?\s*right\b|(?-i:L\s?[/+&]\s?R)\b|links\s*(?:[,/&+]|und)?\s*rechts\b"
     rf"|(?:on )?(?:a|per|each|every|both|ea\.?)[ /]{_PART}\b|/ ?(?:side|leg|arm)\b|(?:je|pro|jede[rs]?) {_SEITE}\b"
     rf"|(?:beide|beidseits|jeweils) ?(?:seiten|beine|arme)\b|(?:cada|por|a cada|ambos|ambas) {_LADO}\b"
     rf"|izquierda\s*(?:[,/&+]|y)?\s*derecha\b", _sides("left", "right")),
    (Kind.SIDES, rf"(?:on (?:the|your) left(?: {_PART})?|left {_PART} only|(?:nur )?(?:left|links)(?: side| seite)?(?: only)?|(?-i:L)(?: only)?|izquierda)(?=\s*(?:$|[^\w\s'’]|\d))",
     _sides("left")),
    (Kind.SIDES, rf"(?:on (?:the|your) right(?: {_PART})?|right {_PART} only|(?:nur )?(?:right|rechts)(?: side| seite)?(?: only)?|(?-i:R)(?: only)?|derecha)(?=\s*(?:$|[^\w\s'’]|\d))",
     _sides("right")),
    (Kind.EACH, r"(?:(?:for |per )?(?:each|every|all)(?: exercises?)?(?: for)?|per exercise|jede übung|je übung|cada ejercicio)\b",
     lambda _: {}),
    (Kind.NUMBER, r"(?P<count>\d{1,4})(?![\w.:/%]|-\w)", lambda m: {"number": _count(m)}),
    (Kind.WORD, r"[^\s()\[\],;|–—]*[^\s()\[\],;|–—.:!?/-]", lambda _: {}),
    (Kind.MARK, r"\S", lambda _: {}),
)  # fmt: skip
_COMPILED = tuple((kind, re.compile(pattern, re.IGNORECASE), read) for kind, pattern, read in _RULES)
_SYMBOLS = {"So", "Cf", "Cs", "Co", "Sk"}


def normalise(line: str) -> str:
    """The line with plain letters, digits and quotes, and without emoji; fractions such as ½ stay as they are."""
    plain = (c if c in "½⅓⅔¼¾…°′″" else unicodedata.normalize("NFKC", c) for c in line)
    text = "".join(
        c for c in "".join(plain) if c == "°" or not (unicodedata.category(c) in _SYMBOLS or "\ufe00" <= c <= "\ufe0f")
    )
    text = re.sub(r"(?<!\w)w/(o\b)?\s?", lambda m: "without " if m[1] else "with ", text.translate(_PLAIN_QUOTES))
    return " ".join(text.split())


def scan(line: str) -> list[Token]:
    """All tokens of a line, without the space between them."""
    tokens: list[Token] = []
    at = 0
    while at < len(line):
        if line[at].isspace():
            at += 1
            continue
        tokens.append(_token(line, at))
        at = tokens[-1].end
    return tokens


def _token(line: str, at: int) -> Token:
    for kind, pattern, read in _COMPILED:
        if (match := pattern.match(line, at)) and (fields := read(match)) != _NOTHING:
            end = at + len(match[0].rstrip())
            return Token(kind, line[at:end], at, end, **fields)  # type: ignore[arg-type]
    raise AssertionError(f"no rule takes {line[at:]!r}")
