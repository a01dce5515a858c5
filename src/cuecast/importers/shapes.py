"""The shapes of the lines of a hand-out: a number, a bullet, capitals, a short line above a text; what such a line may be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from cuecast.importers.asides import is_advice
from cuecast.importers.counts import MEASURES, is_dose
from cuecast.importers.facts import Kind
from cuecast.importers.line_kinds import SENTENCE_END, LineKind, is_sentence, read_body
from cuecast.importers.tables import Row
from cuecast.importers.tokens import Token, normalise, of_kind, scan

_MOST_HEAD_WORDS = 9
MANY_WORDS = 15
_NUMBER = re.compile(
    r"\W{0,3}(?:(?:exercise|übung|ejercicio)\s?(?:n[.ºo]{1,2}\s?)?)?(\d{1,2})(?:\s?[.)]\s?[-–]?|\s?[-–:]\s|º\s?[-–.)]?\s|\s+(?=(?-i:[A-ZÄÖÜÁÉÍÓÚÑ])))\s*(?=[^\W\d])", re.IGNORECASE
)  # fmt: skip
_KEYCAP = re.compile("^(?:(\\d)\ufe0f?\u20e3|\U0001f51f)\\s*")
_LETTER = re.compile(r"\(?([A-Za-z])[.)]\s+(?=[^\W\d])")
_STATION = re.compile(r"(?:station|estación)\s(?:[A-Z]|\d{1,2})\s?[.):–-]\s*", re.IGNORECASE)
BULLET = re.compile(r"(\*(?=\s)|\[[ xX]?\]|(?!--)[^\w\s\"'“„«¡¿(\[#*_~=|]{1,3})\s*(?=[\w*¡¿(])")
_MARKS = re.compile(
    r"(#{1,6}|-{2,}|\*{1,3}|_{1,2}|~+|=+|<+|>+)\s*([^*_~=]+?)\s*:?\s*(?:-{2,}|\*{1,3}|_{1,2}|~+|=+|>+|#*)\s*:?"
)
LEAD = re.compile(
    r"((?-i:[A-ZÄÖÜÁÉÍÓÚÑ][A-ZÄÖÜÁÉÍÓÚÑ,'’ -]{3,})[^.:!?]{0,30}?)\.\s(?=\S+\s\S)|([^\W\d_][^.:!?–—]{2,50}?)(?:\s[-–—]\s|:\s+|\s?[–—]\s)(?=\S+\s\S|\d)"
)
_CAPITALS = re.compile(
    r"(?:\d{1,3}[/-]\d{1,3}\s)?(?:(?:[A-ZÄÖÜÁÉÍÓÚÑ/&'’-]{2,}[\s,:+-]+)*[A-ZÄÖÜÁÉÍÓÚÑ/'’-]{4,}\b|(?:[A-ZÄÖÜÁÉÍÓÚÑ/&'’-]{2,}\s){2,})"
)
FIELD = re.compile(
    r"(?:sets?|reps?|repetitions?|repeat|complete|perform|distance|hold(?:ing)?(?: time)?|rest|sides?|time|duration|frequency|daily|weekly|tempo|rpe|dose|dosage|rx|resistance|weight|load|how (?:much|many|often)|comments?|equipment(?: needed)?|goal|purpose"
    r"|set-?up|movement|start(?:ing)? position|position|execution|instructions?|how to(?: do it)?|tips?|notes?|caution|progression|why|focus|cues?|points?|remember|begin"
    r"|sätze|serien|wdh|wiederholungen|halten|pause|seiten?|dauer|häufigkeit|dosierung|dosis|umfang|hilfsmittel|gewicht|widerstand|hinweis|ausführung|durchführung|ausgangs(?:position|stellung)|start|ziel|tipp|steigerung|wichtig|variante"
    r"|series|repeticiones|mantener|descanso|lados?|tiempo|duración|frecuencia|pauta|material|peso|carga|objetivo|posición(?: inicial)?|ejecución|cómo|consejo|nota|ojo|precaución|progresión|observaciones)\.?\s?(?:[:?]|(?=\d))", re.IGNORECASE
)  # fmt: skip
"""What an exercise says in a line of its own: `Sets: 3`, `Starting position: …`."""

SAID_FIELD = re.compile(
    r"(?:tempo|rpe|weight|load|resistance|gewicht|widerstand|peso|carga)\s?(?::|(?=\d))", re.IGNORECASE
)
"""A field whose number is only spoken: `RPE: 7`."""

_MARK = re.compile(r"\W{0,3}(?:\d{1,2}|[A-Za-z])\s?[.):]\s+")
_COUNT_BEHIND = re.compile(r"[^\W\d](?::|\s[-–—x×])\s?\d{1,3}\W*$")
_PART_NUMBER = re.compile(r"^(?:[IVX]+|[A-Z]|\d{1,2})[.)]\s+")
BOLD = re.compile(r"(?:[*#]|[=~]{2})\S|#\s|\*\*")
_PART = re.compile(
    r"(?:\w+ )?(?:part|teil|parte|circuit|circuito|zirkel|warm[ -]?up|cool[ -]?down|finisher)\b", re.IGNORECASE
)
FIRST_SENTENCE = re.compile(r"([^\W\d_][^\s.!?:]*(?:\s[^\s.!?:]+){0,5})\.\*?\s(?=(?:\S+\s){6})")
_LABEL = re.compile(r"[A-H]\d{1,2}\s?[.):]?\s+(?=[^\W\d])")
_INNER_NUMBER = re.compile(r"^\d{1,2}\s?[.)]?\s+(?=[^\W\d])")
_NO_END = re.compile(r"[\w)!’'\"”»]$")


class Start(Struct):
    """A row that may begin an exercise: its place, its words without the mark, and the number that it has."""

    at: int
    words: str
    number: int = 0


class Rows:
    """The rows, each read once."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = rows
        self.dosed: dict[int, bool] = {}
        self.named: dict[int, bool] = {}

    def tokens(self, at: int) -> list[Token]:
        """The tokens of a row, or of its begin if it is long."""
        return scan(normalise(self.rows[at].text[:300]))

    def has_dose(self, at: int) -> bool:
        """Whether a row says how long or how often, and is no advice."""
        if at not in self.dosed:
            self.dosed[at] = self._has_dose(at)
        return self.dosed[at]

    def _has_dose(self, at: int) -> bool:
        row, tokens = self.rows[at], self.tokens(at)
        counted = any(a.kind is Kind.NUMBER and b.kind is Kind.SIDES for a, b in pairwise(tokens))
        counted |= _COUNT_BEHIND.search(row.text) is not None
        if not (counted or of_kind(tokens, *MEASURES)):
            return False
        sentences = SENTENCE_END.split(row.text[:300])
        return any(
            of_kind(scan(normalise(each)), *MEASURES, Kind.NUMBER) and not is_advice(each, in_list=True)
            for each in sentences
        )

    def is_exercise(self, at: int) -> bool:
        """Whether a row is an exercise of its own: a name with its dose."""
        if at not in self.named:
            self.named[at] = self._is_exercise(at)
        return self.named[at]

    def _is_exercise(self, at: int) -> bool:
        row = self.rows[at]
        if not self.has_dose(at) or row.cells or FIELD.match(row.text) or is_sentence(row.text):
            return False
        match = BULLET.match(row.text) or _MARK.match(row.text)
        text = row.text[match.end() :] if match else row.text
        line = read_body(row, normalise(text[:300]))
        is_named = 0 < len(line.text.split()) <= 5 and line.text[:1].isupper()
        return line.kind is LineKind.EXERCISE and is_named and line.tokens[0].kind is Kind.WORD

    def is_break(self, at: int) -> bool:
        """Whether a row is empty, a ruler, or outside."""
        return not 0 <= at < len(self.rows) or not self.rows[at].text

    def is_heading(self, at: int) -> bool:
        """Whether a row is the heading of a part: short, marked as such, no dose."""
        text = self.rows[at].text
        text = _PART_NUMBER.sub("", text)
        if len(text.split()) > _MOST_HEAD_WORDS or self.has_dose(at):
            return False
        return bool(_CAPITALS.match(text) or _MARKS.fullmatch(text) or text.endswith(":"))


def shapes_of(read: Rows, at: int) -> Iterator[tuple[str, Start]]:
    """The shapes that a row has."""
    row = read.rows[at]
    text = row.text
    if read.is_break(at) or len(text) > 2_000:
        return
    text = _KEYCAP.sub(lambda match: f"{match[1] or 10}. ", text)
    if match := _NUMBER.match(text):
        yield "number", Start(at, text[match.end() :], int(match[1]))
        return
    if match := _LETTER.match(text):
        yield "letter", Start(at, text[match.end() :], ord(match[1].upper()) - 64)
        return
    if match := _LABEL.match(text):
        yield "label", Start(at, text[match.end() :])
        return
    if match := BULLET.match(text):
        yield f"bullet {match[1]} {row.indent}", Start(at, text[match.end() :])
        yield f"bullets {row.indent}", Start(at, text[match.end() :])
        return
    if FIELD.match(text):
        return
    if match := _STATION.match(text):
        text = text[match.end() :]
        yield "station", Start(at, text)
    words = text
    if match := _MARKS.fullmatch(text):
        words = _INNER_NUMBER.sub("", match[2])
        yield f"marks {match[1]}", Start(at, words)
    if read.is_break(at - 1) and FIRST_SENTENCE.match(words):
        yield "sentence", Start(at, words)
    is_short = len(words.split()) <= _MOST_HEAD_WORDS
    if _CAPITALS.match(words):
        yield "capitals", Start(at, words)
    if read.is_break(at - 1) and LEAD.match(words):
        yield "lead", Start(at, words)
    is_title = is_short and words[:1].isupper() and _NO_END.search(words)
    is_alone = read.is_break(at + 1) or BULLET.match(read.rows[at + 1].text)
    if is_title and not is_alone and not read.is_exercise(at) and read.is_break(at - 1):
        yield "head", Start(at, words)
    if is_title and not is_alone and not read.is_exercise(at):
        yield "title", Start(at, words)
    if is_title and at > 0 and read.rows[at - 1].is_ruler:
        yield "ruler", Start(at, words)


def is_part(words: str) -> bool:
    """Whether a row looks like the heading of a part, if other starts do not."""
    words = _PART_NUMBER.sub("", words.lstrip("*=~#- "))
    return _CAPITALS.match(words) is not None or _PART.match(words) is not None


def is_nameless(head: str) -> bool:
    """Whether a head begins with a dose."""
    tokens = [token for token in scan(normalise(head[:300])) if token.kind is not Kind.MARK]
    return not tokens or (is_dose(tokens) and tokens[0].kind is not Kind.WORD)
