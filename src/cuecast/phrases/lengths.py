"""Lengths of time: in the plain form of a routine (`45s`, `1:30`, `30s-60s`), and as people type them.

`text_to_ms` and `text_to_range` read a value that is a length. For lengths in running text, such as `45 sec`, `1 min 30`,
`1'30"`, `1½ min`, `2 Minuten` or `half a minute`, `LENGTH` is a pattern to build others from; `read_length` reads its match.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NoReturn

from cuecast.model.duration import SECOND, DurationError, DurationRange, ms_to_text, range_to_text, up_to_second
from cuecast.phrases.patterns import FRACTIONS, one_of

_NUMBER_WORDS = (
    "one ein eine einer einen einmal un una once", "two zwei zweimal dos twice", "three drei dreimal tres thrice", "four vier viermal cuatro",
    "five fünf fünfmal cinco", "six sechs sechsmal seis", "seven sieben siete", "eight acht ocho", "nine neun nueve", "ten zehn diez",
    "eleven elf", "twelve zwölf doce", "thirteen dreizehn trece", "fourteen vierzehn catorce", "fifteen fünfzehn quince",
)  # fmt: skip
NUMBERS = {word: number for number, words in enumerate(_NUMBER_WORDS, 1) for word in words.split()}
NUMBERS |= {f"{word}mal": number for number, words in enumerate(_NUMBER_WORDS, 1) for word in words.split()[1:2]}
NUMBERS |= {
    "zwanzigmal": 20,
    "dreißigmal": 30,
    "once": 1,
    "twenty": 20,
    "zwanzig": 20,
    "veinte": 20,
    "thirty": 30,
    "dreißig": 30,
    "treinta": 30,
}
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

_WITH_UNITS = rf"(?<![\w.,:/+]){_UNITS}"
_RANGE = rf"(\d{{1,4}})\s?({_HOUR}|{_MINUTE}|{_SECOND})?{_TO}(.+)"
_PART = rf"({_NUMBER})\s?((?:{_HOUR}|{_MINUTE}|{_SECOND})(?![^\W\d_]))?"
# These are compiled when they are used first: that takes 20 ms, and few files need it.

_N = r"[0-9]{1,9}"
_PLAIN_UNITS = re.compile(rf"(?:({_N})h)?\s?(?:({_N})m)?\s?(?:({_N})s)?")
_PLAIN_CLOCK = re.compile(rf"(?:({_N}):([0-5]?[0-9])|({_N})):([0-5][0-9])")
_BROKEN_SECOND = re.compile(r"(?:[.,][0-9]+|[^\x00-\x7f′″])\s?(?:s|\"|″|'')", re.IGNORECASE)
"""A fraction of a second: lengths are whole ones."""
_TWO_DECIMALS = re.compile(rf"({_N})[.,]([0-5][0-9])\s?([hm′'])", re.IGNORECASE)
"""`1.30 min`: a minute and a half, or 1.3 minutes."""


def text_to_ms(text: str) -> int:
    """Read a duration: as for `text_to_range`. Whole seconds, in milliseconds. Raises DurationError."""
    words = " ".join(text.split())
    return _plain_ms(words) if words else _fail("a duration is missing")


def text_to_range(text: str) -> DurationRange:
    """Read a duration or a range of them: `45`, `1m30s`, `1:02:30`, `30s-60s`, `1:00-1:30`, `45 sec`, `1 to 2 min`.

    A low end that is a mere number counts in the unit of the high end: `10-20m` is `10m-20m`, `30-60s` is `30s-60s`.
    If that would run backwards, as in `30-1m`, or the high end has no one unit (`30-60`, `45-1:30`), it counts seconds.

    Raises DurationError for anything that is no whole number of seconds or could mean two things, and for a range that
    runs backwards.
    """
    words = " ".join(text.split())
    ends = re.split(_TO, words)
    if len(ends) != 2 or not ends[0] or ends[1][:1].isalpha():  # `half a minute` is none
        ms = text_to_ms(text)
        return DurationRange(ms, ms)
    faults, read = [], []
    for end in ends:
        try:
            text_to_ms(end)
            read.append(end)
        except DurationError as fault:
            faults.append(fault)
            read += [fault.suggestion] if fault.suggestion else []
    low, high = sorted(read, key=text_to_ms) if len(read) == 2 else ("", "")
    if faults:
        raise DurationError(str(faults[0]), (low and f"{low}-{high}") or None)
    span = DurationRange(_low_ms(*ends), text_to_ms(ends[1]))
    if span.low > span.high:
        raise DurationError(f"the range `{words}` runs backwards", range_to_text(DurationRange(span.high, span.low)))
    return span


def is_plain(text: str) -> bool:
    """Whether a length is in a form that a routine keeps: `45`, `1m30s`, `1:30`, `30s-60s`."""
    ends = text.replace("\u2013", "-").split("-")
    return all(re.fullmatch(_N, end.strip()) or _plainly(end.strip()) for end in ends)


def _plainly(words: str) -> re.Match[str] | None:
    return _PLAIN_CLOCK.fullmatch(words) or _PLAIN_UNITS.fullmatch(words)


def _low_ms(low: str, high: str) -> int:
    """The low end of a range, in the unit of the high end if it has none of its own."""
    ms, unit = text_to_ms(low), re.fullmatch(rf"{_N}\s?({_HOUR}|{_MINUTE}|{_SECOND})\.?", high, re.IGNORECASE)
    if unit and re.fullmatch(_N, low) and ms * _seconds_in(unit[1]) <= text_to_ms(high):
        return ms * _seconds_in(unit[1])
    return ms


def _plain_ms(words: str) -> int:
    if re.fullmatch(_N, words):
        return int(words) * SECOND
    if match := _PLAIN_CLOCK.fullmatch(words):
        hours, minutes, only_minutes, seconds = match.groups()
        return (int(hours or 0) * 3600 + int(minutes or only_minutes) * 60 + int(seconds)) * SECOND
    if match := _PLAIN_UNITS.fullmatch(words):
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        total = ms_to_text((hours * 3600 + minutes * 60 + seconds) * SECOND)
        if seconds >= 60 and (match[1] or match[2]):
            beside = "minutes" if match[2] else "hours"
            _fail(f"`{words}` has {seconds} seconds beside its {beside}; 59 is the most", total)
        if minutes >= 60 and match[1]:
            _fail(f"`{words}` has {minutes} minutes beside its hours; 59 is the most", total)
        return (hours * 3600 + minutes * 60 + seconds) * SECOND
    return _typed_ms(words)


def _typed_ms(words: str) -> int:
    """A length that is not in the plain form, but can mean only one thing."""
    if len(words) > 40:
        _fail(f"`{words[:39]}\u2026` is not a duration")
    if re.match(r"[-\u2212\u2013]\s*[0-9]", words):
        near = words.lstrip("-\u2212\u2013 ")
        _fail(f"`{words}` is negative; a duration is at least 0s", near if is_plain(near) else None)
    if match := re.fullmatch(rf"({_N}):({_N})", words):
        seconds = int(match[1]) * 60 + int(match[2])
        if len(match[2]) == 1:
            _fail(f"`{words}` needs two digits after the colon", f"{match[1]}:0{match[2]}")
        _fail(f"`{words}` could be {_text(seconds)} or {int(match[1])}.{match[2]} minutes", _text(seconds))
    if match := re.fullmatch(rf"({_N})\s?([.,;])\s?([0-5][0-9])", words):
        _fail(f"`{words}` has a `{match[2]}` where a colon is wanted", f"{int(match[1])}:{match[3]}")
    if match := _TWO_DECIMALS.match(words):
        unit, other = (3600, "hours") if match[3].lower() == "h" else (60, "minutes")
        clock = _text(int(match[1]) * unit + int(match[2]) * unit // 60)
        _fail(f"`{words}` could be {clock} or {match[1]}.{match[2]} {other}", clock)
    span = read_length(words) if re.fullmatch(LENGTH, words, re.IGNORECASE) else None
    if span is None or span.low != span.high or re.search(r"[^\D0-9]", words):
        _fail(f"`{words}` is not a duration")
    ms, numbers = span.low, re.findall("[0-9]+", words)
    if _BROKEN_SECOND.search(words) or ms % SECOND:
        _fail(f"`{words}` is not a whole number of seconds", ms_to_text(up_to_second(ms)))
    if any(int(number) > 59 for number in numbers[1:]):
        _fail(f"`{words}` is not how a duration is written", ms_to_text(ms))
    return ms


def _fail(message: str, suggestion: str | None = None) -> NoReturn:
    raise DurationError(message, suggestion)


def _text(seconds: int) -> str:
    return ms_to_text(seconds * SECOND)


def read_length(text: str) -> DurationRange:
    """The length that a match of `LENGTH` says; a bare number counts seconds."""
    if ":" in text:
        numbers = [int(number) for number in re.findall(r"\d+", text)]
        if re.search("h", text, re.IGNORECASE):
            numbers.append(0)
        ms = sum(number * 60**power for power, number in enumerate(reversed(numbers))) * SECOND
        return DurationRange(ms, ms)
    if match := re.fullmatch(_RANGE, text, re.IGNORECASE):
        high = _units_ms(match[3])
        last_unit = next((unit for _, unit in reversed(re.findall(_PART, match[3], re.IGNORECASE)) if unit), "s")
        low = int(match[1]) * _seconds_in(match[2] or last_unit) * SECOND
        return DurationRange(*sorted((low, high))) if low else DurationRange(high, high)
    ms = _units_ms(text)
    return DurationRange(ms, ms)


def find_length(text: str) -> tuple[int, int, DurationRange] | None:
    """Start, end and value of the first length with units in the text; one of no seconds is none."""
    match = re.search(_WITH_UNITS, text, re.IGNORECASE)
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
    for number, unit in re.findall(_PART, text, re.IGNORECASE):
        factor = _seconds_in(unit) if unit else below
        total += number_of(number) * factor
        below = {3600: 60}.get(factor, 1)
    return up_to_second(round(total * SECOND))


def _seconds_in(unit: str) -> int:
    for pattern, seconds in ((_HOUR, 3600), (_MINUTE, 60)):
        if re.fullmatch(pattern, unit, re.IGNORECASE):
            return seconds
    return 1
