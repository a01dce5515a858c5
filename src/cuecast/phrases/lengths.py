"""Lengths of time as people type them: `45 sec`, `1 min 30`, `1'30"`, `1:00`, `1½ min`, `30-45s`, `2 Minuten`, `half a minute`.

`LENGTH` is a pattern to build others from; `read_length` says how long its match is.
"""

from __future__ import annotations

import re
from fractions import Fraction

from cuecast.model.duration import SECOND, DurationRange, up_to_second
from cuecast.phrases.patterns import FRACTIONS, one_of

_NUMBER_WORDS = (
    "one ein eine einmal un una once", "two zwei zweimal dos twice", "three drei dreimal tres thrice", "four vier viermal cuatro",
    "five fünf fünfmal cinco", "six sechs sechsmal seis", "seven sieben siete", "eight acht ocho", "nine neun nueve", "ten zehn diez",
    "eleven elf", "twelve zwölf doce", "thirteen dreizehn trece", "fourteen vierzehn catorce", "fifteen fünfzehn quince",
)  # fmt: skip
NUMBERS = {word: number for number, words in enumerate(_NUMBER_WORDS, 1) for word in words.split()}
NUMBERS |= {"once": 1, "twenty": 20, "zwanzig": 20, "veinte": 20, "thirty": 30, "dreißig": 30, "treinta": 30}
"""Small numbers in words, also how often: `three`, `dreimal`."""

_HALF_WORDS = {"half an": "½", "half a": "½", "half": "½", "halbe": "½", "eine halbe": "½", "media": "½", "medio": "½"}
_HALF_WORDS |= {"anderthalb": "1½", "eineinhalb": "1½"}
_HALF_MORE = re.compile(r"\s(?:and a half|einhalb|y media?o?)$", re.IGNORECASE)
_GLYPHS = "".join(FRACTIONS)
_WORDS = one_of([*NUMBERS, *_HALF_WORDS])
_NUMBER = rf"(?:[1-3]/[2-4](?=\s)|\d{{1,5}}(?:[.,]\d{{1,2}})?(?:\s?(?:[{_GLYPHS}]|[1-3]/[2-4]\b))?|[{_GLYPHS}]|(?:{_WORDS})(?:\sand a half)?(?=\s))"
_HOUR = r"(?:hours?|hrs?|h|stunden?|std|horas?)"
_MINUTE = r"(?:minutes?|minuten?|minutos?|mins?|m|′|'(?!'))"
_SECOND = r"(?:seconds?|sekunden?|segundos?|secs?|sek|segs?|s|″|''|\")"
_END = r"(?![^\W\d_])\.?"
_HOURS, _MINUTES, _SECONDS = (rf"{_NUMBER}\s?{unit}{_END}" for unit in (_HOUR, _MINUTE, _SECOND))
_AND = r"\s?(?:(?:and|und|y)\s)?"
_BARE = r"\s?[0-5]?\d(?![\w%.:]|\s*(?:[-–]\s*\d|x\b|×|(?:reps?|rpm|kg|km|m|times|sets?|series|rounds?|wdh|w)\b|(?:min|met|breath|atem|resp|wied)\w|%))"
"""A number after a unit counts in the next smaller one: `1 min 30`."""
_UNITS = (
    rf"(?:{_HOURS}(?:{_AND}(?:{_MINUTES}(?:{_AND}{_SECONDS})?|{_SECONDS}|\d{{1,2}}(?![\w%.:])))?"
    rf"|{_MINUTES}(?:{_AND}{_SECONDS}|{_BARE})?|{_SECONDS})"
)
_CLOCK = r"(?:\d{1,2}:)?\d{1,3}:[0-5]\d(?![\d:/])(?:\s?(?:h|min(?:s|utes?)?)\b\.?)?(?!\s*[ap]m\b)"
_TO = r"(?:\s?[-–]\s?|\s(?:to|bis|a)\s)"
_LOW = rf"\d{{1,4}}\s?(?:{_HOUR}|{_MINUTE}|{_SECOND})?{_TO}(?={_UNITS})"

LENGTH = rf"(?:{_CLOCK}|(?:{_LOW})?{_UNITS})"
"""A length or a range of them."""

_WITH_UNITS = re.compile(rf"(?<![\w.,:/+]){_UNITS}", re.IGNORECASE)
_RANGE = re.compile(rf"(\d{{1,4}})\s?({_HOUR}|{_MINUTE}|{_SECOND})?{_TO}(.+)", re.IGNORECASE)
_PART = re.compile(rf"({_NUMBER})\s?((?:{_HOUR}|{_MINUTE}|{_SECOND})(?![^\W\d_]))?", re.IGNORECASE)


def read_length(text: str) -> DurationRange:
    """The length that a match of `LENGTH` says; a bare number counts seconds."""
    if ":" in text:
        numbers = [int(number) for number in re.findall(r"\d+", text)]
        if re.search("h", text, re.IGNORECASE):
            numbers.append(0)
        ms = sum(number * 60**power for power, number in enumerate(reversed(numbers))) * SECOND
        return DurationRange(ms, ms)
    if match := _RANGE.fullmatch(text):
        high = _units_ms(match[3])
        last_unit = next((unit for _, unit in reversed(_PART.findall(match[3])) if unit), "s")
        low = int(match[1]) * _seconds_in(match[2] or last_unit) * SECOND
        return DurationRange(*sorted((low, high))) if low else DurationRange(high, high)
    ms = _units_ms(text)
    return DurationRange(ms, ms)


def find_length(text: str) -> tuple[int, int, DurationRange] | None:
    """Start, end and value of the first length with units in the text; one of no seconds is none."""
    match = _WITH_UNITS.search(text)
    length = read_length(match[0]) if match else None
    return (*match.span(), length) if match and length and length.low else None


def number_of(text: str) -> float:
    """A number as it is typed: `1.5`, `1,5`, `1½`, `½`, `2 1/2`, `two and a half`."""
    whole, more = _HALF_MORE.subn("", text.lower())
    whole = _HALF_WORDS.get(whole, whole)
    if whole in NUMBERS:
        return NUMBERS[whole] + more / 2
    match = re.fullmatch(rf"([\d.,]*)\s?([{_GLYPHS}]|\d/\d)?", whole)
    assert match, text
    fraction = FRACTIONS.get(match[2], match[2]) if match[2] else "0"
    return float(match[1].replace(",", ".") or 0) + float(Fraction(fraction))


def _units_ms(text: str) -> int:
    total, below = 0.0, 1
    for number, unit in _PART.findall(text):
        factor = _seconds_in(unit) if unit else below
        total += number_of(number) * factor
        below = {3600: 60}.get(factor, 1)
    return up_to_second(round(total * SECOND))


def _seconds_in(unit: str) -> int:
    for pattern, seconds in ((_HOUR, 3600), (_MINUTE, 60)):
        if re.fullmatch(pattern, unit, re.IGNORECASE):
            return seconds
    return 1
