"""Times of day: “7:30 am” is “seven thirty am”, but “7:30” alone is a length of time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from cuecast.phrases.numbers import NumberWords
from cuecast.phrases.patterns import DASHES, SPACE, one_of

_TIME = r"(?:2[0-4]|[01][0-9]|[0-9])(?![0-9])(?>(?:[:.][0-5][0-9])?)(?![0-9]|[:.,][0-9])"
_WITH_COLON = r"(?:2[0-4]|1[0-9]|0?+[1-9]):[0-5][0-9](?![0-9]|[:.,/][0-9])"
_START = r"(?<![^\W_])(?<![^\W_][-\u2010\u2011\u2013./:'’,])"
_DASH = f"{SPACE}[{DASHES}]{SPACE}"


class ClockTimes:
    """How a language says the time of day; `table` is the `aloud` of its phrase file."""

    def __init__(self, table: Mapping[str, Any], units: Iterable[str], numbers: NumberWords) -> None:
        self._clock: Mapping[str, Any] = table["clock"]
        self._range = str(table["range"])
        self._signs: Mapping[str, str] = table["signs"]
        self._units = frozenset(units)
        self._numbers = numbers
        sign = one_of(sign for sign in self._signs if sign != "-")
        self._before_word = re.compile(  # 7:30 am
            rf"(?:(?P<sign>{sign}){SPACE})?{_START}(?:(?P<from>{_TIME}){_DASH})?(?P<time>{_TIME}){SPACE}"
            rf"(?P<word>{one_of(self._clock['after'])})(?![^\W_])(?:(?<=\.m)\.(?= [a-z]|[,;:)]))?"
        )
        before = [*self._clock["before"], *(word[:1].upper() + word[1:] for word in self._clock["before"])]
        # “at 1:30 min” and “at 5:30/km” are not times of day.
        no_unit = f"(?!{SPACE}(?:{one_of(self._units)})(?![^\\W_])|[^\\W_]|/)"
        self._after_word = re.compile(  # at 7:30
            rf"(?<![^\W_])(?P<word>{one_of(before)}) (?:(?P<from>{_WITH_COLON}){_DASH})?(?P<time>{_WITH_COLON}){no_unit}"
        )

    def aloud(self, text: str) -> str:
        """The text with its times of day in words."""
        text = self._before_word.sub(self._say_before_word, text)
        return self._after_word.sub(lambda match: f"{match['word']} {self._range_or_time(match)}", text)

    def _say_before_word(self, match: re.Match[str]) -> str:
        word, first, last = match["word"], match["from"], match["time"]
        if word in self._units and (":" not in last or (first and ":" not in first)):
            return match[0]  # “2–3 h” is a length, “7:30 h” a time of day
        words = " ".join(filter(None, (self._range_or_time(match), self._clock["after"][word])))
        if sign := match["sign"]:
            before = match.string[: match.start()][-1:]
            words = f"{' ' if before.isalnum() else ''}{self._signs[sign]} {words}"
        return words

    def _range_or_time(self, match: re.Match[str]) -> str:
        first, last = match["from"], self._time(match["time"])
        if first is None:
            return last
        # “7–8 Uhr”: the first is an hour alone, because the word “Uhr” is said once.
        return self._range.format(low=self._hour(first) if first.isdigit() else self._time(first), high=last)

    def _hour(self, digits: str) -> str:
        return self._numbers.words(int(digits), self._clock["hour"])

    def _time(self, text: str) -> str:
        hour, _, minute = text.replace(".", ":").partition(":")
        if not int(minute or 0):
            return str(self._clock["full"]).format(hour=self._hour(hour))
        form = "early" if minute[0] == "0" else "time"
        return str(self._clock[form]).format(hour=self._hour(hour), minute=self._numbers.words(int(minute)))
